"""Owns what EPCIS 2.0 and CBV 2.0 say of a document of ObjectEvents by quantity, as this store writes them.

It must not be taken for GS1's schema, which is GS1's and not part of this repository: these are the
published facts in our own words (EPCIS 2.0 sections 7.3, 7.4.1 and 10, CBV 2.0 sections 7.1 and 7.2),
stricter where the standard leaves room that the store does not use.
"""

from __future__ import annotations

from typing import Any

import jsonschema

_URI = {"type": "string", "pattern": r"^[a-z][a-z0-9+.-]*:[^\s\"<>{}|^`\\]+$", "maxLength": 2000}
_MOMENT = {
    "type": "string",
    "pattern": r"^[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\.[0-9]+)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})$",
}
_STEPS = ["accepting", "destroying", "other", "receiving", "retail_selling", "shipping"]
_DISPOSITIONS = ["destroyed", "in_progress", "in_transit", "retail_sold", "returned"]
_QUANTITY = {
    "type": "object",
    "required": ["epcClass", "quantity"],
    "properties": {
        "epcClass": _URI,
        "quantity": {"type": "number", "exclusiveMinimum": 0},
        "uom": {"type": "string", "pattern": "^[A-Z0-9]{2,3}$"},
    },
    "additionalProperties": False,
}
_EVENT = {
    "type": "object",
    "required": ["type", "eventTime", "eventTimeZoneOffset", "action", "quantityList"],
    "properties": {
        "type": {"const": "ObjectEvent"},
        "eventID": _URI,
        "eventTime": _MOMENT,
        "eventTimeZoneOffset": {"pattern": "^[+-](0[0-9]|1[0-3]):[0-5][0-9]$|^[+-]14:00$"},
        "action": {"enum": ["ADD", "OBSERVE", "DELETE"]},
        "bizStep": {"enum": _STEPS},
        "disposition": {"enum": _DISPOSITIONS},
        "bizLocation": {"type": "object", "required": ["id"], "properties": {"id": _URI}},
        "quantityList": {"type": "array", "minItems": 1, "items": _QUANTITY},
    },
    # Whatever is not a name of the standard stands in a namespace that the context declares.
    "patternProperties": {"^lanelight:[a-z]+$": {"type": "string"}},
    "additionalProperties": False,
}
_DOCUMENT = {
    "type": "object",
    "required": ["@context", "type", "schemaVersion", "creationDate", "epcisBody"],
    "properties": {
        "@context": {
            "type": "array",
            "prefixItems": [
                {"const": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"},
                {"type": "object", "required": ["lanelight"], "additionalProperties": _URI},
            ],
            "minItems": 2,
            "items": False,
        },
        "type": {"const": "EPCISDocument"},
        "schemaVersion": {"const": "2.0"},
        "creationDate": _MOMENT,
        "epcisBody": {
            "type": "object",
            "required": ["eventList"],
            "properties": {"eventList": {"type": "array", "items": _EVENT}},
            "additionalProperties": False,
        },
    },
    "additionalProperties": False,
}
_CHECK = jsonschema.Draft202012Validator(_DOCUMENT)


def faults_of(document: Any) -> list[str]:
    """Where a document is not as the standard says, by the way to the place; nothing for a good one."""
    found = (
        f"{'/'.join(map(str, error.absolute_path))}: {error.message}"
        for error in _CHECK.iter_errors(document)
    )
    return sorted(found)
