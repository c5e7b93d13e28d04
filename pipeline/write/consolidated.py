"""The consolidated workbook: one sheet per table of DESIGN's list, in the order that a leader reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

import pandas as pd

from pipeline.assess.attention import attention
from pipeline.assess.changes import Standing, changes
from pipeline.assess.run import Assessment
from pipeline.assess.trends import VALUES
from pipeline.decisions import Decisions
from pipeline.diary import Diary
from pipeline.history import History, Judged, previous
from pipeline.measures import FORMATS
from pipeline.merge import Facts
from pipeline.plan.model import Period, Plan
from pipeline.write.book import IN_MEMORY, Book
from pipeline.write.diary_sheet import write_diary_sheet
from pipeline.write.formulas import of_rates, of_results, of_statuses, of_timeliness
from pipeline.write.heading import Heading, attached_to, roman
from pipeline.write.links import links_of
from pipeline.write.matrix import write_matrix
from pipeline.write.overview import write_overview
from pipeline.write.table import TableSheet, detail, write_table
from pipeline.write.trends import CHANGE_FORMATS, add_sparklines, ledger_rows
from schemas.glossary import notes
from schemas.messages import rules
from schemas.records import (
    Change,
    Difficulty,
    Figure,
    Issue,
    Ledger,
    Note,
    Progress,
    Result,
    Revision,
    Rule,
    TaskStatus,
    UnitTimeliness,
)
from schemas.words import IndicatorKind, PeriodKind

SHEETS = {
    "overview": "Tổng quan",
    "statuses": "Nhiệm vụ",
    "results": "Chỉ tiêu",
    "matrix": "Đơn vị × Nhiệm vụ",
    "timeliness": "Tình hình nộp",
    "progress": "Chi tiết nhiệm vụ",
    "figures": "Chi tiết chỉ tiêu",
    "changes": "Thay đổi",
    "difficulties": "Khó khăn",
    "issues": "Lỗi dữ liệu",
    "ledger": "Nguồn dữ liệu",
    "revisions": "Bản thay thế",
    "rules": "Danh mục lỗi",
    "notes": "Ghi chú",
}


_SHARE_GAP, _COUNT_GAP = "+0.00%;-0.00%;0.00%", "+#,##0.##;-#,##0.##;0"
_GAPS = dict.fromkeys(IndicatorKind, _SHARE_GAP) | {IndicatorKind.COUNT: _COUNT_GAP}
_GAPS |= {IndicatorKind.MILESTONE: '[=-1]"Chưa có";[=0]"–";+0%'}

_NOTHING_CHANGED = {
    # whether there is a quarter to compare with
    True: "Không có thay đổi.",
    False: "Không có quý trước để so sánh; báo cáo năm không so với một quý.",
}


@dataclass(frozen=True)
class Report:
    """Everything that one period's outputs show; ``counted`` as in :class:`pipeline.history.Judged`."""

    plan: Plan
    period: Period
    counted: Period
    as_of: date
    facts: Facts
    assessment: Assessment
    issues: pd.DataFrame
    ledger: pd.DataFrame
    revisions: pd.DataFrame
    diary: Diary
    history: History = ()
    decisions: Decisions = field(default_factory=Decisions)

    @classmethod
    def of(cls, judged: Judged, history: History, diary: Diary) -> "Report":
        """The report of a period and the earlier ones that it is compared with."""
        one = judged
        return cls(
            one.plan,
            one.period,
            one.counted,
            one.as_of,
            one.facts,
            one.assessment,
            one.issues,
            one.ledger,
            one.revisions,
            diary,
            history,
            one.decisions,
        )

    @property
    def before(self) -> Judged | None:
        """The last quarter, which this period is compared with; a year is not set against one of its quarters."""
        return None if self.period.kind == PeriodKind.YEAR else previous(self.history)

    @cached_property
    def changes(self) -> pd.DataFrame:
        """What is not as it was in the last quarter: :class:`schemas.records.Change`."""
        before = self.before
        then = Standing(before.period, before.assessment, before.facts.difficulties) if before else None
        return changes(Standing(self.period, self.assessment, self.facts.difficulties), then, self.plan)

    @property
    def subtitle(self) -> str:
        return (
            f"{self.period.period_name}; số liệu từ {self.period.data_from:%d/%m/%Y} "
            f"đến {self.period.data_to:%d/%m/%Y}; ngày xét {self.as_of:%d/%m/%Y}."
        )

    @property
    def owner(self) -> str:
        """The unit that consolidates."""
        return self.plan.unit_names[self.plan.settings.consolidated_by]

    @property
    def attached(self) -> str:
        return attached_to(self.period.consolidate_on.year, self.owner)

    @property
    def created(self) -> datetime:
        """The instant that stands in the file's properties: the day of judgement, never the clock."""
        return datetime(self.as_of.year, self.as_of.month, self.as_of.day)


def write_consolidated(report: Report, path: Path) -> None:
    """Raises NotWritten where the file cannot be put in place."""
    title = f"Tổng hợp {report.period.period_name} – {report.plan.settings.title}"
    is_large = len(report.facts.figures) > IN_MEMORY
    book = Book(title, report.created, company=report.owner, subject=report.period.period_name, large=is_large)
    tables = _tables(report)
    write_overview(book, report, SHEETS, attention(report.assessment))
    for name, sheet in SHEETS.items():
        if name == "matrix":
            heading = _heading(report, name, f"Đơn vị × Nhiệm vụ {report.period.period_name}")
            write_matrix(book, report, sheet, heading, detail(tables["progress"]))
        elif name != "overview":
            written = write_table(book, tables[name], f"bang_{name}")
            if name == "results":
                add_sparklines(written, sheet, report.assessment.results, Result)
    write_diary_sheet(book, report.diary)
    book.save(path)


