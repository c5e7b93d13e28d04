"""What the officer decided on a period (``xac-nhan.xlsx``), read and checked like everything else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.check import check_frame, is_error
from pipeline.entries import Entries, gather
from pipeline.errors import CannotRun, Unreadable
from pipeline.inbox import DECISIONS_FILE
from pipeline.issues import cell_issues, display, empty_issues
from pipeline.merge import Decided, Facts
from pipeline.parse.cells import Parsed, parse_choice, parse_date, parse_number, parse_text, parse_yes_no
from pipeline.parse.frame import Finding, parse_frame
from pipeline.plan.model import Plan
from pipeline.read.tables import TableLayout, read_tables
from pipeline.read.workbooks import read_workbook
from pipeline.text import fold, is_blank
from schemas.columns import conform, records
from schemas.decisions import DECISIONS, FIELDS, Decision
from schemas.messages import MESSAGES
from schemas.template import BY_NAME
from schemas.words import DecisionKind, IndicatorKind, Severity, Verdict

_SOURCE: dict[str, Any] = {"file": DECISIONS_FILE, "unit_code": None, "unit_name": None}


@dataclass(frozen=True)
class Decisions:
    """``rows``: the decisions in force, with ``row`` (of Excel) and ``parsed`` (the value in the field's type);
    ``issues``: the faults found; ``undecided``: how many warnings of the list still wait for an answer."""

    rows: pd.DataFrame = field(default_factory=lambda: conform(Decision, []).assign(row=0, parsed=None))
    issues: pd.DataFrame = field(default_factory=empty_issues)
    entries: Entries | None = None
    undecided: int = 0

    def of(self, kind: DecisionKind) -> list[dict[str, Any]]:
        return records(self.rows[self.rows["kind"] == kind])

    @property
    def files(self) -> list[tuple[str, str]]:
        """(unit, file) of those of the ledger that the officer has chosen."""
        return [(row["unit_code"], row["file"]) for row in self.of(DecisionKind.FILE)]

    @property
    def values(self) -> list[Decided]:
        return [
            Decided(
                row["unit_code"], row["item_code"], FIELDS[row["field"]][1], row["field"], row["parsed"], because(row)
            )
            for row in self.of(DecisionKind.VALUE)
        ]

    def about(self, issues: pd.DataFrame) -> pd.DataFrame:
        """The warnings among the issues that an ACCEPT decision may mean: those of its unit and code."""
        rows = self.rows[self.rows["kind"] == DecisionKind.ACCEPT]
        near = issues[issues["unit_code"].isin(rows["unit_code"]) & issues["code"].isin(rows["warning"])]
        return near[near["severity"] == Severity.WARNING]

    @property
    def due(self) -> dict[str, tuple[date, str]]:
        """The day until which each unit was given time, and why."""
        return {row["unit_code"]: (row["parsed"].date(), because(row)) for row in self.of(DecisionKind.DUE)}


def because(row: Mapping[str, Any]) -> str:
    return f"{row['reason']} ({row['decided_by']}, {row['decided_on']:%d/%m/%Y})"


def in_words(row: Mapping[str, Any]) -> str:
    """One decision as the ledger shows it."""
    about = [row[name] for name in ("unit_code", "warning", "item_code", "field", "file") if not is_blank(row[name])]
    value = "" if is_blank(row["value"]) else f" → {display(row['value'])}"
    return f"{row['kind']}: {' · '.join(about)}{value}. {because(row)}"


def read_decisions(inbox: Path, plan: Plan) -> Decisions:
    """None where the inbox holds no such workbook. Raises CannotRun where it cannot be read: a run without what
    was decided would mislead."""
    path = inbox / DECISIONS_FILE
    if not path.is_file():
        return Decisions()
    try:
        found = read_tables(read_workbook(path), [TableLayout.of(DECISIONS)])
    except Unreadable as error:
        what = MESSAGES[error.code].what.format_map(error.params)
        raise CannotRun(f"{path}: {what} Mở lại tệp bằng Excel và lưu, hoặc tạo lại bằng lệnh “decisions”.") from error
    if DECISIONS.name not in found:
        raise CannotRun(f"{path} không có bảng “{DECISIONS.title}”. Tạo lại tệp bằng lệnh “decisions”.")
    entries = gather({0: found}, DECISIONS)
    unanswered = waiting(entries.raw)
    raw = entries.raw[~unanswered]
    typed, findings = parse_frame(raw, Decision)
    findings += check_frame(typed, Decision, findings)
    typed["row"] = raw["row"]
    parsed, found_values = _values(typed, raw, plan)
    findings += found_values
    for rule in RULES:
        findings += rule(typed, plan)
    wrong = {finding.at for finding in findings if is_error(finding)}
    findings += one_decision_a_thing(typed[~typed.index.isin(wrong)])
    wrong |= {finding.at for finding in findings if is_error(finding)}
    rows = typed.assign(parsed=parsed)[~typed.index.isin(wrong)]
    return Decisions(
        rows, cell_issues(findings, entries, {0: _SOURCE}).assign(source=-1), entries, int(unanswered.sum())
    )


def waiting(raw: pd.DataFrame) -> "pd.Series[bool]":
    """A warning that the workbook lists and nobody has answered yet."""
    blank = raw[["reason", "decided_by", "decided_on", "value", "file"]].isna().all(axis=1)
    return blank & (raw["kind"] == DecisionKind.ACCEPT)


def _values(typed: pd.DataFrame, raw: pd.DataFrame, plan: Plan) -> tuple[pd.Series, list[Finding]]:
    """The values of VALUE and DUE decisions in the type of their field."""
    parsed: dict[Any, Any] = {}
    findings = []
    for index, row in typed.iterrows():
        if is_blank(raw.at[index, "value"]):
            continue
        result = _parse(raw.at[index, "value"], row, plan)
        parsed[index] = pd.Timestamp(result.value) if isinstance(result.value, date) else result.value
        if result.code:
            findings.append(Finding(int(str(index)), "value", result.code, result.params))
    return pd.Series(parsed, index=typed.index, dtype="object"), findings


def _parse(value: Any, row: "pd.Series[Any]", plan: Plan) -> Parsed:
    if row["kind"] == DecisionKind.DUE:
        return parse_date(value)
    if row["kind"] != DecisionKind.VALUE or row["field"] not in FIELDS:
        return parse_text(value)
    table, name = FIELDS[row["field"]]
    spec = BY_NAME[table].column(name)
    if name == "numerator" and plan.indicator_kinds.get(str(row["item_code"])) == IndicatorKind.MILESTONE:
        return parse_yes_no(value)
    if spec.kind == "number":
        result = parse_number(value)
        if result.value is not None and result.value < 0:
            return Parsed(None, "SO04", {"limit": "0"})
        return result
    if spec.kind == "date":
        return parse_date(value)
    if spec.choices:
        word = parse_choice(value, spec.choices)
        if word.value not in spec.choices:
            return Parsed(None, "LC01", {"choices": " · ".join(spec.choices)})
        return word
    return parse_text(value)


def unit_is_in_the_plan(rows: pd.DataFrame, plan: Plan) -> list[Finding]:
    wrong = rows["unit_code"].notna() & ~rows["unit_code"].isin(plan.units["unit_code"])
    return [Finding(int(i), "unit_code", "QD05", {}) for i in rows.index[wrong]]


def item_is_the_units_own(rows: pd.DataFrame, plan: Plan) -> list[Finding]:
    """A value is set only where the plan expects one of the unit."""
    tasks = set(plan.expected_tasks[["unit_code", "task_code"]].itertuples(index=False, name=None))
    figures = set(plan.expected_figures[["unit_code", "indicator_code"]].itertuples(index=False, name=None))
    expected = {"tasks": tasks, "indicators": figures}
    found = []
    for index, row in rows[
        (rows["kind"] == DecisionKind.VALUE) & rows["unit_code"].isin(plan.units["unit_code"])
    ].iterrows():
        if row["field"] not in FIELDS or is_blank(row["item_code"]):
            continue
        table, name = FIELDS[row["field"]]
        kind = plan.indicator_kinds.get(row["item_code"])
        has_column = name != "denominator" or kind is None or kind.has_denominator
        if (row["unit_code"], row["item_code"]) not in expected[table] or not has_column:
            found.append(Finding(int(str(index)), "item_code", "QD06", {"column": row["field"]}))
    return found


def one_decision_a_thing(rows: pd.DataFrame) -> list[Finding]:
    """``rows``: those in force; what is faulty stands in nobody's way."""
    first: dict[tuple[Any, ...], int] = {}
    found = []
    about = ["kind", "unit_code", "warning", "item_code", "field"]
    for index, row in rows.iterrows():
        told = tuple("" if is_blank(row[name]) else row[name] for name in about)
        if told in first:
            found.append(Finding(int(str(index)), "kind", "QD08", {"first": first[told]}))
        first.setdefault(told, int(row["row"]))
    return found


RULES = (unit_is_in_the_plan, item_is_the_units_own)


def check_files_chosen(decisions: Decisions, ledger: pd.DataFrame) -> pd.DataFrame:
    """QD07 for a chosen file that did not come to count: it is not there, or no valid submission of the unit."""
    used = ledger[ledger["verdict"] == Verdict.USED]
    known = {(unit, fold(file)) for unit, file in zip(used["unit_code"], used["file"], strict=True)}
    rows = decisions.rows[decisions.rows["kind"] == DecisionKind.FILE]
    told = [(unit, fold(file)) in known for unit, file in zip(rows["unit_code"], rows["file"], strict=True)]
    return _unmatched(decisions, rows.index[~np.array(told, dtype="bool")], "file")


def accept(
    issues: pd.DataFrame, items: Mapping[int, str], decisions: Decisions
) -> tuple[pd.DataFrame, pd.DataFrame, list[dict[str, Any]]]:
    """The issues without the warnings that were accepted, by one decision each or together all that look alike; the
    issues of decisions that matched nothing (QD07); and the decisions that did.

    ``items``: the task, indicator or difficulty of each issue, by the issue's label.
    """
    silenced: set[Any] = set()
    unmatched, applied = [], []
    near = dict(list(decisions.about(issues).groupby(["unit_code", "code"])))
    for index, row in decisions.rows[decisions.rows["kind"] == DecisionKind.ACCEPT].iterrows():
        same = near.get((row["unit_code"], row["warning"]), issues.iloc[:0])
        if not is_blank(row["item_code"]):
            same = same[[items.get(int(str(label)), "") == row["item_code"] for label in same.index]]
        if not is_blank(row["field"]):
            same = same[same["field"] == row["field"]]
        if len(same) and len(_looks(same, items)) == 1:
            silenced |= set(same.index)
            applied.append({str(name): value for name, value in row.items()} | {"item": items.get(same.index[0], "")})
        else:
            unmatched.append(index)
    left = issues[~issues.index.isin(silenced)]
    return left, _unmatched(decisions, pd.Index(unmatched), "warning"), applied


def _looks(issues: pd.DataFrame, items: Mapping[int, str]) -> set[tuple[str, str]]:
    """What a line of the workbook could tell them apart by."""
    fields = issues["field"].where(issues["field"].isin(list(FIELDS)), "")
    return {(items.get(int(str(label)), ""), field) for label, field in zip(issues.index, fields, strict=True)}


def beside(facts: Facts, applied: Sequence[Mapping[str, Any]]) -> Facts:
    """The facts with each accepted warning named beside the row that it was about."""
    if not applied:
        return facts
    return replace(
        facts,
        progress=_with_accepted(facts.progress, "task_code", applied),
        figures=_with_accepted(facts.figures, "indicator_code", applied),
    )


def _with_accepted(frame: pd.DataFrame, key: str, applied: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    rows = frame[frame["unit_code"].isin({row["unit_code"] for row in applied})]
    places = dict(zip(zip(rows["unit_code"], rows[key], strict=True), rows.index, strict=True))
    made = frame.copy()
    for row in applied:
        if (at := places.get((row["unit_code"], row["item"]))) is not None:
            _say_beside(made, at, f"Chấp nhận {row['warning']}: {because(row)}")
    return made


def files_beside(timeliness: pd.DataFrame, decisions: Decisions) -> pd.DataFrame:
    """The units' timeliness with each chosen file named beside its unit."""
    frame = timeliness.copy()
    for row in decisions.of(DecisionKind.FILE):
        for at in frame.index[frame["unit_code"] == row["unit_code"]]:
            _say_beside(frame, at, f"Dùng tệp {row['file']}: {because(row)}")
    return frame


def _say_beside(frame: pd.DataFrame, at: Any, text: str) -> None:
    """Add a line to the decisions that already stand beside a row."""
    said = [] if is_blank(frame.at[at, "decision"]) else [str(frame.at[at, "decision"])]
    frame.at[at, "decision"] = "\n".join([*said, text])


def _unmatched(decisions: Decisions, labels: "pd.Index[Any]", name: str) -> pd.DataFrame:
    return findings_on(decisions, [Finding(int(label), name, "QD07", {}) for label in labels])


def findings_on(decisions: Decisions, findings: Sequence[Finding]) -> pd.DataFrame:
    """As issues of the officer's workbook."""
    if decisions.entries is None or not findings:
        return empty_issues()
    return cell_issues(findings, decisions.entries, {0: _SOURCE}).assign(source=-1)
