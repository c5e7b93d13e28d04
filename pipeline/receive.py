"""The inbox of one period: what lies there, read, and whose it is."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from pipeline.collect import Item, collect
from pipeline.identify import identify
from pipeline.plan.model import Period, Plan
from pipeline.read.submission import Content, read_submission
from pipeline.read.tables import TableLayout
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
    items = collect(inbox)
    contents = read_all(items, track)
    ledger, issues = identify(items, contents, plan, period)
    return Received(ledger, contents, issues)


def read_all(items: Sequence[Item], track: Track[Any]) -> dict[int, Content]:
    """The workbooks of the inbox, by item number."""
    layouts = [TableLayout.of(table) for table in TABLES]
    numbered = [(number, item) for number, item in enumerate(items) if not item.ignored]
    return {number: read_submission(item.path, layouts) for number, item in track(numbered, "Đọc bản nộp")}
