"""One period from end to end; it reads like the picture of the README."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.assess.run import assess
from pipeline.diary import Diary, diary_of, footing_of, keep_diary
from pipeline.errors import CannotRun
from pipeline.forms import Forms, refill
from pipeline.issues import join_issues
from pipeline.merge import merge
from pipeline.plan.load import load_plan
from pipeline.plan.model import Period, Plan
from pipeline.read.diary_sheet import read_diary_rows
from pipeline.read.submission import Content
from pipeline.receive import Track, receive, untracked
from pipeline.validate import Valid, validate
from pipeline.write.atomic import NotWritten
from pipeline.write.consolidated import Report, write_consolidated
from pipeline.write.difficulty_book import write_difficulties
from pipeline.write.template import write_template
from schemas.columns import records
from schemas.words import Verdict

RETURNS, TEMPLATES = "tra-lai", "bieu-mau"


@dataclass
class Outcome:
    """What a run made: the report, the files written, and why others could not be."""

    report: Report
    written: list[Path] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def write(self, path: Path, make: Callable[[Path], None]) -> None:
        """Write one output; one that cannot be put in place does not keep the others from landing."""
        try:
            make(path)
        except NotWritten as error:
            self.failed.append(str(error))
        else:
            self.written.append(path)


def run_period(
    plan_path: Path, period_code: str, inbox: Path, out: Path, as_of: date | None = None, track: Track[Any] = untracked
) -> Outcome:
    """inbox → receive → validate → merge → assess → write. Raises CannotRun."""
    plan = load_plan(plan_path)
    before = recorded(out, period_code)
    report, valid = assess_period(plan, plan.period(period_code), inbox, as_of, before, track)
    return write_all(report, valid, out, track)


def assess_period(
    plan: Plan, period: Period, inbox: Path, as_of: date | None, before: Diary | None, track: Track[Any] = untracked
) -> tuple[Report, Valid]:
    """Everything but the writing. ``before``: what the consolidated workbook of the run before recorded."""
    received = receive(inbox, plan, period, track=track)
    ledger = received.ledger
    valid, cell_issues = validate_used(ledger, received.contents, plan)
    issues = join_issues([received.issues, cell_issues])
    facts = merge(valid, sources_of(ledger), plan)
    day = as_of or period.consolidate_on
    judged = assess(facts, ledger, issues, plan, period, day)
    diary = keep_diary(before, footing_of(judged, ledger, day), plan)
    return Report(plan, period, day, facts, judged, issues, ledger, diary), valid


def consolidated_path(out: Path, period_code: str) -> Path:
    return out / f"tong-hop-{period_code}.xlsx"


def recorded(out: Path, period_code: str) -> Diary | None:
    """What the consolidated workbook that lies in ``out`` recorded of its run; None where it says nothing."""
    return diary_of(read_diary_rows(consolidated_path(out, period_code)))


def report_again(plan_path: Path, period_code: str, inbox: Path, out: Path, track: Track[Any] = untracked) -> Report:
    """The facts of the consolidated workbook that lies in ``out``, judged on its own day, without writing anything.

    What is made from it (letters, the report) must say what it says: raises CannotRun where there is none, or
    where the inbox or the plan has changed since.
    """
    path, before = consolidated_path(out, period_code), recorded(out, period_code)
    again = f"Gõ make quarter QUARTER={period_code} rồi làm lại."
    if before is None:
        raise CannotRun(f"Chưa có {path} do chương trình ghi. {again}")
    plan = load_plan(plan_path)
    report, _ = assess_period(plan, plan.period(period_code), inbox, before.footing.as_of, before, track)
    if report.diary != before:
        raise CannotRun(f"Bản nộp hoặc kế hoạch đã thay đổi sau khi ghi {path}. {again}")
    return report


def sources_of(ledger: pd.DataFrame) -> dict[int, dict[str, Any]]:
    """Of each counted submission its file, unit_code and unit_name, by item number."""
    used = ledger[ledger["verdict"] == Verdict.USED]
    return dict(zip(map(int, used.index), records(used[["file", "unit_code", "unit_name"]]), strict=True))


def validate_used(ledger: pd.DataFrame, contents: dict[int, Content], plan: Plan) -> tuple[Valid, pd.DataFrame]:
    sources = sources_of(ledger)
    return validate({number: contents[number].tables for number in sources}, sources, plan)


def write_all(report: Report, valid: Valid, out: Path, track: Track[Any]) -> Outcome:
    outcome, code = Outcome(report), report.period.period_code
    outcome.write(consolidated_path(out, code), lambda path: write_consolidated(report, path))
    outcome.write(out / f"kho-khan-vuong-mac-{code}.xlsx", lambda path: write_difficulties(report, path))
    returns = list(returned(report, valid))
    for unit_code, make in track(returns, "Ghi tệp trả lại"):
        outcome.write(out / RETURNS / f"{unit_code}.xlsx", make)
    outcome.failed += _remove_others(out / RETURNS, {unit_code for unit_code, _ in returns})
    return outcome


def returned(report: Report, valid: Valid) -> Iterable[tuple[str, Callable[[Path], None]]]:
    """For each unit whose counted submission has issues, how to write its return workbook."""
    forms = Forms(report.plan, report.period)
    for number, source in sources_of(report.ledger).items():
        issues = report.issues[report.issues["source"] == number]
        if len(issues):
            sent = {name: entry.raw[entry.raw["source"] == number] for name, entry in valid.entries.items()}
            form = refill(forms.blank(source["unit_code"]), sent, issues)
            yield source["unit_code"], lambda path, form=form: write_template(form, path)  # type: ignore[misc]


def _remove_others(folder: Path, units: set[str]) -> Iterable[str]:
    """A return whose unit has since mended everything must not be sent again; says which could not be removed."""
    for path in folder.glob("*.xlsx") if folder.is_dir() else ():
        if path.stem not in units and not path.name.startswith("~$"):
            try:
                path.unlink(missing_ok=True)
            except OSError:
                yield f"{path} đã cũ (đơn vị không còn lỗi) nhưng không xóa được vì đang mở; đóng tệp rồi chạy lại."


def write_templates(plan: Plan, period: Period, out: Path, track: Track[Any] = untracked, key: str = "") -> list[Path]:
    """One blank workbook per unit. Raises NotWritten, naming those that could not be put in place, after the rest."""
    paths, failed = [], []
    forms = Forms(plan, period)
    for unit_code in track(list(plan.units["unit_code"]), "Ghi biểu mẫu"):
        path = out / TEMPLATES / f"{unit_code}.xlsx"
        try:
            write_template(forms.blank(unit_code), path)
        except NotWritten as error:
            failed.append(str(error))
        else:
            paths.append(path)
    if failed:
        raise NotWritten("\n".join(failed))
    return paths
