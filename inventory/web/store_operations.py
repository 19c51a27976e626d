"""Owns the list of what managers' own systems can ask of the API, for its description.

It must not know handlers or tables.
"""

from __future__ import annotations

from http import HTTPStatus

from inventory.store_wire import (
    HealthMessage,
    ItemAnswer,
    ItemMessage,
    ItemPage,
    MovementAnswer,
    MovementMessage,
    MovementPage,
    PriceChanges,
    PricePage,
    SalePage,
    StockPage,
)
from inventory.web.api_operations import (
    CREATED,
    GTIN,
    NOT_MODIFIED,
    OK,
    PREFIX,
    Caller,
    Operation,
    Parameter,
)

CURSOR = Parameter(
    "cursor", "query", "What `next` of the page before said.", {"type": "string", "maxLength": 400}
)
LIMIT = Parameter(
    "limit",
    "query",
    "How many a page holds at most.",
    {"type": "integer", "minimum": 1, "maximum": 500, "default": 100},
)
KEY = Parameter(
    "Idempotency-Key",
    "header",
    "An id of the sender's for this change; the same again gets the first answer again, for 400 days.",
    {"type": "string", "pattern": r"^[\x21-\x7e]{1,128}$"},
    required=True,
)
_TAG = {"type": "string", "pattern": r'^"[\x21\x23-\x7e]{1,128}"$'}
IF_MATCH = Parameter("If-Match", "header", "The entity tag of the item as it was read.", _TAG)
IF_NEW = Parameter("If-None-Match", "header", "`*`: the item is new.", {"type": "string", "const": "*"})
IF_OTHER = Parameter(
    "If-None-Match", "header", "Tags the reader has; 304 for one of them.", {"type": "string"}
)

_CHANGE = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.PRECONDITION_FAILED,
    HTTPStatus.PRECONDITION_REQUIRED,
)

STORE_OPERATIONS = (
    Operation(
        "GET",
        f"{PREFIX}/health",
        "Whether the store answers, with its tables.",
        {OK: HealthMessage},
        caller=Caller.SYSTEM,
    ),
    Operation(
        "GET",
        f"{PREFIX}/items",
        "The catalogue, by GTIN.",
        {OK: ItemPage},
        parameters=(CURSOR, LIMIT),
        caller=Caller.SYSTEM,
    ),
    Operation(
        "GET",
        f"{PREFIX}/items/{{gtin}}",
        "One item with its entity tag.",
        {OK: ItemMessage, NOT_MODIFIED: None},
        refusals=(HTTPStatus.NOT_FOUND,),
        parameters=(GTIN, IF_OTHER),
        caller=Caller.SYSTEM,
        has_etag=True,
    ),
    Operation(
        "PUT",
        f"{PREFIX}/items/{{gtin}}",
        "Puts an item: in place of the one that was read (If-Match), or as a new one (If-None-Match: *).",
        {OK: ItemAnswer, CREATED: ItemAnswer},
        ItemMessage,
        _CHANGE,
        (GTIN, KEY, IF_MATCH, IF_NEW),
        Caller.MANAGER,
        has_etag=True,
    ),
    Operation(
        "DELETE",
        f"{PREFIX}/items/{{gtin}}",
        "Takes an item out of the catalogue; its movements and sales stay.",
        {OK: ItemAnswer},
        refusals=_CHANGE,
        parameters=(GTIN, KEY, IF_MATCH),
        caller=Caller.MANAGER,
    ),
    Operation(
        "GET",
        f"{PREFIX}/prices",
        "The prices, by GTIN.",
        {OK: PricePage},
        parameters=(CURSOR, LIMIT),
        caller=Caller.SYSTEM,
    ),
    Operation(
        "POST",
        f"{PREFIX}/prices",
        "Sets up to 1000 prices in one version of the catalogue; 409 when many move a lot unconfirmed.",
        {OK: ItemAnswer},
        PriceChanges,
        (HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT),
        (KEY,),
        Caller.MANAGER,
    ),
    Operation(
        "GET",
        f"{PREFIX}/stock",
        "What is on hand, by GTIN; of a pack in whole packs.",
        {OK: StockPage},
        parameters=(CURSOR, LIMIT),
        caller=Caller.SYSTEM,
    ),
    Operation(
        "GET",
        f"{PREFIX}/movements",
        "An item's movements, the newest first.",
        {OK: MovementPage},
        refusals=(HTTPStatus.NOT_FOUND,),
        parameters=(
            Parameter(
                "gtin", "query", "A GTIN of 8, 12, 13 or 14 digits.", {"type": "string"}, required=True
            ),
            CURSOR,
            LIMIT,
        ),
        caller=Caller.SYSTEM,
    ),
    Operation(
        "POST",
        f"{PREFIX}/movements",
        "Posts a movement once: 201 created, 200 exists, 409 when the source is taken by another.",
        {OK: MovementAnswer, CREATED: MovementAnswer},
        MovementMessage,
        (HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
        caller=Caller.SYSTEM,
    ),
    Operation(
        "GET",
        f"{PREFIX}/sales",
        "The sales of a business day in the order they were paid.",
        {OK: SalePage},
        parameters=(
            Parameter("day", "query", "Today if not given.", {"type": "string", "format": "date"}),
            CURSOR,
            LIMIT,
        ),
        caller=Caller.MANAGER,
    ),
)
