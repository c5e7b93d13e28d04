"""The consolidated workbook and the list of difficulties, found by their texts and field names, never by position."""

import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
import python_calamine
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.plan.model import Plan
from pipeline.run import run_period
from pipeline.write.book import BAD, GOOD, MAX_TEXT, Book, number_format, safe_text
from pipeline.write.cells import Words
from pipeline.write.consolidated import Report, write_consolidated
from pipeline.write.difficulty_book import write_difficulties
from pipeline.write.difficulty_list import LIST_SHEET
from pipeline.write.heading import DATA_ROW, FIELDS_ROW, SUBTITLE_ROW, Heading
from pipeline.write.matrix import LEAD_SIGN, NOT_ASSIGNED, SIGNS
from pipeline.write.plan_book import write_plan
from pipeline.write.rows import row_height, row_heights
from pipeline.write.table import TableSheet, colour_of, write_table
from schemas.columns import columns, conform, names
from schemas.diary import DIARY_SHEET
from schemas.records import (
    Change,
    Difficulty,
    Explanation,
    Figure,
    Issue,
    Ledger,
    Note,
    Obstacle,
    Progress,
    Result,
    Revision,
    Rule,
    TaskStatus,
    UnitTimeliness,
)
from schemas.words import NOT_REPORTED, DifficultyState, Role, State, Status, TargetResult, Timeliness
from tests.support import PLAN_2021, ROOT, small_plan, table_values

TABLES = {
    "Nhiệm vụ": TaskStatus,
    "Chỉ tiêu": Result,
    "Tình hình nộp": UnitTimeliness,
    "Chi tiết nhiệm vụ": Progress,
    "Chi tiết chỉ tiêu": Figure,
    "Thay đổi": Change,
    "Khó khăn": Difficulty,
    "Lỗi dữ liệu": Issue,
    "Nguồn dữ liệu": Ledger,
    "Bản thay thế": Revision,
    "Danh mục lỗi": Rule,
    "Ghi chú": Note,
}
ORDER = [
    "Tổng quan",
    "Nhiệm vụ",
    "Chỉ tiêu",
    "Đơn vị × Nhiệm vụ",
    "Tình hình nộp",
    "Chi tiết nhiệm vụ",
    "Chi tiết chỉ tiêu",
    "Thay đổi",
    "Khó khăn",
    "Lỗi dữ liệu",
    "Nguồn dữ liệu",
    "Bản thay thế",
    "Danh mục lỗi",
    "Ghi chú",
]
DIFFICULTY_TABLES = {
    "Khó khăn": Difficulty,
    "Vướng mắc chung": Obstacle,
    "Cần giải trình": Explanation,
    "Ghi chú": Note,
}
HOSTILE = (
    "=1+1",
    "+84 293 000",
    "-5",
    "@SUM(A1)",
    "\t=1+1",
    "{=1+1}",
    '=HYPERLINK("http://x.vn","x")',
    "http://x.vn/a?b=1&c=2",
    "internal:'Tổng quan'!A1",
    "mailto:a@b.vn",
    "<b>&\"'</b>",
    "_x0041_",
    "dòng một\ndòng hai",
    "🙂 tiếng Việt có dấu: ưỡ",
    "1.234",
    "TRUE",
)


@dataclass(frozen=True)
class Written:
    report: Report
    book: Path
    difficulties: Path


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Written:
    out = tmp_path_factory.mktemp("sample")
    outcome = run_period(PLAN_2021, "2021-Q2", ROOT / "input" / "2021-Q2", out)
    assert outcome.failed == []
    return Written(outcome.report, out / "tong-hop-2021-Q2.xlsx", out / "kho-khan-vuong-mac-2021-Q2.xlsx")


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The small plan, and nobody has sent anything."""
    folder = tmp_path_factory.mktemp("silent")
    return written(silent_report(small_plan(), folder), folder)


def silent_report(plan: Plan, folder: Path, as_of: date | None = None) -> Report:
    """The plan's first period with an empty inbox."""
    write_plan(plan, folder / "ke-hoach.xlsx")
    (folder / "inbox").mkdir()
    period = str(plan.periods["period_code"].iloc[0])
    return run_period(folder / "ke-hoach.xlsx", period, folder / "inbox", folder / "out", as_of).report


def written(report: Report, folder: Path) -> Written:
    made = Written(report, folder / "tong-hop.xlsx", folder / "kho-khan.xlsx")
    write_consolidated(report, made.book)
    write_difficulties(report, made.difficulties)
    return made


@cache
def opened(path: Path) -> openpyxl.Workbook:
    """With the stored results of formulas."""
    return openpyxl.load_workbook(path, data_only=True)


def rows_of(path: Path, sheet: str) -> list[list[Any]]:
    return [list(row) for row in opened(path)[sheet].iter_rows(values_only=True)]


