"""Owns the composition of a lane: the only file that sees every part, and the order they start and stop in.

It must not decide anything a part could decide. Kivy is imported here only when a window is opened.
"""

from __future__ import annotations

import logging
import os
import ssl
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from random import SystemRandom
from typing import Any

from assets.answers import Answers
from assets.texts import Texts
from hardware.drivers.receipt_renderer import render
from hardware.events import DeviceEvent, HeadsetChanged, Key, KeyPressed
from hardware.line import OpenPipe
from hardware.transport import open_transport
from inventory.domain.money import format_weight
from inventory.wire import CatalogueMessage, LaneStateMessage, MirrorLine
from kiosk import failpoints
from kiosk.checkout.card_paper import card_document
from kiosk.checkout.effects import Paper, PrintCard
from kiosk.checkout.preferences import Preference, Preferences
from kiosk.checkout.receipt import receipt_document, receipt_qr
from kiosk.checkout.state import LaneState
from kiosk.checkout.visit_events import Touched
from kiosk.clock import Clock
from kiosk.config import LaneConfig
from kiosk.devices import Devices
from kiosk.espeak import mouth_for
from kiosk.facts import facts_of
from kiosk.holding import held_in
from kiosk.ids import id_maker
from kiosk.intake import Intake
from kiosk.journal import Journal, JournalError, anchor_path, verify
from kiosk.lane import Happening, Lane, Refresh, Snapshot, Tapped, Typed, Wake, replay
from kiosk.shelf import Shelf, load_catalogue, load_plan, plan_path, shelf_from
from kiosk.speech import Narrator
from kiosk.speech_queue import Mouth, Voice
from kiosk.store_line import StoreAddress
from kiosk.store_link import StoreLink
from kiosk.ui.presenter import present
from kiosk.ui.presenter.scene import Scene
from kiosk.ui.screen_model import ScreenModel

log = logging.getLogger(__name__)

FAILPOINTS_VARIABLE = "LANELIGHT_FAILPOINTS"


class LaneError(Exception):
    """The lane cannot start; the text is one sentence for a person."""


