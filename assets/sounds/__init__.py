"""The sounds of the lane.

It must not know when they are played.
"""
