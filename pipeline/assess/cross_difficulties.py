"""Rules between the difficulties of a period and those of the periods before it; see :mod:`pipeline.assess.lives`."""

import pandas as pd

from pipeline.assess.obstacles import alike
from pipeline.assess.situation import Flag, Situation
from schemas.columns import records
from schemas.words import DifficultyState, Update


def only_the_raised_is_resolved(now: Situation) -> list[Flag]:
    """LK06: a difficulty that is resolved was raised in an earlier period."""
    rows = now.lives[(now.lives["update"] == Update.NEW) & (now.lives["state"] == DifficultyState.RESOLVED)]
    rows = rows[rows["first_period"] == now.current.period.period_code]
    return [Flag(row["unit_code"], "difficulties", int(row["at"]), "state", "LK06", {}) for row in records(rows)]


def ids_are_those_given(now: Situation) -> list[Flag]:
    """LK07: an id in a submission is that of a difficulty that the unit has raised before."""
    rows = _with_ids(now)
    if not now.past or rows.empty:
        return []
    known = now.lives[now.lives["update"] != Update.NEW]
    given = set(zip(known["difficulty_id"].astype(str), known["unit_code"], strict=True))
    return [
        Flag(row["unit_code"], "difficulties", int(row["at"]), "difficulty_id", "LK07", {})
        for row in records(rows[rows["counted"].isna()])
        if (row["difficulty_id"], row["unit_code"]) not in given
    ]


def words_are_those_of_the_id(now: Situation) -> list[Flag]:
    """LK09: a row with an id has the words of the difficulty under it, not those of another of the unit."""
    rows = _with_ids(now)
    rows = rows[rows["counted"].notna() & (rows["counted"] != rows["difficulty_id"])]
    return [
        Flag(row["unit_code"], "difficulties", int(row["at"]), "difficulty_id", "LK09", {"counted": row["counted"]})
        for row in records(rows)
    ]


def text_is_like_the_one_before(now: Situation) -> list[Flag]:
    """LK10: the text of a row under an id is like the text that the period before knows it by."""
    rows = _with_ids(now)
    rows = rows[(rows["counted"] == rows["difficulty_id"]) & rows["description"].notna()]
    if not now.past or rows.empty:
        return []
    before = now.past[-1].facts.difficulties
    texts = dict(zip(before["difficulty_id"], before["description"], strict=True))
    flags = []
    for row in records(rows):
        text = texts.get(row["difficulty_id"])
        if isinstance(text, str) and not alike(text, row["description"]):
            flags.append(
                Flag(row["unit_code"], "difficulties", int(row["at"]), "description", "LK10", {"before": text})
            )
    return flags


def _with_ids(now: Situation) -> pd.DataFrame:
    """The difficulties of this period that bear an id; ``counted``: the id of the earlier one that each is counted as,
    missing where it is counted as new."""
    rows = now.current.facts.difficulties
    lives = now.lives[(now.lives["at"] >= 0) & (now.lives["update"] != Update.NEW)]
    counted = dict(zip(lives["at"].astype("int64"), lives["difficulty_id"], strict=True))
    rows = rows[rows["difficulty_id"].notna()]
    return rows.assign(counted=pd.Series([counted.get(int(at)) for at in rows["at"]], rows.index, dtype="str"))
