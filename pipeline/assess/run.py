"""All judgements of one period."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import pandas as pd

from pipeline.assess.explain import explanations
from pipeline.assess.lives import spoken_of
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
    facts: Facts,
    ledger: pd.DataFrame,
    issues: pd.DataFrame,
    plan: Plan,
    period: Period,
    as_of: date,
    due: Mapping[str, tuple[date, str]] = MappingProxyType({}),
) -> Assessment:
    """``due``: the units whose due date the officer has extended, until when and why."""
    spoken = spoken_of(facts.difficulties)
    results = target_results(facts.figures, plan, period, as_of, spoken)
    statuses = task_statuses(facts.progress, results, facts.difficulties, plan, as_of)
    timeliness = unit_timeliness(ledger, issues, plan, period, due)
    return Assessment(statuses, results, timeliness, explanations(statuses, results, facts.figures, spoken, plan))
