"""Owns sentences made of a text and values, so that a page can say them in another language.

It must not know languages: each sentence is English here, and the text it was made of is what is translated.
"""

from __future__ import annotations

import json
from collections.abc import Mapping


class Said(str):
    """An English sentence. `text` has its values' names in braces; `values` holds them as they are shown."""

    __slots__ = ("text", "values")
    text: str
    values: Mapping[str, str]


def said(text: str, **values: object) -> Said:
    """The sentence of a text; a value stands in it as it is, whatever braces it holds."""
    shown = {name: str(value) for name, value in values.items()}
    sentence = Said(text.format(**shown))
    sentence.text, sentence.values = text, shown
    return sentence


def written(sentence: str) -> str:
    """A sentence as JSON; one that was not made of a text is its own."""
    if isinstance(sentence, Said):
        return json.dumps([sentence.text, dict(sentence.values)], ensure_ascii=False)
    return json.dumps([sentence.replace("{", "{{").replace("}", "}}"), {}], ensure_ascii=False)


def read_said(written_text: str) -> Said:
    """The sentence that `written` wrote."""
    text, values = json.loads(written_text)
    return said(text, **values)
