"""An inbox of three good submissions, the same with every bad file beside them, and what the run made of each."""

import shutil
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.issues import join_issues
from pipeline.merge import Facts, merge
from pipeline.plan.model import Plan
from pipeline.receive import receive
from pipeline.run import Outcome, run_period
from pipeline.take import sources_of, validate_used
from schemas.columns import records
from tests.corpus import lay
from tests.support import fill

PERIOD = "2023-Q1"
COMMON = {
    ("tasks", "A", "state"): "Đang thực hiện",
    ("tasks", "A", "result"): "Đã số hóa hồ sơ.",
    ("indicators", "A.1", "numerator"): 30,
    ("indicators", "A.1", "denominator"): 40,
    ("answer", "", "has_difficulty"): "Có",
    ("difficulties", "0", "task_code"): "A",
    ("difficulties", "0", "description"): "Thiếu máy quét.",
}
OWN: Mapping[str, Mapping[tuple[str, str, str], Any]] = {
    "VP": {("tasks", "B", "state"): "Hoàn thành", ("indicators", "C.1", "numerator"): "Có"},
    "STC": {("indicators", "A.3", "numerator"): "75%", ("tasks", "C", "state"): "Đang thực hiện"},
    "Q1": {("indicators", "A.2", "numerator"): 17},
    "Q2": {("indicators", "A.2", "numerator"): "1.250"},
}


@dataclass(frozen=True)
class Ran:
    """A run on an inbox, and the inbox as it was before."""

    inbox: Path
    out: Path
    before: dict[str, tuple[Any, ...]]
    outcome: Outcome

    @property
    def judged(self) -> "Judged":
        report = self.outcome.report
        return Judged(report.facts, report.issues, report.ledger)


def state_of(folder: Path) -> dict[str, tuple[Any, ...]]:
    """Every entry: its kind, its times, and its bytes or where it leads."""
    found: dict[str, tuple[Any, ...]] = {}
    for path in folder.rglob("*"):
        info = path.lstat()
        held: Any = b""
        if stat.S_ISREG(info.st_mode):
            held = path.read_bytes()
        elif stat.S_ISLNK(info.st_mode):
            held = path.readlink()
        found[str(path)] = (info.st_mode, info.st_size, info.st_mtime_ns, held)
    return found


@dataclass(frozen=True)
class Judged:
    """What a run makes of an inbox before it writes anything."""

    facts: Facts
    issues: pd.DataFrame
    ledger: pd.DataFrame

    @property
    def lines(self) -> dict[str, dict[str, Any]]:
        """The ledger's rows by file."""
        return {str(row["file"]): row for row in records(self.ledger)}


def judge(plan: Plan, inbox: Path, period: str = PERIOD) -> Judged:
    received = receive(inbox, plan, plan.period(period))
    valid, cell_issues = validate_used(received.ledger, received.contents, plan)
    facts = merge(valid, sources_of(received.ledger), plan)
    return Judged(facts, join_issues([received.issues, cell_issues]), received.ledger)


def run(plan: Path, inbox: Path, out: Path, period: str = PERIOD) -> Ran:
    before = state_of(inbox)
    return Ran(inbox, out, before, run_period(plan, period, inbox, out))


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, other_templates: Path) -> Path:
    """The folder of the four units' filled workbooks."""
    folder = tmp_path_factory.mktemp("filled")
    for unit, own in OWN.items():
        fill(other_templates / f"{unit}.xlsx", folder / f"{unit}.xlsx", {**COMMON, **own})
    return folder


@pytest.fixture(scope="session")
def alone(tmp_path_factory: pytest.TempPathFactory, filled: Path, other_plan_file: Path) -> Ran:
    """Three units' submissions and nothing else."""
    folder = tmp_path_factory.mktemp("alone")
    (folder / "inbox").mkdir()
    for unit in ("VP", "STC", "Q1"):
        shutil.copy(filled / f"{unit}.xlsx", folder / "inbox")
    return run(other_plan_file, folder / "inbox", folder / "out")


@pytest.fixture(scope="session")
def beside(tmp_path_factory: pytest.TempPathFactory, alone: Ran, filled: Path, other_plan_file: Path) -> Ran:
    """The same three, with every bad file beside them; the bad ones were made from the fourth unit's."""
    folder = tmp_path_factory.mktemp("beside")
    shutil.copytree(alone.inbox, folder / "inbox")
    lay(folder / "inbox", filled / "Q2.xlsx")
    return run(other_plan_file, folder / "inbox", folder / "out")
