"""Owns what lasts one basket: one lane, one shopper at a time.

It can sell for days with no store behind it, and never imports the store's hands (db, services, web).
"""