class WholeLane:
    """A lane with its devices, journal and store link, without a window.

    `show` gets a finished screen after every step; `stopped` is called once when the lane ends.
    """

    def __init__(
        self,
        config: LaneConfig,
        show: Callable[[ScreenModel], None],
        stopped: Callable[[], None],
        *,
        focus: Callable[[str], None] = lambda _node_id: None,
        open_pipe: OpenPipe = open_transport,
        clock: Clock | None = None,
        mouth: Mouth | None = None,
    ) -> None:
        _arm_failpoints()
        self.config = config
        self.clock = clock or Clock()
        self._show = show
        self._stopped = stopped
        self._serial = 0
        self._posed: Snapshot | None = None
        self.answers = Answers(config.lane.answers)
        self._heard: Counter[str] = Counter()
        self.narrator = Narrator(
            Voice(mouth or mouth_for(config.speech), self.clock.monotonic),
            config.profile.surroundings,
            tap=lambda tap_id: self.lane.post(Tapped(tap_id)),
            focus=focus,
            monotonic=self.clock.monotonic,
        )
        self.journal = _open_journal(config.journal_path)
        self.devices = Devices(config, self._from_device, self.clock, open_pipe)
        self.link = self._store_link()
        new_id = id_maker(self.clock.utc)
        self.lane = Lane(
            _replayed(config, self.journal),
            journal=self.journal,
            intake=Intake(
                config, self.clock, new_id, new_id(), lambda: self.link.shelf, jottings=self.link.jottings
            ),
            ports=self.devices.ports,
            voice=self.link,
            clock=self.clock,
            render=self._render,
            publish=self._publish,
            receipt_always=config.lane.receipt == "always",
        )
        self._newest = Snapshot(self.lane.state, "", "")

    def open(self) -> None:
        self.narrator.open()
        self._thread = self.lane.start(self._stopped)
        for device in self.devices.all:
            device.open()
        self.link.open()

    def close(self) -> None:
        self.lane.stop()
        self._thread.join(timeout=5)
        self.link.close()
        for device in self.devices.all:
            device.close()
        self.narrator.close()
        self.journal.close()

    def deeds(self) -> dict[str, Callable[[dict[str, Any]], Any]]:
        """What a journey may ask of the lane beside its glass (see `kiosk.ui.remote`)."""
        return {
            "facts": lambda _request: facts_of(self._newest.state),
            "heard": lambda _request: {**self._heard, "goods": len(self.link.shelf.by_gtin)},
            "clock": lambda request: self._advance_clock(float(request["seconds"])),
            "camera": lambda request: self._show_camera(Path(request["path"])),
            "spoken": lambda _request: [asdict(each) for each in self.narrator.spoken()],
            "type": lambda request: self.lane.post(Typed(str(request["text"]))),
            "pose": lambda request: self._pose(str(request["language"]), request["prefer"]),
            "unpose": lambda _request: self._unpose(),
        }

    def _pose(self, language: str, prefer: list[str]) -> None:
        """The screen as it was at the first pose, in another language and look, for a picture."""
        self._posed = self._posed or self._newest
        manner = Preferences(frozenset(map(Preference, prefer)))
        state = replace(self._posed.state, language=language, preferences=manner)
        self._show(self._screen(replace(self._posed, state=state, sound="")))

    def _unpose(self) -> None:
        self._posed = None
        self._show(self._screen(self._newest))  # the lane went on meanwhile

    def _show_camera(self, picture: Path) -> None:
        if self.devices.camera is not None:
            self.devices.camera.show(picture)

    def _advance_clock(self, seconds: float) -> None:
        if not 0 <= seconds < float("inf"):
            raise ValueError(f"a clock runs forwards, not by {seconds} s")
        self.clock.advance(seconds)
        self.lane.post(Wake())

    def tapped(self, tap_id: str) -> None:
        self.narrator.touched()
        self.lane.post(Tapped(tap_id))

    def touched(self) -> None:
        """Somebody is at the glass, whether or not it did anything."""
        self.lane.post(Touched())

    def pressed(self, key: Key) -> None:
        """A key of an ordinary keyboard that stands for one of the keypad."""
        self.narrator.pressed(key)
        self.touched()

    # -- wiring ----------------------------------------------------------------------------------

    def _post(self, happening: Happening) -> None:
        self.lane.post(happening)

    def _from_device(self, event: DeviceEvent) -> None:
        """Keys and the headset go to the reader, and become taps there; all else is the lane's."""
        if isinstance(event, KeyPressed | HeadsetChanged):
            self.narrator.device(event)
            self.touched()
        else:
            self._post(event)
        # After the post: a tap that waited for it comes behind it.
        self._heard[f"{event.device} {type(event).__name__}"] += 1

    def _store_link(self) -> StoreLink:
        catalogue = load_catalogue(self.config.catalogue_path)
        try:
            return self._new_store_link(catalogue)
        except (OSError, ssl.SSLError) as error:
            self.journal.close()
            raise LaneError(f"The lane does not start, store.ca_file cannot be used: {error}.") from error

    def _new_store_link(self, catalogue: CatalogueMessage | None) -> StoreLink:
        shelf = shelf_from(catalogue) if catalogue else Shelf()
        return StoreLink(
            StoreAddress(
                self.config.store.url,
                self.config.store.token.get_secret_value(),
                self.config.lane.id,
                self.config.store.ca_file,
            ),
            journal=self.journal,
            clock=self.clock,
            catalogue_path=self.config.catalogue_path,
            shelf=replace(shelf, plan=load_plan(plan_path(self.config.catalogue_path))),
            post=self._post,
            refresh=self._refresh,
            mirror=self._mirror,
            chance=SystemRandom(),
        )

    def _publish(self, snapshot: Snapshot) -> None:
        self._newest = snapshot
        self._serial += 1
        self.link.jottings.keep({each.entry_id for each in snapshot.state.talk.entries})
        screen = self._screen(snapshot)
        if self._posed is None:
            self._show(screen)
        self.narrator.shown(screen)
        self.link.mirror_changed()

    def _refresh(self) -> None:
        """New prices or stock: the same state drawn with them, from the lane's own thread."""
        self.lane.post(Refresh())

    def _screen(self, snapshot: Snapshot) -> ScreenModel:
        sale = snapshot.state.sale
        scene = Scene(
            store_name=self.config.lane.store_name,
            lane_label=self.config.lane.label,
            shelf=self.link.shelf,
            open_lanes=self.link.open_lanes,
            now_utc=self.clock.utc(),
            receipt_qr=receipt_qr(sale, snapshot.sale_head) if sale else "",
            bag_gtin=self._bag_gtin(),
            has_terminal=self.devices.ports.terminal is not None,
            has_printer=self.devices.ports.printer is not None,
            has_scale=self.devices.ports.scale is not None,
            shopper_url=self.config.store.shopper_url,
            chips=self.config.lane.chips,
            offered=self.config.lane.offered,
            answers=self.answers,
            typed=self.link.jottings.all(),
            help_desk_place=self.config.lane.help_desk_place,
        )
        return present(snapshot.state, scene, serial=self._serial, sound=snapshot.sound)

    def _bag_gtin(self) -> str:
        gtin = self.config.lane.bag_gtin
        return gtin if gtin in self.link.shelf.by_gtin else ""

    def _render(self, paper: Paper, head: str) -> bytes:
        if isinstance(paper, PrintCard):
            return render(card_document(paper.code, Texts(paper.language)), language=paper.language)
        sale = paper.sale
        document = receipt_document(
            sale,
            Texts(sale.language),
            store_name=self.config.lane.store_name,
            lane_label=self.config.lane.label,
            journal_head=head,
            copy=paper.copy,
            slip=paper.slip,
        )
        return render(document, language=sale.language)

    def _mirror(self) -> LaneStateMessage:
        state, head = self._newest.state, self.journal.head
        return LaneStateMessage(
            lane_id=state.lane_id,
            screen=self._screen(self._newest).name.value,
            language=state.language,
            currency=state.currency,
            total_minor=state.basket.total_minor,
            lines=_mirror_lines(state),
            devices=self.devices.words(state),
            outbox_waiting=self.journal.waiting_count(),
            journal_seq=head.seq,
            journal_head=head.hash,
            at_utc=self.clock.utc(),
            closed_by=state.closed_by,
            door_id=state.door_id,
            held=held_in(state, self.clock.utc()),
            modes=tuple(sorted(each.value for each in state.preferences.on)),
        )


