"""Owns the checks that keys and glass agree: one tree, all of it in sight or in a list, read as it stands.

It must not know any one screen. The tree is the product's own, worked out from the model beside Kivy.
"""

from __future__ import annotations

from itertools import pairwise, product

from assets.typesetting.bidi import reads_right_to_left
from kiosk.ui.area import Area
from kiosk.ui.presenter.hidden import cover_of
from kiosk.ui.presenter.nodes import Node, Role, nodes, reachable
from tests.support.glass import Glass
from tests.support.layout_probes import Probe

_INSIDE = "window:"
"""How the ids begin of what stays inside the window: the pages of a list, the cover. Keys need none of it."""


def _is_hidden(glass: Glass) -> bool:
    assert glass.model is not None
    return cover_of(glass.model) is not None


def _places(glass: Glass) -> dict[str, list[Area]]:
    """Where each target stands; two buttons may lead the same way."""
    places: dict[str, list[Area]] = {}
    for part, seen in glass.targets:
        if glass.in_front(part):
            places.setdefault(part.tap_id, []).append(seen)
    return places


def out_of_reach_by_key(glass: Glass) -> list[str]:
    """What a finger can touch and the keys never come to."""
    assert glass.model is not None
    tree = {node.id for node in reachable(glass.model)}
    return [tap_id for tap_id in _places(glass) if not tap_id.startswith(_INSIDE) and tap_id not in tree]


def without_a_ring(glass: Glass) -> list[str]:
    """What the keys come to while no ring shows where they are."""
    assert glass.model is not None
    if _is_hidden(glass):
        return []
    shown = {part.tap_id for part, _ in glass if getattr(part, "tap_id", "") and part.area.w}
    elsewhere = [node.id for node in reachable(glass.model) if node.id not in shown]
    return [tap_id for tap_id in elsewhere if glass.stage.ring_area(tap_id) is None]


def unnamed(glass: Glass) -> list[str]:
    assert glass.model is not None
    return [
        node.id for node in nodes(glass.model) if not node.name.strip() or not isinstance(node.role, Role)
    ]


def read_out_of_order(glass: Glass) -> list[str]:
    """Neighbours of one section that stand on the glass the other way round.

    Down a column, then on to the next column; along a line in the direction of the language. A keyboard keeps
    its way round in every language.
    """
    assert glass.model is not None
    if _is_hidden(glass):
        return []
    places = _places(glass)
    rtl = reads_right_to_left(glass.model.language)
    nodes_shown = [node for node in reachable(glass.model) if node.id in places]
    wrong = []
    for one, other in pairwise(nodes_shown):
        pairs = product(places[one.id], places[other.id])
        if one.section == other.section and all(_turned(*pair, _way(one, rtl=rtl)) for pair in pairs):
            wrong.append(f"{one.id} is read before {other.id}")
    return wrong


def _way(node: Node, *, rtl: bool) -> int:
    is_key = node.role is Role.KEY or node.section == "body.digits"
    return -1 if rtl and not is_key else 1


def _turned(one: Area, other: Area, way: int) -> bool:
    """Whether `other` stands before `one` on its line, or above it in its column."""
    if _holds(one, other):
        return False  # what can be done with a good stands inside its card
    (x, y), (next_x, next_y) = one.centre, other.centre
    on_a_line = abs(y - next_y) < min(one.h, other.h) / 2
    if on_a_line:
        return (next_x - x) * way < 0
    in_a_column = other.x < one.right and one.x < other.right
    return next_y > y and in_a_column


def _holds(outer: Area, inner: Area) -> bool:
    return outer.y <= inner.y and outer.top >= inner.top and outer.x <= inner.x and outer.right >= inner.right


BY_KEY: tuple[Probe, ...] = (
    out_of_reach_by_key,
    unnamed,
    read_out_of_order,
    without_a_ring,  # last: looking for a row scrolls its list
)
