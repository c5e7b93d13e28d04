"""Every entry of the inbox, and everything it carries, read once: items in a fixed order, contents by number."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from pipeline.collect import Item, reason_to_ignore
from pipeline.errors import Unreadable
from pipeline.intake.examine import Examined, examine_bounded
from pipeline.intake.executor import Executor, Result
from pipeline.intake.folder import private_folder
from pipeline.intake.snapshot import snapshot
from pipeline.intake.unpack import MAX_CHILDREN, MAX_DEPTH, Child, Opened
from pipeline.read.package import MAX_TOTAL
from pipeline.read.submission import Content
from pipeline.read.tables import TableLayout

WINDOW = 64  # copies that wait on the disk to be read
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
    items: Iterable[Item], layouts: Sequence[TableLayout], executor: Executor
) -> Iterator[list[EntryRead]]:
    """For each item in turn: itself, then its attachments or members, each directly after what carries it.

    The copies of the files are read by the executor, which sees this machine's temporary folder. Raises CannotRun.
    """
    with private_folder() as folder:
        reader = _EntryReader(folder, layouts, executor)
        waiting: deque[_Started] = deque()
        for item in items:
            waiting.append(reader.start(item))
            if len(waiting) >= WINDOW:
                yield list(reader.finish(waiting.popleft()))
        while waiting:
            yield list(reader.finish(waiting.popleft()))


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
            return Examined(Content(fault=(error.code, error.params)))
        finally:
            self.copy.unlink(missing_ok=True)


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
    def __init__(self, folder: Path, layouts: Sequence[TableLayout], executor: Executor) -> None:
        self._folder, self._layouts, self._executor = folder, layouts, executor
        self._made = 0

    def start(self, item: Item) -> _Started:
        """Copy the entry and hand it over."""
        if item.ignored or item.fault:
            return _Started(item)
        copy = self._path()
        try:
            item = replace(item, sha256=snapshot(item.path, copy))
        except Unreadable as error:
            copy.unlink(missing_ok=True)
            return _Started(replace(item, fault=(error.code, error.params)))
        return self._submit(item, copy)

    def finish(self, started: _Started, depth: int = 1, budget: _Budget | None = None) -> Iterator[EntryRead]:
        item, examined = started.item, started.examined()
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
            yield EntryRead(item, Content(fault=(error.code, error.params)))
        else:
            yield from self._open(item, examined.opened, depth, budget)

    def _open(self, item: Item, opened: Opened, depth: int, budget: _Budget) -> Iterator[EntryRead]:
        """The mail or archive itself, then all it carries."""
        if opened.is_mail:
            item = replace(item, sender=opened.sender, sent_at=opened.sent_at)
        inside: list[EntryRead] = []
        children = iter(opened.children)
        while group := [self._start_child(item, child, budget) for child in islice(children, AHEAD)]:
            inside += [read for child in group for read in self.finish(child, depth + 1, budget)]
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
        if item.ignored or item.fault:
            child.path.unlink()
            return _Started(item)
        return self._submit(item, child.path)

    def _submit(self, item: Item, copy: Path) -> _Started:
        return _Started(item, copy, self._executor.submit(examine_bounded, copy, self._path(), self._layouts))

    def _path(self) -> Path:
        self._made += 1
        return self._folder / f"{self._made}.bin"
