"""The rows of a plan that hold on a day, and who answers for a unit that holds no more."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from schemas.columns import records

DATED = ("units", "tasks", "assignments", "targets")  # the tables whose rows may hold for a part of the year


def heirs_of(every: pd.DataFrame, now: pd.DataFrame) -> dict[str, str]:
    """``every``: all unit rows of a plan; ``now``: those in force. See :attr:`Plan.heirs`."""
    after = {row["unit_code"]: row["successor"] for row in records(every) if isinstance(row["successor"], str)}
    held, heirs = set(now["unit_code"]), {}
    for code in every["unit_code"].dropna():
        heir, seen = code, {code}
        while heir not in held and (heir := after.get(heir, code)) not in seen:
            seen.add(heir)
        heirs[code] = heir if heir in held else code
    return heirs


def has_dates(frame: pd.DataFrame) -> bool:
    """Whether any row of the table says from or until when it holds."""
    return bool(frame[["valid_from", "valid_to"]].notna().any(axis=None))


def frames_in_force(frames: Mapping[str, pd.DataFrame], day: date) -> dict[str, pd.DataFrame]:
    """The rows of each table that hold on that day, labels kept.

    An indicator none of whose targets holds is left out; one that has no target rows at all stays, as a fault to see.
    """
    at = pd.Timestamp(day)
    made = dict(frames)
    for name in DATED:
        rows = frames[name]
        holds = (rows["valid_from"].isna() | (rows["valid_from"] <= at)) & (
            rows["valid_to"].isna() | (rows["valid_to"] >= at)
        )
        made[name] = rows[holds]
    gone = {
        name: set(frames[name][key]) - set(made[name][key])
        for name, key in (("units", "unit_code"), ("tasks", "task_code"))
    }
    made["assignments"] = _without(made["assignments"], task_code=gone["tasks"], assignee=gone["units"])
    made["indicators"] = _without(made["indicators"], task_code=gone["tasks"])
    dropped = set(frames["targets"]["indicator_code"]) - set(made["targets"]["indicator_code"])
    made["indicators"] = _without(made["indicators"], indicator_code=dropped)
    lost = set(frames["indicators"]["indicator_code"]) - set(made["indicators"]["indicator_code"])
    made["targets"] = _without(made["targets"], indicator_code=lost, assignee=gone["units"])
    return made


def _without(frame: pd.DataFrame, **gone: set[Any]) -> pd.DataFrame:
    for name, codes in gone.items():
        frame = frame[~frame[name].isin(codes)]
    return frame
