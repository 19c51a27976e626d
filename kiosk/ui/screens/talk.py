"""Owns the conversation with staff: what was said beside the phrases to say, and a text beside its keys.

It must not know phrases: they are finished words.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.ui import theme
from kiosk.ui.area import Area
from kiosk.ui.look import Look
from kiosk.ui.screen_model import FindModel, QuestionsModel, ScreenModel
from kiosk.ui.screens.find import FindScreen
from kiosk.ui.screens.questions import QuestionsScreen
from kiosk.ui.screens.screen import Frame
from kiosk.ui.talk_model import BubbleModel, TalkModel, WriteModel
from kiosk.ui.theme import Face, Tone
from kiosk.ui.widgets.bubble import Bubbles
from kiosk.ui.widgets.button import BigButton, Kind
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.text import Text


class TalkScreen(QuestionsScreen):
    """Portrait: the conversation over the tiles. Landscape: in the column at the end."""

    has_side = True

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._bubbles = Bubbles(look)
        self._has_bubbles = False

    @property
    def _is_flat(self) -> bool:
        """What was said wants the height that pictures over the words would take."""
        return True

    @property
    def _least_columns(self) -> int:
        return 1 if self.look.manner.large and not self.look.panel.landscape else 2

    def update(self, body: QuestionsModel, model: ScreenModel) -> None:
        super().update(body, model)
        said: tuple[BubbleModel, ...] = body.bubbles if isinstance(body, TalkModel) else ()
        self._has_bubbles = bool(said)
        self._bubbles.update(said)

    def arrange(self, frame: Frame) -> None:
        if not self._has_bubbles:
            super().arrange(frame)
            return
        gap, main = self.look.px(theme.GAP_LARGE), frame.main
        if frame.side.w:
            beside = frame.side.inset(self.look.px(theme.GAP), self.look.px(theme.MARGIN))
        else:
            kept = 0 if self.look.manner.reach else self.least_height(main.w)
            kept += self._title.height_for(main.w) if self.look.manner.reach else 0
            height = self._bubbles.fitting(main.w, main.h - kept - gap)
            beside, main = main.from_top(height, gap if height else 0)
        super().arrange(replace(frame, main=main))
        self._bubbles.place(beside)
        self.hold([*reversed(self.children), self._bubbles])


class WriteScreen(FindScreen):
    """The keys of the search; in the place of results all that was typed, and the way to send it."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._draft = Text(look, Face.BODY, Tone.PLAIN)
        self._send = BigButton(look, Kind.PRIMARY, face=Face.ROW)
        self._sends = False

    def update(self, body: FindModel, model: ScreenModel) -> None:
        super().update(body, model)
        self._sends = isinstance(body, WriteModel) and body.send is not None
        if isinstance(body, WriteModel) and body.send is not None:
            self._draft.say(body.draft if body.draft != body.query else "")
            self._send.update(body.send)
        self._query.mark("write" if self._sends else "find")

    def least_height(self, width: float) -> float:
        return super().least_height(width) + (self._send_height(width) if self._sends else 0)

    def _send_height(self, width: float) -> float:
        return max(self._send.height_for(width), self.look.px(theme.TARGET))

    def _arrange_low(self, frame: Frame) -> None:
        """Results are only read up there: what is touched stands where the steps from result to result do."""
        super()._arrange_low(frame)
        if self._sends:
            self._send.place(self._steps.area)
            self.hold([*(part for part in reversed(self.children) if part is not self._steps), self._send])

    def _arrange_results(self, rest: Area) -> list[Part]:
        if not self._sends:
            return super()._arrange_results(rest)
        gap = self.look.px(theme.GAP)
        low = self.look.manner.reach
        parts: list[Part] = [] if low else [self._send]
        height = 0 if low else self._send_height(rest.w)
        words = self._empty if self._empty.value else self._draft
        if words.value:
            room = max(rest.h - height - gap, 0)
            spot, rest = rest.from_top(min(words.height_for(rest.w), room), gap)
            words.place(spot)
            parts.append(words)
        if not low:
            self._send.place(rest.from_top(min(height, rest.h))[0])
        return parts
