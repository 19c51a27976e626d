"""Owns the whole window: the screen drawn for a model, and what lies over it (banner, strip, sheet, help).

It must not know the lane. Everything is placed at once, in one pass, before one frame.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from kiosk.ui import theme
from kiosk.ui.a11y import FocusRing, rectangle_of
from kiosk.ui.area import Area
from kiosk.ui.item_card_model import ItemCardModel
from kiosk.ui.look import Look
from kiosk.ui.low_frame import LowFrame
from kiosk.ui.presenter.hidden import cover_of
from kiosk.ui.presenter.nodes import reachable
from kiosk.ui.screen_model import (
    AnswerModel,
    AttractModel,
    BasketModel,
    CardSheet,
    CheckingModel,
    DegradedModel,
    FindModel,
    HelpBanner,
    NoBarcodeModel,
    NotPaidModel,
    NumberModel,
    PadModel,
    PanelModel,
    ParkedModel,
    PayModel,
    QuestionsModel,
    RowSheet,
    ScreenModel,
    StaffModel,
    StillThereModel,
    ThanksModel,
    TileSheet,
    WeighModel,
)
from kiosk.ui.screens.attract import AttractScreen
from kiosk.ui.screens.away import ParkedScreen, StillThereScreen
from kiosk.ui.screens.basket import BasketScreen
from kiosk.ui.screens.find import KEYS_WIDTH, FindScreen
from kiosk.ui.screens.item_card import ItemCardScreen
from kiosk.ui.screens.no_barcode import NoBarcodeScreen
from kiosk.ui.screens.notice import CheckingScreen, DegradedScreen, NotPaidScreen
from kiosk.ui.screens.number import NumberScreen
from kiosk.ui.screens.panel import PanelScreen
from kiosk.ui.screens.pay import PayScreen
from kiosk.ui.screens.questions import AnswerScreen, QuestionsScreen
from kiosk.ui.screens.screen import Frame, Screen
from kiosk.ui.screens.staff import PadScreen, StaffScreen
from kiosk.ui.screens.talk import TalkScreen, WriteScreen
from kiosk.ui.screens.thanks import ThanksScreen
from kiosk.ui.screens.weigh import WeighScreen
from kiosk.ui.talk_model import TalkModel, WriteModel
from kiosk.ui.widgets.button import Kind
from kiosk.ui.widgets.card import Ground
from kiosk.ui.widgets.card_sheet import CardSheetView
from kiosk.ui.widgets.cover import Cover
from kiosk.ui.widgets.help import AccessButton, HelpBannerView, HelpButton
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.sheets import RowSheetView, Sheet, TileSheetView
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
    ItemCardModel: ItemCardScreen,
    NoBarcodeModel: NoBarcodeScreen,
    NumberModel: NumberScreen,
    WeighModel: WeighScreen,
    DegradedModel: DegradedScreen,
    QuestionsModel: QuestionsScreen,
    AnswerModel: AnswerScreen,
    StillThereModel: StillThereScreen,
    ParkedModel: ParkedScreen,
    PadModel: PadScreen,
    StaffModel: StaffScreen,
    PanelModel: PanelScreen,
    TalkModel: TalkScreen,
    WriteModel: WriteScreen,
}


class Stage(Part):
    """Draws one ScreenModel. Screens are made when first needed and kept."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.model: ScreenModel | None = None
        self.sheet: Sheet | None = None
        self._ground = Ground(look, theme.PAPER)
        self._screens: dict[type, Screen[Any]] = {}
        self._day_bar = TopBarView(look)
        self._night_bar = TopBarView(look, night=True)
        self._banner = HelpBannerView(look)
        self._strip = StripView(look)
        self._row_sheet = RowSheetView(look)
        self._tile_sheet = TileSheetView(look)
        self._card_sheet = CardSheetView(look)
        self.help = HelpButton(look)
        self.access = AccessButton(look)
        self.focus = ""
        self._ring = FocusRing(look)
        self._cover = Cover(look)
        self.place(Area(0, 0, look.panel.width_px, look.panel.height_px))

    def show(self, model: ScreenModel) -> None:
        """Draw this model at the next frame."""
        self.model = model
        self.look.language = model.language
        if (cover := cover_of(model)) is not None:
            self.sheet = None
            self._cover.update(cover)
            self._cover.place(self.area)
            self.hold([self._cover])
            return
        screen = self._screen_for(model)
        screen.update(model.body, model)
        self._ground.place(self.area)
        self._ground.paint(screen.ground)
        bar = self._night_bar if screen.night else self._day_bar
        aside = model.body.basket_total if isinstance(model.body, FindModel | ItemCardModel) else ""
        bar.update(model.top, aside)
        self._place_fixed(model, night=screen.night)
        over: list[Part] = []
        if not model.for_shopper:
            bar_area, room = self.area.from_top(self.look.px(theme.BAR))
            bar.place(bar_area)
            screen.arrange(self._frame_alone(screen, room))
        elif self.look.manner.reach:
            fixed = replace(self.help.area, w=self.access.area.right - self.help.area.x)
            low = LowFrame(self.look, self.area, fixed, bar, self._banner, self._strip)
            screen.arrange(low.divide(screen, model, over))
        else:
            bar_area, room = self.area.from_top(self.look.px(theme.BAR))
            bar.ask(())
            bar.place(bar_area)
            screen.arrange(self._frame(screen, room, model, bar, over))
        screen.place(self.area)
        # the window clears itself to paper: that ground would only be drawn twice
        ground = [] if screen.ground is theme.PAPER else [self._ground]
        self.hold([*ground, screen, bar, *over, *self._sheet_parts(model), *self.fixed])
        self.put_ring()

    def put_ring(self) -> None:
        """Draw the ring around what the keys have come to, over everything; none while no key is used."""
        target = self.ring_area(self.focus) if self.focus else None
        if self._ring.parent is not None:
            self.remove_widget(self._ring)
        if target is not None:
            self._ring.surround(target, self.area)
            self.add_widget(self._ring)

    def ring_area(self, node_id: str) -> Area | None:
        """What the ring lies around: the node, or where it belongs when it has no room of its own."""
        found = rectangle_of(self, node_id)
        if found is not None:
            return found
        node = next((n for n in reachable(self.model) if n.id == node_id), None) if self.model else None
        if node is None or self._cover.parent is not None:
            return None
        if node.section.startswith("banner") and self._banner.parent is not None:
            return self._banner.area
        return self.sheet.panel if self.sheet is not None else self.area

    def warm(self) -> None:
        """Make every screen now, so that the first shopper does not wait for it."""
        for kind, make in SCREENS.items():
            self._screens.setdefault(kind, make(self.look))

    def _screen_for(self, model: ScreenModel) -> Screen[Any]:
        kind = type(model.body)
        if kind not in self._screens:
            self._screens[kind] = SCREENS[kind](self.look)
        return self._screens[kind]

    @property
    def fixed(self) -> tuple[Part, ...]:
        """What stands in one place on every screen, over any sheet, and is always in reach."""
        alone = self.model is not None and not self.model.for_shopper
        return () if alone else (self.help, self.access)

    def _place_fixed(self, model: ScreenModel, *, night: bool) -> None:
        margin = self.look.px(theme.MARGIN)
        width, height = self.look.help_px
        self.help.update(model.help)
        self.help.place(Area(margin, margin, width, height))
        self.access.show(model.access, night=night)
        start = self.help.area.right + self.look.px(theme.GAP)
        self.access.place(Area(start, margin, self.look.px(theme.ACCESS_WIDTH), height))

    def _frame_alone(self, screen: Screen[Any], room: Area) -> Frame:
        """The room of a screen that shares it with nobody: its foot is as wide as the glass."""
        margin, gap = self.look.px(theme.MARGIN), self.look.px(theme.GAP_LARGE)
        side = Area(room.right, room.y, 0, room.h)
        if screen.has_side and self.look.panel.landscape:
            side, room = room.from_end(self.look.px(theme.SIDE))
        foot, above = room.inset(margin, 0).from_bottom(margin + self.look.px(theme.PRIMARY_HEIGHT), gap)
        above = above.from_top(self.look.px(theme.GAP))[1]
        height = screen.base_height(above.w)
        base, main = above.from_bottom(height, gap if height else 0)
        foot = Area(foot.x, foot.y + margin, foot.w, foot.h - margin)
        return Frame(main=main, base=base, foot=foot, side=side)

    def _frame(
        self, screen: Screen[Any], room: Area, model: ScreenModel, bar: TopBarView, over: list[Part]
    ) -> Frame:
        """Divide the room under the bar; banner and strip are placed on the way."""
        margin, gap = self.look.px(theme.MARGIN), self.look.px(theme.GAP_LARGE)
        wide = self.look.panel.landscape
        side = Area(room.right, room.y, 0, room.h)
        if wide and screen.has_side:
            side, room = room.from_end(self.look.px(theme.SIDE))
        foot, above = room.from_bottom(margin + self.help.area.h, gap)
        inner = Area(room.x + margin, above.y, room.w - 2 * margin, above.h - self.look.px(theme.GAP))
        foot = Area(inner.x, margin, inner.w, self.help.area.h)
        foot = foot.from_start(self.access.area.right - margin, self.look.px(theme.GAP))[1]
        banner_height = 0.0
        if model.banner is not None:
            self._banner.brief = self._banner.terse = self._banner.bare = False
            self._banner.update(model.banner)
            over.append(self._banner)
            if wide and isinstance(screen, FindScreen):
                banner_height = self._place_banner_over_keys(screen, inner, model.banner, bar)
            elif side.w and isinstance(screen, TalkScreen):
                side = self._place_banner_beside(side, model.banner)
            else:
                inner = self._place_banner(screen, inner, model.banner)
        if model.strip is not None:
            self._strip.terse = False
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
            end = screen.end_width(main.w) if self.look.manner.large and not screen.keys_at_end else 0
            column = main.from_end(end or main.w)[0]
            if column.h - self._strip.height_for(column.w) < screen.least_height(column.w):
                self._strip.terse = True
                self._strip.update(model.strip)
            strip, rest = column.from_bottom(self._strip.height_for(column.w), self.look.px(theme.GAP))
            self._strip.place(strip)
            if end:  # the column at the end gives way, so that large letters keep the one at the start
                banner_height += column.h - rest.h
            else:
                main = rest
        return Frame(main=main, base=base, foot=foot, side=side, banner_height=banner_height)

    def _place_banner_over_keys(
        self, screen: FindScreen, inner: Area, banner: HelpBanner, bar: TopBarView
    ) -> float:
        """Over the keyboard of a landscape search, without its reasons where they do not fit."""
        gap = self.look.px(theme.GAP)
        column = inner.from_end(self.look.px(KEYS_WIDTH))[0]
        room = column.h - screen.keyboard_height(column.w) - gap
        self._shorten_banner(banner, column.w, room)
        if self._banner.height_for(column.w) > room and banner.answers:
            self._banner.bare = True
            self._banner.update(banner)
            bar.ask(tuple((each, Kind.HELP_CALLED) for each in banner.last_answer))
            bar.place(bar.area)
        height = min(self._banner.height_for(column.w), room)
        self._banner.place(column.from_top(height)[0])
        return height

    def _place_banner_beside(self, side: Area, banner: HelpBanner) -> Area:
        """Over what was said in the call; what is left of the column."""
        column = side.inset(self.look.px(theme.GAP), self.look.px(theme.GAP))
        self._shorten_banner(banner, column.w, column.h / 2)
        self._banner.place(column.from_top(self._banner.height_for(column.w))[0])
        return side.from_top(self._banner.area.h + self.look.px(theme.GAP))[1]

    def _shorten_banner(self, banner: HelpBanner, width: float, room: float) -> None:
        if self._banner.height_for(width) > room:
            self._banner.brief = True
            self._banner.update(banner)
        if self._banner.height_for(width) > room:
            self._banner.terse = True
            self._banner.update(banner)

    def _place_banner(self, screen: Screen[Any], inner: Area, banner: HelpBanner) -> Area:
        """On top of the room, or beside it in landscape, for there height is what is short."""
        gap = self.look.px(theme.GAP)
        if self.look.panel.landscape and not screen.has_side and not self.look.manner.large:
            column, rest = inner.from_end(self.look.px(146), self.look.px(theme.GAP_LARGE))
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
            case TileSheet() as tiles:
                self._tile_sheet.update(tiles)
                self.sheet = self._tile_sheet
            case CardSheet() as card:
                self._card_sheet.update(card)
                self.sheet = self._card_sheet
            case None:
                self.sheet = None
                return []
        foot = self.access.area.right + self.look.px(theme.GAP)
        self.sheet.foot = Area(
            foot, self.help.area.y, self.area.w - self.look.px(theme.MARGIN) - foot, self.help.area.h
        )
        self.sheet.place_over(self.area, self.help.area.top + self.look.px(theme.GAP))
        return [self.sheet]
