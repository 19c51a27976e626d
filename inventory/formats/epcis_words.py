"""Owns the words of GS1 EPCIS 2.0 that both directions share: identifiers of goods, steps, namespaces.

It must not know documents or files.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from inventory.domain.identifiers import gtin_14, with_check_digit
from inventory.domain.stock import Reason

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
OWN_PREFIX = "lanelight"
OWN_NAMESPACE = "urn:lanelight:"
EVENT_ID = "urn:lanelight:movement:"
STORE_ID = "urn:lanelight:store:"
GRAM, KILOGRAM = "GRM", "KGM"

STEP_OF = {
    (Reason.SALE, -1): ("retail_selling", "OBSERVE", "retail_sold"),
    (Reason.RETURN, 1): ("accepting", "OBSERVE", "returned"),
    (Reason.RECEIPT, 1): ("receiving", "OBSERVE", "in_progress"),
    (Reason.WASTE, -1): ("destroying", "DELETE", "destroyed"),
    (Reason.TRANSFER, 1): ("receiving", "OBSERVE", "in_progress"),
    (Reason.TRANSFER, -1): ("shipping", "OBSERVE", "in_transit"),
}
"""Step, action and disposition (CBV 2.0) of a movement and its sign. Others are told as `other`: a count in
the ledger is what was found to be too much or too little, which no step of the vocabulary means."""
OTHER_STEP = "other"

REASON_OF = {
    "receiving": Reason.RECEIPT,
    "accepting": Reason.RETURN,
    "shipping": Reason.TRANSFER,
    "departing": Reason.TRANSFER,
    "destroying": Reason.WASTE,
    "retail_selling": Reason.SALE,
    "cycle_counting": Reason.COUNT,
    "stock_taking": Reason.COUNT,
}
"""The steps that move stock here, and as what."""
TAKES_AWAY = frozenset({Reason.TRANSFER, Reason.WASTE, Reason.SALE})

_LINK = re.compile(r"https?://[^?#]{1,200}?/01/([0-9]{8,14})(?:[/?#].*)?", re.ASCII | re.DOTALL)
_PURE = re.compile(
    r"urn:epc:(?:id:sgtin|class:lgtin|idpat:sgtin):([0-9]{6,12})\.([0-9]{1,7})\.[^.]{1,100}", re.ASCII
)
_STEP = re.compile(
    r"(?:urn:epcglobal:cbv:bizstep:|https?://[^#]{1,100}?BizStep-|cbv:BizStep-)?([a-z_]{1,40})"
)


def class_of(gtin: str) -> str:
    """The class of a GTIN-14 as a GS1 Digital Link, in its canonical form (GS1 Digital Link 1.2 §5)."""
    return f"https://id.gs1.org/01/{gtin}"


def gtin_of(identifier: str) -> str:
    """The GTIN-14 of an EPC, an EPC class or a Digital Link; "" for another kind of thing."""
    if found := _LINK.fullmatch(identifier):
        return gtin_14(found[1].zfill(14)) or ""
    if found := _PURE.fullmatch(identifier):
        company, item = found[1], found[2]
        payload = f"{item[0]}{company}{item[1:]}"
        return with_check_digit(payload) if len(payload) == 13 else ""
    return ""


def is_instance(identifier: str) -> bool:
    """Whether an EPC is one thing with a serial number, not a kind or a lot of things."""
    return identifier.startswith("urn:epc:id:sgtin:") or "/21/" in identifier


def step_of(text: str) -> str:
    """A business step by its bare name, however it was written; "" for what is none."""
    found = _STEP.fullmatch(text)
    return found[1] if found else ""


def event_id_of(store_id: str, source_id: str) -> str:
    return f"{EVENT_ID}{quote(store_id, safe='')}:{quote(source_id, safe='')}"


def source_of(event_id: str, store_id: str) -> str:
    """The movement an event of this store's own ledger was; "" for an event from elsewhere."""
    own = f"{EVENT_ID}{quote(store_id, safe='')}:"
    return unquote(event_id.removeprefix(own)) if event_id.startswith(own) else ""
