"""Owns what has a cable: bytes, grams and strings.

It must not know products, prices, shoppers or screens, and never imports `kiosk` or `inventory`.
"""
