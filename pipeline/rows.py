"""Which sheet rows count: matched to the plan by code, never by position."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.entries import Entries
from pipeline.parse.cells import means_none, parse_text, unknown_choice
from pipeline.parse.distinct import Codes, distinct
from pipeline.parse.frame import Finding
from pipeline.plan.model import Plan
from pipeline.text import fold
from schemas.columns import as_objects, records

Lost = list[tuple[int, str, str]]


def match_rows(
    entries: Entries, owners: Mapping[int, str], expected: pd.DataFrame, key: str, names: Mapping[str, str]
) -> tuple[pd.DataFrame, list[Finding], Lost]:
    """The raw rows whose code the plan expects of their unit, each once, with the plan's own spelling of it and, as
    ``place``, the row of ``expected`` that they answer; of the raw columns those that a unit fills.

    ``owners``: unit_code per source; ``expected``: unit_code and ``key`` that must be reported. Findings: DG01 a
    code that is not the unit's, DG02 a code twice, DG03 content without a code. Lost: (source, code, name) of each
    expected row that is absent.

    Units and codes are numbered, so that a unit's code is one number and the rows are matched all at once.
    """
    raw = entries.raw
    unit_of, units = pd.factorize(expected["unit_code"])
    code_of, codes = pd.factorize(expected[key])
    typed = distinct(raw[key])
    said = [parse_text(value).value for value in typed.values]
    known = {fold(code): at for at, code in enumerate(codes)}
    spoken = np.array([known.get(fold(text), -1) if text else -1 for text in said] + [-1])[typed.codes]
    blank = np.array([text is None for text in said] + [True])[typed.codes]

    sources = pd.Index(list(entries.found), dtype="int64")
    source_of = sources.get_indexer(pd.Index(raw["source"]))
    owner = pd.Index(units).get_indexer([owners[source] for source in sources])
    theirs = owner[source_of]
    wanted = pd.Index(unit_of * len(codes) + code_of)
    place = wanted.get_indexer(np.where((spoken < 0) | (theirs < 0), -1, theirs * len(codes) + spoken))
    counts = place >= 0
    again = counts & pd.Series(source_of * len(expected) + place).where(counts).duplicated().to_numpy()

    findings = [Finding(at, key, "DG01", {}) for at in np.flatnonzero(~counts & ~blank).tolist()]
    findings += [Finding(at, key, "DG03", {}) for at in _filled(entries, np.flatnonzero(blank))]
    kept = np.flatnonzero(counts & ~again)
    if again.any():
        first = dict(zip(zip(source_of[kept], place[kept], strict=True), raw["row"].to_numpy()[kept], strict=True))
        findings += [
            Finding(at, key, "DG02", {"first": int(first[source_of[at], place[at]])})
            for at in np.flatnonzero(again).tolist()
        ]
    rows = raw[["source", "row", key, *entries.table.inputs]].iloc[kept]
    rows = rows.assign(**{key: as_objects(codes.take(spoken[kept])), "place": place[kept]})
    absent = _absent(source_of[kept], place[kept], owner, unit_of)
    lost = [(int(sources[at]), code, names[code]) for at, rest in absent for code in expected[key].array[rest]]
    return rows, findings, lost


def _filled(entries: Entries, rows: Codes) -> list[int]:
    """The rows in which the unit entered anything."""
    inputs = entries.raw[list(entries.table.inputs)].iloc[rows]
    return [int(str(label)) for label in inputs.index[inputs.notna().any(axis=1)]] if len(rows) else []


def _absent(source_of: Codes, place: Codes, owner: Codes, unit_of: Codes) -> list[tuple[int, Codes]]:
    """Of each source that lacks any, the rows expected of its unit that none of its own answers."""
    due = np.append(np.bincount(unit_of, minlength=1), 0)[owner]  # owner −1: a unit of which nothing is expected
    short = np.flatnonzero(np.bincount(source_of, minlength=len(owner)) < due)
    return [(int(at), np.setdiff1d(np.flatnonzero(unit_of == owner[at]), place[source_of == at])) for at in short]


def difficulty_rows(entries: Entries, units: pd.Series, plan: Plan) -> tuple[pd.DataFrame, list[Finding], Lost]:
    """The rows that state a difficulty; “Không”, “Không có” or a dash alone mean none.

    A task code that is not the unit's is refused (LC01), and the difficulty kept; one that was carried here may be of
    a task that the unit, or one merged into it, had before. Of one that was carried here “Không” is no text: its text
    of before stands. The same id twice (DG02) counts once.
    """
    raw = entries.raw
    stated = [_states(row) for row in records(raw[["difficulty_id", *entries.table.inputs]])]
    rows = raw[np.array(stated, dtype="bool")]
    rows, twice = _each_once(rows)
    empty = [isinstance(text, str) and means_none(text) for text in rows["description"]]
    rows = rows.assign(description=rows["description"].mask(rows["difficulty_id"].notna() & np.array(empty, "bool")))
    mine = _tasks_of(plan.expected_tasks, {})
    ever = _tasks_of(plan.whole.expected_tasks, plan.heirs) if plan.whole else mine
    findings, codes = [], []
    carried = rows["difficulty_id"].notna()
    for index, unit, is_carried, typed in zip(rows.index, units[rows.index], carried, rows["task_code"], strict=True):
        text = None if typed is None else str(parse_text(typed).value)
        known_codes = (ever if is_carried else mine).get(unit, {})
        codes.append(None if text is None else known_codes.get(fold(text)))
        if text is not None and codes[-1] is None:
            known = tuple(mine.get(unit, {}).values())
            findings.append(Finding(int(str(index)), "task_code", "LC01", unknown_choice(text, known)))
    return rows.assign(task_code=as_objects(codes)), twice + findings, []


def _tasks_of(expected: pd.DataFrame, heirs: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """By the unit that answers now, the codes of its tasks by their folded spelling."""
    found: dict[str, dict[str, str]] = {}
    for unit, code in zip(expected["unit_code"].tolist(), expected["task_code"].tolist(), strict=True):
        found.setdefault(heirs.get(unit, unit), {})[fold(code)] = code
    return found


def _each_once(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """The rows without those whose id a row of the same submission had before, and DG02 on each of those."""
    again = rows["difficulty_id"].notna() & rows.duplicated(["source", "difficulty_id"])
    keys = list(zip(rows["source"], rows["difficulty_id"], strict=True))
    first: dict[tuple[int, str], int] = {}
    for key, row in zip(keys, rows["row"], strict=True):
        first.setdefault(key, int(row))
    twice = [
        Finding(int(str(at)), "difficulty_id", "DG02", {"first": first[key]})
        for at, key, is_again in zip(rows.index, keys, again, strict=True)
        if is_again
    ]
    return rows[~again], twice


def _states(row: dict[str, object]) -> bool:
    """Whether a row says anything: not when it is blank, nor when its only words are “Không” or a dash, unless it
    answers for a difficulty that was carried here."""
    said = {
        name for name, value in row.items() if not (value is None or (isinstance(value, str) and means_none(value)))
    }
    if said & {"description", "cause", "proposal", "addressed_to"}:
        return True
    return bool(said) and (row["description"] is None or "difficulty_id" in said)
