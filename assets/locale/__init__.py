"""The words of lane and store in every language: one gettext catalogue a language.

It must not know where a text is shown.
"""
