"""What every process below this one keeps to: Ctrl-C is not for it, and it ends with the process that started it."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from multiprocessing.context import SpawnContext


@cache
def spawning() -> SpawnContext:
    """How processes are started here. Python's own tracker of locks starts with the first lock, and lets Ctrl-C through
    once it has; that it removes the locks of a run that ended at once is its office, and no matter for the officer."""
    context = multiprocessing.get_context("spawn")
    sys.warnoptions.append("ignore:resource_tracker")
    context.RLock()
    return context


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Processes and threads started meanwhile never see Ctrl-C: it is for the run, which ends its processes itself."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_with_parent() -> None:
    """From now on this process ends when its parent does, as one that was killed cannot end it, and only then: Windows
    sends Ctrl-C to every process of a window."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_await_parent, daemon=True).start()


def _await_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
