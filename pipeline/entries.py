"""One merged raw frame per table, whose index leads back to file, sheet and Excel cell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, repeat
from typing import Any

import numpy as np
import pandas as pd

from pipeline.parse.distinct import distinct
from pipeline.parse.frame import Finding
from pipeline.read.tables import RawTable
from schemas.columns import as_objects
from schemas.tables import Table


@dataclass(frozen=True)
class Entries:
    """``raw``: one row per sheet row that holds anything; columns ``source``, ``row`` and the table's fields.

    ``source`` numbers the workbook, ``row`` is its Excel row. ``found`` gives each source's table as read, without
    its values.
    """

    table: Table
    raw: pd.DataFrame
    found: Mapping[int, RawTable]

    def cell(self, index: int, field: str) -> tuple[str, str]:
        """The sheet and the cell (``C17``) as the sender's Excel shows them; only the row for a lost column."""
        table, row = self.found[self.source(index)], self.typed(index, "row")
        return table.sheet, f"{table.letters.get(field, '')}{row}"

    def notes(self) -> list[Finding]:
        """What the reader had to say of single cells."""
        noted = {source: table.notes for source, table in self.found.items() if table.notes}
        if not noted:
            return []
        rows = self.raw.loc[self.raw["source"].isin(noted), ["source", "row"]]
        labels = {(source, row): index for index, source, row in rows.itertuples()}
        return [
            Finding(labels[source, note.row], note.field, note.code, note.params)
            for source, notes in noted.items()
            for note in notes
        ]

    def source(self, index: int) -> int:
        """The number of the workbook that the row came from."""
        return int(self.typed(index, "source"))

    def kept(self) -> "Entries":
        """What is asked of the rows once they were checked: of a table with codes the codes, each held in memory
        once, and what the unit entered, not the words that the template printed beside."""
        if not self.table.key:
            return self
        raw = self.raw[["source", "row", *self.table.key, *self.table.carried, *self.table.inputs]].copy()
        for name in self.table.key:
            codes, values = distinct(raw[name])
            raw[name] = pd.Series(as_objects([*values, None])[codes], raw.index, "object", copy=False)
        return replace(self, raw=raw)

    def typed(self, index: int, field: str) -> Any:
        """The value as typed; None where blank."""
        return self._cells[field][index] if field in self._cells else None

    @cached_property
    def _cells(self) -> dict[str, Any]:
        """The columns of ``raw`` as arrays: a cell of a frame costs fifty times as much to look up."""
        return {str(name): self.raw[name].to_numpy() for name in self.raw}


def gather(tables: Mapping[int, Mapping[str, RawTable]], table: Table) -> Entries:
    """``tables``: per source, its raw tables by name. A column that a source lacks is blank in its rows."""
    found = {source: by_name[table.name] for source, by_name in tables.items() if table.name in by_name}
    counts = [len(raw.rows) for raw in found.values()]
    count = sum(counts)

    def joined(lists: Iterable[Iterable[Any]], dtype: str) -> Any:
        values = np.fromiter(chain.from_iterable(lists), dtype, count)
        return pd.Series(values, index, dtype, copy=False)

    index = pd.RangeIndex(count)
    data = {
        "source": joined(map(repeat, found, counts), "int64"),
        "row": joined((raw.rows for raw in found.values()), "int64"),
    }
    for field in (spec.name for spec in table.columns):
        lists = (raw.values.get(field) or repeat(None, len(raw.rows)) for raw in found.values())
        data[field] = joined(lists, "object")
    told = {source: replace(raw, rows=[], values={}) for source, raw in found.items()}
    return Entries(table, pd.DataFrame(data, index, copy=False), told)
