"""Owns the making of the pictures in docs/screenshots: every one is taken from the running product.

It must not draw anything itself.
"""
