"""Owns a simulated ZVT card terminal on a pty: its life, its thread, and which command goes where.

It must not import the lane's codecs, drivers or events: written from VdTH PA00P015 on its own. The journal
is written before the lane is told, so it knows what was really charged whatever the cable did.
"""

from __future__ import annotations

import threading
from pathlib import Path

from hardware.simulators.pty_port import PtyPort
from hardware.simulators.zvt_administration import Administration
from hardware.simulators.zvt_cards import CardReader, CardScript
from hardware.simulators.zvt_closing import Closing
from hardware.simulators.zvt_conversation import Conversation, is_answer
from hardware.simulators.zvt_fields import Fields, command_fields
from hardware.simulators.zvt_journal import TerminalJournal
from hardware.simulators.zvt_memory import TerminalMemory
from hardware.simulators.zvt_payment import Payments
from hardware.simulators.zvt_personality import Personality, Traits
from hardware.simulators.zvt_reversal import Reversals
from hardware.simulators.zvt_tempo import Tempo

PASSWORD_SIZE = 3


class ZvtTerminalSimulator:
    """One terminal. `start` opens `link`; the journal survives `stop` and a new simulator on the same file.

    `traits` are usually those of a `Personality`. With `canary` it lets whole test card numbers out, for a
    search over everything the lane leaves behind. `seed` draws what is left to chance.
    """

    def __init__(
        self,
        link: Path,
        journal_path: Path,
        *,
        traits: Traits = Personality.KEEPS.traits,
        tempo: Tempo = Tempo(),  # noqa: B008 - frozen
        terminal_id: str = "52000001",
        password: str = "000000",  # noqa: S107 - the factory setting every manual prints
        canary: bool = False,
        seed: int = 0,
    ) -> None:
        self.journal = TerminalJournal(journal_path)
        self._port = PtyPort(link)
        self._cards = CardReader(self._port.wake)
        self._stopping = threading.Event()
        self._at_rest = threading.Event()
        self._at_rest.set()
        self._talk = Conversation(self._port, tempo.at_speed(), self._stopping)
        self._memory = TerminalMemory(self.journal, traits, terminal_id, canary=canary, seed=seed)
        self._administration = Administration(self._talk, self._memory, bytes.fromhex(password))
        self._closing = Closing(self._talk, self._memory, self._administration.print_booking)
        self._payments = Payments(self._talk, self._memory, self._closing, self._cards, tempo.speed)
        self._reversals = Reversals(self._talk, self._memory, self._closing, self._cards)
        self._talk.interrupt = self._serve_interruption
        self._talk.renewed = self._note_connection
        self._talk.wire.speaks_zvt = traits.speaks_zvt
        self._thread = threading.Thread(target=self._run, name=f"zvt-{link.name}", daemon=True)

    # -- called from other threads ---------------------------------------------------------------

    def start(self) -> None:
        """Raises OSError when the link cannot be made."""
        self._port.open()
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._port.wake()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self._port.close()

    def present(self, script: CardScript) -> None:
        """The card for the running payment, or for the next one when none is running."""
        self._cards.put(script)

    def adopt(self, traits: Traits) -> None:
        """Becomes another terminal, best while no payment runs; the journal stays."""
        self._memory.adopt(traits)
        self._talk.wire.speaks_zvt = traits.speaks_zvt

    def unplug(self) -> None:
        self._port.unplug()

    def replug(self) -> None:
        self._port.replug()

    @property
    def plugged(self) -> bool:
        return self._port.plugged

    @property
    def at_rest(self) -> bool:
        """Whether no command is being carried out: what the journal says now is its last word."""
        return self._at_rest.is_set()

    # -- the terminal's own thread ---------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.is_set():
            apdu = self._talk.next_command()
            if apdu is not None and not is_answer(apdu):
                self._at_rest.clear()
                self._talk.begin()
                self._keep_in_step(apdu)
                self._serve(apdu)
                self._at_rest.set()

    def _note_connection(self) -> None:
        if self._memory.traits.restarts_receipt_numbers:
            self.journal.restart_receipt_numbers()

    def _keep_in_step(self, apdu: bytes) -> None:
        """A lane that is one receipt behind never heard of our last charge: it is reversed (section 4)."""
        charge = self._memory.out_of_step(_fields_of(apdu))
        if charge is not None:
            self._closing.take_back(charge, "synchronised")

    def _serve(self, apdu: bytes) -> None:
        data = _data(apdu)
        match apdu[:2].hex():
            case "0600":
                self._administration.register(data)
            case "0601":
                self._payments.pay(data)
            case "0602":
                self._administration.log_off()
            case "0501":
                self._administration.report_status(data)
            case "0620":
                self._administration.repeat_receipt(data)
            case "0630" if (fields := self._administration.fields(data)) is not None:
                self._reversals.reverse(fields)
            case "0631" if (fields := self._administration.fields(data)) is not None:
                self._payments.refund(fields)
            case "0630" | "0631":
                return  # refused already
            case "0650":
                self._administration.end_day(data)
            case "0670":
                self._administration.diagnose(data)
            case "0691":
                self._administration.set_clock(data)
            case "0693":
                self._administration.initialise(data)
            case "06b0":
                self._talk.accept()
            case _:
                self._talk.refuse()

    def _serve_interruption(self, apdu: bytes) -> None:
        """One command while another runs; only before the bank is asked can that be stopped."""
        match apdu[:2].hex():
            case "06b0" if self._payments.stop_by_lane():
                self._talk.accept()
            case "0501":
                self._administration.report_status(_data(apdu))
            case "0600":
                self._administration.register(_data(apdu))
            case "0620" if self._administration.may_repeat():
                self._administration.repeat_receipt(_data(apdu))
            case _:
                self._talk.refuse()


def _data(apdu: bytes) -> bytes:
    """What follows the length field, short or long; a command whose length is wrong has nothing."""
    if apdu[2:3] == b"\xff":
        size, data = int.from_bytes(apdu[3:5], "little"), apdu[5:]
    else:
        size, data = (apdu[2] if len(apdu) > 2 else 0), apdu[3:]
    return data if len(data) == size else b""


def _fields_of(apdu: bytes) -> Fields:
    """The fields of any command, wherever they begin in it."""
    skipped = {"0601": 0, "0670": 0, "0691": 0, "0600": 6}.get(apdu[:2].hex(), PASSWORD_SIZE)
    return command_fields(_data(apdu)[skipped:]) or {}
