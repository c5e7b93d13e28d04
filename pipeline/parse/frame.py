"""Parse the raw frame of a table column by column into its schema's types."""

from typing import Any, NamedTuple

import pandas as pd

from pipeline.parse.cells import Parsed, Parser, parse_choice, parse_date, parse_number, parse_text, parse_yes_no
from pipeline.text import is_blank
from schemas.columns import Column, Model, columns, conform


class Finding(NamedTuple):
    """One doubt about one cell (or, with ``field`` empty, one row) of a merged frame.

    ``at`` is the frame's index label, which leads back to file, sheet and Excel row.
    """

    at: int
    field: str
    code: str
    params: dict[str, Any]


def parse_frame(
    raw: pd.DataFrame, model: Model, milestones: pd.Series | None = None
) -> tuple[pd.DataFrame, list[Finding]]:
    """``raw``: one column per field, cleaned cell values as typed; the index is kept.

    ``milestones`` marks the rows whose number fields take Có or Không. Returns the typed frame, in which an
    unreadable cell is missing, and the findings.
    """
    findings: list[Finding] = []
    typed: dict[str, pd.Series] = {}
    for spec in columns(model):
        if spec.name not in raw:
            continue
        values = raw[spec.name]
        if spec.layout.measure and milestones is not None and milestones.any():
            parts = [
                _parse(values[milestones], spec.name, parse_yes_no, findings),
                _parse(values[~milestones], spec.name, _parser(spec), findings),
            ]
            typed[spec.name] = pd.concat(parts).reindex(raw.index)
        else:
            typed[spec.name] = _parse(values, spec.name, _parser(spec), findings)
    return conform(model, pd.DataFrame(typed, index=raw.index)), findings


def _parser(spec: Column) -> Parser:
    if spec.choices and not spec.layout.choices:
        return lambda value: parse_choice(value, spec.choices)
    if spec.kind == "date":
        return parse_date
    if spec.kind in ("number", "integer"):
        return lambda value: parse_number(value, percent=spec.layout.percent)
    return parse_text


def _parse(values: pd.Series, field: str, parser: Parser, findings: list[Finding]) -> pd.Series:
    """Each distinct value is parsed once: a column of a thousand units holds few."""
    seen: dict[tuple[type, Any], Parsed] = {}
    parsed: list[Any] = []
    for index, value in zip(values.index, values.array, strict=True):
        if is_blank(value):
            parsed.append(None)
            continue
        key = type(value), value
        result = seen.get(key)
        if result is None:
            result = seen[key] = parser(value)
        if result.code:
            findings.append(Finding(index, field, result.code, result.params))
        parsed.append(result.value)
    return pd.Series(parsed, index=values.index, dtype="object")
