"""Owns reading a lane without looking: keys move one focus, screens and changes are said, all as values.

It must not know voices, threads, clocks or who pressed. `shown`, `pressed` and `jack` take a reader and
return the next one with what is to be done; the shell does it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import assert_never

from assets.texts import Texts
from hardware.events import Key
from kiosk.assist import script
from kiosk.assist.deeds import Deed as Deed  # noqa: PLC0414 - what a turn comes to
from kiosk.assist.deeds import Hush as Hush  # noqa: PLC0414 - what a turn comes to
from kiosk.assist.deeds import Output as Output  # noqa: PLC0414 - what a turn comes to
from kiosk.assist.deeds import Pause as Pause  # noqa: PLC0414 - what a turn comes to
from kiosk.assist.deeds import Say as Say  # noqa: PLC0414 - what a turn comes to
from kiosk.assist.deeds import Tap as Tap  # noqa: PLC0414 - what a turn comes to
from kiosk.assist.script import Line
from kiosk.assist.spoken import as_spoken
from kiosk.assist.surroundings import Surroundings
from kiosk.checkout.preferences import Preference
from kiosk.ui.presenter.nodes import Node, Role, reachable
from kiosk.ui.screen_model import (
    AttractModel,
    BasketModel,
    CardSheet,
    LastItem,
    NumberModel,
    PadModel,
    PayModel,
    ScreenModel,
    ThanksModel,
)

VOLUMES = 10
DEFAULT_VOLUME = 6


@dataclass(frozen=True, slots=True)
class Reader:
    """What is remembered between screens and keys. `focus` is a node's id, "" while no key was used."""

    place: Surroundings = field(default_factory=Surroundings)
    model: ScreenModel | None = None
    focus: str = ""
    headset: bool = False
    volume: int = DEFAULT_VOLUME
    behind: str = ""
    """Where the focus was before a sheet came over it."""
    last: LastItem | None = None
    failures: int = 0

    @property
    def output(self) -> Output:
        return Output.HEADSET if self.headset else Output.SPEAKER

    @property
    def speaks(self) -> bool:
        return self.headset or (self.model is not None and Preference.SPEAK in self.model.preferences)


Turn = tuple[Reader, tuple[Deed, ...]]


# --- a new screen --------------------------------------------------------------------------------


def shown(reader: Reader, model: ScreenModel) -> Turn:
    """The lane shows `model`: say what has changed, if anybody listens."""
    before, spoke = reader.model, reader.speaks
    after = _settled(replace(reader, model=model), before)
    deeds: list[Deed] = []
    if isinstance(model.body, AttractModel) and reader.headset and Preference.SPEAK not in model.preferences:
        deeds.append(Tap("speak:on"))  # the next visit of a headset that was left in
    if not after.speaks:
        return replace(after, last=_last_of(model)), (*deeds, Hush()) if spoke else tuple(deeds)
    lines = _news(reader, before, model)
    if not spoke and before is not None:  # switched on by touch: begin at the beginning
        lines = script.greeting(model, reader.place)
    interrupts = before is None or _is_reply(before, model)
    deeds += say(after, lines, interrupt=interrupts)
    failures = _failures(reader, before, model)
    return replace(after, last=_last_of(model) or reader.last, failures=failures), tuple(deeds)


def _settled(reader: Reader, before: ScreenModel | None) -> Reader:
    """The focus stays where it is while that is there; a new visit begins with none, at the usual volume."""
    model = reader.model
    assert model is not None, "a screen has just been shown"
    is_new = before is not None and type(before.body) is not type(model.body)
    if is_new and isinstance(model.body, AttractModel):
        return replace(reader, focus="", volume=DEFAULT_VOLUME, last=None, failures=0)
    if is_new and isinstance(model.body, ThanksModel) and (reader.focus or reader.speaks):
        asks = model.body.print_button is not None
        return replace(reader, focus=_entry(model) if asks else "")  # "press select to print it"
    was_over, is_over = before is not None and before.sheet is not None, model.sheet is not None
    if is_over and not was_over:
        reader = replace(reader, focus="", behind=reader.focus)
    elif was_over and not is_over:  # back to where one was, in another language perhaps
        reader = replace(reader, focus=reader.behind, behind="")
    if reader.focus and all(node.id != reader.focus for node in reachable(model)):
        return replace(reader, focus="")
    return reader


