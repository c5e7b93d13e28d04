"""Offer the officer a period's open warnings to decide on, keeping what has been decided."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.decisions import waiting
from pipeline.history import Judged, items_of, judge, read_history
from pipeline.means import PLAIN, Means
from pipeline.plan.load import load_plan
from pipeline.take import take
from pipeline.write.decision_book import as_lines, write_decision_book
from schemas.columns import records
from schemas.decisions import FIELDS, FILE
from schemas.words import DecisionKind, Severity, Verdict


def write_decisions(plan_path: Path, period_code: str, inbox: Path, means: Means = PLAIN) -> tuple[Path, int]:
    """Write ``xac-nhan.xlsx`` in the inbox anew: its lines as typed, then a line for each open warning. Returns the
    file and how many warnings wait. Raises CannotRun, NotWritten."""
    plan = load_plan(plan_path)
    period = plan.period(period_code)
    taken = take(inbox, plan, period, means)
    judged = judge(taken, read_history(plan, period, inbox.parent, means))
    kept = []
    if judged.decisions.entries is not None:
        raw = judged.decisions.entries.raw
        kept = as_lines(raw[~waiting(raw)])
    offered = _open_warnings(judged, items_of(judged.issues, taken.valid))
    files = list(judged.ledger.loc[judged.ledger["verdict"].isin([Verdict.USED, Verdict.SUPERSEDED]), "file"])
    plan = judged.plan
    items = [*plan.tasks["task_code"], *plan.indicators["indicator_code"], *judged.facts.difficulties["difficulty_id"]]
    write_decision_book([*kept, *offered], files, items, plan, period, inbox / FILE)
    return inbox / FILE, len(offered)


def _open_warnings(judged: Judged, items: Mapping[int, str]) -> list[dict[str, Any]]:
    rows = judged.issues[(judged.issues["severity"] == Severity.WARNING) & judged.issues["unit_code"].notna()]
    return [
        {
            "kind": DecisionKind.ACCEPT.value,
            "unit_code": row["unit_code"],
            "warning": row["code"],
            "item_code": items.get(int(str(label))),
            "field": row["field"] if row["field"] in FIELDS else None,
            "about": row["message"],
        }
        for label, row in zip(rows.index, records(rows), strict=True)
    ]
