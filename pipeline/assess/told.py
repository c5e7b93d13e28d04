"""Since when a task that is reported done, without the day, has been reported so."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.assess.keys import Keys
from pipeline.merge import PeriodFacts
from pipeline.plan.model import Plan
from schemas.words import State, YesNo


def with_told_on(progress: pd.DataFrame, past: Sequence[PeriodFacts], plan: Plan) -> pd.DataFrame:
    """The progress with ``told_on``: the day on which the first of the earlier periods was consolidated from which on
    the unit has said nothing else; of units merged since, all of them. Missing where this period is the first."""
    keys = Keys(plan, "task_code", plan.tasks["task_code"])
    own = keys.of(progress)
    goes_back = ((progress["state"] == State.DONE) & progress["completed_on"].isna()).to_numpy()
    told = np.full(len(progress), np.datetime64("NaT"), dtype="datetime64[us]")
    for one in reversed(past):
        rows = one.facts.progress[one.facts.progress["reported"] == YesNo.YES]
        said, is_done = keys.of(rows, heirs=True), (rows["state"] == State.DONE).to_numpy()
        goes_back = goes_back & ~np.isin(own, said[~is_done])
        told[goes_back & np.isin(own, said[is_done])] = np.datetime64(one.period.consolidate_on)
    return progress.assign(told_on=told)
