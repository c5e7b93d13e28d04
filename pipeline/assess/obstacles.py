"""The same obstacle raised by several units: grouped under one heading, the texts kept verbatim, never merged.

Two texts of one task are of the same obstacle where the share of words in common, whatever their order and
accents, reaches THRESHOLD of 100 (rapidfuzz ``token_sort_ratio``). On the sample's difficulties texts that a reader
takes for the same score 73 to 83, others of the same task at most 62: 68 stands half-way. At 60 the want of
lines and the want of money for meetings would fall together; at 75 two of the four groups would come apart.
A text joins a group only where it is like every text of it, so that no chain of likenesses joins unlike ends.
"""

import itertools
import re
from collections.abc import Sequence

import pandas as pd
from rapidfuzz import process
from rapidfuzz.fuzz import ratio

from pipeline.plan.model import Plan
from pipeline.text import bare
from schemas.columns import conform, records
from schemas.records import Obstacle
from schemas.words import DifficultyState

THRESHOLD = 68
_NOT_WORDS = re.compile(r"[^\w]+")


def arrange(difficulties: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """The rows numbered, each with its group, in the order of the list for the consolidating department: open
    before closed, the oldest and the most shared first, the units of one group together."""
    places = {code: place for place, code in enumerate((plan.whole or plan).periods["period_code"])}
    tasks = {code: place for place, code in enumerate(plan.task_titles)}
    units = {code: place for place, code in enumerate((plan.whole or plan).units["unit_code"])}
    rows = difficulties.assign(
        _first=difficulties["first_period"].map(places).fillna(-1),  # of an earlier year
        _task=difficulties["task_code"].map(tasks).fillna(len(tasks)),
        _unit=difficulties["unit_code"].map(units).fillna(len(units)),
        _closed=difficulties["state"] == DifficultyState.RESOLVED,
    ).sort_values(["_closed", "_first", "_task", "_unit", "difficulty_id"], kind="stable")
    rows["_group"] = group(rows)
    by_group = rows.groupby("_group", sort=False)
    rows["_shared"] = -by_group["unit_code"].transform("nunique")
    rows["_oldest"] = by_group["_first"].transform("min")
    keys = ["_closed", "_oldest", "_shared", "_task", "_group", "_first", "_unit", "difficulty_id"]
    rows = rows.sort_values(keys, kind="stable").reset_index(drop=True)
    rows["number"] = range(1, len(rows) + 1)
    shared = rows.loc[rows["_shared"] < -1, "_group"].drop_duplicates()
    names = {number: f"Nhóm {place}" for place, number in enumerate(shared, start=1)}
    rows["group"] = rows["_group"].map(names).astype("str").where(rows["_shared"] < -1, None)
    rows["first_period"] = rows["first_period"].replace({code: plan.raised_in(code) for code in rows["first_period"]})
    return rows[difficulties.columns]


def group(rows: pd.DataFrame) -> pd.Series:
    """A number for each obstacle, in order of first appearance; a closed difficulty stands alone."""
    numbers: dict[object, int] = {}
    count = itertools.count()
    for _, same_task in rows.groupby(rows["task_code"].fillna(""), sort=False):
        open_rows = same_task[same_task["state"] != DifficultyState.RESOLVED]
        for members in _alike([str(text) for text in open_rows["description"].fillna("")]):
            numbers |= dict.fromkeys(open_rows.index[members], next(count))
    return pd.Series([numbers.get(label, -1 - at) for at, label in enumerate(rows.index)], index=rows.index)


def alike(before: str, after: str) -> bool:
    """Whether the second text may be the first one edited: like it, or longer, with all its words."""
    old, new = _sorted_words(before), _sorted_words(after)
    return bool(ratio(old, new) >= THRESHOLD) or set(old.split()) <= set(new.split())


def _sorted_words(text: str) -> str:
    return " ".join(sorted(_NOT_WORDS.sub(" ", bare(text)).split()))


def _alike(texts: Sequence[str]) -> list[list[int]]:
    """Positions of the texts by obstacle; complete linkage, in the order given."""
    # ``token_sort_ratio`` is the ratio of the sorted words, which are sorted here once; below the threshold it is 0.
    words = [_sorted_words(text) for text in texts]
    known = {text: number for number, text in enumerate(dict.fromkeys(words))}
    distinct, numbers = list(known), [known[text] for text in words]
    groups: list[list[int]] = []
    for place, text in enumerate(words):
        like: list[tuple[float, list[int]]] = []
        if text:
            # One row of the table of scores at a time: a thousand units may raise ten thousand difficulties.
            earlier = distinct[: numbers[place] + 1]
            row = process.cdist([text], earlier, scorer=ratio, score_cutoff=THRESHOLD)[0].tolist()
            near = (members for members in groups if row[numbers[members[0]]])
            lowest = ((min(row[numbers[other]] for other in members), members) for members in near)
            like = [(score, members) for score, members in lowest if score]
        if like:
            max(like, key=lambda each: each[0])[1].append(place)
        else:
            groups.append([place])
    return groups


def obstacles(difficulties: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """One row per group of :func:`arrange`, in its order: the columns of :class:`schemas.records.Obstacle`."""
    rows = []
    for name, members in difficulties.dropna(subset=["group"]).groupby("group", sort=False):
        first = records(members)[0]
        states = members["state"].value_counts()
        addressed = list(dict.fromkeys(members["addressed_to"].dropna()))
        rows.append(
            {
                "group": name,
                "task_code": first["task_code"],
                "heading": first["description"],
                "units": int(members["unit_code"].nunique()),
                "unit_names": "; ".join(dict.fromkeys(plan.short_names.get(u, u) for u in members["unit_code"])),
                "addressed_to": "; ".join(addressed) or None,
                "first_period": first["first_period"],
                "periods_open": members["periods_open"].max(),
                "states": "; ".join(f"{state}: {count}" for state, count in states.items()),
            }
        )
    return conform(Obstacle, rows)
