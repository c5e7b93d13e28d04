"""One period from end to end; it reads like the picture of the README."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.carry import carry
from pipeline.errors import CannotRun
from pipeline.forms import Forms, refill
from pipeline.history import History, judge, read_history
from pipeline.plan.load import load_plan
from pipeline.plan.model import Period, Plan
from pipeline.receive import Track, untracked
from pipeline.stamp import read_key
from pipeline.take import sources_of, take
from pipeline.validate import Valid
from pipeline.write.atomic import NotWritten
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
    track: Track[Any] = untracked,
) -> Outcome:
    """inbox → take (receive → validate → merge) → judge (on the earlier periods beside the inbox) → write.

    Raises CannotRun.
    """
    plan = load_plan(plan_path)
    period = plan.period(period_code)
    return run(plan, period, inbox, out, as_of, track)


def run(
    plan: Plan, period: Period, inbox: Path, out: Path, as_of: date | None = None, track: Track[Any] = untracked
) -> Outcome:
    """One period of a loaded plan; its earlier periods lie beside the inbox, in folders named by their codes."""
    taken = take(inbox, plan, period, track)
    history = read_history(plan, period, inbox.parent, track)
    if period.kind == PeriodKind.YEAR and not history and not inbox.exists():
        raise CannotRun(f"Không có thư mục {inbox} và không có quý nào của năm trong {inbox.parent}.")
    judged = judge(taken, history, as_of)
    return write_all(Report.of(judged, history), judged.valid, out, track, read_key(inbox))


def write_all(report: Report, valid: Valid, out: Path, track: Track[Any], key: bytes = b"") -> Outcome:
    outcome, code = Outcome(report), report.period.period_code
    outcome.write(out / f"tong-hop-{code}.xlsx", lambda path: write_consolidated(report, path))
    outcome.write(out / f"kho-khan-vuong-mac-{code}.xlsx", lambda path: write_difficulties(report, path))
    returns = list(returned(report, valid, key))
    for unit_code, make in track(returns, "Ghi tệp trả lại"):
        outcome.write(out / RETURNS / f"{unit_code}.xlsx", make)
    outcome.failed += _remove_others(out / RETURNS, {unit_code for unit_code, _ in returns})
    return outcome


def returned(report: Report, valid: Valid, key: bytes = b"") -> Iterable[tuple[str, Callable[[Path], None]]]:
    """For each unit whose counted submission has issues, how to write its return workbook."""
    forms = Forms(report.plan, report.period, carry(report.plan, report.history), key)
    for number, source in sources_of(report.ledger[report.ledger.index >= 0]).items():
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


def write_templates(
    plan: Plan,
    period: Period,
    out: Path,
    track: Track[Any] = untracked,
    key: bytes = b"",
    history: History = (),
) -> list[Path]:
    """One workbook per unit, stamped with the key, with what the unit reported before.

    Raises NotWritten, naming those that could not be put in place, after the rest.
    """
    paths, failed = [], []
    plan = plan.in_force(period.data_to)
    forms = Forms(plan, period, carry(plan, history), key)
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