def _arm_failpoints() -> None:
    armed = os.environ.get(FAILPOINTS_VARIABLE, "")
    failpoints.arm(armed)
    if armed:
        log.warning("failpoints are armed, this lane is for tests only: %s", armed)


def _open_journal(path: Path) -> Journal:
    """The lane's journal, proved whole first: a lane never sells on a history it cannot trust."""
    try:
        if path.exists() or anchor_path(path).exists():  # an anchor alone: the journal was taken away
            verify(path)
        return Journal(path)
    except JournalError as error:
        raise LaneError(f"The lane does not start, its journal cannot be used: {error}.") from error


def _replayed(config: LaneConfig, journal: Journal) -> LaneState:
    fresh = LaneState(
        store_id=config.lane.store_id,
        lane_id=config.lane.id,
        currency=config.lane.currency,
        default_language=config.lane.language,
        language=config.lane.language,
    )
    try:
        return replay(fresh, journal)
    except JournalError as error:
        journal.close()
        raise LaneError(f"The lane does not start, its journal cannot be replayed: {error}.") from error


def _mirror_lines(state: LaneState) -> tuple[MirrorLine, ...]:
    return tuple(
        MirrorLine(
            name=line.item.name("en"),
            quantity=format_weight(line.weight_g, "en") if line.weight_g else str(line.units),
            amount_minor=line.amount_minor,
            age_limit=line.item.age_limit,
        )
        for line in state.basket.lines
    )
