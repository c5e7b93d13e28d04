"""All judgements of one period."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from pipeline.assess.explain import explanations
from pipeline.assess.results import target_results
from pipeline.assess.status import task_statuses
from pipeline.assess.timeliness import unit_timeliness
from pipeline.merge import Facts
from pipeline.plan.model import Period, Plan


@dataclass(frozen=True)
class Assessment:
    """Frames of :mod:`schemas.records`: TaskStatus, Result, UnitTimeliness, Explanation."""

    statuses: pd.DataFrame
    results: pd.DataFrame
    timeliness: pd.DataFrame
    explanations: pd.DataFrame


def assess(
    facts: Facts, ledger: pd.DataFrame, issues: pd.DataFrame, plan: Plan, period: Period, as_of: date
) -> Assessment:
    results = target_results(facts.figures, plan, period, as_of, facts.difficulties)
    statuses = task_statuses(facts.progress, results, facts.difficulties, plan, as_of)
    timeliness = unit_timeliness(ledger, issues, plan, period)
    return Assessment(
        statuses, results, timeliness, explanations(statuses, results, facts.figures, facts.difficulties, plan)
    )