def table_of(path: Path, sheet: str) -> list[dict[str, Any]]:
    rows = rows_of(path, sheet)
    fields = [str(field) for field in rows[FIELDS_ROW]]
    return [dict(zip(fields, row, strict=True)) for row in rows[DATA_ROW:]]


@cache
def with_formulas(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path)


def rules_of(sheet: Worksheet, column: int) -> list[Any]:
    """The conditional formats of a column."""
    letter = get_column_letter(column)
    formats = sheet.conditional_formatting._cf_rules.items()
    return [rule for area, rules in formats if re.match(rf"{letter}\d", str(area.sqref)) for rule in rules]


def texts(sheet: Worksheet) -> list[str]:
    return [str(value) for row in sheet.iter_rows(values_only=True) for value in row if value is not None]


def table_sheets(made: Written) -> Iterable[tuple[Worksheet, Any]]:
    for path, models in ((made.book, TABLES), (made.difficulties, DIFFICULTY_TABLES)):
        yield from ((opened(path)[name], model) for name, model in models.items())


BOTH = pytest.mark.parametrize("which", ["sample", "silent"])


@pytest.fixture
def made(which: str, request: pytest.FixtureRequest) -> Written:
    found: Written = request.getfixturevalue(which)
    return found


# --- sheets and tables --------------------------------------------------------------------------------------------


@BOTH
def test_sheets_stand_in_the_order_in_which_a_leader_reads(made: Written) -> None:
    assert opened(made.book).sheetnames == [*ORDER, DIARY_SHEET]
    assert opened(made.book).active.title == "Tổng quan"
    assert opened(made.difficulties).sheetnames == [LIST_SHEET, *DIFFICULTY_TABLES]
    assert [sheet.title for sheet in opened(made.book) if sheet.sheet_state == "visible"] == ORDER
    assert opened(made.book)[DIARY_SHEET].sheet_state == "veryHidden"


@BOTH
def test_each_table_sheet_holds_one_named_excel_table_below_its_hidden_field_names(made: Written) -> None:
    for sheet, model in table_sheets(made):
        assert len(sheet.tables) == 1, sheet.title
        table = next(iter(sheet.tables.values()))
        left, top, right, bottom = range_boundaries(table.ref)
        assert re.fullmatch(r"[A-Za-z_]\w*", table.displayName)
        assert [cell.value for cell in sheet[top - 1]][: right - left + 1] == names(model)
        assert sheet.row_dimensions[top - 1].hidden
        header = [cell.value for cell in sheet[top]][: right - left + 1]
        assert header == [spec.title for spec in columns(model)]
        assert header == [column.name for column in table.tableColumns]
        assert len({str(title).casefold() for title in header}) == len(header), sheet.title
        assert bottom > top, "an Excel table has at least one row"
        assert bottom == sheet.max_row


@BOTH
def test_table_names_are_unique_within_a_workbook(made: Written) -> None:
    for path in (made.book, made.difficulties):
        found = [name.casefold() for sheet in opened(path) for name in sheet.tables]
        assert len(found) == len(set(found)) > 0


@BOTH
def test_tables_show_every_row_of_their_frame(made: Written) -> None:
    frames = {
        "Nhiệm vụ": made.report.assessment.statuses,
        "Chỉ tiêu": made.report.assessment.results,
        "Tình hình nộp": made.report.assessment.timeliness,
        "Chi tiết nhiệm vụ": made.report.facts.progress,
        "Chi tiết chỉ tiêu": made.report.facts.figures,
    }
    for sheet, frame in frames.items():
        shown = table_of(made.book, sheet)
        blanks = {spec.name: spec.layout.blank for spec in columns(TABLES[sheet])}
        assert len(shown) == len(frame)
        for name in names(TABLES[sheet]):
            for cell, value in zip((row[name] for row in shown), frame[name], strict=True):
                if pd.isna(value):
                    assert cell == (blanks[name] or None), (sheet, name)
                elif isinstance(value, float):
                    assert cell == pytest.approx(value, rel=1e-14)
                else:
                    assert cell == value, (sheet, name)


def test_empty_tables_say_so_in_words(silent: Written) -> None:
    for name in ("Khó khăn", "Lỗi dữ liệu", "Nguồn dữ liệu"):
        rows = rows_of(silent.book, name)[DATA_ROW:]
        assert [row[0] for row in rows] == ["Không có."], name
    assert rows_of(silent.difficulties, "Khó khăn")[DATA_ROW][0] == "Không đơn vị nào báo cáo khó khăn."
    assert rows_of(silent.difficulties, "Cần giải trình")[DATA_ROW][0] == "Không có đơn vị nào."
    assert "0 khó khăn" in rows_of(silent.difficulties, "Khó khăn")[SUBTITLE_ROW][0]


