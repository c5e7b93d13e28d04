"""Parse the raw frame of a table column by column into its schema's types."""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from pipeline.parse.cells import Parser, parse_choice, parse_date, parse_number, parse_text, parse_yes_no
from pipeline.parse.distinct import distinct
from schemas.columns import Column, Model, as_kind, as_objects, blanks, columns, take_or_blank


class Finding(NamedTuple):
    """One doubt about one cell (or, with ``field`` empty, one row) of a merged frame.

    ``at`` is the frame's index label, which leads back to file, sheet and Excel row.
    """

    at: int
    field: str
    code: str
    params: dict[str, Any]


def parse_frame(raw: pd.DataFrame, model: Model, milestones: Any = None) -> tuple[pd.DataFrame, list[Finding]]:
    """``raw``: one column per field, cleaned cell values as typed; the index is kept.

    ``milestones`` marks the rows whose number fields take Có or Không. Returns the typed frame, in which an
    unreadable cell is missing, and the findings.
    """
    findings: list[Finding] = []
    typed = {
        spec.name: _column(raw[spec.name], spec, milestones, findings)
        if spec.name in raw
        else blanks(spec.kind, len(raw))
        for spec in columns(model)
    }
    return pd.DataFrame(typed, index=raw.index, copy=False), findings


def _column(raw: pd.Series, spec: Column, milestones: Any, findings: list[Finding]) -> Any:
    values = raw.to_numpy(dtype="object")
    if not spec.layout.measure or milestones is None or not milestones.any():
        return _parse(values, raw.index, spec, _reading(spec), findings)
    made = np.full(len(values), np.nan)
    asked = np.asarray(milestones)
    for rows, reading in ((asked, _Reading(parse_yes_no)), (~asked, _reading(spec))):
        made[rows] = _parse(values[rows], raw.index[rows], spec, reading, findings)
    return made


class _Reading(NamedTuple):
    """How a column's cells are read; a value of the type ``plain`` stands for itself."""

    parser: Parser
    plain: type | None = None


def _reading(spec: Column) -> _Reading:
    if spec.choices and not spec.layout.choices:
        return _Reading(lambda value: parse_choice(value, spec.choices))
    if spec.kind == "date":
        return _Reading(parse_date)
    if spec.kind in ("number", "integer"):
        return _Reading(lambda value: parse_number(value, percent=spec.layout.percent), float)
    return _Reading(parse_text, str)


def _parse(values: Any, index: "pd.Index[Any]", spec: Column, reading: _Reading, findings: list[Finding]) -> Any:
    """Each distinct value is parsed once, and none where all stand for themselves."""
    if set(map(type, values.tolist())) <= {reading.plain, type(None)}:
        return as_kind(values, spec.kind)
    codes, told = distinct(values)
    parsed = [reading.parser(value) for value in told]
    doubted = [place for place, each in enumerate(parsed) if each.code]
    if doubted:
        for row in np.flatnonzero(np.isin(codes, doubted)).tolist():
            each = parsed[codes[row]]
            findings.append(Finding(index[row], spec.name, each.code, each.params))
    return take_or_blank(as_kind(as_objects([each.value for each in parsed]), spec.kind), codes)
