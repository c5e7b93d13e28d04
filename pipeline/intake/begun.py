"""Inboxes whose entries are being read while this process does something else."""

from collections.abc import Generator, Iterable, Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.collect import Item, collect
from pipeline.intake.batches import read_in_batches
from pipeline.intake.executor import Executor
from pipeline.intake.read_entries import EntryRead, read_entries
from pipeline.intake.readers import readers
from pipeline.read.tables import TableLayout
from schemas.template import TABLES


@dataclass(frozen=True)
class Begun:
    """``groups``: for each of the items in turn itself and what it carries; they can be gone through once."""

    items: Sequence[Item]
    groups: Generator[list[EntryRead], None, None]


def begin(items: Sequence[Item], machines: Executor | None = None) -> Begun:
    """Hand the first entries to ``machines``, or else to this machine's own readers. Raises CannotRun."""
    layouts = [TableLayout.of(table) for table in TABLES]
    return Begun(
        items, read_in_batches(items, layouts, machines) if machines else read_entries(items, layouts, readers())
    )


@contextmanager
def ahead(
    inboxes: Iterable[Path], begun: MutableMapping[Path, Begun], machines: Executor | None = None
) -> Iterator[None]:
    """Begin with all of these that have not been ``begun``; whoever needs one takes it out. What nobody has taken by
    the end, as when a run fails, is given up. Raises CannotRun."""
    wanted = list(inboxes)
    try:
        for inbox in wanted:
            if inbox not in begun:
                begun[inbox] = begin(collect(inbox), machines)
        yield
    finally:
        give_up([begun.pop(inbox) for inbox in wanted if inbox in begun])


def give_up(left: Sequence[Begun]) -> None:
    """End their reading; a reader that is still at it would keep its folder from going."""
    if left:
        readers().stop()
    for one in left:
        one.groups.close()
