"""Owns the putting of one bug into a running program: another text in the place of some of a function's own.

It must not know what the bug is for. The new body goes into the old function, so whoever has imported it has
the bug too; nothing on the disk changes.
"""

from __future__ import annotations

import ast
import dataclasses
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import Any


class EditError(Exception):
    """The function is not the one the bug was made for: its text has changed, or it cannot take another."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One bug: in the source of `function`, each first text of `swaps` becomes the second.

    Each first text stands there exactly once; indentation counts from the function's own `def`. The new text
    may use what its module knows, and `dataclasses.replace`. A call puts the bug in, for the life of the
    process, and raises EditError when the text is another by now.
    """

    function: Callable[..., Any]
    swaps: tuple[tuple[str, str], ...]

    def __call__(self) -> None:
        target = self._target()
        if target.__code__.co_filename.endswith(_MARK):
            raise EditError(f"{self.name} has a bug already")
        target.__code__ = self.code()
        target.__globals__.setdefault("replace", dataclasses.replace)

    @property
    def name(self) -> str:
        return self._target().__qualname__

    def code(self) -> CodeType:
        """The function's code with the bug. Raises EditError; changes nothing."""
        target = self._target()
        if target.__closure__:
            raise EditError(f"{self.name} belongs to a function around it")
        lines, _ = inspect.getsourcelines(target)
        text = textwrap.dedent("".join(lines))
        for old, new in self.swaps:
            if text.count(old) != 1:
                raise EditError(f"{self.name} holds {text.count(old)} times, not once: {old}")
            text = text.replace(old, new)
        return _compiled(text, target)

    def _target(self) -> FunctionType:
        target = inspect.unwrap(self.function)
        assert isinstance(target, FunctionType), f"{self.function} is no function of ours"
        return target


_MARK = " with a bug"


def edit(function: Callable[..., Any], old: str, new: str) -> Edit:
    """The usual bug: one text, one place."""
    return Edit(function, ((old, new),))


def _compiled(text: str, target: FunctionType) -> CodeType:
    tree = ast.parse(text)
    ast.increment_lineno(tree, target.__code__.co_firstlineno - 1)
    where = target.__code__.co_filename + _MARK
    names: dict[str, Any] = dict(target.__globals__)
    exec(compile(tree, where, "exec"), names)  # annotations stay text, as in every file of ours
    made = inspect.unwrap(names[target.__name__])
    assert isinstance(made, FunctionType), "a definition makes a function"
    return made.__code__
