"""Owns the benchmarks of the pure parts: the checkout machine, the presenter, the card protocol, the receipt.

It must not open a file, a port or a window.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from assets.texts import Texts
from hardware.drivers.receipt_renderer import render
from hardware.events import CardAuthorised
from hardware.line import Report
from hardware.protocols.zvt_link import encode_frame
from kiosk.checkout import messages as m
from kiosk.checkout.basket import MAX_LINES
from kiosk.checkout.machine import step
from kiosk.checkout.receipt import receipt_document
from kiosk.checkout.state import LaneState
from kiosk.shelf import shelf_from
from kiosk.ui.presenter import present
from kiosk.ui.presenter.scene import Scene
from tests.benchmarks.figures import Effort, Figure, spread, timed_each
from tests.benchmarks.samples import (
    NOW,
    Shop,
    demo_shop,
    lines_of,
    many_items,
    plain_goods,
    sale_of,
    scanning_state,
)
from tests.unit.hardware.zvt_bench import APPROVED_10_10, OK, REQUEST, Bench

RECEIPT_LINES = 20


def measure(folder: Path, effort: Effort) -> Iterator[Figure]:
    shop = demo_shop(folder)
    state = scanning_state(lines_of(many_items(plain_goods(shop.message.items), MAX_LINES)))
    count = effort.of(1000, 100)
    yield spread(
        "step", timed_each(partial(step, state, event, NOW) for event in _events(state, count)), "µs"
    )
    yield from _presents(shop, state, count)
    yield spread("payment_overhead", [_pay() for _ in range(count)], "µs")
    yield spread("receipt_render", timed_each([partial(_receipt, shop)] * effort.of(200, 30)), "ms")


def _events(state: LaneState, count: int) -> Iterator[m.Event]:
    """What a visit is made of; a scan joins its row, for the basket is full."""
    lines = state.basket.lines
    for number in range(count):
        line = lines[number % len(lines)]
        match number % 4:
            case 0:
                yield m.ItemScanned(replace(line, line_id=f"new-{number}"))
            case 1:
                yield m.UnitsChanged(line.line_id, 1)
            case 2:
                yield m.LineRemoved(line.line_id)
            case _:
                yield m.SheetOpened(m.Sheet.ROW, line.line_id)


def _presents(shop: Shop, state: LaneState, count: int) -> Iterator[Figure]:
    scene = Scene(shop.message.store_name, "3", shelf_from(shop.message), NOW)
    states = [step(state, event, NOW)[0] for event in _events(state, count)]
    yield spread("present", timed_each(partial(present, each, scene) for each in states), "ms")


def _pay() -> float:
    """Seconds of our own work in one payment: request to bytes, and the terminal's result to our event."""
    bench = Bench(byte_by_byte=False).registered()
    approved = encode_frame(bytes.fromhex(APPROVED_10_10))
    start_s = time.perf_counter()
    outputs = list(bench.protocol.start(REQUEST, bench.now_s))
    spent_s = time.perf_counter() - start_s
    bench.do(outputs)
    bench.say(OK)
    start_s = time.perf_counter()
    outputs = list(bench.protocol.received(approved, bench.now_s))
    spent_s += time.perf_counter() - start_s
    assert any(isinstance(each, Report) and isinstance(each.event, CardAuthorised) for each in outputs)
    return spent_s


def _receipt(shop: Shop) -> bytes:
    sale = sale_of(plain_goods(shop.message.items)[:RECEIPT_LINES], 1)
    document = receipt_document(
        sale, Texts("en"), store_name="Mercato Aurora", lane_label="3", journal_head="ab" * 32
    )
    return render(document, language="en")
