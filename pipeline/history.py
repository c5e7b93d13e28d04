"""The periods of a plan one after another, oldest first, each received once and judged on what came before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.assess.cross_period import RULES
from pipeline.assess.lives import listed, live, no_lives
from pipeline.assess.obstacles import arrange
from pipeline.assess.run import Assessment, assess
from pipeline.assess.situation import Flag, Situation
from pipeline.assess.timeliness import with_counts
from pipeline.assess.told import with_told_on
from pipeline.assess.trends import with_trend
from pipeline.decisions import Decisions, accept, beside, files_beside
from pipeline.inbox import has_submissions
from pipeline.intake.begun import ahead
from pipeline.issues import IssueRow, cell_issues, file_issue, join_issues
from pipeline.means import PLAIN, Means
from pipeline.merge import Facts, PeriodFacts
from pipeline.parse.frame import Finding
from pipeline.plan.model import Period, Plan
from pipeline.quarters import standing, with_quarters
from pipeline.take import Taken, sources_of, take
from pipeline.text import is_blank
from pipeline.validate import Valid
from pipeline.year import annual_facts
from schemas.template import BY_NAME
from schemas.words import DecisionKind, PeriodKind, Verdict


@dataclass(frozen=True)
class Judged:
    """One period: what was received (``ledger``, ``issues``), decided, and what follows (``facts``, ``lives`` of
    every difficulty so far, ``assessment``). ``plan`` is the plan that was in force.

    ``counted``: the period whose submissions the timeliness tells of; not its own for a year on which nobody was asked
    to report beside the quarters.
    """

    plan: Plan
    period: Period
    counted: Period
    as_of: date
    ledger: pd.DataFrame
    issues: pd.DataFrame
    facts: Facts
    lives: pd.DataFrame
    assessment: Assessment
    decisions: Decisions
    revisions: pd.DataFrame

    @property
    def period_facts(self) -> PeriodFacts:
        return PeriodFacts(self.plan, self.period, self.facts)


History = tuple[Judged, ...]


def read_history(plan: Plan, period: Period, folder: Path, means: Means = PLAIN) -> History:
    """The earlier periods that have a folder of submissions ``folder/<period code>``, each judged on its own
    consolidation day. Raises CannotRun."""
    judged: History = ()
    inboxes = [(earlier, folder / earlier.period_code) for earlier in plan.earlier(period)]
    inboxes = [(earlier, inbox) for earlier, inbox in inboxes if has_submissions(inbox)]
    with ahead((inbox for _, inbox in inboxes), means.begun, means.machines):
        for earlier, inbox in inboxes:
            taken = take(inbox, plan, earlier, means)
            means.progress.stage(f"Tổng hợp {earlier.period_code}")
            judged = (*judged, judge(taken, judged))
    return judged


def previous(history: Sequence[Judged]) -> Judged | None:
    """The last quarter before, which a period is compared with."""
    return next((one for one in reversed(history) if one.period.kind == PeriodKind.QUARTER), None)


def judge(taken: Taken, past: Sequence[Judged], as_of: date | None = None) -> Judged:
    """difficulties' lives → rules between periods → decisions → assess. ``as_of``: by default the consolidation day."""
    plan, period = taken.plan, taken.period
    day = as_of or period.consolidate_on
    lives = lives_after(taken, past)
    issues, accepted = _judged_issues(taken, past, lives)
    facts = beside(replace(taken.facts, difficulties=arrange(listed(lives, period), plan)), accepted)
    ledger, changed = taken.ledger, taken.revisions
    if period.kind == PeriodKind.YEAR:
        quarters = [one.period_facts for one in past if one.period.kind == PeriodKind.QUARTER]
        facts = annual_facts(facts, quarters, plan, period)
    facts = replace(facts, progress=with_told_on(facts.progress, [one.period_facts for one in past], plan))
    assessment = assess(facts, ledger, issues, plan, period, day, taken.decisions.due)
    counted, timeliness = period, assessment.timeliness
    if period.kind == PeriodKind.YEAR:
        last = previous(past)
        if last is not None and (ledger["verdict"] == Verdict.IGNORED).all():
            counted, timeliness = last.period, standing(timeliness, past)
        ledger, issues, changed = with_quarters(ledger, issues, changed, past)
        timeliness = with_counts(timeliness, issues)
    timeliness = files_beside(timeliness, taken.decisions)
    results = with_trend(assessment.results, [(one.period, one.assessment.results) for one in past], period, plan.heirs)
    assessment = replace(assessment, results=results, timeliness=timeliness)
    return Judged(plan, period, counted, day, ledger, issues, facts, lives, assessment, taken.decisions, changed)


