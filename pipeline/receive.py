"""The inbox of one period: what lies there, read, and whose it is."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from pipeline.collect import Item, collect
from pipeline.identify import identify
from pipeline.intake.readers import readers
from pipeline.intake.take import Taken, take
from pipeline.plan.model import Period, Plan
from pipeline.read.submission import Content
from pipeline.read.tables import TableLayout
from pipeline.stamp import read_key
from schemas.template import TABLES

T = TypeVar("T")
Track = Callable[[Sequence[T], str], Iterable[T]]


def untracked(things: Sequence[T], label: str) -> Iterable[T]:
    """No progress shown."""
    return things


@dataclass(frozen=True)
class Received:
    """``ledger`` and ``issues`` as :func:`pipeline.identify.identify` gives them; ``contents`` by item number."""

    ledger: pd.DataFrame
    contents: dict[int, Content]
    issues: pd.DataFrame


def receive(
    inbox: Path, plan: Plan, period: Period, use: Collection[str] = (), track: Track[Any] = untracked
) -> Received:
    """collect → read → identify. ``use``: files of the ledger that the officer has chosen. Raises CannotRun."""
    key = read_key(inbox)
    items, contents = read_all(collect(inbox), track)
    ledger, issues = identify(items, contents, plan, period, key, use)
    return Received(ledger, contents, issues)


def read_all(found: Sequence[Item], track: Track[Any] = untracked) -> tuple[list[Item], dict[int, Content]]:
    """The entries with what they carry, in order, and by number the contents of those that were read."""
    groups = take(found, [TableLayout.of(table) for table in TABLES], readers())
    taken: list[Taken] = []
    for _ in track(found, "Đọc bản nộp"):
        taken += next(groups)
    for group in groups:  # none is left; the generator gives its folder back
        taken += group
    contents = {number: each.content for number, each in enumerate(taken) if each.content is not None}
    return [each.item for each in taken], contents