def _entry(model: ScreenModel) -> str:
    """Where the keys begin: the first thing to do in front, goods in the basket come before it."""
    if model.sheet is None and isinstance(model.body, ThanksModel) and model.body.reasons:
        return model.body.reasons[0].tap_id
    nodes = reachable(model)
    front = "sheet" if model.sheet is not None else "body"
    inside = [node for node in nodes if node.section.partition(".")[0] == front]
    best = [node for node in inside if node.role is not Role.ROW]
    chosen = best or inside or list(nodes)
    return chosen[0].id if chosen else ""


def _news(reader: Reader, before: ScreenModel | None, model: ScreenModel) -> tuple[Line, ...]:
    if before is None:
        return ()
    pin, pin_before = _is_pin(model), _is_pin(before)
    if pin:
        return () if pin_before else (script.pin_line(model),)
    if before.language != model.language:
        return script.greeting(model, reader.place)
    lines = [*_scan_news(reader, before, model)]
    if (before.name, before.sheet is None) != (model.name, model.sheet is None) or _headline(
        before
    ) != _headline(model):
        lines += script.screen(model, reader.place) if not lines else ()
    return (*lines, *_side_news(reader, before, model))


def _scan_news(reader: Reader, before: ScreenModel, model: ScreenModel) -> tuple[Line, ...]:
    body = model.body
    if not isinstance(body, BasketModel) or model.sheet is not None or body.last is None:
        return ()
    known = before.body.last if isinstance(before.body, BasketModel) else reader.last
    is_new = known is None or (body.last.tap_id, body.last.name, body.last.price) != (
        known.tap_id,
        known.name,
        known.price,
    )
    return (script.added(model, body.last, body.total),) if is_new and body.last.tick else ()


def _side_news(reader: Reader, before: ScreenModel, model: ScreenModel) -> tuple[Line, ...]:
    """Banner and strip: what happens beside the screen itself."""
    lines: list[Line] = []
    if model.banner is not None:
        old = before.banner
        words = f"{model.banner.title}. {model.banner.text}".strip()
        if old is None or (old.title, old.text) != (model.banner.title, model.banner.text):
            lines.append(script.public(words))
    elif before.banner is not None:
        lines.append(script.public(Texts(model.language)("The call for help is over.")))
    if _question(model) != _question(before) and isinstance(model.body, ThanksModel):
        lines += () if _headline(model) != _headline(before) else (script.opinion(model, model.body),)
    if model.told is not None and (before.told is None or before.told.entry_id != model.told.entry_id):
        lines.append(Line(as_spoken(model.told.text, model.language), model.told.open))
    if _paper(model) and _paper(before) not in ("", _paper(model)):
        lines.append(script.public(_paper(model)))
    if model.strip is not None and model.strip != before.strip:
        words = f"{model.strip.lead} {model.strip.text}"
        if model.sound == "scan_fail":
            lines.append(script.problem(model, words, repeated=reader.failures >= 2))
        else:
            lines.append(Line(words))  # it may be about somebody's age
    return tuple(lines)


def _question(model: ScreenModel) -> str:
    """What is asked about the visit, or said to the answer."""
    return model.body.question if isinstance(model.body, ThanksModel) else ""


def _paper(model: ScreenModel) -> str:
    """How far a paper is: the receipt's, or that of a card with somebody's settings."""
    if isinstance(model.sheet, CardSheet):
        return model.sheet.text
    return model.body.receipt_text if isinstance(model.body, ThanksModel) else ""


