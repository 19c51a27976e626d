"""Owns the proof of the money's safety: real lanes and stores, broken, then checked by their books.

It must not be part of a lane that sells: like the demonstration it drives simulated devices.
"""
