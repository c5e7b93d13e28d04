"""Every entry of the inbox, and everything it carries, read once: items in a fixed order, contents by number.

Small entries are handed over several at a time: handing one over costs a fifth of what reading it does. A file that
costs its reader takes its neighbours in hand along, so that each of those is then read again alone.
"""

from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from pipeline.collect import Item, reason_to_ignore
from pipeline.errors import Unreadable
from pipeline.intake.examine import Examined, examine_bounded, examine_entries
from pipeline.intake.executor import Executor, Result
from pipeline.intake.folder import private_folder
from pipeline.intake.snapshot import snapshot
from pipeline.intake.unpack import MAX_CHILDREN, MAX_DEPTH, Child, Opened
from pipeline.read.package import MAX_TOTAL
from pipeline.read.submission import Content
from pipeline.read.tables import TableLayout

WINDOW = 16  # batches that wait to be read or to be asked for: beyond them nothing is held in memory
BATCH = 8  # entries in a batch, at most
SPREAD = 8  # batches at least, where there are that many entries: both readers have something to do
HEAVY = 1 << 20  # bytes that end a batch: a large file is little held up by its being handed over alone
AHEAD = 4  # of what one archive holds: each may be an archive again, of the size that an archive may have
INSIDE = " › "
NO_WORKBOOK = frozenset({"TT02", "TT13", "TT14"})  # the faults of a file that nobody meant as a workbook


@dataclass(frozen=True)
class EntryRead:
    """One line of the ledger to be; ``content`` is None where there was nothing to read."""

    item: Item
    content: Content | None

    @property
    def is_workbook(self) -> bool:
        return self.content is not None and not (self.content.fault and self.content.fault[0] in NO_WORKBOOK)


def read_entries(
    items: Sequence[Item], layouts: Sequence[TableLayout], executor: Executor
) -> Generator[list[EntryRead], None, None]:
    """For each item in turn: itself, then its attachments or members, each directly after what carries it.

    The first are handed over at once, before the result is looked at. The executor sees this machine's inbox and
    temporary folder. Raises CannotRun.
    """
    return _EntryReader(items, layouts, executor).groups()


@dataclass(frozen=True)
class _Started:
    """An item whose ``copy`` was handed over; without ``result`` there was nothing to hand over."""

    item: Item
    copy: Path | None = None
    result: Result[Examined] | None = None

    def examined(self) -> Examined:
        """Waits; the copy is gone afterwards."""
        if self.copy is None or self.result is None:
            return Examined(Content(fault=self.item.fault) if self.item.fault else None)
        try:
            return self.result.result()
        except Unreadable as error:
            return Examined(Content.of_fault(error))
        finally:
            self.copy.unlink(missing_ok=True)


@dataclass(frozen=True)
class _Batch:
    """Items of which those that can be read were handed over together, as ``result``, or each ``alone``."""

    items: Sequence[Item]
    result: Result[list[tuple[str, Examined]]] | None = None
    alone: Sequence[_Started] = ()

    def examined(self) -> Iterator[tuple[str, Examined]] | None:
        """Waits. SHA-256 and content of each that can be read; None where they are to be read alone."""
        if self.result is None:
            return None
        try:
            return iter(self.result.result())
        except Unreadable:
            return None


@dataclass
class _Budget:
    """What one entry of the inbox may still unpack, archives inside archives included."""

    files: int
    size: int

    def spend(self, opened: Opened) -> None:
        """Raises Unreadable once it is overspent."""
        self.files -= len(opened.children)
        self.size -= sum(child.size for child in opened.children)
        if fault := self.fault:
            raise Unreadable(fault[0], **fault[1])

    @property
    def fault(self) -> tuple[str, dict[str, str]] | None:
        """Once it is overspent, the message that says so."""
        if self.files < 0:
            return "TT15", {"detail": f"chứa hơn {MAX_CHILDREN} tệp"}
        return ("TT16", {"detail": "các lớp nén bung ra quá lớn"}) if self.size < 0 else None


