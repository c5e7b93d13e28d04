"""One merged raw frame per table, whose index leads back to file, sheet and Excel cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.parse.frame import Finding
from pipeline.read.tables import RawTable
from schemas.tables import Table


@dataclass(frozen=True)
class Entries:
    """``raw``: one row per sheet row that holds anything; columns ``source``, ``row`` and the table's fields.

    ``source`` numbers the workbook, ``row`` is its Excel row. ``found`` gives each source's table as read.
    """

    table: Table
    raw: pd.DataFrame
    found: Mapping[int, RawTable]

    def cell(self, index: int, field: str) -> tuple[str, str]:
        """The sheet and the cell (``C17``) as the sender's Excel shows them; only the row for a lost column."""
        row: Any = self.raw.loc[index]
        table, number = self.found[int(row["source"])], int(row["row"])
        return table.sheet, f"{table.letters.get(field, '')}{number}"

    def notes(self) -> list[Finding]:
        """What the reader had to say of single cells."""
        if not any(table.notes for table in self.found.values()):
            return []
        labels = {(source, row): index for index, source, row in self.raw[["source", "row"]].itertuples()}
        return [
            Finding(labels[source, note.row], note.field, note.code, note.params)
            for source, table in self.found.items()
            for note in table.notes
        ]

    def source(self, index: int) -> int:
        """The number of the workbook that the row came from."""
        row: Any = self.raw.loc[index]
        return int(row["source"])

    def typed(self, index: int, field: str) -> Any:
        """The value as typed; None where blank."""
        return self.raw.at[index, field] if field in self.raw else None


def gather(tables: Mapping[int, Mapping[str, RawTable]], table: Table) -> Entries:
    """``tables``: per source, its raw tables by name. A column that a source lacks is blank in its rows."""
    found = {source: by_name[table.name] for source, by_name in tables.items() if table.name in by_name}
    data: dict[str, list[Any]] = {"source": [], "row": []}
    fields = [spec.name for spec in table.columns]
    for source, raw in found.items():
        count = len(raw.rows)
        data["source"] += [source] * count
        data["row"] += raw.rows
        for field in fields:
            data.setdefault(field, []).extend(raw.values.get(field) or [None] * count)
    frame = pd.DataFrame({name: pd.Series(values, dtype="object") for name, values in data.items()})
    for field in fields:
        if field not in frame:
            frame[field] = pd.Series(dtype="object")
    return Entries(table, frame.astype({"source": "int64", "row": "int64"}), found)
