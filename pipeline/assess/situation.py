"""What a rule between periods looks at, and what it says: a warning that asks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from pipeline.assess.keys import Keys
from pipeline.merge import PeriodFacts
from schemas.words import PeriodKind


@dataclass(frozen=True)
class Flag:
    """A warning on one cell: the table's row of that unit and item (of a difficulty the row as received)."""

    unit_code: str
    table: str
    item: str | int
    field: str
    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class Situation:
    """This period (with the difficulties' lives and the days on which the reports came in) and those before."""

    current: PeriodFacts
    past: Sequence[PeriodFacts]
    lives: pd.DataFrame
    reported_on: Mapping[str, date]

    @property
    def previous(self) -> PeriodFacts | None:
        """The last quarter before."""
        return next((said for said in reversed(self.past) if said.period.kind == PeriodKind.QUARTER), None)

    @cached_property
    def figure_keys(self) -> Keys:
        return Keys(self.current.plan, "indicator_code", self.current.plan.indicators["indicator_code"])

    @cached_property
    def task_keys(self) -> Keys:
        return Keys(self.current.plan, "task_code", self.current.plan.tasks["task_code"])


Rule = Callable[[Situation], list[Flag]]
