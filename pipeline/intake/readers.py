"""The reader processes: they live as long as the run, and a file that kills one costs itself only."""

import atexit
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import cache
from typing import Any, Protocol

from pebble import ProcessExpired, ProcessPool

from pipeline.errors import CannotRun
from pipeline.intake.examine import Examined, confine, ready
from pipeline.read.submission import Content

TIME_LIMIT = 60.0
MOST_WORKERS = 2  # reading is quick: more of them would only wait for the process that assesses
_CLOSING = 5


class Readers(Protocol):
    """Hands one call to a process; the result of a file that cannot be read is its fault."""

    time_limit: float

    def submit(self, call: Callable[..., Examined], *arguments: Any) -> "Future[Examined]": ...


class IsolatedReaders:
    """Pebble's pool: persistent processes, each bounded in memory, each file in time; a dead one is replaced."""

    def __init__(self, workers: int = 0, time_limit: float = TIME_LIMIT) -> None:
        self.time_limit = time_limit
        context = multiprocessing.get_context("spawn")
        context.RLock()  # Python's own tracker of locks starts with the first, and lets Ctrl-C through once it has
        self._pool = ProcessPool(
            max_workers=workers or min(MOST_WORKERS, os.cpu_count() or 1), initializer=confine, context=context
        )

    def start(self) -> None:
        """Have the processes come up now: they load the reader while the run loads the rest of the program."""
        with _interrupts_held():
            self._pool.schedule(ready)

    def submit(self, call: Callable[..., Examined], *arguments: Any) -> "Future[Examined]":
        with _interrupts_held():
            future: Future[Examined] = self._pool.schedule(call, args=arguments, timeout=self.time_limit)
        return future

    def stop(self) -> None:
        """End the processes, whatever they are at; one that has hardly started would miss the locks it was given."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        for process in multiprocessing.active_children():
            process.kill()
        self._pool.join(timeout=_CLOSING)


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
    atexit.register(made.stop)
    return made


def result_of(future: "Future[Examined]", time_limit: float) -> Examined:
    """The file's result; a process that died or overran its time is the file's fault. Raises CannotRun."""
    try:
        return future.result()
    except CannotRun:
        raise
    except TimeoutError:
        return Examined(Content(fault=("TT19", {"limit": int(time_limit)})))
    except ProcessExpired as error:
        return Examined(Content(fault=("TT20", {"detail": f"bộ đọc dừng, mã {error.exitcode}"})))
    except Exception as error:  # the result could not even be handed over
        return Examined(Content(fault=("TT20", {"detail": type(error).__name__})))
