"""Owns the comparison of three books at a day's end: the lane's, the terminal's and the store's.

It must not decide who is right, nor change a book: every difference is named, for a person to look at
(PAYMENT C25, TRUST I2 and I4). All amounts are minor units of one currency.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from itertools import combinations

from inventory.domain.money import format_money
from inventory.domain.sales import Sale

NAMED_CONFIRMED = 12
"""Up to so many sales that staff confirmed are tried in every combination to explain a gap."""

_RECEIPTS_IN_WORDS = 6


@dataclass(frozen=True, slots=True)
class ConfirmedSale:
    """A sale whose payment a person confirmed: the terminal may count it or not."""

    sale_id: str
    receipt_no: int
    amount_minor: int
    staff_name: str


@dataclass(frozen=True, slots=True)
class LaneBooks:
    """What a lane has taken since its last end of day; `first_receipt_no` is 0 before the first sale.

    `card_*` are payments the terminal itself approved, `reversed_*` those taken back since.
    """

    first_receipt_no: int = 0
    last_receipt_no: int = 0
    card_count: int = 0
    card_minor: int = 0
    confirmed: tuple[ConfirmedSale, ...] = ()
    reversed_count: int = 0
    reversed_minor: int = 0

    @property
    def confirmed_minor(self) -> int:
        return sum(sale.amount_minor for sale in self.confirmed)

    @property
    def sale_count(self) -> int:
        return self.card_count + len(self.confirmed)

    @property
    def sale_minor(self) -> int:
        return self.card_minor + self.confirmed_minor

    @property
    def expected_minor(self) -> int:
        """What the terminal should tell: everything sold by card, less what was taken back."""
        return self.sale_minor - self.reversed_minor

    def covers(self, receipt_no: int) -> bool:
        """Whether a sale of that number of the lane's lies in these books."""
        return 0 < self.first_receipt_no <= receipt_no <= self.last_receipt_no

    def with_sale(self, sale: Sale) -> LaneBooks:
        """With one more paid sale."""
        books = replace(
            self,
            first_receipt_no=self.first_receipt_no or sale.receipt_no,
            last_receipt_no=sale.receipt_no,
        )
        confirmed_by = next((tender.confirmed_by for tender in sale.tenders if tender.confirmed_by), "")
        if confirmed_by:
            entry = ConfirmedSale(sale.sale_id, sale.receipt_no, sale.total_minor, confirmed_by)
            return replace(books, confirmed=(*books.confirmed, entry))
        return replace(books, card_count=books.card_count + 1, card_minor=books.card_minor + sale.total_minor)

    def with_reversal(self, amount_minor: int) -> LaneBooks:
        """With one payment taken back."""
        return replace(
            self,
            reversed_count=self.reversed_count + 1,
            reversed_minor=self.reversed_minor + amount_minor,
        )


@dataclass(frozen=True, slots=True)
class TerminalTotals:
    """What the terminal booked since its last end of day; `count` is None where it tells only the sum."""

    total_minor: int
    currency: str
    count: int | None = None
    first_receipt_no: str = ""
    last_receipt_no: str = ""


@dataclass(frozen=True, slots=True)
class StoreBooks:
    """What the store has recorded of the lane's receipts from first to last; `missing` are their gaps."""

    count: int = 0
    total_minor: int = 0
    missing: tuple[int, ...] = ()
    reversed_minor: int = 0


