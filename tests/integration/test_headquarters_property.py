"""Whatever is pushed, fixed, lost, repeated, spoiled or cut short: a store comes to what headquarters says.

No value the store fixed is overwritten before somebody decides so, and nothing bad blocks what is behind it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inventory.db.unit_of_work import Database
from inventory.hq_wire import HqPage
from inventory.services import conflicts, hq_branches, item_fields
from inventory.services.catalogue import find_item
from inventory.services.conflicts import Choice
from inventory.services.item_fields import Origin
from tests.support.chain import Chain, at_price
from tests.support.engines import Server
from tests.support.store_samples import ITEMS, store_config

GOODS = ITEMS[:3]
WHICH = st.sampled_from([item.gtin for item in GOODS])
PRICE = st.integers(1, 5)
HOW = ("whole", "one", "lost", "twice", "late", "cut", "bad")
DEEDS = st.one_of(
    st.tuples(st.just("push"), WHICH, PRICE),
    st.tuples(st.just("zone"), WHICH, st.one_of(st.none(), PRICE)),
    st.tuples(st.just("drop"), WHICH, st.none()),
    st.tuples(st.just("fix"), WHICH, PRICE),
    st.tuples(st.just("decide"), st.sampled_from(Choice), st.none()),
    st.tuples(st.just("sync"), st.sampled_from(HOW), PRICE),
)


class Cut(Exception):  # noqa: N818 - it stands for a loss of power
    """The power goes before the commit."""


@dataclass
class Story:
    """What has happened so far. `own` are the store's fixes that nobody has decided against."""

    chain: Chain
    own: dict[str, int] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    spoiled: set[str] = field(default_factory=set)
    old: list[HqPage] = field(default_factory=list)

    def do(self, deed: str, what: object, value: int | None) -> None:
        match deed, what:
            case "push", str(gtin):
                base = next(item for item in GOODS if item.gtin == gtin)
                self.chain.push(at_price(base, value or 1))
            case "zone", str(gtin):
                self.chain.price(f"zone:{self.chain.zone}", gtin, value)
            case "drop", str(gtin):
                self.chain.push(dropped=[gtin])
            case "fix", str(gtin):
                self.fix(gtin, value or 1)
            case "decide", Choice() as choice:
                self.decide(choice)
            case "sync", str(how):
                self.sync(how, value or 1)
        self.check()

    def fix(self, gtin: str, price_minor: int) -> None:
        item = self.chain.item(gtin)
        if item is not None and item.price_minor != price_minor:
            self.chain.fix(gtin, price_minor=price_minor)
            self.own[gtin] = price_minor

    def decide(self, choice: Choice) -> None:
        for conflict in self.chain.conflicts()[:1]:
            with self.chain.store.write() as uow:
                conflicts.decide(
                    uow,
                    self.chain.store_id,
                    conflict.conflict_id,
                    choice,
                    who="Ada",
                    now_utc=self.chain.later(),
                )
            if choice is Choice.TAKE:
                self.own.pop(conflict.gtin, None)
            else:
                self.kept.add(conflict.gtin)

    def sync(self, how: str, which: int) -> None:
        page = self.chain.page()
        self.old.append(page)
        match how:
            case "whole":
                self.chain.sync()
            case "lost":
                self.chain.page(page.next)
            case "twice":
                assert self.chain.take(page)
                assert self.chain.take(page) is (page.position == page.next)
            case "late":
                late = self.old[which % len(self.old)]
                assert self.chain.take(late) is (late.position == page.position)
            case "cut":
                with pytest.raises(Cut):
                    self.chain.take_and(page, _cut)
                assert self.chain.position() == page.position
            case "bad" if page.events:
                spoiled = {**page.events[0], "item": {"gtin": page.events[0]["gtin"], "price_minor": -1}}
                assert self.chain.take(page.model_copy(update={"events": (spoiled, *page.events[1:])}))
                self.spoiled.add(spoiled["gtin"])
            case _:
                assert self.chain.take(page)  # whatever is in it, the store goes on

    def check(self) -> None:
        """No fix is overwritten: it goes when headquarters wants the same, or when somebody decides so."""
        with self.chain.store.read() as uow:
            lines = item_fields.of_items(uow, self.chain.store_id, list(self.own))
        for gtin, price_minor in list(self.own.items()):
            item = self.chain.item(gtin)
            assert item is not None
            assert item.price_minor == price_minor
            if lines[gtin]["price_minor"].origin is Origin.HQ:
                del self.own[gtin]

    def agrees(self, gtin: str) -> bool:
        """Whether the store sells what headquarters says, or what it has fixed itself."""
        with self.chain.hq.read() as uow:
            theirs = find_item(uow, self.chain.hq_id, gtin)
            branch = hq_branches.find(uow, self.chain.hq_id, self.chain.store_id)
            assert branch is not None
            exception = hq_branches.prices_of(uow, self.chain.hq_id, branch, [gtin]).get(gtin)
        if theirs is not None and exception is not None:
            theirs = at_price(theirs, exception.price_minor)
        if theirs is not None and gtin in self.own:
            theirs = at_price(theirs, self.own[gtin])
        return self.chain.item(gtin) == theirs

    def end(self) -> None:
        """The network is well again, and a manager takes whatever headquarters says."""
        self.chain.sync()
        self.check()
        while self.chain.conflicts():
            self.decide(Choice.TAKE)
        for item in GOODS:
            assert item.gtin in self.kept | self.spoiled or self.agrees(item.gtin)
        with self.chain.hq.read() as uow:
            theirs = [find_item(uow, self.chain.hq_id, item.gtin) for item in GOODS]
        left = [item for item in theirs if item is not None]
        self.chain.push(*(replace(item, bay="end") for item in left))
        self.chain.sync()
        assert not {each.gtin for each in self.chain.aside()} & {item.gtin for item in left}
        disputed = {each.gtin for each in self.chain.conflicts()}
        for item in left:
            assert item.gtin in self.kept | disputed or self.agrees(item.gtin)


def _cut() -> None:
    raise Cut


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("property")
    database = Database(store_config(folder).database_url.get_secret_value())
    Chain.opened(folder, database).push(*GOODS)
    database.dispose()
    return folder / "store.db"


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(DEEDS, min_size=4, max_size=14))
def test_a_store_comes_to_what_headquarters_says_on_sqlite(
    tmp_path: Path, template: Path, deeds: list[tuple[str, object, int | None]]
) -> None:
    shutil.copy(template, tmp_path)
    database = Database(store_config(tmp_path).database_url.get_secret_value())
    try:
        play(Story(Chain(database, database)), deeds)
    finally:
        database.dispose()


@pytest.fixture(scope="module")
def postgresql(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with server.new_store(tmp_path_factory.mktemp("property")) as url:
        database = Database(url)
        yield database
        database.dispose()


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(DEEDS, min_size=4, max_size=14), number=st.integers(0, 2**60))
def test_a_store_comes_to_what_headquarters_says_on_postgresql(
    tmp_path: Path, postgresql: Database, deeds: list[tuple[str, object, int | None]], number: int
) -> None:
    chain = Chain.opened(tmp_path, postgresql, hq_id=f"hq-{number}", store_id=f"store-{number}")
    chain.push(*GOODS)
    play(Story(chain), deeds)


def play(story: Story, deeds: list[tuple[str, object, int | None]]) -> None:
    for deed in deeds:
        story.do(*deed)
    story.end()
