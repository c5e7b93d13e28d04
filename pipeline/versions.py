"""What changed between a unit's superseded submissions and the one that counts, cell by cell."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.issues import display
from pipeline.read.submission import Content
from pipeline.read.tables import RawTable
from schemas.columns import conform, records
from schemas.records import Revision
from schemas.tables import Table
from schemas.template import TABLES
from schemas.words import Verdict


def revisions(ledger: pd.DataFrame, contents: Mapping[int, Content]) -> pd.DataFrame:
    """One row per input cell that differs: :class:`schemas.records.Revision`."""
    used = {row["unit_code"]: number for number, row in _of(ledger, Verdict.USED)}
    rows = []
    for number, row in _of(ledger, Verdict.SUPERSEDED):
        last = used[row["unit_code"]]
        named = {"unit_code": row["unit_code"], "unit_name": row["unit_name"]}
        named |= {"superseded": row["file"], "used": ledger.at[last, "file"]}
        rows += [named | change for change in _changes(contents[number], contents[last])]
    return conform(Revision, rows)


def with_changes(ledger: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """The ledger, the reason of each superseded submission followed by how many cells changed since."""
    counts = changes.groupby("superseded").size()
    found = ledger["file"].map(counts)
    told = ledger["verdict"] == Verdict.SUPERSEDED
    reason = ledger["reason"].copy()
    differ = told & found.notna()
    reason[differ] += " Khác " + found[differ].astype("int64").astype("str") + " ô, xem sheet “Bản thay thế”."
    return ledger.assign(reason=reason)


def _of(ledger: pd.DataFrame, verdict: Verdict) -> list[tuple[int, dict[str, Any]]]:
    rows = ledger[ledger["verdict"] == verdict]
    return list(zip(map(int, rows.index), records(rows), strict=True))


def answers(content: Content) -> dict[str, dict[tuple[str, str], str]]:
    """What the unit entered, by table, then by the row's key and the field."""
    return {table.name: _cells(content.tables.get(table.name), table) for table in TABLES}


def _changes(before: Content, after: Content) -> list[dict[str, Any]]:
    changes: list[dict[str, Any]] = []
    said, says = answers(before), answers(after)
    for table in TABLES:
        old, new = said[table.name], says[table.name]
        for key in sorted(old.keys() | new.keys()):
            was, now = old.get(key, ""), new.get(key, "")
            if was != now:
                row, name = key
                place: dict[str, Any] = {"sheet": table.sheet, "key": row, "field": table.column(name).title}
                changes.append(place | {"before": was or None, "after": now or None})
    return changes


def _cells(raw: RawTable | None, table: Table) -> dict[tuple[str, str], str]:
    """The input cells that hold something, by the row's key (or its number within the table) and the field."""
    if raw is None:
        return {}
    keys = raw.values.get(table.key[0], []) if table.key else [f"dòng {n}" for n in range(1, len(raw.rows) + 1)]
    return {
        (display(key), name): display(value)
        for name in table.inputs
        for key, value in zip(keys, raw.values.get(name, []), strict=False)
        if value is not None and key is not None
    }
