"""The life of every difficulty: raised once, carried from period to period under one id, until its unit resolves it.

An id is ``<period>-<unit>-<n>``: the n-th new difficulty of the unit's counted submission of the period in which
it was first raised. What a unit does not mention, or sends back as it was filled in, is not updated; never closed.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.plan.model import Period, Plan
from pipeline.text import fold, is_blank
from schemas.columns import conform, records
from schemas.records import Difficulty
from schemas.words import DifficultyState, PeriodKind, Update

UNREAD = "(không đọc được nội dung)"  # for a difficulty without a description
TEXTS = ("task_code", "description", "cause", "proposal", "addressed_to")
_NAMING = ("unit_code", "task_code", "description")
_EXTRA = ("at", "period_code", "said")
_QUARTER = re.compile(r"\d{4}-Q([1-4])")
_ID = re.compile(r"(.+)-(\d+)")


def live(now: pd.DataFrame, before: pd.DataFrame, plan: Plan, period: Period, heard: set[str]) -> pd.DataFrame:
    """Every difficulty ever raised, one row each, as it stands after this period, oldest first.

    ``now``: the merged difficulties of the period; ``before``: what this function gave for the period before (or
    an empty frame); ``heard``: the units with a counted submission. The columns of
    :class:`schemas.records.Difficulty` and ``period_code`` (of the last word), ``at`` (its row as received, −1
    where it is not of this period) and ``said``. ``update`` is missing for those closed in an earlier period.
    """
    lives = {row["difficulty_id"]: row for row in records(before)}
    for row in lives.values():
        row |= _unmentioned(row, plan, period, heard)
    calendar = _Calendar(plan, period)
    numbers: Counter[str] = Counter()
    rows = sorted(records(now), key=lambda row: (row["unit_code"], row["at"]))
    meant = _meant(rows, lives)
    for place, row in enumerate(rows):
        unit, given = row["unit_code"], row["difficulty_id"]
        if place in meant:
            lives[meant[place]] = row | _mentioned(lives[meant[place]], row, period)
            continue
        first = calendar.first_of(given, unit) if given not in lives else None
        if first is None:
            numbers[unit] += 1
        code = given if first else f"{period.period_code}-{unit}-{numbers[unit]}"
        new = {"difficulty_id": code, "first_period": first or period.period_code, "update": Update.NEW.value}
        lives[code] = row | new | {"period_code": period.period_code}
    told = [row | {"periods_open": calendar.open_for(row)} for row in lives.values()]
    frame = pd.DataFrame(told, columns=None if told else list(_EXTRA))
    made = conform(Difficulty, frame.assign(number=0)).assign(**{name: frame[name] for name in _EXTRA})
    made["unit_name"] = made["unit_code"].map((plan.whole or plan).unit_names).astype("str")
    return made


def no_lives() -> pd.DataFrame:
    """Before the first period."""
    return conform(Difficulty, []).assign(**{name: pd.Series(dtype="object") for name in _EXTRA})


def listed(lives: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Those that a period's outputs show: open, or closed in this period; a year's shows all of the year."""
    return lives if period.kind == PeriodKind.YEAR else lives[lives["update"].notna()]


def still_open(lives: pd.DataFrame) -> pd.DataFrame:
    """Those that the next period's templates carry."""
    return lives[lives["state"] != DifficultyState.RESOLVED]


def spoken_of(difficulties: pd.DataFrame) -> pd.DataFrame:
    """Those that their unit has raised or updated in the period: what explains that it is behind."""
    return difficulties[difficulties["update"].isna() | (difficulties["update"] != Update.SILENT)]


