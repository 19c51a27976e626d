"""Owns the writer that many callers share: what waits is done in one transaction, with one sync of the disk.

It must not know what is written. Nobody is answered before the commit is durable, and then in the order in
which they came.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

from inventory.db.unit_of_work import Database, UnitOfWork

Job = TypeVar("Job")
Answer = TypeVar("Answer")

LARGEST_BATCH = 64
"""Jobs in one transaction: enough to share a sync, few enough that the last one does not wait long."""

LINGER_S = 0.001
"""For so long a batch waits for those who were answered last, where others wait already."""

IDLE_S = 2.0
"""After so long without work the thread ends; the next job starts another."""


class GroupCommit(Generic[Job, Answer]):
    """One thread that carries out jobs in batches.

    `work` answers a batch in its order. A batch that fails is rolled back and done again in halves, down to
    the job that is to blame: it harms no other, and keeps them waiting for a dozen transactions at most.
    Where none can be begun, because another program holds the file or the server is gone, nobody is to blame
    and all callers hear of it at once.
    """

    def __init__(
        self,
        database: Database,
        work: Callable[[UnitOfWork, Sequence[Job]], Sequence[Answer]],
        *,
        largest: int = LARGEST_BATCH,
        linger_s: float = LINGER_S,
    ) -> None:
        self._database = database
        self._work = work
        self._largest = largest
        self._linger_s = linger_s
        self._changed = threading.Condition()
        self._waiting: deque[tuple[Job, Future[Answer]]] = deque()
        self._is_running = False
        self._answered = 0
        self._enough = 1

    def submit(self, job: Job) -> Future[Answer]:
        """Queues a job from any thread; its answer comes once it is committed, or the error that kept it."""
        future: Future[Answer] = Future()
        with self._changed:
            if self._is_running:
                self._waiting.append((job, future))
                if len(self._waiting) >= self._enough:
                    self._changed.notify()
                return future
            # Where no thread can be had its caller hears of it, and the next job tries again.
            threading.Thread(target=self._run, name="writer", daemon=True).start()
            self._is_running = True
            self._waiting.append((job, future))
        return future

    def _run(self) -> None:
        while batch := self._next_batch():
            self._carry_out(batch)

    def _next_batch(self) -> list[tuple[Job, Future[Answer]]]:
        with self._changed:
            if not self._waiting:
                self._changed.wait_for(lambda: bool(self._waiting), IDLE_S)
            elif self._answered:
                # Whoever was just answered comes again in a moment: two crowds in turns pay two syncs.
                self._enough = min(len(self._waiting) + self._answered, self._largest)
                self._changed.wait_for(lambda: len(self._waiting) >= self._enough, self._linger_s)
                self._enough = 1
            count = min(len(self._waiting), self._largest)
            batch = [self._waiting.popleft() for _ in range(count)]
            self._is_running = bool(batch)
            self._answered = len(batch)
        for _, future in batch:
            future.set_running_or_notify_cancel()  # whoever waits may go away; the job is done all the same
        return batch

    def _carry_out(self, batch: list[tuple[Job, Future[Answer]]]) -> None:
        is_begun = False
        try:
            with self._database.write() as uow:
                uow.session.connection()
                is_begun = True
                answers = self._work(uow, [job for job, _ in batch])
                assert len(answers) == len(batch), "every job is answered"
        except Exception as error:  # noqa: BLE001 - whatever it is, its caller hears of it
            if is_begun and len(batch) > 1:
                middle = len(batch) // 2
                self._carry_out(batch[:middle])
                self._carry_out(batch[middle:])
                return
            for _, future in batch:
                if not future.cancelled():
                    future.set_exception(error)
            return
        for (_, future), answer in zip(batch, answers, strict=True):
            if not future.cancelled():
                future.set_result(answer)
