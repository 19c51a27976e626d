"""Owns the API's shape as lines of text that a person can read and agree to.

It must not judge them. `python -m tests.architecture.api_shape` writes what the API is now to `api_v1.txt`:
read the difference with docs/api.md beside it before you keep it.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from inventory.web.api_document import document, operations_of

AGREED = Path(__file__).with_name("api_v1.txt")


def shape(described: dict[str, Any]) -> list[str]:
    """One fact a line: an operation's parameter, body and statuses, a message's field, a word of a field."""
    lines: list[str] = []
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            lines += _of_operation(f"{method.upper()} {path}", operation)
    schemas = described["components"]["schemas"]
    asked: set[str] = set()
    for operation in operations_of(is_headquarters=True):
        if isinstance(operation.request, type):
            _reach(operation.request.__name__, schemas, asked)
    for name, schema in schemas.items():
        lines += _of_message(name, schema, is_asked=name in asked)
    return sorted(lines)


def _of_operation(name: str, operation: dict[str, Any]) -> list[str]:
    lines = [f"{name} takes {_kind(operation['requestBody'])}"] if "requestBody" in operation else [name]
    lines += [
        f"{name} {'wants' if each['required'] else 'may have'} {each['in']} {each['name']}"
        for each in operation.get("parameters", ())
    ]
    lines += [f"{name} answers {code} {_kind(each)}" for code, each in operation["responses"].items()]
    return lines


def _of_message(name: str, schema: dict[str, Any], *, is_asked: bool) -> list[str]:
    required = set(schema.get("required", ()))
    lines = [f"{name} is {word}" for word in schema.get("enum", ())]
    for field in schema.get("properties", ()):
        lines.append(f"{name} has {field}")
        if is_asked and field in required:
            lines.append(f"{name} wants {field}")
    return lines


def _reach(name: str, schemas: dict[str, Any], found: set[str]) -> None:
    """Adds a message and all that it is made of."""
    if name not in found:
        found.add(name)
        for inner in re.findall(r"#/components/schemas/(\w+)", json.dumps(schemas[name])):
            _reach(inner, schemas, found)


def _kind(part: dict[str, Any]) -> str:
    for media_type, content in part.get("content", {}).items():
        reference = content.get("schema", {}).get("$ref", "")
        return str(reference).rpartition("/")[2] or str(media_type)
    return "nothing"


if __name__ == "__main__":
    AGREED.write_text("\n".join(shape(document("a store", is_headquarters=True))) + "\n", "utf-8")
