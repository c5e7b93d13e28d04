"""Offer the officer a period's open warnings to decide on, keeping what has been decided."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.decisions import waiting
from pipeline.history import items_of, judge, read_history
from pipeline.inbox import DECISIONS_FILE
from pipeline.means import PLAIN, Means
from pipeline.opening import with_opening
from pipeline.plan.load import load_plan
from pipeline.take import take
from pipeline.write.decision_book import as_lines, write_decision_book
from schemas.columns import records
from schemas.decisions import FIELDS
from schemas.words import DecisionKind, Severity, Verdict


def write_decisions(plan_path: Path, period_code: str, inbox: Path, means: Means = PLAIN) -> tuple[Path, int]:
    """Write ``xac-nhan.xlsx`` in the inbox anew: its lines as typed, then a line for each open warning. Returns the
    file and how many warnings wait. Raises CannotRun, NotWritten."""
    plan = with_opening(load_plan(plan_path), inbox.parent, means)
    period = plan.period(period_code)
    taken = take(inbox, plan, period, means)
    judged = judge(taken, read_history(plan, period, inbox.parent, means))
    kept = []
    if judged.decisions.entries is not None:
        raw = judged.decisions.entries.raw
        kept = as_lines(raw[~waiting(raw)])
    own = judged.issues[judged.issues.index >= 0]  # a year shows its quarters' too, which are decided there
    offered = _open_warnings(own, items_of(own, taken.valid))
    ledger = taken.ledger[taken.ledger["verdict"].isin([Verdict.USED, Verdict.SUPERSEDED])]
    files = {row["file"]: f"{row['unit_name']}: {row['verdict'].lower()}" for row in records(ledger)}
    plan, difficulties = judged.plan, judged.facts.difficulties
    items = dict(zip(plan.tasks["task_code"], plan.tasks["task_title"], strict=True))
    items |= dict(zip(plan.indicators["indicator_code"], plan.indicators["indicator"], strict=True))
    items |= dict(zip(difficulties["difficulty_id"], difficulties["description"].fillna(""), strict=True))
    write_decision_book([*kept, *offered], files, items, plan, period, inbox / DECISIONS_FILE)
    return inbox / DECISIONS_FILE, len(offered)


def _open_warnings(issues: pd.DataFrame, items: Mapping[int, str]) -> list[dict[str, Any]]:
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    rows = issues[(issues["severity"] == Severity.WARNING) & issues["unit_code"].notna()]
    for label, row in zip(rows.index, records(rows), strict=True):
        field = row["field"] if row["field"] in FIELDS else None
        key = row["unit_code"], row["code"], items.get(int(str(label))), field
        line = dict(zip(("unit_code", "warning", "item_code", "field"), key, strict=True))
        # One line stands for all that look alike in it.
        before = found.setdefault(key, {"kind": DecisionKind.ACCEPT.value, "about": ""} | line)
        before["about"] = "\n".join(filter(None, [before["about"], row["message"]]))
    return list(found.values())
