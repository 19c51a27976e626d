"""Owns the demonstration: a simulated bench, a store and a real lane process, played by hand or by a journey.

It must not know how a store works: one is handed in. With the tests it is the only user of the simulators.
"""
