"""Check single workbooks, for a unit before it sends or for the officer: the same stages, one file at a time."""

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from pipeline.collect import Item
from pipeline.errors import CannotRun
from pipeline.identify import claim, identify
from pipeline.intake.begun import begin
from pipeline.issues import join_issues
from pipeline.plan.load import load_plan
from pipeline.read.submission import Content
from pipeline.receive import read_all
from pipeline.stamp import read_key
from pipeline.take import validate_used
from schemas.words import Verdict

_YEAR = re.compile(r"\d{4}")


def check_files(files: list[Path], plan_path: Path | None, inputs: Path) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """(file, verdict in words, issues) of each workbook, those inside a mail or archive too.

    The period and, without ``plan_path``, the plan are the file's own. Raises CannotRun where a file or its plan
    is not there.
    """
    for file in files:
        if not file.exists() or file.is_dir():
            raise CannotRun(f"Không tìm thấy tệp {file}.")
        items, contents = read_all(begin([Item(file.name, file)]))
        for number, content in contents.items():
            yield (
                str(file) + items[number].file.removeprefix(file.name),
                *_check(items[number], content, plan_path, inputs),
            )


def _check(item: Item, content: Content, plan_path: Path | None, inputs: Path) -> tuple[str, pd.DataFrame]:
    code = content.meta.get("period_code", "")
    plan = load_plan(plan_path or _plan_for(code, inputs))
    code = claim(content, plan).period_code
    known = code in set(plan.periods["period_code"])
    period = plan.period(code if known else plan.periods["period_code"].iloc[0])
    plan = plan.in_force(period.data_to)
    ledger, found = identify([item], {0: content}, plan, period, read_key(inputs / period.period_code))
    _, cells = validate_used(ledger, {0: content}, plan)
    issues = join_issues([found, cells])
    entry = ledger.iloc[0]
    if entry["verdict"] != Verdict.USED:
        return str(entry["reason"]), issues
    verdict = "không có lỗi" if issues.empty else f"{len(issues)} lỗi và cảnh báo"
    return f"{entry['unit_name']}, {period.period_name}: {verdict}", issues


def _plan_for(period_code: str, inputs: Path) -> Path:
    """The plan of the period's year; for a file that names none, the newest plan."""
    year = _YEAR.match(period_code)
    if year:
        return inputs / year[0] / "ke-hoach.xlsx"
    plans = sorted(inputs.glob("[0-9][0-9][0-9][0-9]/ke-hoach.xlsx"))
    if not plans:
        raise CannotRun(f"Chưa có kế hoạch nào trong {inputs}/<năm>/ke-hoach.xlsx.")
    return plans[-1]
