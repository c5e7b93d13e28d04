"""Which sheet rows count: matched to the plan by code, never by position."""

from collections.abc import Mapping

import pandas as pd

from pipeline.entries import Entries
from pipeline.parse.cells import means_none, parse_text, unknown_choice
from pipeline.parse.frame import Finding
from pipeline.plan.model import Plan
from pipeline.text import fold
from schemas.columns import records

Lost = list[tuple[int, str, str]]


def match_rows(
    entries: Entries,
    units: pd.Series,
    owners: Mapping[int, str],
    expected: pd.DataFrame,
    key: str,
    names: dict[str, str],
) -> tuple[pd.DataFrame, list[Finding], Lost]:
    """The raw rows whose code the plan expects of their unit, each once, with the plan's own spelling of it.

    ``units``: unit_code per raw row; ``owners``: unit_code per source; ``expected``: unit_code and ``key`` that
    must be reported. Findings: DG01 a code that is not the unit's, DG02 a code twice, DG03 content without a
    code. Lost: (source, code, name) of each expected row that is absent.
    """
    raw, table = entries.raw, entries.table
    findings: list[Finding] = []
    wanted: dict[str, dict[str, str]] = {}
    for unit, code in expected[["unit_code", key]].itertuples(index=False):
        wanted.setdefault(unit, {})[fold(code)] = code
    inputs = [name for name in table.inputs if name in raw]
    has_input = raw[inputs].notna().any(axis=1) if len(raw) else pd.Series(dtype="bool")
    seen: dict[tuple[int, str], int] = {}
    kept: dict[int, str] = {}
    columns = zip(raw.index, raw["source"], raw["row"], units, raw[key], has_input, strict=True)
    for index, source, row, unit, typed, filled in columns:
        text = parse_text(typed).value
        code = wanted.get(unit, {}).get(fold(text)) if text else None
        if text is None:
            if filled:
                findings.append(Finding(index, key, "DG03", {}))
        elif code is None:
            findings.append(Finding(index, key, "DG01", {}))
        elif (source, code) in seen:
            findings.append(Finding(index, key, "DG02", {"first": seen[source, code]}))
        else:
            seen[source, code] = row
            kept[index] = code
    lost = [
        (source, code, names[code])
        for source in entries.found
        for code in wanted.get(owners[source], {}).values()
        if (source, code) not in seen
    ]
    rows = raw.loc[list(kept)].copy()
    rows[key] = pd.Series(kept, dtype="object")
    return rows, findings, lost


def difficulty_rows(entries: Entries, units: pd.Series, plan: Plan) -> tuple[pd.DataFrame, list[Finding], Lost]:
    """The rows that state a difficulty; “Không”, “Không có” or a dash alone mean none.

    A task code that is not the unit's is refused (LC01), and the difficulty kept.
    """
    raw = entries.raw
    stated = [_states(row) for row in records(raw[list(entries.table.inputs)])]
    rows = raw[pd.Series(stated, index=raw.index, dtype="bool")].copy()
    mine = {unit: tuple(codes) for unit, codes in plan.expected_tasks.groupby("unit_code")["task_code"]}
    findings = []
    for label, typed in rows["task_code"].dropna().items():
        index, text = int(str(label)), str(parse_text(typed).value)
        codes = mine.get(units.loc[index], ())
        by_fold = {fold(code): code for code in codes}
        if fold(text) not in by_fold:
            findings.append(Finding(index, "task_code", "LC01", unknown_choice(text, codes)))
        rows.at[index, "task_code"] = by_fold.get(fold(text))
    return rows, findings, []


def _states(row: dict[str, object]) -> bool:
    """Whether a row says anything: not when it is blank, nor when its only words are “Không” or a dash."""
    said = {
        name for name, value in row.items() if not (value is None or (isinstance(value, str) and means_none(value)))
    }
    if said & {"description", "cause", "proposal", "addressed_to"}:
        return True
    return bool(said) and row["description"] is None
