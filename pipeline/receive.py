"""The inbox of one period: what lies there, read, and whose it is."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.collect import Item, collect
from pipeline.identify import identify
from pipeline.intake.begun import Begun, begin
from pipeline.intake.read_entries import EntryRead
from pipeline.means import PLAIN, Means
from pipeline.plan.model import Period, Plan
from pipeline.read.submission import Content
from pipeline.stamp import read_key


@dataclass(frozen=True)
class Received:
    """``ledger`` and ``issues`` as :func:`pipeline.identify.identify` gives them; ``contents`` by item number."""

    ledger: pd.DataFrame
    contents: dict[int, Content]
    issues: pd.DataFrame


def receive(
    inbox: Path, plan: Plan, period: Period, use: Collection[tuple[str, str]] = (), means: Means = PLAIN
) -> Received:
    """collect → read → identify. ``use``: (unit, file) of those that the officer has chosen. Raises CannotRun."""
    key = read_key(inbox)
    begun = means.begun.pop(inbox, None) or begin(collect(inbox), means.machines)
    items, contents = read_all(begun, f"Đọc bản nộp {period.period_code}", means)
    means.progress.stage(f"Kiểm tra {period.period_code}")
    ledger, issues = identify(items, contents, plan, period, key, use)
    return Received(ledger, contents, issues)


def read_all(begun: Begun, label: str = "Đọc bản nộp", means: Means = PLAIN) -> tuple[list[Item], dict[int, Content]]:
    """The entries with what they carry, in order, and by number the contents of those that were read."""
    read: list[EntryRead] = []
    texts: dict[str, str] = {}
    for _ in means.progress.each(begun.items, label):
        group = next(begun.groups)
        for each in group:
            if each.content is not None:
                _share(each.content, texts)
        read += group
    for group in begun.groups:  # none is left; the generator gives its folder back
        read += group
    contents = {number: each.content for number, each in enumerate(read) if each.content is not None}
    return [each.item for each in read], contents


def _share(content: Content, texts: dict[str, str]) -> None:
    """Make equal texts one object: the same words stand in every workbook, and each file brings its own copy."""
    for table in content.tables.values():
        for values in table.values.values():
            if str in set(map(type, values)):
                values[:] = [texts.setdefault(value, value) if type(value) is str else value for value in values]