def issues_after(taken: Taken, past: Sequence[Judged]) -> pd.DataFrame:
    """The issues of what was taken, those of the rules between periods included."""
    issues, _ = _judged_issues(taken, past, lives_after(taken, past))
    return issues


def _heard(taken: Taken) -> set[str]:
    return {source["unit_code"] for source in sources_of(taken.ledger).values()}


def lives_before(plan: Plan, past: Sequence[Judged]) -> pd.DataFrame:
    """Every difficulty as the last period left it; before the first, as the year before did."""
    if past:
        return past[-1].lives
    return plan.opening.lives if plan.opening else no_lives()


def lives_after(taken: Taken, past: Sequence[Judged]) -> pd.DataFrame:
    """Every difficulty as it stands after what was taken."""
    before = lives_before(taken.plan, past)
    return live(taken.facts.difficulties, before, taken.plan, taken.period, _heard(taken))


def _judged_issues(
    taken: Taken, past: Sequence[Judged], lives: pd.DataFrame
) -> tuple[pd.DataFrame, list[dict[str, Any]]]:
    """The issues with those of the rules between periods, without the warnings that the officer accepted; and the
    decisions that accepted them."""
    said = [one.period_facts for one in past]
    situation = Situation(PeriodFacts(taken.plan, taken.period, taken.facts), said, lives, _reported_on(taken.ledger))
    flags = [flag for rule in RULES for flag in rule(situation)]
    issues = join_issues([taken.issues, *flag_issues(flags, taken)]) if flags else taken.issues
    asked = taken.decisions.about(issues)
    if asked.empty and not taken.decisions.of(DecisionKind.ACCEPT):
        return issues, []
    left, unmatched, accepted = accept(issues, items_of(asked, taken.valid), taken.decisions)
    return join_issues([left, unmatched]), accepted


def _reported_on(ledger: pd.DataFrame) -> Mapping[str, date]:
    used = ledger[(ledger["verdict"] == Verdict.USED) & ledger["received_on"].notna()]
    return {unit: day.date() for unit, day in zip(used["unit_code"], used["received_on"], strict=True)}


def flag_issues(flags: Sequence[Flag], taken: Taken) -> list[pd.DataFrame | IssueRow]:
    """Flags as issues, at the cell where the unit typed what they ask about; a value that only the officer's
    decision gave has no cell."""
    sources = sources_of(taken.ledger)
    findings: dict[str, list[Finding]] = {}
    parts: list[pd.DataFrame | IssueRow] = []
    places = {name: _places(taken.valid, name, flags) for name in ("tasks", "indicators")}
    for flag in flags:
        at = flag.item if isinstance(flag.item, int) else places[flag.table].get((flag.unit_code, flag.item))
        if at is None:
            source = {"unit_code": flag.unit_code, "unit_name": taken.plan.unit_names.get(flag.unit_code), "file": None}
            parts.append(file_issue(flag.code, source, **flag.params))
        else:
            findings.setdefault(flag.table, []).append(Finding(at, flag.field, flag.code, dict(flag.params)))
    parts += [cell_issues(found, taken.valid.entries[name], sources) for name, found in findings.items()]
    return parts


def _places(valid: Valid, name: str, flags: Sequence[Flag]) -> dict[tuple[str, str], int]:
    """Where the units with flags on the table have typed their rows of it."""
    frame = valid.frames[name]
    frame = frame[frame["unit_code"].isin({flag.unit_code for flag in flags if flag.table == name})]
    return dict(
        zip(zip(frame["unit_code"], frame[BY_NAME[name].key[0]], strict=True), map(int, frame.index), strict=True)
    )


def items_of(issues: pd.DataFrame, valid: Valid) -> dict[int, str]:
    """The task, indicator or difficulty (its id, else its task) that each issue is about, by the issue's label."""
    found: dict[int, str] = {}
    for label, table, index in zip(issues.index, issues["table"], issues["index"], strict=True):
        if index < 0 or table not in valid.entries:
            continue
        keys = BY_NAME[table].key or ("difficulty_id", "task_code")
        codes = [valid.entries[table].typed(int(index), key) for key in keys]
        found[int(label)] = next((str(code) for code in codes if not is_blank(code)), "")
    return found
