"""A unit's form with what the unit sent in it, and the issues placed on its rows: the content of a return workbook."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from pipeline.forms import Columns, Form, Row, columns_of
from pipeline.parse.cells import parse_text
from pipeline.text import fold, is_blank
from schemas.template import BY_NAME, INFO


def rows_by_source(frame: pd.DataFrame, sources: Collection[int]) -> dict[int, list[Row]]:
    """The rows of these sources, in their order; ``index`` is their label in the frame, unless it has such a column."""
    some = frame[frame["source"].isin(list(sources))]
    columns = {"index": some.index.tolist()} | {str(name): some[name].tolist() for name in some.columns}
    found: dict[int, list[Row]] = {source: [] for source in sources}
    for values in zip(*columns.values(), strict=True):
        row = dict(zip(columns, values, strict=True))
        found[row["source"]].append(row)
    return found


def refill(form: Form, sent: Mapping[str, Sequence[Row]], issues: Sequence[Row]) -> Form:
    """The form with the inputs that the unit sent, as typed, and the issues placed on its rows.

    ``sent``: by table, the unit's raw rows (the fields, and ``index``, their label in the merged frame).
    ``issues``: the unit's issues with ``table``, ``index`` and the field's title in ``field``.
    """
    tables = dict(form.tables)
    places: dict[tuple[str, int], int] = {}
    for name, columns in form.tables.items():
        rows = sent.get(name)
        if not rows:
            continue
        if BY_NAME[name].key:
            tables[name], placed = _refill_keyed(name, columns, rows)
        elif name == "answer":
            tables[name], placed = columns | {"has_difficulty": [rows[0]["has_difficulty"]]}, {rows[0]["index"]: 0}
        else:
            tables[name], placed = columns_of(name, rows), {row["index"]: at for at, row in enumerate(rows)}
        places |= {(name, index): position for index, position in placed.items()}
    told = [{**issue, "position": places.get((issue["table"], issue["index"]), -1)} for issue in issues]
    # Where a row stood in the merged frame depends on the other units' rows: it is no part of what this unit is told.
    of_unit = [{name: value for name, value in issue.items() if name not in ("index", "source")} for issue in told]
    return replace(form, tables=tables, issues=of_unit)


def _refill_keyed(name: str, columns: Columns, rows: Sequence[Row]) -> tuple[Columns, dict[int, int]]:
    """The first sent row of each key fills the form's row; where each sent row went, by index."""
    table = BY_NAME[name]
    key, inputs = table.key[0], table.inputs
    position = {fold(str(code)): place for place, code in enumerate(columns[key])}
    first: dict[int, Row] = {}
    for row in rows:
        if not is_blank(row[key]):
            place = position.get(fold(str(parse_text(row[key]).value)))
            if place is not None:
                first.setdefault(place, row)
    filled = columns | {field: list(columns[field]) for field in inputs}
    for place, row in first.items():
        if name != "info" or INFO[columns[key][place]][2]:
            for field in inputs:
                filled[field][place] = row.get(field)
    return filled, {row["index"]: place for place, row in first.items()}