def _heading(report: Report, name: str, title: str, more: str = "") -> Heading:
    number = roman(list(SHEETS).index(name))
    subtitle = f"{report.subtitle} {more}".strip()
    return Heading(title, subtitle, f"Phụ lục {number}", report.attached, SHEETS["overview"])


def _tables(report: Report) -> dict[str, TableSheet]:
    """Every table of the workbook by name, in the order of ``SHEETS``."""
    facts, judged, period = report.facts, report.assessment, report.period.period_name
    own_unit = "Đơn vị tính: ghi ở từng dòng."
    sent = "" if report.counted == report.period else "Không yêu cầu bản nộp riêng cho năm; đây là của quý gần nhất."
    made = {
        "statuses": (f"Tình trạng nhiệm vụ {period}", "", TaskStatus, judged.statuses, ("status",)),
        "results": (f"Kết quả chỉ tiêu {period}", own_unit, Result, judged.results, ("target_result",)),
        "timeliness": (
            f"Tình hình nộp báo cáo {report.counted.period_name}",
            sent,
            UnitTimeliness,
            judged.timeliness,
            ("timeliness",),
        ),
        "progress": (f"Chi tiết nhiệm vụ theo đơn vị {period}", "", Progress, facts.progress, ("state",)),
        "figures": (f"Chi tiết chỉ tiêu theo đơn vị {period}", own_unit, Figure, facts.figures, ()),
        "changes": (f"Thay đổi {period}{_compared(report)}", "", Change, report.changes, ("direction",)),
        "difficulties": (f"Khó khăn, vướng mắc {period}", "", Difficulty, facts.difficulties, ("state", "update")),
        "issues": (f"Lỗi và cảnh báo trong bản nộp {period}", "", Issue, report.issues, ("severity",)),
        "ledger": (
            f"Nguồn dữ liệu {period}",
            "Mỗi tệp trong thư mục nhận một dòng.",
            Ledger,
            ledger_rows(report),
            ("verdict",),
        ),
        "revisions": (
            f"Bản nộp bị thay thế {period}",
            "Từng ô khác với bản được dùng.",
            Revision,
            report.revisions,
            (),
        ),
        "rules": ("Danh mục lỗi và cảnh báo", "", Rule, pd.DataFrame(rules()), ("severity",)),
        "notes": ("Phương pháp, quy tắc, thuật ngữ", "", Note, _notes(report.plan), ()),
    }
    tables = {
        name: TableSheet(SHEETS[name], _heading(report, name, title, more), model, frame, colour=colour)
        for name, (title, more, model, frame, colour) in made.items()
    }
    tables["results"] = replace(tables["results"], keep=3)  # a code is told of by scope
    tables["changes"] = replace(tables["changes"], empty=_NOTHING_CHANGED[report.before is not None])
    details = {name: detail(table) for name, table in tables.items()}
    live = {
        "statuses": of_statuses(len(judged.statuses), TaskStatus, details["progress"], details["difficulties"]),
        "results": of_results(judged.results, details["figures"], _baselines(report.plan)),
        "timeliness": of_timeliness(len(judged.timeliness), UnitTimeliness, details["issues"]),
        "figures": of_rates(facts.figures, Figure),
    }
    formats = {"results": _measures(judged.results), "figures": _measures(facts.figures)}
    return {
        name: replace(table, formulas=live.get(name, {}), links=links_of(name, tables), formats=formats.get(name, {}))
        for name, table in tables.items()
    }


def _notes(plan: Plan) -> pd.DataFrame:
    """Method and vocabulary, and what the plan's own codes of unit groups stand for."""
    groups = [{"topic": "Nhóm đơn vị", "term": code, "text": name} for code, name in plan.group_names.items()]
    return pd.DataFrame([*notes(), *groups])


def _compared(report: Report) -> str:
    return f" so với {report.before.period.brief}" if report.before else ""


def _baselines(plan: Plan) -> dict[str, float]:
    return dict(zip(plan.indicators["indicator_code"], plan.indicators["baseline"], strict=True))


def _measures(frame: pd.DataFrame) -> Mapping[str, list[str]]:
    """Number formats of the columns that are in each indicator's own unit."""
    kinds = frame["kind"].tolist()

    def by_kind(formats: Mapping[IndicatorKind, str]) -> list[str]:
        return [formats[kind] for kind in kinds]

    own = by_kind(FORMATS)
    whole = {kind: FORMATS[IndicatorKind.RATIO] if kind.has_denominator else form for kind, form in FORMATS.items()}
    sums = [FORMATS[IndicatorKind.COUNT]] * len(kinds)
    return {
        "value": own,
        "target": own,
        "gap": by_kind(_GAPS),
        "change": by_kind(CHANGE_FORMATS),
        **dict.fromkeys(VALUES, own),
        "expected": own,
        "rate": by_kind(whole),
        "numerator": sums,
        "denominator": sums,
    }
