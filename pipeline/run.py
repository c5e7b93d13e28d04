"""One period from end to end; it reads like the picture of the README."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.assess.run import assess
from pipeline.forms import Forms, refill
from pipeline.issues import join_issues
from pipeline.merge import merge
from pipeline.plan.load import load_plan
from pipeline.plan.model import Period, Plan
from pipeline.read.submission import Content
from pipeline.receive import Track, receive, untracked
from pipeline.stamp import read_key
from pipeline.validate import Valid, validate
from pipeline.versions import revisions, with_changes
from pipeline.write.atomic import NotWritten, remove_unfinished
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
    plan_path: Path,
    period_code: str,
    inbox: Path,
    out: Path,
    as_of: date | None = None,
    track: Track[Any] = untracked,
    use: Collection[str] = (),
) -> Outcome:
    """inbox → receive → validate → merge → assess → write. Raises CannotRun."""
    plan = load_plan(plan_path)
    period = plan.period(period_code)
    received = receive(inbox, plan, period, use, track)
    changes = revisions(received.ledger, received.contents)
    ledger = with_changes(received.ledger, changes)
    valid, cell_issues = validate_used(ledger, received.contents, plan)
    issues = join_issues([received.issues, cell_issues])
    facts = merge(valid, sources_of(ledger), plan)
    day = as_of or period.consolidate_on
    report = Report(plan, period, day, facts, assess(facts, ledger, issues, plan, period, day), issues, ledger, changes)
    return write_all(report, valid, out, track, read_key(inbox))


def sources_of(ledger: pd.DataFrame) -> dict[int, dict[str, Any]]:
    """Of each counted submission its file, unit_code and unit_name, by item number."""
    used = ledger[ledger["verdict"] == Verdict.USED]
    return dict(zip(map(int, used.index), records(used[["file", "unit_code", "unit_name"]]), strict=True))


def validate_used(ledger: pd.DataFrame, contents: dict[int, Content], plan: Plan) -> tuple[Valid, pd.DataFrame]:
    sources = sources_of(ledger)
    return validate({number: contents[number] for number in sources}, sources, plan)


def write_all(report: Report, valid: Valid, out: Path, track: Track[Any], key: bytes = b"") -> Outcome:
    outcome, code = Outcome(report), report.period.period_code
    for folder in (out, out / RETURNS):
        remove_unfinished(folder)
    outcome.write(out / f"tong-hop-{code}.xlsx", lambda path: write_consolidated(report, path))
    outcome.write(out / f"kho-khan-vuong-mac-{code}.xlsx", lambda path: write_difficulties(report, path))
    returns = list(returned(report, valid, key))
    for unit_code, make in track(returns, "Ghi tệp trả lại"):
        outcome.write(out / RETURNS / f"{unit_code}.xlsx", make)
    outcome.failed += _remove_others(out / RETURNS, {unit_code for unit_code, _ in returns})
    return outcome


def returned(report: Report, valid: Valid, key: bytes = b"") -> Iterable[tuple[str, Callable[[Path], None]]]:
    """For each unit whose counted submission has issues, how to write its return workbook."""
    forms = Forms(report.plan, report.period, key)
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


def write_templates(
    plan: Plan, period: Period, out: Path, track: Track[Any] = untracked, key: bytes = b""
) -> list[Path]:
    """One blank workbook per unit, stamped with the key.

    Raises NotWritten, naming those that could not be put in place, after the rest.
    """
    paths, failed = [], []
    remove_unfinished(out / TEMPLATES)
    forms = Forms(plan, period, key)
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
