"""An inbox whose entries are being read while this process does something else."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from pipeline.collect import Item
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
