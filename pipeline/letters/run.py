"""Write one batch of drafts: one .eml per unit concerned."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pipeline.brief.phrases import period_in_words
from pipeline.errors import CannotRun
from pipeline.fields import fill
from pipeline.letters.drafts import (
    Letter,
    common_values,
    issue_letters,
    reminder_letters,
    result_letters,
    return_letters,
)
from pipeline.letters.eml import Attachment, Draft
from pipeline.means import PLAIN, Means
from pipeline.plan.load import load_plan
from pipeline.plan.model import Period, Plan
from pipeline.run import RETURNS, TEMPLATES, assess_period, consolidated_path, report_again
from pipeline.write.atomic import NotWritten, write_whole
from schemas.columns import records

LETTERS = "thu"
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)+", re.ASCII)
_FORBIDDEN = re.compile(r'[\\/:*?"<>|]')


@dataclass(frozen=True)
class Batch:
    """``letters`` to write; ``attached`` gives the file on disk and the name that its recipient sees.

    ``without`` says that a letter may go without its attachment; otherwise none is drafted, and ``remedy`` says
    what makes the file.
    """

    plan: Plan
    period: Period
    letters: list[Letter]
    attached: Callable[[str], tuple[Path, str]]
    remedy: str
    without: bool = False


@dataclass
class Drafted:
    """What was drafted: the folder, units by code, and what the officer must know.

    ``lacking`` are the units whose letter has no file to attach, which ``remedy`` makes; ``misaddressed`` gives
    what stands in a unit's address cell but is no address.
    """

    batch: str
    period_name: str
    folder: Path
    unit_names: dict[str, str]
    units: list[str] = field(default_factory=list)
    unaddressed: list[str] = field(default_factory=list)
    misaddressed: dict[str, str] = field(default_factory=dict)
    lacking: list[str] = field(default_factory=list)
    remedy: str = ""
    failed: list[str] = field(default_factory=list)


def write_letters(
    plan_path: Path, period_code: str, batch: str, inbox: Path, out: Path, today: date, means: Means = PLAIN
) -> Drafted:
    """``batch`` is one of :data:`schemas.letters.BATCHES`; ``today`` decides how a reminder is worded.

    Drafts of an earlier batch to units no longer concerned are removed. Raises CannotRun.
    """
    work = _batch(plan_path, period_code, batch, inbox, out, today, means)
    means.progress.stage("Soạn thư")
    folder = out / LETTERS / batch
    drafted = Drafted(batch, work.period.period_name, folder, work.plan.unit_names, remedy=work.remedy)
    emails = dict(zip(work.plan.units["unit_code"], work.plan.units["email"], strict=True))
    wording = {row["kind"]: (row["subject"], row["body"]) for row in records(work.plan.letters)}
    senders, _ = addresses(emails[work.plan.settings.consolidated_by])
    sender = senders[0] if senders else ""
    for letter in work.letters:
        code = letter.unit_code
        files = _attachments(work, code, drafted)
        if files is None:
            continue
        to, wrong = addresses(emails[code])
        values = common_values(work.plan, work.period, code, sender) | dict(letter.values)
        values["tệp kèm theo"] = "; ".join(file.name for file in files) or "không có"
        subject, body = (fill(text, values) for text in wording[letter.kind.value])
        try:
            write_whole(folder / f"{code}.eml", Draft(sender, to, subject, body, files).as_bytes())
        except NotWritten as error:
            drafted.failed.append(str(error))
            continue
        drafted.units.append(code)
        drafted.unaddressed += [] if to else [code]
        drafted.misaddressed |= {code: wrong} if wrong else {}
    drafted.failed += _remove_others(folder, {letter.unit_code for letter in work.letters})
    return drafted


def _batch(plan_path: Path, period_code: str, batch: str, inbox: Path, out: Path, today: date, means: Means) -> Batch:
    issue = f"Gõ make templates QUARTER={period_code} trước."
    if batch in ("phat-mau", "nhac"):
        whole_year = load_plan(plan_path)
        period = whole_year.period(period_code)
        plan = whole_year.in_force(period.data_to)
        template = _of_unit(out / TEMPLATES, "Biểu mẫu", period)
        if batch == "phat-mau":
            return Batch(plan, period, issue_letters(plan), template, issue)
        report, _ = assess_period(whole_year, period, inbox, None, None, means)
        if report.counted != period:
            raise CannotRun(
                f"Không có {inbox}, nên không đơn vị nào phải nộp bản riêng của {period_in_words(period)}. "
                f"Nhắc theo quý: tonghop letters {report.counted.period_code} nhac."
            )
        return Batch(plan, period, reminder_letters(report, today), template, issue, without=True)
    report = report_again(plan_path, period_code, inbox, out, means)
    again = f"Gõ make quarter QUARTER={period_code} trước."
    if batch == "tra-lai":
        attached = _of_unit(out / RETURNS, "Cần sửa", report.period)
        return Batch(report.plan, report.period, return_letters(report), attached, again)
    whole = consolidated_path(out, period_code), f"Tổng hợp {_file_name(report.period.period_name)}.xlsx"
    return Batch(report.plan, report.period, result_letters(report), lambda _: whole, again)


def _of_unit(folder: Path, label: str, period: Period) -> Callable[[str], tuple[Path, str]]:
    """The unit's code stays in the name: where the workbook is lost, it is a hint for the officer's eye."""
    return lambda code: (folder / f"{code}.xlsx", f"{label} {_file_name(period.period_name)} - {code}.xlsx")


def _file_name(text: str) -> str:
    return _FORBIDDEN.sub("-", text)


def _attachments(work: Batch, unit_code: str, drafted: Drafted) -> Sequence[Attachment] | None:
    """None where the letter cannot be drafted: its file is not there or cannot be read."""
    path, name = work.attached(unit_code)
    try:
        return [Attachment(name, path.read_bytes())]
    except OSError:
        if work.without and not path.exists():
            return []
        drafted.lacking.append(unit_code)
        return None


def addresses(text: object) -> tuple[list[str], str]:
    """The addresses of the plan's cell, and what in it is none."""
    parts = [part.strip() for part in re.split("[;,]", text) if part.strip()] if isinstance(text, str) else []
    good = [part for part in parts if _ADDRESS.fullmatch(part)]
    return good, "; ".join(part for part in parts if part not in good)


def _remove_others(folder: Path, units: set[str]) -> list[str]:
    """A draft to a unit that is no longer concerned must not be sent; says which could not be removed."""
    failed = []
    for path in sorted(folder.glob("*.eml")) if folder.is_dir() else ():
        if path.stem not in units:
            try:
                path.unlink(missing_ok=True)
            except OSError:
                failed.append(f"{path} đã cũ (không còn cần gửi) nhưng không xóa được; đóng thư rồi chạy lại.")
    return failed
