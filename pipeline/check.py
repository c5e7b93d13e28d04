"""One lazy pandera pass over a merged typed frame; its failures become findings."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import pandas as pd
import pandera.errors
import pandera.pandas as pa

from pipeline.parse.cells import unknown_choice
from pipeline.parse.frame import Finding
from pipeline.text import is_blank, number_text
from schemas.columns import Model, columns, records
from schemas.messages import CHECKS, MESSAGES
from schemas.words import Severity


def check_frame(typed: pd.DataFrame, model: Model, known: Iterable[Finding]) -> list[Finding]:
    """All failures of the schema, one finding a cell or rule; a cell already found faulty is not blamed twice."""
    try:
        _checks(model).validate(typed, lazy=True, inplace=True)  # nothing is coerced, so nothing needs a copy
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases
    else:
        return []
    faulty = {(finding.at, finding.field) for finding in known if is_error(finding)}
    specs = {spec.name: spec for spec in columns(model)}
    findings: dict[tuple[Any, ...], Finding] = {}
    in_column = cases["schema_context"] == "Column"
    for case in records(cases[in_column]):
        name, index = str(case["column"]), case["index"]
        if (index, name) in faulty:
            continue
        code = CHECKS[str(case["check"]).split("(")[0]]
        params = _limits(code, specs[name], case["failure_case"])
        findings[index, name] = Finding(int(index), name, code, params)
    faulty |= {key for key, finding in findings.items() if is_error(finding)}
    for case in records(cases[~in_column]):
        index, code = case["index"], str(case["check"])
        fields = MESSAGES[code].fields
        # A rule between cells says nothing where one of its cells is already refused.
        if any((index, name) in faulty for name in fields):
            continue
        findings[index, code] = Finding(int(index), fields[0], code, _values(typed, index, fields))
    return list(findings.values())


@cache
def _checks(model: Model) -> pa.DataFrameSchema:
    """What can still fail of a model whose frame was parsed: blanks, checks and rules; the types are ours.

    A column costs pandera a third of a millisecond whatever the rows, most of it for looking at its type.
    """
    fields: Mapping[str, tuple[Any, Any]] = model.__fields__
    parts = {
        name: pa.Column(checks=spec.checks, nullable=spec.nullable)
        for name, (_, spec) in fields.items()
        if spec.checks or not spec.nullable
    }
    return pa.DataFrameSchema(parts, checks=model.__root_checks__)


def is_error(finding: Finding) -> bool:
    return MESSAGES[finding.code].severity == Severity.ERROR


def void(typed: pd.DataFrame, findings: Iterable[Finding]) -> pd.DataFrame:
    """The frame with every refused cell missing: an erroneous cell counts as not reported."""
    refused: dict[str, list[int]] = {}
    for finding in findings:
        message = MESSAGES[finding.code]
        for name in message.voids if message.fields else ((finding.field,) if is_error(finding) else ()):
            if name in typed:
                refused.setdefault(name, []).append(finding.at)
    frame = typed.copy()
    for name, labels in refused.items():
        frame.loc[labels, name] = None
    return frame


def _limits(code: str, spec: Any, typed: Any) -> dict[str, Any]:
    if code == "LC01":
        return unknown_choice(str(typed), spec.choices)
    if code == "SO04":
        return {"limit": number_text(spec.minimum)}
    if code == "SO05":
        return {"limit": number_text(spec.maximum)}
    if code == "CH01":
        return {"limit": number_text(spec.max_length), "length": number_text(len(str(typed)))}
    return {}


def _values(typed: pd.DataFrame, index: Any, fields: tuple[str, ...]) -> dict[str, Any]:
    values = {name: typed.at[index, name] for name in fields if name in typed}
    return {
        name: number_text(value) for name, value in values.items() if isinstance(value, float) and not is_blank(value)
    }