def _meant(rows: Sequence[Mapping[str, Any]], lives: Mapping[str, Mapping[str, Any]]) -> dict[int, str]:
    """By the place of a row the id of the earlier difficulty that it speaks of; rows of new ones are left out.

    Words go before ids: a correction of the earlier period that came in after its ids had gone out with the next
    templates may have inserted or withdrawn a difficulty, and so have renumbered the others. A row is of the first
    that no other row is of, looked for in this order:

    1. the one under its id, where the words are the same;
    2. an open one with the very words of the row, which may have no id (it was typed again) or another's;
    3. the one under its id, whose text the unit has edited.

    A text that was edited in a form whose ids a correction has renumbered cannot be told from an edit of what stands
    under its id now: rule LK10 asks about a text that is not like the one before.
    """
    open_words = {_words(row): code for code, row in lives.items() if row["state"] != DifficultyState.RESOLVED}
    by_words: list[str | None] = []
    by_id: list[str | None] = []
    for row in rows:
        given = row["difficulty_id"]
        under = None if is_blank(given) else lives.get(given)
        by_id.append(None if under is None else given)
        own = {name: row[name] for name in _NAMING if not is_blank(row[name])}
        words = _words(row if under is None else {**under, **own})  # what was left blank stands as it was
        same = under is not None and words == _words(under)
        by_words.append(given if same else open_words.get(words))
    exact = [given if given == said else None for given, said in zip(by_id, by_words, strict=True)]
    found: dict[int, str] = {}
    taken: set[str] = set()
    for codes in (exact, by_words, by_id):
        for place, code in enumerate(codes):
            if code is None or place in found or code in taken:
                continue
            if lives[code]["unit_code"] == rows[place]["unit_code"]:
                found[place] = code
                taken.add(code)
    return found


def _unmentioned(row: Mapping[str, Any], plan: Plan, period: Period, heard: set[str]) -> dict[str, Any]:
    """What is known of an earlier difficulty before this period's submissions are looked at."""
    heir = plan.heirs.get(row["unit_code"], row["unit_code"])
    file = row["file"]
    if row["at"] >= 0 and isinstance(file, str):
        file = f"{row['period_code']}/{file}"
    told = {"unit_code": heir, "file": file, "at": -1}
    if row["state"] == DifficultyState.RESOLVED:
        return told | ({} if period.kind == PeriodKind.YEAR else {"update": None})
    if period.kind == PeriodKind.YEAR and heir not in heard:
        return told  # no annual workbook: the word of the last quarter stands
    return told | {"update": Update.SILENT.value}


def _mentioned(known: Mapping[str, Any], row: Mapping[str, Any], period: Period) -> dict[str, Any]:
    """A carried row that came back: updated where a state was chosen, a text changed, or all of it was
    typed again."""
    chosen = not is_blank(row["said"])
    typed_again = is_blank(row["difficulty_id"])
    said = {name: row[name] for name in TEXTS if not is_blank(row[name])}
    changed = chosen or typed_again or any(_text(text) != _text(known[name]) for name, text in said.items())
    return {
        # What was left blank, or could not be read, stands as it was said before.
        **{name: known[name] for name in TEXTS if name not in said},
        "difficulty_id": known["difficulty_id"],
        "first_period": known["first_period"],
        "state": row["said"] if chosen else known["state"],
        "update": (Update.UPDATED if changed else Update.SILENT).value,
        "period_code": period.period_code,
    }


def _text(value: Any) -> str:
    return "" if is_blank(value) else fold(str(value))


def _words(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(_text(row[name]) for name in _NAMING)


class _Calendar:
    """The periods up to this one, for counting."""

    def __init__(self, plan: Plan, period: Period) -> None:
        self._period = period
        self._plan = plan
        every = [*plan.earlier(period), period]
        self._places = {one.period_code: one.place for one in every}
        ad_hoc = period.kind == PeriodKind.AD_HOC
        self._counted = [one.place for one in every if one.kind == PeriodKind.QUARTER or (one is period and ad_hoc)]

    def first_of(self, given: Any, unit_code: str) -> str | None:
        """Of an id that no earlier submission explains (its folder is gone), the period of the unit that it names,
        of this plan or an earlier year."""
        named = _ID.fullmatch(given) if isinstance(given, str) else None
        code = named[1].removesuffix(f"-{unit_code}") if named else ""
        if not named or code == named[1] or code == self._period.period_code:
            return None
        return code if code in self._places or self._plan.year_before(code) else None

    def open_for(self, row: Mapping[str, Any]) -> float | None:
        """How many quarters (and this period) it has been open, the first and the last of them counted; of earlier
        years those that period codes tell of (``2021-Q3``: two), four in each year between."""
        resolved = row["state"] == DifficultyState.RESOLVED
        first, year = self._places.get(row["first_period"]), self._plan.year_before(row["first_period"])
        last = self._places.get(row["period_code"] if resolved else self._period.period_code)
        if year is not None and last is not None:
            quarter = _QUARTER.fullmatch(row["first_period"])
            of_its_year = 5 - int(quarter[1]) if quarter else 0
            between = 4 * (self._plan.settings.year - 1 - year)
            return float(of_its_year + between + sum(place <= last for place in self._counted))
        if first is None or last is None:
            return None
        return max(1.0, float(sum(first <= place <= last for place in self._counted)))
