"""Owns the names of the demonstration: its store, its lane, its bag. It must not import anything heavy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoNames:
    store_id: str = "aurora-1"
    store_name: str = "Mercato Aurora"
    lane_id: str = "lane-3"
    bag_gtin: str = "09520000000608"


DEMO = DemoNames()
