"""The reader processes: they live as long as the run, and a file that kills one costs itself only."""

import atexit
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from pebble import ProcessExpired, ProcessPool

from pipeline.ending import before_end
from pipeline.errors import CannotRun, Unreadable
from pipeline.intake.examine import confine, ready
from pipeline.processes import interrupts_held, spawning

T = TypeVar("T")
TIME_LIMIT = 60.0
MOST_WORKERS = 2  # reading is quick: more of them would only wait for the process that assesses
_ATTEMPTS = 3
_PATIENCE = 0.5  # seconds between looks at whether the pool still works
_CLOSING = 5


@dataclass
class Reading(Generic[T]):
    """One call handed to the readers, and the pool that has it."""

    readers: "IsolatedReaders"
    call: Callable[..., T]
    arguments: tuple[Any, ...]
    future: "Future[T]"
    pool: ProcessPool

    def result(self) -> T:
        """A process that died or overran its time is the fault of what it was given. Raises Unreadable (TT19, TT20),
        CannotRun."""
        for _ in range(_ATTEMPTS):
            try:
                if self._is_settled():
                    return self.future.result()
            except CannotRun:
                raise
            except BrokenProcessPool:
                pass
            except TimeoutError as error:
                raise Unreadable("TT19", limit=int(self.readers.time_limit)) from error
            except ProcessExpired as error:
                raise _unread(f"bộ đọc dừng, mã {error.exitcode}") from error
            except Exception as error:  # the result could not even be handed over
                raise _unread(type(error).__name__) from error
            self.future, self.pool = self.readers.schedule(self.call, self.arguments)
        raise _unread("bộ đọc không chạy được")

    def _is_settled(self) -> bool:
        """Waits. A process that dies without a file in hand breaks the pool; what waited in it may never be told."""
        while not wait([self.future], timeout=_PATIENCE).done:
            if not self.readers.works(self.pool):
                return False
        return True


class IsolatedReaders:
    """Pebble's pool: persistent processes, each bounded in memory, each file in time; a dead one is replaced."""

    def __init__(self, workers: int = 0, time_limit: float = TIME_LIMIT) -> None:
        self._workers, self.time_limit = workers or min(MOST_WORKERS, os.cpu_count() or 1), time_limit
        self._pool = self._make_pool()

    def _make_pool(self) -> ProcessPool:
        return ProcessPool(max_workers=self._workers, initializer=confine, context=spawning())

    def start(self) -> None:
        """Have the processes come up now: they load the reader while the run loads the rest of the program."""
        self.schedule(ready, ())

    def submit(self, call: Callable[..., T], /, *arguments: Any) -> Reading[T]:
        return Reading(self, call, arguments, *self.schedule(call, arguments))

    def schedule(self, call: Callable[..., T], arguments: tuple[Any, ...]) -> tuple["Future[T]", ProcessPool]:
        """The call, in the hands of a pool that works."""
        with interrupts_held():
            if not self._pool.active:
                self._end_pool()
                self._pool = self._make_pool()
            future: Future[T] = self._pool.schedule(call, args=arguments, timeout=self.time_limit)
            return future, self._pool

    def works(self, pool: ProcessPool) -> bool:
        """Whether it is the pool in use, and able to give results."""
        return pool is self._pool and bool(pool.active)

    def stop(self) -> None:
        """End the processes, whatever they are at; one that has hardly started would miss the locks it was given."""
        self.leave()
        self._end_pool()

    def leave(self) -> None:
        """As :meth:`stop`, without waiting a tenth of a second for the pool to notice, which may replace one of them
        meanwhile: for the command's end, which waits for no process."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        processes = multiprocessing.active_children()
        for process in processes:
            process.kill()
        for process in processes:
            process.join()

    def _end_pool(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join(timeout=_CLOSING)


def _unread(detail: str) -> Unreadable:
    return Unreadable("TT20", detail=detail)


@cache
def readers() -> IsolatedReaders:
    """The reader processes of this program, started when the first file needs them."""
    made = IsolatedReaders()
    before_end(made.leave)
    atexit.register(made.stop)  # where it is not the command that ends
    return made
