"""Owns the words of the installer's screens: a box for a bank card, the glass's height, who reaches what.

It must not know Kivy, nor any shopper: nothing here belongs to a visit.
"""

from __future__ import annotations

from assets.texts import Texts
from kiosk.ui import reach
from kiosk.ui.calibration import CardBox, Doubt, Measure, Side, measure_of
from kiosk.ui.panel_model import BoxSide, PanelModel
from kiosk.ui.panel_wizard import HIGHEST_EDGE_MM, Page, Wizard
from kiosk.ui.reach import Control, Verdict
from kiosk.ui.screen_model import (
    ButtonModel,
    Lamp,
    PadModel,
    ScreenModel,
    ScreenName,
    StaffModel,
    StaffNeed,
    TopBar,
)
from kiosk.ui.theme import LARGEST_IN, SMALLEST_IN

LINES_SHOWN = 5
"""Of the controls, the highest ones; the command prints them all."""

_NOTHING = ButtonModel("", "")


def screen(wizard: Wizard, language: str, serial: int) -> ScreenModel:
    """The page as it stands now."""
    texts = Texts(language)
    body: PanelModel | PadModel | StaffModel
    match wizard.page:
        case Page.CARD:
            way_out, body = texts("Cancel"), _card(wizard, texts)
        case Page.EDGE:
            way_out, body = texts("Close"), _edge(wizard, texts)
        case Page.REACH:
            way_out, body = texts("Close"), _reach(wizard, texts)
    top = TopBar(Lamp.CLOSED, "", back=ButtonModel("close", way_out, "close"))
    if wizard.page is not Page.CARD:
        inches = f"{measure_of(wizard.box).diagonal_in:.2f}"
        top = TopBar(
            Lamp.CLOSED, "", back=top.back, aside=texts("Saved: %(inches)s inches") % {"inches": inches}
        )
    return ScreenModel(
        ScreenName.STAFF, language, top, body, _NOTHING, _NOTHING, serial=serial, for_shopper=False
    )


def _card(wizard: Wizard, texts: Texts) -> PanelModel:
    box, measure = wizard.box, measure_of(wizard.box)
    return PanelModel(
        title=texts("How large is this glass?"),
        text=texts("Hold a bank card on the box. Make all four edges match."),
        warning=_warning(wizard.fault, measure, texts),
        box_px=(box.width_px, box.height_px),
        sides=(
            _side(Side.WIDTH, texts("Width"), box.width_px, box, texts),
            _side(Side.HEIGHT, texts("Height"), box.height_px, box, texts),
        ),
        figures=_figures(measure, texts),
        turn=ButtonModel("box-turn", texts("Turn the card")),
        save=ButtonModel("box-save", texts("Save"), "tick", enabled=measure.usable),
    )


def _side(side: Side, label: str, length_px: int, box: CardBox, texts: Texts) -> BoxSide:
    steps = (-box.coarse_px, -1, 1, box.coarse_px)
    return BoxSide(
        label,
        texts("%(count)s pixels") % {"count": length_px},
        tuple(
            ButtonModel(f"box:{side.value}:{step}", f"{'+' if step > 0 else '−'} {abs(step)}")
            for step in steps
        ),
    )


def _figures(measure: Measure, texts: Texts) -> tuple[str, ...]:
    numbers = {
        "inches": f"{measure.diagonal_in:.1f}",
        "across": f"{measure.across_px_per_mm:.2f}",
        "up": f"{measure.up_px_per_mm:.2f}",
    }
    return (
        texts("%(inches)s inches") % numbers,
        texts("%(across)s × %(up)s pixels per mm") % numbers,
    )


def _warning(fault: str, measure: Measure, texts: Texts) -> str:
    if fault:
        return texts("Not saved: %(reason)s") % {"reason": fault}
    match measure.doubt:
        case None:
            return ""
        case Doubt.SKEW:
            percent = f"{measure.skew_percent:.1f}"
            return texts("Width and height differ by %(percent)s %%. Please check both.") % {
                "percent": percent
            }
        case Doubt.TOO_SMALL | Doubt.TOO_LARGE:
            range_in = {"least": SMALLEST_IN, "most": LARGEST_IN}
            return texts("A lane’s glass has %(least)s to %(most)s inches.") % range_in


def _edge(wizard: Wizard, texts: Texts) -> PadModel:
    too_high = wizard.edge_mm > HIGHEST_EDGE_MM
    text = texts("Measure from the floor to its lower edge, in mm.")
    if too_high:
        text = texts("At most %(most)s mm.") % {"most": HIGHEST_EDGE_MM}
    if wizard.fault:
        text = texts("Not saved: %(reason)s") % {"reason": wizard.fault}
    return PadModel(
        title=texts("How high does the glass stand?"),
        text=text,
        shown=texts("%(height)s mm") % {"height": wizard.typed} if wizard.typed else "",
        alarm=too_high or bool(wizard.fault),
        erase=ButtonModel("erase-digit", texts("Delete"), "backspace"),
        ok=ButtonModel("pad-ok", texts("OK"), "tick", enabled=wizard.edge_is_known),
    )


def _reach(wizard: Wizard, texts: Texts) -> StaffModel:
    """Only with everything lower must every control be within reach."""
    lowered = sorted((each for each in wizard.controls if each.lowered), key=lambda each: -each.height_mm)
    worst = lowered[0].verdict if lowered else Verdict.REACHED
    limits = {"goal": reach.GOAL_MM, "limit": reach.LIMIT_MM}
    return StaffModel(
        title=_reach_title(worst, texts),
        text=texts("With “Everything lower”. Goal %(goal)s mm, limit %(limit)s mm.") % limits,
        needs=tuple(_line(each, texts) for each in lowered[:LINES_SHOWN]),
        empty_text="",
        rows=(),
        tools=(ButtonModel("again", texts("Measure again"), "back"),),
        end=ButtonModel("staff-end", texts("Done"), "tick"),
    )


def _reach_title(worst: Verdict, texts: Texts) -> str:
    match worst:
        case Verdict.REACHED:
            return texts("Everybody reaches everything.")
        case Verdict.HIGH:
            return texts("Some controls are over the goal.")
        case Verdict.TOO_HIGH:
            return texts("The glass stands too high.")


def _line(control: Control, texts: Texts) -> StaffNeed:
    words = {"control": f"{control.screen} · {control.tap_id}", "height": control.height_mm}
    well = control.verdict is Verdict.REACHED
    text = texts("%(control)s: %(height)s mm") % words
    return StaffNeed(text, "tick" if well else "exclamation", (), well=well)
