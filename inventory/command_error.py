"""Owns the one error a command of the store ends with. It must not import anything heavy."""


class CommandError(Exception):
    """Why a command cannot be done: one sentence for whoever typed it."""
