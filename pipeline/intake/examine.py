"""What a reader process does with one file. It imports the reader and nothing heavier."""

import gc
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import CannotRun, Unreadable
from pipeline.intake.snapshot import snapshot
from pipeline.intake.unpack import Opened, unpack
from pipeline.processes import end_with_parent
from pipeline.read.kinds import detect
from pipeline.read.submission import Content, read_submission
from pipeline.read.tables import TableLayout

try:
    import resource
except ImportError:  # Windows has no such limits; the time limit holds everywhere
    resource = None  # type: ignore[assignment]

MAX_MEMORY = 1280 << 20
MAX_CPU = 60


@dataclass
class Examined:
    """Either the ``content`` of a workbook (its fault, if it cannot be used) or what a mail or archive carries."""

    content: Content | None = None
    opened: Opened | None = None


def examine(path: Path, folder: Path, layouts: Sequence[TableLayout]) -> Examined:
    """Never raises for a faulty file. Attachments and members are written into ``folder``. Raises CannotRun."""
    try:
        kind = detect(path)
        if kind.is_workbook:
            return Examined(read_submission(path, layouts, kind))
        return Examined(opened=unpack(path, kind, folder))
    except Unreadable as error:
        return Examined(Content.of_fault(error))
    except CannotRun:
        raise
    except MemoryError:
        return Examined(Content(fault=("TT20", {"detail": "hết bộ nhớ cho phép"})))
    except BaseException as error:
        # A panic inside the reading library derives from BaseException; it concerns this file only.
        if isinstance(error, (KeyboardInterrupt, SystemExit, GeneratorExit)):
            raise
        return Examined(Content(fault=("TT20", {"detail": type(error).__name__})))


def confine() -> None:
    """Bound this process in memory, and let it end with its parent; called once as a reader process starts."""
    gc.set_threshold(200_000, 20, 50)  # a file's cells are no rings of objects: looking for some takes time
    if resource is not None:
        memory = _within(MAX_MEMORY, resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if not os.environ.get("TONGHOP_DEBUG"):
        # A library that aborts says so on standard error; the officer has the ledger's words for it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stderr__.fileno() if sys.__stderr__ else 2)
    end_with_parent()


def _within(limit: int, kind: int) -> int:
    """The limit, or the machine's own where that is lower: it cannot be raised."""
    hard = resource.getrlimit(kind)[1]
    return limit if hard == resource.RLIM_INFINITY else min(limit, hard)


def examine_bounded(path: Path, folder: Path, layouts: Sequence[TableLayout]) -> Examined:
    """As :func:`examine`, within a limit of processor time for this one file."""
    if resource is not None:
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        until = _within(int(time.process_time()) + MAX_CPU, resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (until, hard))
    return examine(path, folder, layouts)


def examine_entries(places: Sequence[tuple[Path, Path]], layouts: Sequence[TableLayout]) -> list[tuple[str, Examined]]:
    """Copy each entry of the inbox to its place, which is empty again afterwards, and look at the copy.

    Gives the SHA-256 of each ("" where it could not be copied) and what it is. Raises CannotRun.
    """
    return [_examine_entry(path, copy, layouts) for path, copy in places]


def _examine_entry(path: Path, copy: Path, layouts: Sequence[TableLayout]) -> tuple[str, Examined]:
    sha256 = ""
    try:
        sha256 = snapshot(path, copy)
        examined = examine_bounded(copy, copy.with_suffix(""), layouts)
    except Unreadable as error:
        examined = Examined(Content.of_fault(error))
    copy.unlink(missing_ok=True)
    return sha256, examined


def ready() -> None:
    """Nothing: to be called is to have been loaded."""
