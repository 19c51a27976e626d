"""Owns shoppers' faces as a file: each lane, and each of its hours, with counts, shares and their bounds.

It must not know pages. Of fewer than ten faces the file holds no more than the page: how many there were.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from starlette.responses import Response

from inventory.domain.feedback import Face, FeedbackSummary, Hours, together
from inventory.formats.sheet import safe_cell
from inventory.web.feedback_views import Named, response
from inventory.web.feedback_words import face_words
from inventory.web.table_export import BOM, csv_lines
from inventory.web.texts import Texts


def csv_answer(lanes: Named, hours: Hours, sales: Mapping[str, int], name: str, texts: Texts) -> Response:
    """The file, named after its days."""
    rows = [safe_cell(cell) for cell in _head(texts)], *_rows(lanes, hours, sales, texts)
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Response(csv_lines(rows, BOM), media_type="text/csv; charset=utf-8", headers=headers)


def _head(texts: Texts) -> Iterator[str]:
    t = texts.text
    yield from (t("Lane"), t("Hour"), t("Faces"), t("Sales"), f"{t('Sales')}: {t('Share')}")
    for face in Face:
        label = face_words(face, texts)
        yield from (label, f"{label}: {t('Share')}", f"{label}: {t('From')}", f"{label}: {t('To')}")


def _rows(lanes: Named, hours: Hours, sales: Mapping[str, int], texts: Texts) -> Iterator[list[str]]:
    everything = together(each for _, each in lanes)
    yield _row(texts.text("All lanes"), "", everything, sum(sales.values()))
    for name, lane in lanes:
        yield _row(name, "", lane, sales.get(lane.lane_id, 0))
        for (lane_id, hour), summary in sorted(hours.items()):
            if lane_id == lane.lane_id and hour >= 0:
                yield _row(name, str(hour), summary, 0)


def _row(name: str, hour: str, summary: FeedbackSummary, sales: int) -> list[str]:
    part = response(summary.total, sales)
    answered = (str(sales), _decimal(part.permille)) if part else ("", "")
    row = [safe_cell(name), hour, str(summary.total), *answered]
    for face in Face:
        if not summary.is_enough:
            row += [""] * 4
            continue
        found = summary.share_of(face)
        bounds = (found.permille, found.low_permille, found.high_permille)
        row += [str(found.count), *map(_decimal, bounds)]
    return row


def _decimal(permille: int) -> str:
    return str(Decimal(permille).scaleb(-3))
