"""From the tables of the counted submissions to typed, checked rows, and every issue on the way."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.check import check_frame, void
from pipeline.entries import Entries, gather
from pipeline.forms import QUESTION
from pipeline.issued import indicator_rows, task_rows
from pipeline.issues import IssueRow, Source, cell_issues, join_issues, sheet_issue, table_issue
from pipeline.locked import altered
from pipeline.parse.cells import parse_date
from pipeline.parse.frame import Finding, parse_frame
from pipeline.plan.model import Plan
from pipeline.read.submission import Content
from pipeline.rows import difficulty_rows, match_rows
from pipeline.text import closest
from schemas.template import BY_NAME, ENTRIES, TABLES
from schemas.words import DifficultyState, IndicatorKind, YesNo


@dataclass(frozen=True)
class Valid:
    """``frames``: by table, the typed rows that count: the fields that a unit fills, ``source``, ``row`` and
    ``unit_code``, and of tasks and indicators ``place``, the row of the plan's expected ones that they answer; an
    erroneous cell is missing. ``entries``: the same rows as typed, for addresses and returns."""

    frames: dict[str, pd.DataFrame]
    entries: dict[str, Entries]


def validate(contents: Mapping[int, Content], sources: Mapping[int, Source], plan: Plan) -> tuple[Valid, pd.DataFrame]:
    """``contents``: the counted submissions as read; ``sources``: of each its file, unit_code and unit_name."""
    tables = {number: content.tables for number, content in contents.items()}
    entries = {table.name: gather(tables, table) for table in TABLES}
    units = {number: str(source["unit_code"]) for number, source in sources.items()}
    frames: dict[str, pd.DataFrame] = {}
    issues: list[pd.DataFrame | IssueRow] = [*_structure(contents, sources)]
    for name, entry in entries.items():
        unit_codes = entry.raw["source"].map(units).astype("str")
        rows, findings, lost = _ROWS[name](entry, unit_codes, plan, units)
        findings = [*entry.notes(), *findings]
        typed, findings = _typed(name, rows, plan, findings)
        issues.append(cell_issues(findings, entry, sources))
        issues += [
            table_issue(
                "DG04", sources[number], number, entry.table, entry.found[number].sheet, missing=code, name=title
            )
            for number, code, title in lost
        ]
        frames[name] = typed.assign(unit_code=unit_codes.loc[rows.index])
    issues.append(cell_issues(_answers(frames), entries["answer"], sources))
    return Valid(frames, {name: entry.kept() for name, entry in entries.items()}), join_issues(issues)


def _typed(name: str, rows: pd.DataFrame, plan: Plan, known: list[Finding]) -> tuple[pd.DataFrame, list[Finding]]:
    """Parse, then one lazy pandera pass, then void what is erroneous; ``known`` are the findings so far."""
    milestones = None
    table = BY_NAME[name]
    # Locked cells are the plan's own words: only what a unit enters is parsed and judged.
    filled = [*table.key, *table.carried, *table.inputs]
    beside = ["source", "row", *(["place"] if "place" in rows else [])]
    raw = rows[filled]
    if name == "indicators":
        kinds = raw["indicator_code"].map({code: kind.value for code, kind in plan.indicator_kinds.items()})
        raw = raw.assign(kind=kinds)
        milestones = (kinds == IndicatorKind.MILESTONE).to_numpy()
    typed, findings = parse_frame(raw, ENTRIES[name], milestones)
    findings = known + findings
    findings += check_frame(typed, ENTRIES[name], findings)
    if name == "info":
        findings += _dates(raw)
    checked = void(typed[filled], [finding for finding in findings if finding.at in typed.index])
    return checked.assign(**{each: rows[each] for each in beside}), findings


def _dates(info: pd.DataFrame) -> list[Finding]:
    """``info``: as received; a date that was typed as one would be a text by now."""
    typed = info.loc[info["key"] == "report_date", "value"].dropna()
    parsed = {index: parse_date(value) for index, value in typed.items()}
    return [Finding(int(str(index)), "value", p.code, p.params) for index, p in parsed.items() if p.code]


def _structure(contents: Mapping[int, Content], sources: Mapping[int, Source]) -> list[IssueRow]:
    """Sheets, tables and input columns that a submission lost, and those it has too many."""
    issues = []
    for number, content in contents.items():
        source = sources[number]
        issues += [sheet_issue(note.code, source, number, note.sheet, **note.params) for note in content.notes]
        gone: list[str] = []
        for table in TABLES:
            raw = content.tables.get(table.name)
            if raw is None and table.sheet in gone:
                continue  # the sheet holds two tables, and is missed once
            if raw is None:
                gone.append(table.sheet)
                near = closest(table.sheet, [note.sheet for note in content.notes])
                suggestion = f" (ý bạn là sheet “{near}”?)" if near else ""
                issues.append(table_issue("TT08", source, number, table, table.sheet, suggestion=suggestion))
                continue
            for name in raw.missing:
                if name in table.inputs or name in table.key:
                    title = table.column(name).title
                    issues.append(table_issue("TT09", source, number, table, raw.sheet, column=title))
            for letter, header, count in raw.strangers:
                named = {"letter": letter, "header": f" (“{header}”)" if header else "", "count": count}
                issues.append(table_issue("DG06", source, number, table, raw.sheet, **named))
    return issues


def _answers(frames: Mapping[str, pd.DataFrame]) -> list[Finding]:
    """KK01, KK02: the answer Có or Không against the rows below it; one that is resolved stands against no answer."""
    rows = frames["difficulties"]
    stated = set(rows["source"])
    standing = Counter(rows["source"][rows["state"] != DifficultyState.RESOLVED])
    findings = []
    answers = frames["answer"]
    for index, source, answer in zip(answers.index, answers["source"], answers["has_difficulty"], strict=True):
        if answer == YesNo.YES and source not in stated:
            findings.append(Finding(index, "has_difficulty", "KK01", {}))
        elif answer == YesNo.NO and standing[source]:
            findings.append(Finding(index, "has_difficulty", "KK02", {"count": standing[source]}))
    return findings


_TASK_FACTS = ["task_title", "role", "deadline"]
_INDICATOR_FACTS = ["indicator", "target", "numerator_label", "denominator_label"]
Owners = Mapping[int, str]
Rows = tuple[pd.DataFrame, list[Finding], list[tuple[int, str, str]]]


def _tasks(entry: Entries, units: pd.Series, plan: Plan, owners: Owners) -> Rows:
    names = dict(zip(plan.tasks["task_code"], plan.tasks["task_title"], strict=True))
    rows, findings, lost = match_rows(entry, owners, plan.expected_tasks, "task_code", names)
    return rows, findings + altered(entry, rows, task_rows(plan)[_TASK_FACTS]), lost


def _indicators(entry: Entries, units: pd.Series, plan: Plan, owners: Owners) -> Rows:
    names = dict(zip(plan.indicators["indicator_code"], plan.indicators["indicator"], strict=True))
    rows, findings, lost = match_rows(entry, owners, plan.expected_figures, "indicator_code", names)
    return rows, findings + altered(entry, rows, indicator_rows(plan)[_INDICATOR_FACTS]), lost


def _difficulties(entry: Entries, units: pd.Series, plan: Plan, owners: Owners) -> Rows:
    return difficulty_rows(entry, units, plan)


def _info_rows(entry: Entries, units: pd.Series, plan: Plan, owners: Owners) -> Rows:
    """Only the lines that the template has; whatever else stands on the sheet is the unit's own (signatures)."""
    return entry.raw[entry.raw["key"].notna()], [], []


def _first_answer(entry: Entries, units: pd.Series, plan: Plan, owners: Owners) -> Rows:
    rows = entry.raw.drop_duplicates("source")
    lost = sorted(entry.found.keys() - set(rows["source"]))
    return rows, [], [(number, entry.table.column("has_difficulty").title, QUESTION) for number in lost]


_ROWS: dict[str, Callable[[Entries, pd.Series, Plan, Owners], Rows]] = {
    "info": _info_rows,
    "tasks": _tasks,
    "indicators": _indicators,
    "answer": _first_answer,
    "difficulties": _difficulties,
}
