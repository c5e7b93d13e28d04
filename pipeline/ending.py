"""How the command ends: at once, by itself or stopped from outside.

Ctrl-C is not met as an exception here. That would be raised in the middle of anything, and libraries turn it into
errors of their own, or leave a lock held for which the program then waits for ever. Outputs appear whole or not at all
(:mod:`pipeline.write.atomic`), so a run may stop wherever it is.

Each process that is started loads this module again with the command's own: it loads nothing that it need not.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

STOPPED = "Đã dừng. Các tệp đã ghi vẫn nguyên vẹn; chạy lại để làm tiếp."
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # Ctrl-C, being ended, a closed window, Ctrl-Break
_acts: list[Callable[[], object]] = []


def before_end(act: Callable[[], object]) -> None:
    """Have it done before the command ends, however it does, and before what is done if it is stopped."""
    _acts.insert(0, act)


@contextmanager
def if_stopped(act: Callable[[], object]) -> Iterator[None]:
    """Have it done if the command is stopped within the ``with``, whose own end is then not come to."""
    _acts.append(act)
    try:
        yield
    finally:
        _acts.remove(act)


def end(code: int) -> NoReturn:
    """Everything is written by now. Python would go on to take apart a million objects one by one: a tenth of a short
    run, seconds of a long one."""
    for act in list(_acts):
        with suppress(Exception):
            act()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, RuntimeError):  # whoever read it may be gone; a stop may have come in mid-writing
            stream.flush()
    os._exit(code)


def end_when_stopped() -> None:
    """From now on what stops this process ends the run in an orderly way; what it was started deaf to stays so."""
    for number in _numbers():
        if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, _stop)


def _stop(*_: object) -> NoReturn:
    for number in _numbers():
        signal.signal(number, signal.SIG_IGN)
    with suppress(OSError, RuntimeError, UnicodeError):
        sys.stderr.write(("\n" if sys.stderr.isatty() else "") + STOPPED + "\n")
    end(2)


def _numbers() -> list[signal.Signals]:
    return [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
