"""Owns a cable between somebody and the store that can be cut, fall silent, lose answers or be slow.

It must not know what is said through it, nor decide when it suffers.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from enum import Enum

HERE = "127.0.0.1"
PIECE_BYTES = 65_536


class Trouble(Enum):
    """What a cable does to those who talk through it."""

    CUT = "cut"
    """Whoever talks is hung up on, and whoever calls is refused."""
    SILENT = "half-open"
    """Nothing comes through, and nobody is told so."""
    DEAF = "answers lost"
    """What is asked arrives; the answer does not come back."""
    SLOW = "slow"


class Cable:
    """One listening port, and behind it the store. `open` answers the port; `close` ends everything."""

    def __init__(self, store_port: Callable[[], int], source: str) -> None:
        """`source` is the loopback address that the store sees: each device has its own."""
        self._store_port = store_port
        self._source = source
        self._trouble: Trouble | None = None
        self._delay_s = 0.0
        self._is_well = asyncio.Event()
        self._is_well.set()
        self._talks: set[asyncio.Task[None]] = set()
        self.port = 0

    async def open(self) -> int:
        self._server = await asyncio.start_server(self._talk, HERE, 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self.port

    def suffer(self, trouble: Trouble, *, delay_s: float = 0.0) -> None:
        self._trouble, self._delay_s = trouble, delay_s
        if trouble in (Trouble.SILENT, Trouble.DEAF):
            self._is_well.clear()
        if trouble is Trouble.CUT:
            self._hang_up()

    def mend(self, *, delivers_late: bool) -> None:
        """All is well again. What was held back comes through late, or is lost with its connection."""
        if not delivers_late and self._trouble is not None:
            self._hang_up()
        self._trouble, self._delay_s = None, 0.0
        self._is_well.set()

    async def close(self) -> None:
        self._server.close()
        self._hang_up()
        await asyncio.gather(*self._talks, return_exceptions=True)

    def _hang_up(self) -> None:
        for talk in self._talks:
            talk.cancel()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.current_task()
        assert talk is not None, "a server makes a task of each connection"
        self._talks.add(talk)
        try:
            with contextlib.suppress(OSError, asyncio.CancelledError):  # whoever talks finds the line dead
                await self._join(reader, writer)
        finally:
            self._talks.discard(talk)
            writer.transport.abort()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._trouble is Trouble.CUT:
            return
        far_reader, far_writer = await asyncio.open_connection(
            HERE, self._store_port(), local_addr=(self._source, 0)
        )
        try:
            async with asyncio.TaskGroup() as ways:
                ways.create_task(self._pump(reader, far_writer, is_question=True))
                ways.create_task(self._pump(far_reader, writer, is_question=False))
        except* OSError as ended:
            del ended  # one side has left: so does the other
        finally:
            far_writer.transport.abort()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_question: bool
    ) -> None:
        while piece := await reader.read(PIECE_BYTES):
            if not (is_question and self._trouble is Trouble.DEAF):
                await self._is_well.wait()
            if self._delay_s:
                await asyncio.sleep(self._delay_s)
            writer.write(piece)
            await writer.drain()
        with contextlib.suppress(OSError):
            writer.write_eof()
        raise ConnectionResetError("one side has left")
