"""One period's inbox as facts: received, validated, merged, with what the officer decided on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.decided import check_outcome
from pipeline.decisions import Decisions, check_files_chosen, read_decisions
from pipeline.issues import empty_issues, join_issues
from pipeline.means import PLAIN, Means
from pipeline.merge import Facts, merge
from pipeline.plan.model import Period, Plan
from pipeline.read.submission import Content
from pipeline.receive import Received, receive
from pipeline.validate import Valid, validate
from pipeline.versions import revisions, with_changes
from schemas.columns import conform, records
from schemas.records import Ledger
from schemas.words import PeriodKind, Verdict


@dataclass(frozen=True)
class Taken:
    """``plan`` is the plan in force; ``revisions``: what changed between versions; the rest as the stages give it."""

    plan: Plan
    period: Period
    ledger: pd.DataFrame
    issues: pd.DataFrame
    valid: Valid
    facts: Facts
    decisions: Decisions
    revisions: pd.DataFrame


def take(inbox: Path, plan: Plan, period: Period, means: Means = PLAIN) -> Taken:
    """receive → validate → merge, with the decisions of the inbox in place. Raises CannotRun."""
    plan = plan.in_force(period.data_to)
    decisions = read_decisions(inbox, plan)
    received = _received(inbox, plan, period, decisions.files, means)
    if means.helper is not None:
        means.helper.start(len(received.ledger))
    return settle(received, plan, period, decisions)


def settle(received: Received, plan: Plan, period: Period, decisions: Decisions) -> Taken:
    """What was received as facts; its contents are given up. ``plan``: the one in force."""
    changed = revisions(received.ledger, received.contents)
    ledger = with_changes(received.ledger, changed)
    valid, cells = validate_used(ledger, received.contents, plan)
    received.contents.clear()  # their cells stand in ``valid`` now; a thousand workbooks need not be held twice
    facts = merge(valid, sources_of(ledger), plan, decisions.values)
    parts: Sequence[pd.DataFrame] = (
        received.issues,
        cells,
        decisions.issues,
        check_files_chosen(decisions, ledger),
        check_outcome(decisions, facts, plan),
    )
    return Taken(plan, period, ledger, join_issues(parts), valid, facts, decisions, changed)


def _received(inbox: Path, plan: Plan, period: Period, use: Sequence[tuple[str, str]], means: Means) -> Received:
    """A year needs no submissions of its own: its quarters may be all there is."""
    if period.kind == PeriodKind.YEAR and not inbox.exists():
        ledger = conform(Ledger, []).assign(received_at=pd.Series(dtype="datetime64[us]"), code=pd.Series(dtype="str"))
        return Received(ledger, {}, empty_issues())
    return receive(inbox, plan, period, use, means)


def sources_of(ledger: pd.DataFrame) -> dict[int, dict[str, Any]]:
    """Of each counted submission its file, unit_code and unit_name, by item number."""
    used = ledger[ledger["verdict"] == Verdict.USED]
    return dict(zip(map(int, used.index), records(used[["file", "unit_code", "unit_name"]]), strict=True))


def validate_used(ledger: pd.DataFrame, contents: dict[int, Content], plan: Plan) -> tuple[Valid, pd.DataFrame]:
    sources = sources_of(ledger)
    return validate({number: contents[number] for number in sources}, sources, plan)
