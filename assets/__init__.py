"""Owns what is drawn, heard and read: fonts, icons, sounds, translations, web files, demo data.

It must not know the rooms that use it.
"""

from pathlib import Path

ROOT = Path(__file__).parent
"""The folder all assets lie below, in a checkout and in an installed package alike."""
