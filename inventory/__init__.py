"""inventory/ is the store: catalogue, prices, stock ledger, sales, help requests, staff and their pages.

It owns what outlives a basket. It must not know devices or screens, and never imports `kiosk` or `hardware`.
"""
