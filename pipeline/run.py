"""One period from end to end; it reads like the picture of the README."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from pipeline.carry import carry
from pipeline.diary import Diary, diary_of, footing_of, keep_diary
from pipeline.errors import CannotRun
from pipeline.forms import Forms
from pipeline.helper import Helper
from pipeline.history import History, judge, read_history
from pipeline.intake.begun import ahead
from pipeline.means import PLAIN, Means
from pipeline.opening import with_opening
from pipeline.plan.load import load_plan
from pipeline.plan.model import Period, Plan
from pipeline.read.diary_sheet import read_diary_rows
from pipeline.returns import Returns, returned
from pipeline.stamp import read_key
from pipeline.take import take
from pipeline.validate import Valid
from pipeline.write.atomic import NotWritten, remove_unfinished
from pipeline.write.consolidated import Report, write_consolidated
from pipeline.write.difficulty_book import write_difficulties
from pipeline.write.template import write_template
from schemas.words import PeriodKind

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
    plan_path: Path,
    period_code: str,
    inbox: Path,
    out: Path,
    as_of: date | None = None,
    means: Means = PLAIN,
) -> Outcome:
    """inbox → take (receive → validate → merge) → judge (on the earlier periods beside the inbox) → write.

    Raises CannotRun.
    """
    means.progress.stage("Đọc kế hoạch")
    plan = load_plan(plan_path)
    return run(plan, plan.period(period_code), inbox, out, as_of, means)


def run(plan: Plan, period: Period, inbox: Path, out: Path, as_of: date | None = None, means: Means = PLAIN) -> Outcome:
    """One period of a loaded plan; its earlier periods lie beside the inbox, in folders named by their codes."""
    before = recorded(out, period.period_code)
    with Helper() as helper:
        means = replace(means, helper=helper)
        report, valid = assess_period(plan, period, inbox, as_of, before, means)
        return write_all(report, valid, out, means, read_key(inbox))


def assess_period(
    plan: Plan, period: Period, inbox: Path, as_of: date | None, before: Diary | None, means: Means = PLAIN
) -> tuple[Report, Valid]:
    """Everything but the writing. ``before``: what the consolidated workbook of the run before recorded."""
    is_made_of_others = period.kind == PeriodKind.YEAR and not inbox.exists()
    with ahead([] if is_made_of_others else [inbox], means.begun, means.machines):
        # The helper takes the processor that has read the last file.
        reading = replace(means, helper=None)
        plan = with_opening(plan, inbox.parent, reading)
        history = read_history(plan, period, inbox.parent, reading)
        taken = take(inbox, plan, period, means)
    if is_made_of_others and not history:
        raise CannotRun(f"Không có thư mục {inbox} và không có quý nào của năm trong {inbox.parent}.")
    means.progress.stage(f"Tổng hợp {period.period_code}")
    judged = judge(taken, history, as_of)
    diary = keep_diary(before, footing_of(judged), plan)
    return Report.of(judged, history, diary), taken.valid


def consolidated_path(out: Path, period_code: str) -> Path:
    return out / f"tong-hop-{period_code}.xlsx"


def recorded(out: Path, period_code: str) -> Diary | None:
    """What the consolidated workbook that lies in ``out`` recorded of its run; None where it says nothing."""
    return diary_of(read_diary_rows(consolidated_path(out, period_code)))


def report_again(plan_path: Path, period_code: str, inbox: Path, out: Path, means: Means = PLAIN) -> Report:
    """The facts of the consolidated workbook that lies in ``out``, judged on its own day, without writing anything.

    What is made from it (letters, the report) must say what it says: raises CannotRun where there is none, or
    where the inbox or the plan has changed since.
    """
    path, before = consolidated_path(out, period_code), recorded(out, period_code)
    again = f"Gõ make quarter QUARTER={period_code} rồi làm lại."
    if before is None:
        raise CannotRun(f"Chưa có {path} do chương trình ghi. {again}")
    plan = load_plan(plan_path)
    report, _ = assess_period(plan, plan.period(period_code), inbox, before.footing.as_of, before, means)
    if report.diary != before:
        raise CannotRun(
            f"Bản nộp (của kỳ này hoặc kỳ trước), quyết định hoặc kế hoạch đã thay đổi sau khi ghi {path}. {again}"
        )
    return report


def write_all(report: Report, valid: Valid, out: Path, means: Means, key: bytes = b"") -> Outcome:
    outcome, code = Outcome(report), report.period.period_code
    for folder in (out, out / RETURNS):
        remove_unfinished(folder)
    means.progress.stage("Ghi kết quả")
    with Returns(returned(report, valid, key), out / RETURNS, means.helper) as returns:
        outcome.write(consolidated_path(out, code), lambda path: write_consolidated(report, path))
        outcome.write(out / f"kho-khan-vuong-mac-{code}.xlsx", lambda path: write_difficulties(report, path))
        written, failed = returns.finish(means.progress)
    outcome.written += written
    outcome.failed += [*failed, *returns.remove_others()]
    return outcome


def write_templates(
    plan: Plan,
    period: Period,
    out: Path,
    means: Means = PLAIN,
    key: bytes = b"",
    history: History = (),
) -> list[Path]:
    """One workbook per unit, stamped with the key, with what the unit reported before.

    Raises NotWritten, naming those that could not be put in place, after the rest.
    """
    paths, failed = [], []
    remove_unfinished(out / TEMPLATES)
    plan = plan.in_force(period.data_to)
    forms = Forms(plan, period, carry(plan, period, history, set(plan.units["unit_code"])), key)
    for unit_code in means.progress.each(list(plan.units["unit_code"]), "Ghi biểu mẫu"):
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