def _failures(reader: Reader, before: ScreenModel | None, model: ScreenModel) -> int:
    if _last_of(model) not in (None, reader.last):
        return 0
    return reader.failures + 1 if model.sound == "scan_fail" and before is not model else reader.failures


def _is_reply(before: ScreenModel, model: ScreenModel) -> bool:
    """Whether the shopper did this; news about help or an age check wait until a sentence is over."""
    return (before.name, before.language, before.sheet, before.body) != (
        model.name,
        model.language,
        model.sheet,
        model.body,
    ) or bool(model.sound)


def _is_pin(model: ScreenModel) -> bool:
    return isinstance(model.body, PayModel) and model.body.pin


def _headline(model: ScreenModel) -> object:
    """What tells one state of a screen from the next without its scroll, query or rows."""
    for name in ("headline", "notice"):
        text = getattr(model.body, name, None)
        if text is not None:
            return text, getattr(model.body, "text", "")
    if isinstance(model.body, BasketModel):
        return model.sheet
    if isinstance(model.body, NumberModel):
        return model.body.text, model.body.found
    if isinstance(model.body, PadModel) and model.body.spoken:
        return model.body.shown, model.body.text
    return getattr(model.body, "results", getattr(model.body, "tiles", None))


def _last_of(model: ScreenModel) -> LastItem | None:
    return model.body.last if isinstance(model.body, BasketModel) else None


# --- a key ---------------------------------------------------------------------------------------


def pressed(reader: Reader, key: Key) -> Turn:
    """A key was pressed. The first one shows where the keys are; reading the screen turns speech on."""
    model = reader.model
    if model is None:
        return reader, ()
    match key:
        case Key.UP | Key.DOWN:
            return _move(reader, model, 1 if key is Key.DOWN else -1)
        case Key.SELECT:
            return _select(reader, model)
        case Key.BACK:
            back = _way_back(model)
            return (reader, (Hush(), Tap(back))) if back else (reader, _nothing_back(reader, model))
        case Key.NEXT:
            return _next_section(reader, model)
        case Key.HELP:
            return _help(reader, model)
        case Key.VOLUME_UP | Key.VOLUME_DOWN:
            return _louder(reader, model, 1 if key is Key.VOLUME_UP else -1)
        case Key.READ:
            turn_on = () if reader.speaks else (Tap("speak:on"),)
            if turn_on:
                return reader, turn_on  # the greeting follows with the next screen
            return reader, tuple(say(reader, script.screen(model, reader.place)))
        case Key.PAUSE:
            return reader, (Pause(),) if reader.speaks else ()
        case _:
            assert_never(key)


def _move(reader: Reader, model: ScreenModel, by: int) -> Turn:
    nodes = reachable(model)
    if not nodes:
        return reader, ()
    ids = [node.id for node in nodes]
    target = ids[(ids.index(reader.focus) + by) % len(ids)] if reader.focus in ids else _entry(model)
    return _focus_on(reader, nodes, target)


def _help(reader: Reader, model: ScreenModel) -> Turn:
    """Call somebody; once called, go to where the call can be taken back, or call again."""
    nodes = reachable(model)
    if model.banner is not None and model.banner.again is not None:
        return reader, (Hush(), Tap(model.banner.again.tap_id))
    cancel = (
        model.banner.cancel.tap_id if model.banner is not None and model.banner.cancel is not None else ""
    )
    if cancel and any(node.id == cancel for node in nodes):
        return _focus_on(reader, nodes, cancel)
    return reader, (Hush(), Tap("help"))


_STRAIGHT_TO = {AttractModel: "body.languages", BasketModel: "body.pay"}
"""What ► goes to first, as the greeting says."""


