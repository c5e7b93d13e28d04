"""Links between the sheets: from a summary to the first row of its detail, and from a detail back."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.write.heading import DATA_ROW, MOST_ROWS, sheet_of
from pipeline.write.table import TableSheet

MOST_LINKS = 5000  # rows of a table; Excel holds 65,530 links on a sheet
_SCOPED = ("results", "figures")  # in both an indicator is told of by scope
# table: column → the table that tells of the same code
_TARGETS: dict[str, dict[str, str]] = {
    "statuses": {"task_code": "progress"},
    "results": {"indicator_code": "figures"},
    "timeliness": {"unit_code": "progress"},
    "progress": {"task_code": "statuses", "unit_code": "timeliness"},
    "figures": {"indicator_code": "results", "unit_code": "timeliness"},
    "difficulties": {"task_code": "statuses", "unit_code": "timeliness"},
    "issues": {"unit_code": "timeliness"},
}


def links_of(name: str, tables: Mapping[str, TableSheet]) -> dict[str, list[str]]:
    """By column, the cell reference of every row; "" where the other table has no such code."""
    mine, made = tables[name].frame, {}
    for field, target in _TARGETS.get(name, {}).items():
        if target in tables and len(mine) <= MOST_LINKS:
            fields = [field, "scope"] if name in _SCOPED and target in _SCOPED else [field]
            known = tables[target].frame[fields]
            firsts = (~known.duplicated()).to_numpy().nonzero()[0]
            places = (row_link(tables[target].sheet, position) for position in firsts.tolist())
            there = dict(zip(_rows(known.iloc[firsts], fields), places, strict=True))
            made[field] = [there.get(code, "") for code in _rows(mine, fields)]
    return made


def _rows(frame: pd.DataFrame, fields: Sequence[str]) -> list[tuple[Any, ...]]:
    return list(zip(*(frame[field].tolist() for field in fields), strict=True))


def row_link(sheet: str, position: int) -> str:
    """Where a table's row stands."""
    return f"'{sheet_of(sheet, position)}'!A{DATA_ROW + 1 + position % MOST_ROWS}"
