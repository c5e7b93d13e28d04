"""What a year shows of its quarters beside the figures: their sources, faults and replaced versions, and who sent."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from schemas.words import PeriodKind

if TYPE_CHECKING:
    from pipeline.history import Judged


def with_quarters(
    ledger: pd.DataFrame, issues: pd.DataFrame, revisions: pd.DataFrame, past: "Sequence[Judged]"
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The year's own, then its quarters', whose files are named with their folder."""
    return (
        _joined(ledger, [_named(one, one.ledger, "file") for one in past]),
        _joined(issues, [_named(one, one.issues.assign(source=-1), "file") for one in past]),
        _joined(revisions, [_named(one, one.revisions, "superseded", "used") for one in past]),
    )


def _named(one: "Judged", frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    return frame.assign(**{name: f"{one.period.period_code}/" + frame[name] for name in names})


def _joined(own: pd.DataFrame, told: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """What is of the quarters has a negative label: it is none of the year's own."""
    joined: pd.DataFrame = pd.concat([own, *(part for part in told if len(part))])
    joined.index = pd.Index([*own.index, *range(-1, -1 - (len(joined) - len(own)), -1)])
    return joined


def standing(own: pd.DataFrame, past: "Sequence[Judged]") -> pd.DataFrame:
    """Where no annual submission was asked for: each unit's standing of the last quarter, with every quarter's
    word beside. ``own``: the year's timeliness, in which everyone is missing."""
    quarters = [one for one in past if one.period.kind == PeriodKind.QUARTER]
    words: dict[str, list[str]] = {}
    for one in quarters:
        rows = one.assessment.timeliness
        for unit, word in zip(rows["unit_code"], rows["timeliness"], strict=True):
            words.setdefault(unit, []).append(f"{one.period.brief}: {word.lower()}")
    last = quarters[-1]
    known = _named(last, last.assessment.timeliness, "file").set_index("unit_code")
    frame = own.set_index("unit_code")
    both = frame.index.intersection(known.index)
    frame.loc[both] = known.loc[both, frame.columns]
    frame["basis"] = [
        f"{'; '.join(words[unit])}." if unit in words else basis for unit, basis in frame["basis"].items()
    ]
    made: pd.DataFrame = frame.reset_index()[own.columns]
    return made
