"""Owns the list of what can be asked of the API about files of goods, for its description.

It must not know handlers or tables.
"""

from __future__ import annotations

from http import HTTPStatus

from inventory.formats.detect import Format
from inventory.formats.sheet import ENCODINGS
from inventory.import_wire import ImportApply, ImportBegun, ImportMessage, RejectedPage
from inventory.web.api_operations import (
    ACCEPTED,
    NO_CONTENT,
    OK,
    PREFIX,
    Caller,
    File,
    Operation,
    Parameter,
    in_path,
)
from inventory.web.store_operations import CURSOR, KEY, LIMIT

_PATH = f"{PREFIX}/imports/{{import_id}}"
_ID = in_path("import_id", "What the answer to the file said.")
_MAY_CHOOSE = (
    Parameter("name", "query", "The file's name, to be shown.", {"type": "string", "maxLength": 200}),
    Parameter(
        "format",
        "query",
        "Found out from the file if not given.",
        {"type": "string", "enum": [each.value for each in Format]},
    ),
    Parameter("decimal", "query", "The decimal sign of its prices.", {"type": "string", "enum": [".", ","]}),
    Parameter("encoding", "query", "The encoding of its text.", {"type": "string", "enum": list(ENCODINGS)}),
)

IMPORT_OPERATIONS = (
    Operation(
        "POST",
        f"{PREFIX}/imports",
        "Keeps a file of goods and begins to read it; nothing changes until it is taken.",
        {ACCEPTED: ImportBegun},
        File("The file itself: CSV, XLSX or any other format of docs/imports.md; 50 MiB at most."),
        (HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT),
        (KEY, *_MAY_CHOOSE),
        Caller.MANAGER,
    ),
    Operation(
        "GET",
        _PATH,
        "Where an import stands; while it waits, what taking it would do.",
        {OK: ImportMessage},
        refusals=(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
        parameters=(_ID,),
        caller=Caller.MANAGER,
    ),
    Operation(
        "DELETE",
        _PATH,
        "Forgets a file that waits; 409 for one that was taken.",
        {NO_CONTENT: None},
        refusals=(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
        parameters=(_ID,),
        caller=Caller.MANAGER,
    ),
    Operation(
        "GET",
        f"{_PATH}/rejected",
        "All rows that cannot be taken, by line; only while the import waits.",
        {OK: RejectedPage},
        refusals=(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
        parameters=(_ID, CURSOR, LIMIT),
        caller=Caller.MANAGER,
    ),
    Operation(
        "POST",
        f"{_PATH}/apply",
        "Takes the file in, all of it in one version; 409 for faulty rows or many prices until it says so.",
        {OK: ImportMessage},
        ImportApply,
        (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
        (_ID,),
        Caller.MANAGER,
    ),
    Operation(
        "POST",
        f"{_PATH}/undo",
        "Takes an import back, all of it; 409 where somebody changed the same items since.",
        {OK: ImportMessage},
        refusals=(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
        parameters=(_ID,),
        caller=Caller.MANAGER,
    ),
)