def test_a_plan_without_submissions_shows_everyone_missing(silent: Written) -> None:
    assert [row["timeliness"] for row in table_of(silent.book, "Tình hình nộp")] == ["Chưa nộp"] * 4
    assert {row["status"] for row in table_of(silent.book, "Nhiệm vụ")} == {"Chưa báo cáo"}
    assert {row["value"] for row in table_of(silent.book, "Chỉ tiêu")} == {"–"}
    assert {row["unit_code"] for row in table_of(silent.book, "Chi tiết chỉ tiêu")} == {"VP", "STC", "Q1", "Q2"}
    said = " ".join(texts(opened(silent.book)["Tổng quan"]))
    assert "0/4" in said
    assert "4 đơn vị chưa có báo cáo dùng được" in said
    for name in ("VP", "Sở TC", "Quận 1", "Quận 2"):
        assert f"{name} (chưa nộp)" in said


def test_the_list_of_difficulties_counts_rows_and_units(sample: Written) -> None:
    rows = sample.report.facts.difficulties
    subtitle = rows_of(sample.difficulties, "Khó khăn")[SUBTITLE_ROW][0]
    assert f"{len(rows)} khó khăn, vướng mắc của {rows['unit_code'].nunique()} đơn vị" in subtitle
    explain = table_of(sample.difficulties, "Cần giải trình")
    assert [row["unit_code"] for row in explain] == list(sample.report.assessment.explanations["unit_code"])
    assert all(row["basis"] for row in explain)


# --- how it looks and prints --------------------------------------------------------------------------------------


@BOTH
def test_every_sheet_prints_on_a4_landscape_with_page_numbers(made: Written) -> None:
    for path in (made.book, made.difficulties):
        for sheet in opened(path):
            assert int(sheet.page_setup.paperSize) == 9, sheet.title
            assert sheet.page_setup.orientation == "landscape"
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
            assert int(sheet.page_setup.fitToWidth or 1) == (2 if sheet.title == "Chỉ tiêu" else 1)
            footer = f"{sheet.oddFooter.left.text}{sheet.oddFooter.center.text}{sheet.oddFooter.right.text}"
            assert "&P" in footer or "Trang &[Page]" in footer, footer
            assert "&N" in footer or "&[Pages]" in footer
            assert sheet.print_area or sheet.title == DIARY_SHEET
            assert 0 < sheet.page_margins.left < 1.5


@BOTH
def test_headers_are_frozen_and_repeat_on_every_page(made: Written) -> None:
    for sheet, _ in table_sheets(made):
        top = range_boundaries(next(iter(sheet.tables.values())).ref)[1]
        assert sheet.print_title_rows == f"${top}:${top}", sheet.title
        assert int(re.sub(r"\D", "", sheet.freeze_panes)) == top + 1
    matrix = opened(made.book)["Đơn vị × Nhiệm vụ"]
    header = next(cell.row for row in matrix for cell in row if cell.value == "Đơn vị")
    assert matrix.print_title_rows == f"${header}:${header}"
    assert int(re.sub(r"\D", "", matrix.freeze_panes)) == header + 1


@BOTH
def test_every_cell_is_times_new_roman(made: Written) -> None:
    for path in (made.book, made.difficulties):
        for sheet in opened(path):
            fonts = {(cell.font.name, cell.coordinate) for row in sheet for cell in row}
            assert {cell for name, cell in fonts if name != "Times New Roman"} == set(), sheet.title
        with zipfile.ZipFile(path) as archive:
            styles = archive.read("xl/styles.xml").decode()
            charts = [archive.read(name).decode() for name in archive.namelist() if "/charts/chart" in name]
        assert set(re.findall(r'<name val="([^"]+)"', styles)) == {"Times New Roman"}
        assert set(re.findall(r'<a:latin typeface="([^"]+)"', "".join(charts))) <= {"Times New Roman"}


@BOTH
def test_properties_are_vietnamese_and_never_the_clocks(made: Written) -> None:
    plan, day = made.report.plan, made.report.as_of
    owner = plan.unit_names[plan.settings.consolidated_by]
    for path in (made.book, made.difficulties):
        properties = opened(path).properties
        assert made.report.period.period_name in properties.title
        assert properties.creator == owner
        assert properties.created == properties.modified == datetime(day.year, day.month, day.day)
        assert properties.subject in (made.report.period.period_name, plan.settings.title)
        with zipfile.ZipFile(path) as archive:
            assert owner in archive.read("docProps/app.xml").decode()


@BOTH
def test_every_status_and_result_has_its_reason_beside_it(made: Written) -> None:
    for sheet in ("Nhiệm vụ", "Chỉ tiêu", "Tình hình nộp"):
        for row in table_of(made.book, sheet):
            assert row["basis"] not in (None, "–"), (sheet, row)
            assert row["basis"].endswith("."), row["basis"]


