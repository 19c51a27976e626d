"""Owns the checks that any screen must pass on any glass: sizes, gaps, letters, nothing cut, nothing covered.

It must not know any one screen. Every check takes what a layout put on the glass, and says
what is wrong in words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any

from assets.typesetting.clean import clean
from assets.typesetting.clusters import clusters
from assets.typesetting.faces import family_for, invisible
from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.screen_model import FoundItem, LastItem, RowModel, RowSheet, WeighModel
from tests.support.glass import Glass, Rgb, lineage, meet

Probe = Callable[[Glass], list[str]]

_LARGE_EM_MM = 10.9
"""Capitals of 0.714 em are then 7.7 mm, 0.74° of view at 600 mm (UX R5)."""
_EM_MM = 6.83
"""Capitals are then 4.88 mm (36 CFR 1194, 402.4)."""
_GAP_MM = 2.0
_TAKES_AWAY = ("row-remove", "remove")


def _layer(part: Any) -> int:
    return next((id(p) for p in lineage(part) if getattr(p, "modal", False)), 0)


def _is_key(tap_id: str) -> bool:
    return tap_id.startswith("key:") or tap_id == "erase"


# --- sizes and gaps ------------------------------------------------------------------------------


def targets_too_small(glass: Glass) -> list[str]:
    wrong = []
    for part, _ in glass.targets:
        least = part.look.px(theme.KEY if _is_key(part.tap_id) else theme.TARGET)
        if min(part.area.w, part.area.h) < least:
            px_per_mm = part.look.panel.px_per_mm
            wrong.append(f"{part.tap_id}: {part.area.w / px_per_mm:.1f} × {part.area.h / px_per_mm:.1f} mm")
    return wrong


def targets_too_close(glass: Glass) -> list[str]:
    """Targets of one layer nearer than 2 mm; the rows of a list, which are high, stand on one another."""
    from kiosk.ui.widgets.row import Row  # noqa: PLC0415

    wrong = []
    look = glass.stage.look
    near, nearer = look.px(theme.GAP_DANGER), look.px(_GAP_MM)
    layers = {id(part): _layer(part) for part, _ in glass.targets}
    around = [(part, area, area.inset(-near / 2)) for part, area in glass.targets]
    for (one, area, about), (other, beside, reach) in combinations(around, 2):
        if not meet(about, reach):
            continue
        across = max(beside.x - area.right, area.x - beside.right)
        along = max(beside.y - area.top, area.y - beside.top)
        away = one.tap_id in _TAKES_AWAY or other.tap_id in _TAKES_AWAY
        if max(across, along) >= (near if away else nearer) - 1 or layers[id(one)] != layers[id(other)]:
            continue
        if isinstance(one, Row) and isinstance(other, Row):
            continue
        if one not in lineage(other) and other not in lineage(one):
            wrong.append(f"{one.tap_id} and {other.tap_id}: {max(across, along):.0f} px apart")
    return wrong


def targets_off_the_glass(glass: Glass) -> list[str]:
    window = glass.window
    return [
        part.tap_id
        for part, seen in glass.targets
        if seen.x < -1 or seen.right > window.w + 1 or seen.y < -1 or seen.top > window.h + 1
    ]


# --- texts ---------------------------------------------------------------------------------------


def texts_wrong(glass: Glass) -> list[str]:
    """Texts too small, off the window, higher than their place, or with a word torn in two."""
    window = glass.window
    wrong = []
    for text in glass.texts:
        part, area = text.part, text.letters
        panel = part.look.panel
        least_mm = _LARGE_EM_MM if part.look.manner.large else _EM_MM
        if part.look.letter_px(part.face) < int(least_mm * panel.px_per_mm * panel.scale):
            wrong.append(f"{part.shown!r} is {part.look.letter_px(part.face)} px")
        if area.x < -1 or area.right > window.w + 1 or area.top > window.h + 8 or area.y < -8:
            in_list = any(getattr(parent, "clips", False) for parent in lineage(part))
            if not in_list:
                wrong.append(f"{part.shown!r} leaves the window")
        if area.h > part.area.h + 8:
            wrong.append(f"{part.shown!r} is higher than its place")
        if not part.most and part.longest_word > part.area.w + 1:
            wrong.append(f"a word of {part.shown!r} is torn")
    return wrong


def overlaps(glass: Glass) -> list[str]:
    """Texts of one layer that are drawn over one another."""
    layers: dict[int, list[tuple[Any, Area]]] = {}
    for text in glass.texts:
        seen = text.letters.overlap(text.clip)
        if seen is not None:
            spot = seen.inset(1, min(8, seen.h / 4))
            layers.setdefault(_layer(text.part), []).append((text.part, spot))
    return [
        f"{one.shown!r} over {other.shown!r}"
        for texts in layers.values()
        for (one, area), (other, under) in combinations(texts, 2)
        if meet(area, under)
    ]


def covered(glass: Glass) -> list[str]:
    """Texts with a filled shape drawn over them that is no sheet."""
    wrong = []
    for text in glass.texts:
        seen = text.letters.overlap(text.clip)
        if seen is None or not glass.in_front(text.part):
            continue
        spot = seen.inset(2, seen.h / 4)
        over = [each for each in glass.grounds if each.order > text.order and meet(each.area, spot)]
        if over:
            part = glass.parts[over[0].order][0]
            owner = next((p for p in lineage(part) if getattr(p, "tap_id", "")), part)
            wrong.append(f"{text.part.shown!r} under {getattr(owner, 'tap_id', '') or type(owner).__name__}")
    return wrong


def cut_short(glass: Glass) -> list[str]:
    """Texts that end in an ellipsis. Only names of goods may, for a shop may write what it likes there."""
    names = _names_of_goods(glass.model)
    return [
        text.part.value
        for text in glass.texts
        if text.part.cut and not (text.part.most > 1 and text.part.value in names)
    ]


def _names_of_goods(value: object) -> set[str]:
    """The name of every row and every good of a model, however deep."""
    if isinstance(value, RowModel | LastItem | FoundItem | WeighModel | RowSheet):
        return {clean(value.name)}
    if isinstance(value, tuple):
        return set().union(*map(_names_of_goods, value))
    if is_dataclass(value) and not isinstance(value, type):
        return set().union(*(_names_of_goods(getattr(value, each.name)) for each in fields(value)))
    return set()


def missing_letters(glass: Glass) -> list[str]:
    """Texts with a character that no face can draw."""
    found = {text.part.value: _boxed(text.part.value, text.part.look.language) for text in glass.texts}
    return [f"{boxes} in {value!r}" for value, boxes in found.items() if boxes]


@lru_cache(maxsize=16_384)
def _boxed(value: str, language: str) -> str:
    pieces = clusters(clean(value).replace("\n", " "))
    return "".join(
        piece for piece in pieces if not all(map(invisible, piece)) and family_for(piece, language) is None
    )


# --- colours -------------------------------------------------------------------------------------


def contrast_too_low(glass: Glass) -> list[str]:
    """Texts and tinted icons on the grounds that really lie under them, in the colours really drawn."""
    from kiosk.ui.widgets.picture import Picture  # noqa: PLC0415

    wrong = []
    theme_now = glass.stage.look.manner.theme
    for text in glass.texts:
        seen = text.letters.overlap(text.clip)
        if seen is None or not glass.in_front(text.part):
            continue
        fore = tuple(text.part._colour.rgb)
        ratio = min(contrast(fore, back) for back in _under(glass, text.order, seen.inset(2, seen.h / 4)))
        if ratio < text.part.tone.level.least(theme_now):
            wrong.append(f"{text.part.shown!r} at {ratio:.1f}:1")
    for order, (part, clip) in enumerate(glass.parts):
        if isinstance(part, Picture) and part.folder == "icons" and part._colour.a and glass.in_front(part):
            seen = part.seen.overlap(clip)
            if seen is not None:
                backs = _under(glass, order, seen.inset(seen.w * 0.4, seen.h * 0.4))
                ratio = min(contrast(tuple(part._colour.rgb), back) for back in backs)
                if ratio < theme.Level.PART.least(theme_now):
                    wrong.append(f"icon {part.stem} at {ratio:.1f}:1")
    return wrong


def _under(glass: Glass, order: int, spot: Area) -> list[Rgb]:
    """The colours that lie directly under a spot; the window itself is paper."""
    found = []
    for ground in reversed(glass.grounds):
        if ground.order < order and meet(ground.area, spot):
            found.append(ground.rgb)
            if _holds(ground.area, spot):
                return found
    return [*found, glass.stage.look.rgb(theme.PAPER)]


def _holds(outer: Area, inner: Area) -> bool:
    return outer.x <= inner.x and outer.right >= inner.right and outer.y <= inner.y and outer.top >= inner.top


@lru_cache(maxsize=1024)
def contrast(one: Rgb, other: Rgb) -> float:
    """Contrast ratio 1..21 of two drawn colours (WCAG 2.2, definition of contrast ratio)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(rgb: Rgb) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def chosen_without_a_tick(glass: Glass) -> list[str]:
    """What is chosen but told by its colour alone: it has neither its tick nor a thick frame (UX R12)."""
    from kiosk.ui.widgets.button import BigButton  # noqa: PLC0415

    buttons = [part for part, _ in glass if isinstance(part, BigButton) and part.chosen_kind is not None]
    chosen = [part for part in buttons if part.model is not None and part.model.chosen]
    return [
        part.tap_id
        for part in chosen
        if part.icon.stem != "tick"
        and part.label.value
        and not (part.card._edged and part.card.edge_px >= part.look.px(theme.EDGE_CHOSEN))
    ]


EVERYWHERE: tuple[Probe, ...] = (
    targets_too_small,
    targets_too_close,
    targets_off_the_glass,
    texts_wrong,
    overlaps,
    covered,
    cut_short,
    missing_letters,
    contrast_too_low,
    chosen_without_a_tick,
)
