"""The reader processes: they live as long as the run, and a file that kills one costs itself only."""

import atexit
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from pebble import ProcessExpired, ProcessPool

from pipeline.errors import CannotRun
from pipeline.intake.examine import Examined, confine, ready
from pipeline.read.submission import Content

TIME_LIMIT = 60.0
MOST_WORKERS = 2  # reading is quick: more of them would only wait for the process that assesses
_ATTEMPTS = 3
_PATIENCE = 0.5  # seconds between looks at whether the pool still works
_CLOSING = 5


@dataclass
class Reading:
    """One call handed to the readers, and the pool that has it."""

    call: Callable[..., Examined]
    arguments: tuple[Any, ...]
    future: "Future[Examined]"
    pool: Any = None


class Readers(Protocol):
    """Hands one call to a process; the result of a file that cannot be read is its fault."""

    def submit(self, call: Callable[..., Examined], *arguments: Any) -> Reading: ...

    def result(self, reading: Reading) -> Examined: ...


class IsolatedReaders:
    """Pebble's pool: persistent processes, each bounded in memory, each file in time; a dead one is replaced."""

    def __init__(self, workers: int = 0, time_limit: float = TIME_LIMIT) -> None:
        self._workers, self._time_limit = workers or min(MOST_WORKERS, os.cpu_count() or 1), time_limit
        self._pool = self._make_pool()

    def _make_pool(self) -> ProcessPool:
        context = multiprocessing.get_context("spawn")
        context.RLock()  # Python's own tracker of locks starts with the first, and lets Ctrl-C through once it has
        return ProcessPool(max_workers=self._workers, initializer=confine, context=context)

    def start(self) -> None:
        """Have the processes come up now: they load the reader while the run loads the rest of the program."""
        with _interrupts_held():
            self._pool.schedule(ready)

    def submit(self, call: Callable[..., Examined], *arguments: Any) -> Reading:
        future = self._schedule(call, arguments)
        return Reading(call, arguments, future, self._pool)

    def _schedule(self, call: Callable[..., Examined], arguments: tuple[Any, ...]) -> "Future[Examined]":
        with _interrupts_held():
            if not self._pool.active:
                self._end_pool()
                self._pool = self._make_pool()
            future: Future[Examined] = self._pool.schedule(call, args=arguments, timeout=self._time_limit)
            return future

    def result(self, reading: Reading) -> Examined:
        """The file's result; a process that died or overran its time is the file's fault. Raises CannotRun."""
        for _ in range(_ATTEMPTS):
            try:
                if self._is_settled(reading):
                    return reading.future.result()
            except CannotRun:
                raise
            except BrokenProcessPool:
                pass
            except TimeoutError:
                return Examined(Content(fault=("TT19", {"limit": int(self._time_limit)})))
            except ProcessExpired as error:
                return _unread(f"bộ đọc dừng, mã {error.exitcode}")
            except Exception as error:  # the result could not even be handed over
                return _unread(type(error).__name__)
            reading.future, reading.pool = self._schedule(reading.call, reading.arguments), self._pool
        return _unread("bộ đọc không chạy được")

    def _is_settled(self, reading: Reading) -> bool:
        """Waits. A process that dies without a file in hand breaks the pool; what waited in it may never be told."""
        while not wait([reading.future], timeout=_PATIENCE).done:
            if reading.pool is not self._pool or not self._pool.active:
                return False
        return True

    def stop(self) -> None:
        """End the processes, whatever they are at; one that has hardly started would miss the locks it was given."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        for process in multiprocessing.active_children():
            process.kill()
        self._end_pool()

    def _end_pool(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join(timeout=_CLOSING)


def _unread(detail: str) -> Examined:
    return Examined(Content(fault=("TT20", {"detail": detail})))


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Processes and threads started meanwhile never see Ctrl-C: it is for the run, which ends its readers itself."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@cache
def readers() -> IsolatedReaders:
    """The reader processes of this program, started when the first file needs them."""
    made = IsolatedReaders()
    atexit.register(_close, made)
    return made


def _close(made: IsolatedReaders) -> None:
    """At the program's end, when Ctrl-C has nothing left to stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    made.stop()