# --- the overview -------------------------------------------------------------------------------------------------


def charts_of(path: Path) -> list[ElementTree.Element]:
    with zipfile.ZipFile(path) as archive:
        parts = sorted(name for name in archive.namelist() if re.search(r"xl/charts/chart\d+\.xml", name))
        return [ElementTree.fromstring(archive.read(part)) for part in parts]


def alt_texts(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        drawings = [archive.read(name).decode() for name in archive.namelist() if "drawings/drawing" in name]
    return [
        text
        for xml in drawings
        if "graphicFrame" in xml
        for text in re.findall(r'<xdr:cNvPr [^>]*descr="([^"]+)"', xml)
    ]


def ranges_of(chart: ElementTree.Element, kind: str) -> list[str]:
    """The ranges of the series' values (val) or categories (cat)."""
    return [
        str(formula.text)
        for part in chart.iter()
        if part.tag.endswith(f"}}{kind}")
        for formula in part.iter()
        if formula.tag.endswith("}f")
    ]


def cells_at(path: Path, reference: str) -> list[Any]:
    sheet, cells = reference.rsplit("!", maxsplit=1)
    found = opened(path)[sheet.strip("'")][cells.replace("$", "")]
    rows = found if isinstance(found, tuple) else ((found,),)
    return [cell.value for row in rows for cell in row]


@BOTH
def test_charts_stand_over_ranges_that_hold_data_and_carry_a_text(made: Written) -> None:
    charts = charts_of(made.book)
    assert len(charts) >= 2
    described = alt_texts(made.book)
    assert len(described) == len(charts)
    assert all("iểu đồ" in text for text in described)
    for chart in charts:
        values, categories = ranges_of(chart, "val"), ranges_of(chart, "cat")
        assert values
        assert categories
        for reference in [*values, *categories]:
            assert None not in cells_at(made.book, reference), reference
        numbers = [value for reference in values for value in cells_at(made.book, reference)]
        assert any(isinstance(value, (int, float)) for value in numbers)


def test_the_submission_chart_counts_every_unit_once(sample: Written) -> None:
    counts = [
        sum(value for reference in ranges_of(chart, "val") for value in cells_at(sample.book, reference))
        for chart in charts_of(sample.book)
        if all(isinstance(v, int) for reference in ranges_of(chart, "val") for v in cells_at(sample.book, reference))
    ]
    assert 27 in counts


def test_links_lead_to_the_row_that_they_speak_of(sample: Written, silent: Written) -> None:
    kinds = set()
    for made in (sample, silent):
        book = opened(made.book)
        linked = [cell for row in book["Tổng quan"] for cell in row if cell.hyperlink]
        assert len(linked) >= len(made.report.plan.tasks)
        for cell in linked:
            sheet, at = cell.hyperlink.location.rsplit("!", maxsplit=1)
            assert sheet.strip("'") in book.sheetnames
            target = book[sheet.strip("'")]
            fields = [field.value for field in target[FIELDS_ROW + 1]]
            row = dict(zip(fields, (found.value for found in target[int(re.sub(r"\D", "", at))]), strict=True))
            kinds.add(sheet)
            if "indicator_code" in row:
                assert names_code(cell.value, row["indicator_code"]), cell.value
                assert scope_beside(cell, row["scope_name"]), (cell.coordinate, row)
            elif "task_code" in row:
                assert names_code(cell.value, row["task_code"]), cell.value
            else:
                assert row["timeliness"] == "Chưa nộp"
    assert kinds == {"'Nhiệm vụ'", "'Chỉ tiêu'", "'Tình hình nộp'"}


def test_an_indicators_links_keep_to_its_scope(sample: Written) -> None:
    book = opened(sample.book)
    for name, other in (("Chỉ tiêu", "Chi tiết chỉ tiêu"), ("Chi tiết chỉ tiêu", "Chỉ tiêu")):
        fields = [[field.value for field in book[sheet][FIELDS_ROW + 1]] for sheet in (name, other)]
        for row in book[name].iter_rows(min_row=DATA_ROW + 1):
            link = row[fields[0].index("indicator_code")].hyperlink
            there = book[other][int(link.location.rsplit("!A", maxsplit=1)[1])]
            for field in ("indicator_code", "scope_name"):
                assert row[fields[0].index(field)].value == there[fields[1].index(field)].value


def names_code(text: Any, code: str) -> bool:
    """The whole code stands in the text: II.3 is not meant by II.3.1."""
    return re.search(rf"(?<![\w.]){re.escape(code)}(?!\.?\w)", str(text)) is not None


def scope_beside(cell: Any, scope: str) -> bool:
    """The scope stands in the cell itself or in the one to its right."""
    return scope in str(cell.value) or scope in str(cell.offset(0, 1).value)


def test_the_overview_shows_the_headline_figures_with_their_words(sample: Written) -> None:
    said = texts(opened(sample.book)["Tổng quan"])
    results = sample.report.assessment.results
    aimed = results[results["target"].notna()]
    met = int((aimed["target_result"] == TargetResult.MET).sum())
    for label in (
        "Đơn vị đã gửi báo cáo",
        "Nhiệm vụ hoàn thành",
        "Chỉ tiêu đạt mục tiêu",
        "Khó khăn chưa giải quyết xong",
    ):
        assert label in said
    for figure in ("26/27", "0/5", f"{met}/{len(aimed)}", "14"):
        assert figure in said
    whole = "\n".join(said)
    assert "QUÝ II NĂM 2021" in whole
    assert "trễ 1: Sở Công Thương (3 ngày) · chưa có 1: BQL các KCN (chưa nộp)" in whole
    assert "Tỷ lệ hoàn thành đúng theo dõi: chưa có nhiệm vụ nào hoàn thành hoặc quá hạn" in whole
    assert sample.report.subtitle in whole
    for row in sample.report.assessment.statuses.itertuples():
        assert row.task_title in said
        assert row.status in said
    for row in aimed.itertuples():
        assert any(row.indicator in text and row.scope_name in text for text in said)
        assert any(str(row.target_result) in text for text in said)


def calm(report: Report) -> Report:
    """Everyone on time, nothing behind, nothing missing."""
    judged = report.assessment
    statuses = judged.statuses.assign(status=Status.ONGOING.value, alerts=None)
    results = judged.results.assign(target_result=TargetResult.MET.value, alerts=None, behind=False)
    timeliness = judged.timeliness.assign(timeliness=Timeliness.ON_TIME.value, file="a.xlsx")
    return replace(report, assessment=replace(judged, statuses=statuses, results=results, timeliness=timeliness))


def test_a_quarter_without_a_worry_says_so(silent: Written, tmp_path: Path) -> None:
    made = written(calm(silent.report), tmp_path)
    said = texts(opened(made.book)["Tổng quan"])
    assert "Không có việc nào cần quyết định trong kỳ." in said
    assert "Đúng hạn 4 · trễ 0 · chưa có 0" in said
    assert "4/4" in said


def test_an_overdue_quarter_shows_the_rate_of_tasks_done(tmp_path: Path) -> None:
    made = written(silent_report(small_plan(), tmp_path, date(2024, 1, 15)), tmp_path)
    said = "\n".join(texts(opened(made.book)["Tổng quan"]))
    assert "Tỷ lệ hoàn thành đúng theo dõi: 0 %" in said
    assert "quá hạn" in said


def test_a_plan_without_targets_has_no_chart_of_targets(tmp_path: Path) -> None:
    counts = small_plan().indicators.iloc[1:2].to_dict("records")
    plan = small_plan(indicators=counts, targets=[{"indicator_code": "A.2", "assignee": "QUAN"}])
    plan = replace(plan, settings=replace(plan.settings, plan_number=""))
    made = written(silent_report(plan, tmp_path), tmp_path)
    assert len(charts_of(made.book)) == len(alt_texts(made.book)) == 2
    assert plan.settings.title in texts(opened(made.book)["Tổng quan"])
    assert [row["indicator_code"] for row in table_of(made.book, "Chỉ tiêu")] == ["A.2"]


# --- the matrix ---------------------------------------------------------------------------------------------------


def matrix_of(made: Written) -> tuple[dict[str, list[str]], dict[str, list[int]]]:
    """The signs of each unit's tasks by unit name, and the totals of each task by state."""
    rows = rows_of(made.book, "Đơn vị × Nhiệm vụ")
    head = next(at for at, row in enumerate(rows) if "Đơn vị" in row)
    tasks = len(made.report.plan.tasks)
    names = set(made.report.plan.units["unit_name"])
    units = {row[1]: row[3 : tasks + 5] for row in rows[head + 1 :] if row[1] in names}
    totals = {row[1].split(": ")[1]: row[3 : tasks + 4] for row in rows if row[0] == "Cộng"}
    return units, totals


def test_the_matrix_says_every_state_in_letters(silent: Written, tmp_path: Path) -> None:
    report = silent.report
    states = {
        ("VP", "A"): State.NOT_STARTED,
        ("VP", "B"): State.DONE,
        ("VP", "C"): State.UNDERWAY,
        ("Q1", "A"): State.NONE_ARISING,
    }
    progress = report.facts.progress.copy()
    keys = list(zip(progress["unit_code"], progress["task_code"], strict=True))
    progress["state"] = pd.Series([str(states[key]) if key in states else None for key in keys], dtype="str")
    progress["reported"] = ["Có" if key in states else "Không" for key in keys]
    made = written(replace(report, facts=replace(report.facts, progress=progress)), tmp_path)
    units, totals = matrix_of(made)
    silent_sign = SIGNS[NOT_REPORTED][0]
    assert units["Văn phòng"] == [
        SIGNS[State.NOT_STARTED][0],
        f"{SIGNS[State.DONE][0]} {LEAD_SIGN}",
        f"{SIGNS[State.UNDERWAY][0]} {LEAD_SIGN}",
        3,
        3,
    ]
    assert units["Quận Một"] == [SIGNS[State.NONE_ARISING][0], silent_sign, NOT_ASSIGNED, 1, 2]
    assert units["Sở Tài chính"] == [f"{silent_sign} {LEAD_SIGN}", NOT_ASSIGNED, f"{silent_sign} {LEAD_SIGN}", 0, 2]
    assert totals[State.DONE] == [0, 1, 0, 1]
    assert totals[NOT_REPORTED] == [2, 2, 1, 5]
    assert sum(row[-1] for row in totals.values()) == len(progress)
    assert len({sign for sign, _ in SIGNS.values()}) == len(SIGNS)
    legend = " ".join(texts(opened(made.book)["Đơn vị × Nhiệm vụ"]))
    for state in (*State, NOT_REPORTED):
        assert f": {state}" in legend


@pytest.mark.parametrize(("count", "pages"), [(3, "1"), (60, "0")])
def test_many_units_run_over_several_pages(count: int, pages: str, tmp_path: Path) -> None:
    units = [
        {"unit_code": f"U{n}", "unit_name": f"Đơn vị {n}", "short_name": f"ĐV {n}", "unit_group": "SO"}
        for n in range(count)
    ]
    plan = small_plan(
        units=[{"unit_code": "STC", "unit_name": "Sở", "short_name": "S", "unit_group": "SO"}, *units],
        assignments=[
            {"task_code": task, "assignee": "STC", "role": Role.LEAD} for task in ("A", "B", "C")
        ] + [{"task_code": "A", "assignee": "SO", "role": Role.COORDINATE}],
        indicators=small_plan().indicators.iloc[:1].to_dict("records"),
        targets=[{"indicator_code": "A.1", "assignee": "SO", "target": 1.0}],
    )  # fmt: skip
    made = written(silent_report(plan, tmp_path), tmp_path)
    assert len(matrix_of(made)[0]) == count + 1
    setup = opened(made.book)["Đơn vị × Nhiệm vụ"].page_setup
    assert str(setup.fitToHeight if setup.fitToHeight is not None else 1) == pages


# --- texts that a workbook must survive ---------------------------------------------------------------------------


def with_difficulties(report: Report, said: Sequence[str]) -> Report:
    rows = [
        {
            "number": number,
            "task_code": "A",
            "unit_code": "STC",
            "unit_name": "Sở Tài chính",
            "description": text,
            "cause": text,
            "state": DifficultyState.OPEN.value,
            "file": text[:200],
        }
        for number, text in enumerate(said, start=1)
    ]
    return replace(report, facts=replace(report.facts, difficulties=conform(Difficulty, rows)))


def test_text_stays_text_whatever_it_starts_with(silent: Written, tmp_path: Path) -> None:
    made = written(with_difficulties(silent.report, HOSTILE), tmp_path)
    for path in (made.book, made.difficulties):
        sheet = opened(path)["Khó khăn"]
        assert [row["description"] for row in table_of(path, "Khó khăn")] == list(HOSTILE)
        first = DATA_ROW + 1
        assert {cell.data_type for row in sheet.iter_rows(min_row=first) for cell in row if cell.column > 1} == {"s"}
        outside = [cell for row in sheet for cell in row if cell.hyperlink and cell.hyperlink.target]
        assert outside == []
        formulas = [cell for each in with_formulas(path) for row in each for cell in row if cell.data_type == "f"]
        ours = re.compile(r"=(SUMPRODUCT|COUNT|SUM|IF\(COUNT|\(ROWS|'|[A-Z]+\d|\"Chưa)")
        assert [cell.value for cell in formulas if not ours.match(cell.value)] == []
        said = [cell.value for each in with_formulas(path) for row in each for cell in row if cell.value in HOSTILE]
        assert len(said) >= 2 * len(HOSTILE)


def test_the_plans_own_words_stay_text_too(tmp_path: Path) -> None:
    plan = small_plan()
    words = {"title": "{=1+1}", "task": "=1+1", "unit": "@SUM(A1)", "indicator": "http://x.vn/a?b=1&c=2"}
    plan = replace(
        plan,
        settings=replace(plan.settings, title=words["title"], plan_number="", issued_by="-5", place="+84"),
        tasks=plan.tasks.assign(task_title=words["task"]),
        units=plan.units.assign(unit_name=words["unit"], short_name="=2"),
        indicators=plan.indicators.assign(indicator=words["indicator"]),
    )
    made = written(silent_report(plan, tmp_path), tmp_path)
    cells = [cell for sheet in opened(made.book) for row in sheet for cell in row]
    written_as = [cell for sheet in with_formulas(made.book) for row in sheet for cell in row]
    assert [cell.coordinate for cell in written_as if cell.data_type == "f" and cell.value in words.values()] == []
    assert {cell.hyperlink.target for cell in cells if cell.hyperlink} == {None}
    assert words["title"] in texts(opened(made.book)["Tổng quan"])
    assert {row["task_title"] for row in table_of(made.book, "Nhiệm vụ")} == {words["task"]}
    assert {row["unit_name"] for row in table_of(made.book, "Tình hình nộp")} == {words["unit"]}
    assert {row["indicator"] for row in table_of(made.book, "Chỉ tiêu")} == {words["indicator"]}


def test_a_text_too_long_for_a_cell_is_cut_and_says_so(silent: Written, tmp_path: Path) -> None:
    whole, long = "a" * MAX_TEXT, "b" * 40_000
    made = written(with_difficulties(silent.report, [whole, long, "c"]), tmp_path)
    for path in (made.book, made.difficulties):
        said = [row["description"] for row in table_of(path, "Khó khăn")]
        assert said[0] == whole
        assert len(said[1]) == MAX_TEXT
        assert said[1].startswith("b" * 30_000)
        assert "quá dài" in said[1][-60:]
        assert said[2] == "c"


def test_control_characters_and_lone_surrogates_do_not_break_a_workbook(silent: Written, tmp_path: Path) -> None:
    said = ["a\x00b\x01c\x0bd\x1fe", "tên \ud800 tệp \udfff", "\ufffe\uffff", "\x7f\x85", "\r\n cuối"]
    made = written(with_difficulties(silent.report, said), tmp_path)
    for path in (made.book, made.difficulties):
        assert openpyxl.load_workbook(path)["Khó khăn"].max_row == DATA_ROW + len(said)
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                assert ElementTree.fromstring(archive.read(name)) is not None, name
        with python_calamine.CalamineWorkbook.from_path(str(path)) as book:
            rows = book.get_sheet_by_name("Khó khăn").to_python(skip_empty_area=False)[DATA_ROW:]
        shown = [row[names(Difficulty).index("description")] for row in rows]
        assert shown[0] == said[0]
        assert shown[1] == "tên \ufffd tệp \ufffd"


def test_properties_and_sheets_of_a_book_hold_any_text(tmp_path: Path) -> None:
    book = Book("tiêu đề\x01 \ud800", datetime(2023, 1, 1), company="a\x0b&<b>", subject="=1")
    sheet = book.sheet("Một")
    sheet.write_string(0, 0, safe_text("\x01\ud83d"))
    upright = book.sheet("Hai", landscape=False)
    upright.write_string(0, 0, "x", book.format(bold=True))
    assert book.format(bold=True) is book.format(bold=True)
    assert book.fill("#FFFFFF") is book.fill("#FFFFFF")
    assert book.fill("#FFFFFF") is not book.fill("#000000")
    book.save(tmp_path / "a" / "b.xlsx")
    read = openpyxl.load_workbook(tmp_path / "a" / "b.xlsx")
    assert "tiêu đề" in read.properties.title
    assert "\ufffd" in read.properties.title
    assert read["Hai"].page_setup.orientation == "portrait"
    assert read["Một"].page_setup.orientation == "landscape"
    assert read["Hai"].page_margins.left >= 1.18  # NĐ 30/2020: 30 mm


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a\ud800b", "a\ufffdb"),
        ("🙂", "🙂"),
        (12, "12"),
        (None, "None"),
        ("x" * MAX_TEXT, "x" * MAX_TEXT),
    ],
)
def test_safe_text(value: Any, text: str) -> None:
    assert safe_text(value) == text


