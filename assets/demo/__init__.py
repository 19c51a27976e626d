"""The goods of the demo store.

It must not know the product's own catalogue code.
"""