class _EntryReader:
    def __init__(self, items: Sequence[Item], layouts: Sequence[TableLayout], executor: Executor) -> None:
        self._layouts, self._executor = layouts, executor
        self._made = 0
        self._held = ExitStack()
        self._folder = self._held.enter_context(private_folder())
        self._batches = _batches(items)
        self._waiting: deque[_Batch] = deque()
        self._fill()

    def groups(self) -> Generator[list[EntryRead], None, None]:
        with self._held:
            while self._waiting:
                yield from self._finish_batch(self._waiting.popleft())
                self._fill()

    def _fill(self) -> None:
        for items in islice(self._batches, WINDOW - len(self._waiting)):
            # A reader may have been started in another folder than this process is in by now.
            places = [(item.path.absolute(), self._path()) for item in items if _is_to_read(item)]
            if len(places) > 1:
                batch = _Batch(items, self._executor.submit(examine_entries, places, self._layouts))
            else:
                batch = _Batch(items, alone=[self._start(item) for item in items])
            self._waiting.append(batch)

    def _finish_batch(self, batch: _Batch) -> Iterator[list[EntryRead]]:
        found = batch.examined()
        if found is None:
            for started in batch.alone or [self._start(item) for item in batch.items]:
                yield list(self._finish(started.item, started.examined()))
            return
        for item in batch.items:
            if _is_to_read(item):
                sha256, examined = next(found)
                yield list(self._finish(replace(item, sha256=sha256), examined))
            else:
                yield list(self._finish(item, _Started(item).examined()))

    def _start(self, item: Item) -> _Started:
        """Copy the entry and hand it over."""
        if not _is_to_read(item):
            return _Started(item)
        copy = self._path()
        try:
            item = replace(item, sha256=snapshot(item.path, copy))
        except Unreadable as error:
            copy.unlink(missing_ok=True)
            return _Started(replace(item, fault=(error.code, error.params)))
        return self._submit(item, copy)

    def _finish(
        self, item: Item, examined: Examined, depth: int = 1, budget: _Budget | None = None
    ) -> Iterator[EntryRead]:
        if examined.opened is None:
            yield EntryRead(item, examined.content)
            return
        budget = budget or _Budget(MAX_CHILDREN, MAX_TOTAL)
        try:
            if depth > MAX_DEPTH:
                raise Unreadable("TT15", detail=f"lồng nhau quá {MAX_DEPTH} lớp")
            budget.spend(examined.opened)
        except Unreadable as error:
            for child in examined.opened.children:
                child.path.unlink()
            yield EntryRead(item, Content.of_fault(error))
        else:
            yield from self._open(item, examined.opened, depth, budget)

    def _open(self, item: Item, opened: Opened, depth: int, budget: _Budget) -> Iterator[EntryRead]:
        """The mail or archive itself, then all it carries."""
        if opened.is_mail:
            # A forwarded mail may have lost its own date: the one that carries it proves when it came.
            item = replace(item, sender=opened.sender or item.sender, sent_at=opened.sent_at or item.sent_at)
        inside: list[EntryRead] = []
        children = iter(opened.children)
        while group := [self._start_child(item, child, budget) for child in islice(children, AHEAD)]:
            for started in group:
                inside += self._finish(started.item, started.examined(), depth + 1, budget)
        count = sum(read.is_workbook for read in inside)
        if count:
            yield EntryRead(replace(item, opened=count), None)
        elif opened.is_mail:
            names = ", ".join(child.name for child in opened.children) or "không có"
            yield EntryRead(item, Content(fault=("TT14", {"files": names})))
        else:
            yield EntryRead(item, Content(fault=("TT15", {"detail": "không chứa bảng tính nào"})))
        yield from inside

    def _start_child(self, origin: Item, child: Child, budget: _Budget) -> _Started:
        item = replace(origin, file=f"{origin.file}{INSIDE}{child.name}", sha256=child.sha256, inside=True)
        item = replace(item, ignored=reason_to_ignore(child.name), fault=budget.fault)
        if not _is_to_read(item):
            child.path.unlink()
            return _Started(item)
        return self._submit(item, child.path)

    def _submit(self, item: Item, copy: Path) -> _Started:
        return _Started(item, copy, self._executor.submit(examine_bounded, copy, self._path(), self._layouts))

    def _path(self) -> Path:
        self._made += 1
        return self._folder / f"{self._made}.bin"


def _is_to_read(item: Item) -> bool:
    return not (item.ignored or item.fault)


def _batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    most = max(1, min(BATCH, len(items) // SPREAD))
    batch: list[Item] = []
    size = 0
    for item in items:
        batch.append(item)
        size += _size(item.path)
        if len(batch) >= most or size > HEAVY:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:  # the reader has the words for it
        return 0