def _next_section(reader: Reader, model: ScreenModel) -> Turn:
    """The first thing of the next group; straight to the languages or to Pay where there are any."""
    nodes = reachable(model)
    if not nodes:
        return reader, ()
    wanted = _STRAIGHT_TO.get(type(model.body), "")
    straight = next((node for node in nodes if node.section == wanted), None)
    focused = next((node for node in nodes if node.id == reader.focus), None)
    if straight is not None and (focused is None or focused.section != wanted):
        return _focus_on(reader, nodes, straight.id)
    start = reader.focus or _entry(model)
    here = next((node for node in nodes if node.id == start), nodes[0])
    at = nodes.index(here)
    later = [*nodes[at:], *nodes[:at]]
    target = next((node for node in later if node.section != here.section), here)
    first = next(node for node in nodes if node.section == target.section)
    return _focus_on(reader, nodes, first.id)


def _focus_on(reader: Reader, nodes: tuple[Node, ...], node_id: str) -> Turn:
    moved = replace(reader, focus=node_id)
    return moved, tuple(say(moved, (_line_of(nodes, node_id, _language(reader)),)))


def _line_of(nodes: tuple[Node, ...], node_id: str, language: str) -> Line:
    number, node = next((n, node) for n, node in enumerate(nodes, start=1) if node.id == node_id)
    return script.node_line(node, number, len(nodes), language)


def _select(reader: Reader, model: ScreenModel) -> Turn:
    nodes = reachable(model)
    node = next((node for node in nodes if node.id == reader.focus), None)
    if node is None:
        return _move(reader, model, 1)
    if not node.enabled:
        return reader, tuple(say(reader, (_line_of(nodes, node.id, model.language),)))
    return reader, (Hush(), Tap(node.id))


def _way_back(model: ScreenModel) -> str:
    if model.sheet is not None:
        return "close"
    return model.top.back.tap_id if model.top.back is not None else ""


def _nothing_back(reader: Reader, model: ScreenModel) -> tuple[Deed, ...]:
    words = Texts(model.language)("There is nothing to go back to.")
    return tuple(say(reader, (script.public(words, "no-back"),)))


def _louder(reader: Reader, model: ScreenModel, by: int) -> Turn:
    volume = min(max(reader.volume + by, 1), VOLUMES)
    after = replace(reader, volume=volume)
    words = Texts(model.language)("Volume %(n)d") % {"n": volume}
    return after, tuple(say(after, (script.public(words),)))


# --- the headset ---------------------------------------------------------------------------------


def jack(reader: Reader, *, inserted: bool) -> Turn:
    """The headset went in: greet. It came out: be silent before anybody else can hear."""
    after = replace(reader, headset=inserted)
    if inserted == reader.headset:
        return after, ()
    if not inserted:
        return after, (Hush(), Tap("speak:off"))
    lines = script.greeting(reader.model, reader.place) if reader.model is not None else ()
    return after, (*say(after, lines), Tap("speak:on"))


def touched(reader: Reader) -> Turn:
    """A finger on the glass: who touches does not listen any more, and the ring goes."""
    return replace(reader, focus=""), (Hush(),)


# --- saying --------------------------------------------------------------------------------------


def say(reader: Reader, lines: tuple[Line, ...], *, interrupt: bool = True) -> list[Deed]:
    """The lines for the output there is. While a PIN is entered, only its own sentence passes."""
    model = reader.model
    if model is None or not reader.speaks:
        return []
    if _is_pin(model) and any(line.prompt != "pin" for line in lines):
        return []
    said: list[Deed] = []
    for line in lines:
        text = line.text if reader.headset else line.open
        if text:
            rate = model.preferences.speech_rate_pct
            first = interrupt and not said
            language = line.language or model.language
            said.append(Say(text, reader.output, language, rate, reader.volume, first, line.prompt))
    return said


def _language(reader: Reader) -> str:
    return reader.model.language if reader.model is not None else "en"


__all__ = ["Deed", "Hush", "Output", "Reader", "Say", "Tap", "Turn", "jack", "pressed", "shown", "touched"]