class DifferenceKind(Enum):
    """What does not agree with what."""

    TERMINAL_SILENT = "terminal-silent"
    TERMINAL_MORE = "terminal-more"
    TERMINAL_LESS = "terminal-less"
    TERMINAL_COUNT = "terminal-count"
    NOT_COUNTED = "not-counted"
    STORE_MISSES = "store-misses"
    STORE_MORE = "store-more"
    STORE_SUM = "store-sum"
    TAKEN_BACK = "taken-back"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing a person must look at.

    `amount_minor` is signed: terminal less lane, or store less lane. `count` likewise, in sales.
    """

    kind: DifferenceKind
    amount_minor: int = 0
    count: int = 0
    sale: ConfirmedSale | None = None
    receipts: tuple[int, ...] = ()
    confirmed: tuple[ConfirmedSale, ...] = ()


def compare(
    lane: LaneBooks, terminal: TerminalTotals | None, store: StoreBooks, *, currency: str
) -> tuple[Difference, ...]:
    """Every difference between the three; empty when they agree.

    The amounts of the terminal's differences add up to what it told less what the lane expected; those of
    the store's to what it recorded less what the lane sold.
    """
    return (*_of_terminal(lane, terminal, currency), *_of_store(lane, store))


def _of_terminal(lane: LaneBooks, terminal: TerminalTotals | None, currency: str) -> Iterator[Difference]:
    if terminal is None or terminal.currency != currency:
        yield Difference(DifferenceKind.TERMINAL_SILENT)
        return
    gap_minor = terminal.total_minor - lane.expected_minor
    # Terminals differ in whether a reversal lowers their count or raises it: then only the sum is compared.
    is_counted = terminal.count is not None and not lane.reversed_count
    gap_count = (terminal.count or 0) - lane.sale_count if is_counted else 0
    if not gap_minor:
        if gap_count:
            yield Difference(DifferenceKind.TERMINAL_COUNT, count=gap_count)
        return
    uncounted = _uncounted(lane.confirmed, -gap_minor, -gap_count if is_counted else None)
    if uncounted:
        for sale in uncounted:
            yield Difference(DifferenceKind.NOT_COUNTED, -sale.amount_minor, -1, sale)
        return
    kind = DifferenceKind.TERMINAL_MORE if gap_minor > 0 else DifferenceKind.TERMINAL_LESS
    yield Difference(kind, gap_minor, gap_count, confirmed=lane.confirmed)


def _uncounted(
    confirmed: tuple[ConfirmedSale, ...], missing_minor: int, missing_count: int | None
) -> tuple[ConfirmedSale, ...]:
    """The confirmed sales whose absence explains the gap, if exactly one choice of them does."""
    if missing_minor <= 0 or len(confirmed) > NAMED_CONFIRMED:
        return ()
    sizes = range(1, len(confirmed) + 1) if missing_count is None else (missing_count,)
    found = [
        chosen
        for size in sizes
        if 0 < size <= len(confirmed)
        for chosen in combinations(confirmed, size)
        if sum(sale.amount_minor for sale in chosen) == missing_minor
    ]
    return found[0] if len(found) == 1 else ()


def _of_store(lane: LaneBooks, store: StoreBooks) -> Iterator[Difference]:
    gap_count, gap_minor = store.count - lane.sale_count, store.total_minor - lane.sale_minor
    if gap_count < 0 or store.missing:
        yield Difference(DifferenceKind.STORE_MISSES, gap_minor, gap_count, receipts=store.missing)
    elif gap_count > 0:
        yield Difference(DifferenceKind.STORE_MORE, gap_minor, gap_count)
    elif gap_minor:
        yield Difference(DifferenceKind.STORE_SUM, gap_minor)
    gap_back_minor = store.reversed_minor - lane.reversed_minor
    if gap_back_minor:
        yield Difference(DifferenceKind.TAKEN_BACK, gap_back_minor)


def difference_words(difference: Difference, *, lane_name: str, currency: str) -> str:
    """The difference as one sentence for staff, in English, with its amount."""
    amount = format_money(abs(difference.amount_minor), currency, "en")
    many = abs(difference.count)
    match difference.kind:
        case DifferenceKind.TERMINAL_SILENT:
            return f"The terminal of {lane_name} told no totals in {currency}: compare its own slip."
        case DifferenceKind.TERMINAL_MORE | DifferenceKind.TERMINAL_LESS:
            side = "more" if difference.amount_minor > 0 else "less"
            known = _confirmed_words(difference, currency)
            return f"The terminal took {amount} {side} than {lane_name} sold.{known}"
        case DifferenceKind.TERMINAL_COUNT:
            side = "more" if difference.count > 0 else "fewer"
            payments = "1 payment" if many == 1 else f"{many} payments"
            return f"The sums agree, but the terminal counts {payments} {side} than {lane_name}."
        case DifferenceKind.NOT_COUNTED:
            sale = difference.sale
            assert sale is not None, "a sale that is not counted is named"
            return (
                f"Receipt {sale.receipt_no} of {lane_name}, {amount}, was confirmed by {sale.staff_name} "
                "and the terminal does not count it."
            )
        case DifferenceKind.STORE_MISSES:
            return _missing_words(difference, lane_name, amount)
        case DifferenceKind.STORE_MORE:
            return f"The store holds {_sales(many)} more than {lane_name} counted, {amount}."
        case DifferenceKind.STORE_SUM:
            side = "more" if difference.amount_minor > 0 else "less"
            return f"The store’s sales of {lane_name} come to {amount} {side} than the lane counted."
        case DifferenceKind.TAKEN_BACK:
            side = "more" if difference.amount_minor > 0 else "less"
            return f"The store has {amount} {side} taken back on {lane_name} than the lane counted."


def _missing_words(difference: Difference, lane_name: str, amount: str) -> str:
    receipts = difference.receipts
    shown = ", ".join(map(str, receipts[:_RECEIPTS_IN_WORDS]))
    rest = " and others" if len(receipts) > _RECEIPTS_IN_WORDS else ""
    which = f" (receipt {shown}{rest})" if receipts else ""
    many = max(len(receipts), abs(difference.count))
    verb = "it is" if many == 1 else "they are"
    return f"The store misses {_sales(many)} of {lane_name}{which}, {amount}: {verb} still on the way."


def _confirmed_words(difference: Difference, currency: str) -> str:
    if not difference.confirmed:
        return ""
    total = format_money(sum(sale.amount_minor for sale in difference.confirmed), currency, "en")
    names = ", ".join(dict.fromkeys(sale.staff_name for sale in difference.confirmed))
    return f" {_sales(len(difference.confirmed)).capitalize()} over {total} had been confirmed by {names}."


def _sales(count: int) -> str:
    return "1 sale" if count == 1 else f"{count} sales"
