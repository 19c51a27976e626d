"""Owns the whole window: the screen drawn for a model, and what lies over it (banner, strip, sheet, help).

It must not know the lane. Everything is placed at once, in one pass, before one frame.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import (
    AttractModel,
    BasketModel,
    CheckingModel,
    DegradedModel,
    FindModel,
    HelpBanner,
    LanguageSheet,
    NoBarcodeModel,
    NotPaidModel,
    PayModel,
    RowSheet,
    ScreenModel,
    ThanksModel,
    WeighModel,
)
from kiosk.ui.screens.attract import AttractScreen
from kiosk.ui.screens.basket import BasketScreen
from kiosk.ui.screens.find import KEYS_WIDTH, FindScreen
from kiosk.ui.screens.no_barcode import NoBarcodeScreen
from kiosk.ui.screens.notice import CheckingScreen, DegradedScreen, NotPaidScreen
from kiosk.ui.screens.pay import PayScreen
from kiosk.ui.screens.screen import Frame, Screen
from kiosk.ui.screens.thanks import ThanksScreen
from kiosk.ui.screens.weigh import WeighScreen
from kiosk.ui.widgets.card import Ground
from kiosk.ui.widgets.help import HelpBannerView, HelpButton
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.sheets import LanguageSheetView, RowSheetView, Sheet
from kiosk.ui.widgets.strip import StripView
from kiosk.ui.widgets.top_bar import TopBarView

SCREENS: dict[type, Callable[[Look], Screen[Any]]] = {
    AttractModel: AttractScreen,
    BasketModel: BasketScreen,
    PayModel: PayScreen,
    NotPaidModel: NotPaidScreen,
    CheckingModel: CheckingScreen,
    ThanksModel: ThanksScreen,
    FindModel: FindScreen,
    NoBarcodeModel: NoBarcodeScreen,
    WeighModel: WeighScreen,
    DegradedModel: DegradedScreen,
}


class Stage(Part):
    """Draws one ScreenModel. Screens are made when first needed and kept."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.model: ScreenModel | None = None
        self.sheet: Sheet | None = None
        self._ground = Ground(look, theme.WHITE)
        self._screens: dict[type, Screen[Any]] = {}
        self._day_bar = TopBarView(look)
        self._night_bar = TopBarView(look, night=True)
        self._banner = HelpBannerView(look)
        self._strip = StripView(look)
        self._row_sheet = RowSheetView(look)
        self._language_sheet = LanguageSheetView(look)
        self.help = HelpButton(look)
        self.place(Area(0, 0, look.panel.width_px, look.panel.height_px))

    def show(self, model: ScreenModel) -> None:
        """Draw this model at the next frame."""
        self.model = model
        screen = self._screen_for(model)
        screen.update(model.body, model)
        self._ground.place(self.area)
        self._ground.paint(screen.ground)
        bar_area, room = self.area.from_top(self.look.px(theme.BAR))
        bar = self._night_bar if screen.night else self._day_bar
        aside = model.body.basket_total if isinstance(model.body, FindModel) else ""
        bar.update(model.top, aside)
        bar.place(bar_area)
        self.help.update(model.help)
        self.help.place(self._help_area())
        over: list[Part] = []
        screen.arrange(self._frame(screen, room, model, over))
        screen.place(self.area)
        # the window clears itself to white: a white ground would only be drawn twice
        ground = [] if screen.ground is theme.WHITE else [self._ground]
        self.hold([*ground, screen, bar, *over, *self._sheet_parts(model), self.help])

    def warm(self) -> None:
        """Make every screen now, so that the first shopper does not wait for it."""
        for kind, make in SCREENS.items():
            self._screens.setdefault(kind, make(self.look))

    def _screen_for(self, model: ScreenModel) -> Screen[Any]:
        kind = type(model.body)
        if kind not in self._screens:
            self._screens[kind] = SCREENS[kind](self.look)
        return self._screens[kind]

    def _help_area(self) -> Area:
        margin = self.look.px(theme.MARGIN)
        return Area(margin, margin, self.look.px(theme.HELP_WIDTH), self.look.px(theme.HELP_HEIGHT))

    def _frame(self, screen: Screen[Any], room: Area, model: ScreenModel, over: list[Part]) -> Frame:
        """Divide the room under the bar; banner and strip are placed on the way."""
        margin, gap = self.look.px(theme.MARGIN), self.look.px(theme.GAP_LARGE)
        wide = self.look.panel.landscape
        side = Area(room.right, room.y, 0, room.h)
        if wide and screen.has_side:
            side, room = room.from_end(self.look.px(theme.SIDE))
        foot, above = room.from_bottom(margin + self.help.area.h, gap)
        inner = Area(room.x + margin, above.y, room.w - 2 * margin, above.h - self.look.px(theme.GAP))
        foot = Area(inner.x, margin, inner.w, self.help.area.h)
        foot = foot.from_start(self.help.area.w, self.look.px(theme.GAP))[1]
        banner_height = 0.0
        if model.banner is not None:
            self._banner.brief = False
            self._banner.update(model.banner)
            over.append(self._banner)
            if wide and isinstance(screen, FindScreen):
                banner_height = self._place_banner_over_keys(screen, inner, model.banner)
            else:
                inner = self._place_banner(screen, inner, model.banner)
        if model.strip is not None:
            self._strip.update(model.strip)
            over.append(self._strip)
            height = self._strip.height_for(foot.w)
            if wide and (screen.has_side or not screen.uses_foot) and height <= foot.h * 1.5:
                # beside help, on its line: the strip may grow upwards a little, help may not move
                grown = max(height, foot.h)
                self._strip.place(Area(foot.x, foot.y, foot.w, grown))
                inner = inner.from_bottom(max(grown - foot.h, 0))[1]
                base, main = inner.from_bottom(screen.base_height(inner.w), gap)
                return Frame(main=main, base=base, foot=foot, side=side)
        height = screen.base_height(inner.w)
        base, main = inner.from_bottom(height, gap if height else 0)
        if model.strip is not None:
            strip, main = main.from_bottom(self._strip.height_for(main.w), self.look.px(theme.GAP))
            self._strip.place(strip)
        return Frame(main=main, base=base, foot=foot, side=side, banner_height=banner_height)

    def _place_banner_over_keys(self, screen: FindScreen, inner: Area, banner: HelpBanner) -> float:
        """Over the keyboard of a landscape search, without its reasons where they do not fit."""
        gap = self.look.px(theme.GAP)
        column = inner.from_end(self.look.px(KEYS_WIDTH))[0]
        room = column.h - screen.keyboard_height(column.w) - gap
        self._shorten_banner(banner, column.w, room)
        height = min(self._banner.height_for(column.w), room)
        self._banner.place(column.from_top(height)[0])
        return height

    def _shorten_banner(self, banner: HelpBanner, width: float, room: float) -> None:
        if self._banner.height_for(width) > room:
            self._banner.brief = True
            self._banner.update(banner)

    def _place_banner(self, screen: Screen[Any], inner: Area, banner: HelpBanner) -> Area:
        """On top of the room, or beside it in landscape, for there height is what is short."""
        gap = self.look.px(theme.GAP)
        if self.look.panel.landscape and not screen.has_side:
            column, rest = inner.from_end(self.look.px(136), self.look.px(theme.GAP_LARGE))
            self._shorten_banner(banner, column.w, column.h)
            self._banner.place(column.from_top(self._banner.height_for(column.w))[0])
            return rest
        needed = screen.base_height(inner.w) + screen.least_height(inner.w) + self.look.px(theme.GAP_LARGE)
        self._shorten_banner(banner, inner.w, inner.h - needed)
        top, rest = inner.from_top(self._banner.height_for(inner.w), gap)
        self._banner.place(top)
        return rest

    def _sheet_parts(self, model: ScreenModel) -> list[Part]:
        match model.sheet:
            case RowSheet() as row:
                self._row_sheet.update(row)
                self.sheet = self._row_sheet
            case LanguageSheet() as languages:
                self._language_sheet.update(languages)
                self.sheet = self._language_sheet
            case None:
                self.sheet = None
                return []
        self.sheet.place_over(self.area, self.help.area.top + self.look.px(theme.GAP))
        return [self.sheet]
