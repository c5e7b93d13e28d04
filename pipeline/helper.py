"""A second process of this program, which writes beside this one what can be written apart."""

import gc
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.process import BaseProcess
from typing import TypeVar

from pipeline.processes import end_with_parent, interrupts_held, spawning
from pipeline.write.template import write_batch

T = TypeVar("T")
MANY = 24  # entries of an inbox, at least: for fewer, loading the program a second time does not pay


class Helper:
    """To be started once the files are read, as the processor that read them is free by then: when there is something
    to write the helper has loaded the program. It ends where the ``with`` is left, whatever it is at."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._processes: set[BaseProcess] = set()

    def __enter__(self) -> "Helper":
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.kill()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def start(self, entries: int) -> None:
        """Where the inbox has so many entries that there may be much to write, and a processor would be idle."""
        if self._pool is None and entries >= MANY and (os.cpu_count() or 1) > 1:
            others = set(multiprocessing.active_children())
            with interrupts_held():
                self._pool = ProcessPoolExecutor(1, spawning(), _begin, gc.get_threshold())
                self.loaded = self._pool.submit(write_batch, [])  # to be called is to have been loaded
            self._processes = set(multiprocessing.active_children()) - others

    def when_loaded(self, act: Callable[[], None]) -> None:
        """Act, in another thread, once the helper can do something; never where it was not started."""
        if self._pool is not None:
            self.loaded.add_done_callback(lambda loaded: None if _failed(loaded) else act())

    def submit(self, call: Callable[..., T], /, *arguments: object) -> "Future[T]":
        """Raises BrokenProcessPool where there is no helper, or none any more; so does the future's result."""
        if self._pool is None:
            raise BrokenProcessPool
        return self._pool.submit(call, *arguments)


def _failed(future: "Future[list[str]]") -> bool:
    return future.cancelled() or future.exception() is not None


def _begin(*pace: int) -> None:
    """``pace``: how often the run looks for rings of objects."""
    gc.set_threshold(*pace)
    end_with_parent()
