"""Check single workbooks, for a unit before it sends or for the officer: the same stages, one file at a time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from pipeline.collect import Item
from pipeline.decisions import Decisions
from pipeline.errors import CannotRun
from pipeline.history import History, issues_after, read_history
from pipeline.identify import claim, identify
from pipeline.intake.begun import begin
from pipeline.means import PLAIN, Means
from pipeline.opening import with_opening
from pipeline.plan.load import load_plan
from pipeline.plan.model import Period, Plan
from pipeline.read.submission import Content
from pipeline.receive import Received, read_all
from pipeline.stamp import read_key
from pipeline.take import settle
from schemas.words import Verdict

_YEAR = re.compile(r"\d{4}")


def check_files(
    files: list[Path], plan_path: Path | None, inputs: Path, means: Means = PLAIN
) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """(file, verdict in words, issues) of each workbook, those inside a mail or archive too.

    The period and, without ``plan_path``, the plan are the file's own; what was reported before is that of the periods
    in ``inputs``, if it holds any. Raises CannotRun where a file or its plan is not there.
    """
    desk = _Desk(plan_path, inputs, means)
    for file in files:
        if not file.exists() or file.is_dir():
            raise CannotRun(f"Không tìm thấy tệp {file}.")
        items, contents = read_all(begin([Item(file.name, file)]))
        for number, content in contents.items():
            yield str(file) + items[number].file.removeprefix(file.name), *desk.check(items[number], content)


@dataclass(frozen=True)
class _Desk:
    """What files are checked against: plans, and periods before theirs, each read once."""

    plan_path: Path | None
    inputs: Path
    means: Means
    plans: dict[Path, Plan] = field(default_factory=dict)
    histories: dict[tuple[Path, str], History] = field(default_factory=dict)

    def check(self, item: Item, content: Content) -> tuple[str, pd.DataFrame]:
        code = content.meta.get("period_code", "")
        path = self.plan_path or _plan_for(code, self.inputs)
        if path not in self.plans:
            self.plans[path] = with_opening(load_plan(path), self.inputs, self.means)
        plan = self.plans[path]
        code = claim(content, plan).period_code
        known = code in set(plan.periods["period_code"])
        period = plan.period(code if known else plan.periods["period_code"].iloc[0])
        now = plan.in_force(period.data_to)
        ledger, found = identify([item], {0: content}, now, period, read_key(self.inputs / period.period_code))
        taken = settle(Received(ledger, {0: content}, found), now, period, Decisions())
        entry = ledger.iloc[0]
        if entry["verdict"] != Verdict.USED:
            return str(entry["reason"]), taken.issues
        issues = issues_after(taken, self._before(path, period))
        verdict = "không có lỗi" if issues.empty else f"{len(issues)} lỗi và cảnh báo"
        return f"{entry['unit_name']}, {period.period_name}: {verdict}", issues

    def _before(self, path: Path, period: Period) -> History:
        key = path, period.period_code
        if key not in self.histories:
            self.histories[key] = read_history(self.plans[path], period, self.inputs, self.means)
        return self.histories[key]


def _plan_for(period_code: str, inputs: Path) -> Path:
    """The plan of the period's year; for a file that names none, the newest plan."""
    year = _YEAR.match(period_code)
    if year:
        return inputs / year[0] / "ke-hoach.xlsx"
    plans = sorted(inputs.glob("[0-9][0-9][0-9][0-9]/ke-hoach.xlsx"))
    if not plans:
        raise CannotRun(f"Chưa có kế hoạch nào trong {inputs}/<năm>/ke-hoach.xlsx.")
    return plans[-1]
