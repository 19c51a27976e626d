"""The text faces of the lane.

It must not know screens, phrases or languages.
"""
