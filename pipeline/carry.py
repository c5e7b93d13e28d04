"""What a unit is shown of earlier periods when it fills the next: its figures, its results, its open difficulties."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from pipeline.assess.lives import TEXTS, still_open
from pipeline.forms import Carried
from pipeline.history import Judged, lives_before
from pipeline.measures import measure_text
from pipeline.plan.model import Period, Plan
from pipeline.text import is_blank, number_text, percent_text
from schemas.columns import records
from schemas.words import IndicatorKind, PeriodKind, YesNo

Key = tuple[str, str]


class _Sum(NamedTuple):
    """What was told of one indicator, and by which units."""

    numerator: float
    denominator: float | None
    units: tuple[str, ...]


def carry(plan: Plan, period: Period, history: Sequence[Judged], units: Collection[str]) -> Carried:
    """What ``units`` are shown. ``period``: that to come; ``plan``: in force in it. Of merged units the one that
    answers now sees what they told, and who told where it was not all of them; what is older than the plan's last
    quarter before says from when it is. Difficulties are carried from ad hoc periods too, and from the year before
    (:mod:`pipeline.opening`)."""
    tellers = {*units, *(before for before, now in plan.heirs.items() if now in units)}
    rates: dict[Key, str] = {}
    results: dict[Key, str] = {}
    last = [one.period_code for one in plan.earlier(period) if one.kind == PeriodKind.QUARTER][-1:]
    for one in history:
        if one.period.kind != PeriodKind.QUARTER:
            continue
        since = [] if one.period.period_code in last else [one.period.brief]
        figures, progress = (rows[rows["unit_code"].isin(tellers)] for rows in (one.facts.figures, one.facts.progress))
        rates |= _rates(figures, plan, one.plan.short_names, since)
        here: dict[Key, list[str]] = {}
        for row in records(progress[progress["reported"] == YesNo.YES]):
            key = plan.heirs.get(row["unit_code"], row["unit_code"]), row["task_code"]
            here.setdefault(key, []).append(
                row["state"] if is_blank(row["result"]) else f"{row['state']}: {row['result']}"
            )
        results |= {key: _marked("\n".join(lines), since) for key, lines in here.items()}
    lives = still_open(lives_before(plan, history))
    return Carried(rates, results, _difficulties(plan, lives[lives["unit_code"].isin(tellers)]))


def _rates(figures: pd.DataFrame, plan: Plan, names: Mapping[str, str], since: Sequence[str]) -> dict[Key, str]:
    """``names``: what the units were called; ``since``: the mark of an older quarter."""
    told: dict[Key, _Sum] = {}
    is_part: set[Key] = set()
    for row in records(figures[figures["indicator_code"].isin(list(plan.indicator_kinds))]):
        key = plan.heirs.get(row["unit_code"], row["unit_code"]), row["indicator_code"]
        if row["reported"] == YesNo.YES:
            before = told.get(key, _Sum(0.0, None, ()))
            below = None if is_blank(row["denominator"]) else row["denominator"] + (before.denominator or 0.0)
            told[key] = _Sum(before.numerator + row["numerator"], below, (*before.units, row["unit_code"]))
        else:
            is_part.add(key)
    rates = {}
    for key, one in told.items():
        tellers = [f"chỉ {', '.join(names[unit] for unit in one.units)}"] if key in is_part else []
        text = _figure(one.numerator, one.denominator, plan.indicator_kinds[key[1]])
        rates[key] = _marked(text, [*tellers, *since])
    return rates


def _marked(text: str, marks: Sequence[str]) -> str:
    return f"{text} ({'; '.join(marks)})" if marks else text


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
