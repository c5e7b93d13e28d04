"""Entries handed over many at a time, each batch to be read on another machine as this one would read it."""

import multiprocessing
import multiprocessing.util
import os
import socket
import threading
from collections import deque
from collections.abc import Generator, Sequence
from dataclasses import replace

from pipeline import __version__
from pipeline.collect import Item
from pipeline.errors import CannotRun, Unreadable
from pipeline.intake.executor import Executor, Result
from pipeline.intake.read_entries import EntryRead, read_entries
from pipeline.intake.readers import IsolatedReaders
from pipeline.read.submission import Content
from pipeline.read.tables import TableLayout

MOST = 16  # entries in a batch: a task of tenths of a second, beside which handing it over costs nothing
SPREAD = 64  # batches at least, where there are that many entries: a few entries use many machines too
_Groups = list[list[EntryRead]]
_here = threading.local()


def read_in_batches(
    items: Sequence[Item], layouts: Sequence[TableLayout], executor: Executor
) -> Generator[list[EntryRead], None, None]:
    """As :func:`pipeline.intake.read_entries.read_entries`, by machines that see the inbox under the same path.

    A batch lost with the process that had it is read again entry by entry. Raises CannotRun.
    """
    found = [replace(item, path=item.path.absolute()) for item in items]
    size = max(1, min(MOST, len(found) // SPREAD))
    batches = [found[at : at + size] for at in range(0, len(found), size)]
    waiting = deque((batch, _submit(batch, layouts, executor)) for batch in batches)
    while waiting:
        yield from _finish(*waiting.popleft(), layouts, executor)


def _submit(batch: Sequence[Item], layouts: Sequence[TableLayout], executor: Executor) -> Result[_Groups]:
    return executor.submit(read_batch, batch, layouts, __version__)


def _finish(
    batch: Sequence[Item], result: Result[_Groups], layouts: Sequence[TableLayout], executor: Executor
) -> _Groups:
    try:
        return result.result()
    except Unreadable:
        return [_alone(item, layouts, executor) for item in batch]


def _alone(item: Item, layouts: Sequence[TableLayout], executor: Executor) -> list[EntryRead]:
    """One of a lost batch, while the rest of it waits: what is lost again is at fault itself."""
    try:
        (group,) = _submit([item], layouts, executor).result()
    except Unreadable as error:
        return [EntryRead(item, Content.of_fault(error))]
    return group


def read_batch(items: Sequence[Item], layouts: Sequence[TableLayout], version: str) -> _Groups:
    """Runs on the other machine: copies, opens and reads the entries there. Raises CannotRun."""
    machine = f"Máy {socket.gethostname()} của cụm"
    if version != __version__:
        raise CannotRun(f"{machine} có tonghop {__version__}, máy này có {version}. Cài cùng một phiên bản.")
    if not any(os.path.lexists(item.path) for item in items):
        raise CannotRun(
            f"{machine} không thấy {items[0].path}. Thư mục nhận phải nằm trên ổ đĩa chung, "
            "mọi máy của cụm thấy dưới cùng một đường dẫn."
        )
    try:
        return list(read_entries(items, layouts, _readers_here()))
    except CannotRun as error:
        raise CannotRun(f"{machine}: {error}") from error


def _readers_here() -> IsolatedReaders:
    """Each thread that works for a cluster has one reader process: how many work at once is for the cluster to say."""
    if not hasattr(_here, "readers"):
        if multiprocessing.current_process().daemon:
            # Dask marks its workers so, which forbids them to have processes of their own. Ours end with theirs.
            multiprocessing.current_process().daemon = False
        _here.readers = IsolatedReaders(workers=1)
        # A process that has a parent runs these at its end, before it waits for its children, and nothing else.
        multiprocessing.util.Finalize(None, _here.readers.stop, exitpriority=1)
    made: IsolatedReaders = _here.readers
    return made
