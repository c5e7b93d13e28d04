"""What a unit is shown of earlier periods when it fills the next: its figures, its results, its open difficulties."""

from collections.abc import Collection, Sequence
from typing import Any

import pandas as pd

from pipeline.assess.lives import TEXTS, no_lives, still_open
from pipeline.forms import Carried
from pipeline.history import Judged
from pipeline.measures import measure_text
from pipeline.plan.model import Plan
from pipeline.text import is_blank, number_text, percent_text
from schemas.columns import records
from schemas.words import IndicatorKind, PeriodKind, YesNo

Key = tuple[str, str]


def carry(plan: Plan, history: Sequence[Judged], units: Collection[str]) -> Carried:
    """What ``units`` are shown. ``plan``: in force in the period to come. Of merged units the one that answers now
    sees what they told; what is older than the last quarter says from when it is. Difficulties are carried from ad
    hoc periods too, and from the year before (:mod:`pipeline.opening`)."""
    tellers = {*units, *(before for before, now in plan.heirs.items() if now in units)}
    rates: dict[Key, str] = {}
    results: dict[Key, str] = {}
    quarters = [one for one in history if one.period.kind == PeriodKind.QUARTER]
    for one in quarters:
        since = "" if one is quarters[-1] else f" ({one.period.brief})"
        merged = _added(_told(one.facts.figures, tellers), plan)
        rates |= {key: f"{_figure(*told, plan.indicator_kinds[key[1]])}{since}" for key, told in merged.items()}
        here: dict[Key, list[str]] = {}
        for row in records(_told(one.facts.progress, tellers)):
            key = plan.heirs.get(row["unit_code"], row["unit_code"]), row["task_code"]
            here.setdefault(key, []).append(
                row["state"] if is_blank(row["result"]) else f"{row['state']}: {row['result']}"
            )
        results |= {key: "\n".join(lines) + since for key, lines in here.items()}
    lives = still_open(history[-1].lives if history else plan.opening.lives if plan.opening else no_lives())
    return Carried(rates, results, _difficulties(plan, lives[lives["unit_code"].isin(tellers)]))


def _told(rows: pd.DataFrame, tellers: Collection[str]) -> pd.DataFrame:
    return rows[rows["unit_code"].isin(tellers) & (rows["reported"] == YesNo.YES)]


def _added(rows: pd.DataFrame, plan: Plan) -> dict[Key, tuple[float, float | None]]:
    told: dict[Key, tuple[float, float | None]] = {}
    for row in records(rows):
        if row["indicator_code"] not in plan.indicator_kinds:
            continue
        key = plan.heirs.get(row["unit_code"], row["unit_code"]), row["indicator_code"]
        before = told.get(key, (0.0, None))
        below = None if is_blank(row["denominator"]) else row["denominator"] + (before[1] or 0.0)
        told[key] = before[0] + row["numerator"], below
    return told


def _figure(numerator: float, denominator: float | None, kind: IndicatorKind) -> str:
    """``13,4 % (4.030/30.075)``, ``4``, ``Có``."""
    if kind == IndicatorKind.MILESTONE:
        return measure_text(numerator / denominator if denominator else numerator, kind)
    if not kind.has_denominator:
        return number_text(numerator)
    if not denominator:
        return "Không phát sinh"
    return f"{percent_text(numerator / denominator, 2)} ({number_text(numerator)}/{number_text(denominator)})"


def _difficulties(plan: Plan, lives: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Oldest first; the state is left for the unit to choose, as silence must not pass for an answer."""
    names = {row["period_code"]: row["period_name"] for row in records((plan.whole or plan).periods)}
    found: dict[str, list[dict[str, Any]]] = {}
    for row in records(lives):
        unit = plan.heirs.get(row["unit_code"], row["unit_code"])
        since = f"{row['state']}; nêu từ {names.get(row['first_period']) or plan.raised_in(row['first_period'])}"
        texts = {name: None if is_blank(row[name]) else row[name] for name in TEXTS}
        found.setdefault(unit, []).append({"difficulty_id": row["difficulty_id"], "previous_state": since} | texts)
    return found