@pytest.mark.parametrize(
    ("form", "value", "shown"),
    [
        ("#,##0.##", 395.0, "#,##0"),
        ("#,##0.##", 395.5, "#,##0.##"),
        ("0.##%", 0.29, "0%"),
        ("0.##%", 0.295, "0.##%"),
        ("+#,##0.##;-#,##0.##;0", -3, "+#,##0;-#,##0;0"),
        ("#,##0.##", None, "#,##0.##"),
        ("#,##0.##", float("nan"), "#,##0.##"),
        ("dd/mm/yyyy", 5, "dd/mm/yyyy"),
    ],
)
def test_a_whole_number_shows_no_lone_decimal_sign(form: str, value: Any, shown: str) -> None:
    assert number_format(form, value) == shown


@pytest.mark.parametrize("length", [MAX_TEXT + 1, MAX_TEXT * 3])
def test_safe_text_never_exceeds_a_cell(length: int) -> None:
    cut = safe_text("x" * length)
    assert len(cut) == MAX_TEXT
    assert cut.endswith("]")


# --- one table, rows ----------------------------------------------------------------------------------------------


def test_a_table_takes_links_formats_and_colours_row_by_row(tmp_path: Path) -> None:
    frame = conform(
        Result,
        [
            {"task_code": "A", "indicator_code": "A.1", "value": 0.5, "units_reported": 1, "units_expected": 2}
            | {"target_result": "Đạt"},
            {"task_code": "B", "indicator_code": "B.1", "units_reported": 0, "units_expected": 2}
            | {"target_result": "Chưa đạt"},
        ],
    )
    book = Book("t", datetime(2023, 1, 1))
    spec = TableSheet(
        "Kết quả",
        Heading("Kết quả"),
        Result,
        frame,
        formats={"value": ["0.00%", ""]},
        links={"task_code": ["'Kết quả'!A1", ""]},
        colour=("target_result",),
        landscape=False,
    )
    write_table(book, spec, "bang")
    book.save(tmp_path / "t.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["Kết quả"]
    field = {cell.value: cell.column for cell in sheet[FIELDS_ROW + 1]}
    first, second = DATA_ROW + 1, DATA_ROW + 2
    assert sheet.cell(first, field["task_code"]).hyperlink.location == "'Kết quả'!A1"
    assert sheet.cell(first, field["task_code"]).value == "A"
    assert sheet.cell(second, field["task_code"]).hyperlink is None
    assert sheet.cell(first, field["value"]).number_format == "0.00%"
    assert sheet.cell(second, field["value"]).value == "–"
    rules = {rule.formula[0]: rule.dxf.fill.bgColor.rgb for rule in rules_of(sheet, field["target_result"])}
    assert rules['"Đạt"'] == "FF" + GOOD[1:]
    assert rules['"Chưa đạt"'] == "FF" + BAD[1:]
    assert sheet.page_setup.orientation == "portrait"


def test_words_that_judge_have_a_fill_and_others_none() -> None:
    assert colour_of("Trễ 3 ngày") == colour_of("Trễ 40 ngày") != "#FFFFFF"
    assert colour_of(TargetResult.MET) != colour_of(TargetResult.NOT_MET) != "#FFFFFF"
    assert colour_of("một từ lạ") == "#FFFFFF"


@pytest.mark.parametrize(
    ("told", "widths", "lines"),
    [
        ([], [], 1),
        ([None, ""], [10.0, 10.0], 1),
        (["ngắn"], [20.0], 1),
        (["một\nhai\nba"], [20.0], 3),
        (["chữ " * 50, "ngắn"], [40.0, 40.0], 4),
    ],
)
def test_rows_are_as_high_as_their_longest_text(told: list[Any], widths: list[float], lines: int) -> None:
    height = row_height(told, widths)
    assert height >= max(18.0, lines * 14.0)
    assert height <= max(18.0, (lines + 3) * 15.0 + 3)


def test_row_heights_have_excels_limit_and_grow_with_the_font() -> None:
    assert row_height(["x" * 40_000], [10.0]) == 409.0
    assert row_height(["chữ " * 50], [40.0], scale=1.5) > row_height(["chữ " * 50], [40.0])
    assert row_height(["ngắn"], [40.0], least=30.0) == 30.0


def heights_of(frame: pd.DataFrame) -> list[float]:
    texts = [(Words.of(frame[spec.name]), spec.layout.width) for spec in columns(Note)]
    heights: list[float] = row_heights(len(frame), texts).tolist()
    return heights


def test_heights_by_column_are_set_only_where_more_than_one_line_stands() -> None:
    frame = conform(
        Note, [{"topic": "a", "text": "ngắn"}, {"topic": "b", "text": "dài " * 100}, {"topic": "c", "text": "x\ny"}]
    )
    heights = heights_of(frame)
    assert heights[0] == 0
    assert heights[1] > heights[2] > 18
    assert heights_of(conform(Note, [{"text": "x" * 90_000}])) == [409.0]
    assert heights_of(conform(Note, [])) == []


def test_the_notes_say_what_the_codes_of_the_groups_stand_for(sample: Written) -> None:
    rows = [row for row in table_values(sample.book, "Ghi chú") if row["topic"] == "Nhóm đơn vị"]
    assert [(row["term"], row["text"]) for row in rows] == [("SBN", "Sở, ban, ngành tỉnh"), ("HUYEN", "UBND cấp huyện")]
