"""Every entry of the inbox, and everything it carries, read once: items in a fixed order, contents by number."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from pipeline.collect import Item, reason_to_ignore
from pipeline.errors import Unreadable
from pipeline.intake.examine import examine_bounded
from pipeline.intake.folder import private_folder
from pipeline.intake.readers import Readers, Reading
from pipeline.intake.snapshot import snapshot
from pipeline.intake.unpack import MAX_CHILDREN, MAX_DEPTH, Child, Opened
from pipeline.read.package import MAX_TOTAL
from pipeline.read.submission import Content
from pipeline.read.tables import TableLayout

WINDOW = 64  # copies that wait on the disk to be read
AHEAD = 4  # of what one archive holds: each may be an archive again, of the size that an archive may have
INSIDE = " › "
NO_WORKBOOK = frozenset({"TT02", "TT13", "TT14"})  # the faults of a file that nobody meant as a workbook
_Started = tuple[Item, Reading | None]


@dataclass(frozen=True)
class Taken:
    """One line of the ledger to be; ``content`` is None where there was nothing to read."""

    item: Item
    content: Content | None

    @property
    def is_workbook(self) -> bool:
        return self.content is not None and not (self.content.fault and self.content.fault[0] in NO_WORKBOOK)


def take(items: Iterable[Item], layouts: Sequence[TableLayout], readers: Readers) -> Iterator[list[Taken]]:
    """For each item in turn: itself, then its attachments or members, each directly after what carries it."""
    with private_folder() as folder:
        taker = _Taker(folder, layouts, readers)
        waiting: deque[_Started] = deque()
        for item in items:
            waiting.append(taker.start(item))
            if len(waiting) >= WINDOW:
                yield list(taker.finish(waiting.popleft()))
        while waiting:
            yield list(taker.finish(waiting.popleft()))


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


class _Taker:
    def __init__(self, folder: Path, layouts: Sequence[TableLayout], readers: Readers) -> None:
        self._folder, self._layouts, self._readers = folder, layouts, readers
        self._made = 0

    def start(self, item: Item) -> _Started:
        """Copy the entry and hand it to a reader."""
        if item.ignored or item.fault:
            return item, None
        copy = self._path()
        try:
            item = replace(item, sha256=snapshot(item.path, copy))
        except Unreadable as error:
            copy.unlink(missing_ok=True)
            return replace(item, fault=(error.code, error.params)), None
        return item, self._submit(copy)

    def finish(self, started: _Started, depth: int = 1, budget: _Budget | None = None) -> Iterator[Taken]:
        item, reading = started
        if reading is None:
            yield Taken(item, Content(fault=item.fault) if item.fault else None)
            return
        examined = self._readers.result(reading)
        Path(reading.arguments[0]).unlink(missing_ok=True)
        if examined.opened is None:
            yield Taken(item, examined.content)
            return
        budget = budget or _Budget(MAX_CHILDREN, MAX_TOTAL)
        try:
            if depth > MAX_DEPTH:
                raise Unreadable("TT15", detail=f"lồng nhau quá {MAX_DEPTH} lớp")
            budget.spend(examined.opened)
        except Unreadable as error:
            for child in examined.opened.children:
                child.path.unlink()
            yield Taken(item, Content(fault=(error.code, error.params)))
        else:
            yield from self._open(item, examined.opened, depth, budget)

    def _open(self, item: Item, opened: Opened, depth: int, budget: _Budget) -> Iterator[Taken]:
        """The mail or archive itself, then all it carries."""
        if opened.is_mail:
            item = replace(item, sender=opened.sender, sent_at=opened.sent_at)
        inside: list[Taken] = []
        children = iter(opened.children)
        while group := [self._start_child(item, child, budget) for child in islice(children, AHEAD)]:
            inside += [taken for child in group for taken in self.finish(child, depth + 1, budget)]
        count = sum(taken.is_workbook for taken in inside)
        if count:
            yield Taken(replace(item, opened=count), None)
        elif opened.is_mail:
            names = ", ".join(child.name for child in opened.children) or "không có"
            yield Taken(item, Content(fault=("TT14", {"files": names})))
        else:
            yield Taken(item, Content(fault=("TT15", {"detail": "không chứa bảng tính nào"})))
        yield from inside

    def _start_child(self, origin: Item, child: Child, budget: _Budget) -> _Started:
        item = replace(origin, file=f"{origin.file}{INSIDE}{child.name}", sha256=child.sha256, inside=True)
        item = replace(item, ignored=reason_to_ignore(child.name), fault=budget.fault)
        if item.ignored or item.fault:
            child.path.unlink()
            return item, None
        return item, self._submit(child.path)

    def _submit(self, path: Path) -> Reading:
        return self._readers.submit(examine_bounded, path, self._path(), self._layouts)

    def _path(self) -> Path:
        self._made += 1
        return self._folder / f"{self._made}.bin"
