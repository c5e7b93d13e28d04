"""The plan workbook: written and read back, the shipped plan, and what an officer may do to it in Excel."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from pipeline.errors import CannotRun
from pipeline.plan.load import PlanFaulty, load_plan
from pipeline.plan.model import Plan
from pipeline.write.plan_book import write_plan
from schemas.columns import columns, records
from schemas.plan import SETTINGS, TABLES
from schemas.words import Accumulation, Comparison, IndicatorKind, PeriodKind, Role
from tests.support import MODELS, PLAN_2021, sheet_values, small_plan

FRAMES = [table.name for table in TABLES[1:]]


def assert_same_plan(one: Plan, other: Plan) -> None:
    assert one.settings == other.settings
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), obj=name)


def test_the_small_plan_reads_back_to_itself(other_plan: Plan, other_plan_file: Path) -> None:
    assert_same_plan(load_plan(other_plan_file), other_plan)


def test_the_shipped_plan_reads_back_to_itself(plan_2021: Plan, tmp_path: Path) -> None:
    write_plan(plan_2021, tmp_path / "plan.xlsx")
    assert_same_plan(load_plan(tmp_path / "plan.xlsx"), plan_2021)


def test_the_same_plan_gives_the_same_bytes(other_plan: Plan, other_plan_file: Path, tmp_path: Path) -> None:
    write_plan(other_plan, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == other_plan_file.read_bytes()


def test_settings_read_back(other_plan: Plan, tmp_path: Path) -> None:
    """Weekends not rolled, and no number yet."""
    settings = replace(other_plan.settings, roll_weekends=False, plan_number="", starts_on=date(2022, 12, 15))
    write_plan(replace(other_plan, settings=settings), tmp_path / "plan.xlsx")
    assert load_plan(tmp_path / "plan.xlsx").settings == settings


def test_texts_that_look_like_formulas_read_back(tmp_path: Path) -> None:
    tasks = [
        {"task_code": code, "task_title": title, "content": "-1 dòng\ndòng hai"}
        for code, title in (("A", "=1+1"), ("B", "+20 %"), ("C", "@ghi chú"))
    ]
    plan = small_plan(tasks=tasks)
    write_plan(plan, tmp_path / "plan.xlsx")
    assert_same_plan(load_plan(tmp_path / "plan.xlsx"), plan)


def test_a_milestone_s_baseline_reads_back(other_plan: Plan, tmp_path: Path) -> None:
    """A milestone is Có or Không wherever the plan states its value."""
    rows = other_plan.indicators.astype({"baseline": object}).to_dict("records")
    plan = small_plan(indicators=[row | ({"baseline": 0.0} if row["indicator_code"] == "C.1" else {}) for row in rows])
    write_plan(plan, tmp_path / "plan.xlsx")
    assert_same_plan(load_plan(tmp_path / "plan.xlsx"), plan)


class TestWorkbook:
    """What the officer sees of a plan in Excel."""

    def test_each_table_has_hidden_field_names_above_its_header(self, other_plan_file: Path) -> None:
        book = openpyxl.load_workbook(other_plan_file)
        assert book.sheetnames == [table.sheet for table in TABLES]
        for table in TABLES:
            sheet = book[table.sheet]
            assert sheet.row_dimensions[3].hidden
            assert [cell.value for cell in sheet[3]] == [spec.name for spec in columns(table.model)]
            assert [cell.value for cell in sheet[4]] == [spec.header for spec in columns(table.model)]

    @pytest.mark.parametrize(
        ("sheet", "cell", "source"),
        [
            ("Kỳ báo cáo", "C5", '"Quý,Năm,Đột xuất"'),
            ("Đơn vị", "E5", "'Nhóm đơn vị'!$A$5:$A$500"),
            ("Phân công", "A5", "'Nhiệm vụ'!$A$5:$A$500"),
            ("Phân công", "C34", '"Chủ trì,Phối hợp,Thực hiện"'),  # a spare row too
            ("Chỉ tiêu", "K5", "'Đơn vị'!$A$5:$A$500"),
            ("Mục tiêu", "D5", '"≥,≤"'),
        ],
    )
    def test_drop_downs(self, other_plan_file: Path, sheet: str, cell: str, source: str) -> None:
        rules = openpyxl.load_workbook(other_plan_file)[sheet].data_validations.dataValidation
        found = [rule.formula1 for rule in rules if cell in rule.sqref and rule.type == "list"]
        assert [formula.lstrip("=") for formula in found] == [source]

    def test_values_stand_as_people_write_them(self, other_plan_file: Path) -> None:
        sheet = openpyxl.load_workbook(other_plan_file)["Mục tiêu"]
        values = {(row[0].value, row[1].value): row[2] for row in sheet.iter_rows(min_row=5, max_row=11)}
        assert (values["A.1", "QUAN"].value, values["A.1", "QUAN"].number_format) == (0.8, "0%")
        assert (values["A.2", "QUAN"].value, values["A.2", "QUAN"].number_format) == (120, "#,##0")
        assert values["C.1", "VP"].value == "Có"
        settings = {row[0]: row[2] for row in sheet_values(other_plan_file, "Kế hoạch")[4:]}
        assert settings == {
            "plan_code": "KH-2023",
            "plan_number": "12/KH-UBND",
            "title": "Kế hoạch số hóa năm 2023",
            "year": "2023",
            "issued_by": "UBND thành phố",
            "consolidated_by": "STC",
            "starts_on": "01/01/2023",
            "roll_weekends": "Có",
            "place": "Thành phố",
            "rate_jump": "30 %",
        }


@pytest.fixture
def edited(other_plan_file: Path, tmp_path: Path) -> Callable[[Callable[[Any], None]], Path]:
    """A copy of the small plan's workbook after a change in openpyxl."""

    def change(edit: Callable[[Any], None]) -> Path:
        book = openpyxl.load_workbook(other_plan_file)
        edit(book)
        book.save(tmp_path / "edited.xlsx")
        return tmp_path / "edited.xlsx"

    return change


Edited = Callable[[Callable[[Any], None]], Path]


class TestForgiven:
    """What does not stop a plan: the same plan is read."""

    def test_blank_and_hidden_rows(self, edited: Edited, other_plan: Plan) -> None:
        def edit(book: Any) -> None:
            book["Đơn vị"].insert_rows(6, 2)
            book["Phân công"].insert_rows(1)
            book["Mục tiêu"].row_dimensions[6].hidden = True

        assert_same_plan(load_plan(edited(edit)), other_plan)

    def test_columns_moved(self, edited: Edited, other_plan: Plan) -> None:
        def edit(book: Any) -> None:
            book["Chỉ tiêu"].insert_cols(1, 2)
            book["Đơn vị"].move_range("B3:B8", cols=10)

        assert_same_plan(load_plan(edited(edit)), other_plan)

    def test_sheets_renamed_and_turned(self, edited: Edited, other_plan: Plan) -> None:
        def edit(book: Any) -> None:
            book["Mục tiêu"].title = "Muc tieu (2)"
            book.move_sheet("Kế hoạch", 7)

        assert_same_plan(load_plan(edited(edit)), other_plan)

    def test_field_names_deleted(self, edited: Edited, other_plan: Plan) -> None:
        """The headers are enough."""

        def edit(book: Any) -> None:
            for sheet in book:
                sheet.delete_rows(3)

        assert_same_plan(load_plan(edited(edit)), other_plan)

    def test_an_optional_column_deleted(self, edited: Edited) -> None:
        def edit(book: Any) -> None:
            book["Đơn vị"].delete_cols(4)

        assert load_plan(edited(edit)).units["aliases"].isna().all()

    def test_as_people_type_it(self, edited: Edited) -> None:
        decomposed = unicodedata.normalize("NFD", "Quận Một")

        def edit(book: Any) -> None:
            for sheet, cell, typed in (
                ("Mục tiêu", "C5", "100%"),
                ("Mục tiêu", "C6", "80,5 %"),
                ("Mục tiêu", "C7", "0,5"),
                ("Mục tiêu", "C8", "1 200"),
                ("Mục tiêu", "C11", "có"),
                ("Kỳ báo cáo", "F5", "21/3/2023"),
                ("Kỳ báo cáo", "F6", "2023-06-21"),
                ("Phân công", "C5", "Chu tri"),
                ("Đơn vị", "B6", "  Sở\u00a0Tài chính "),
                ("Đơn vị", "B7", decomposed),
                ("Đơn vị", "A7", "Q1 "),
                ("Nhiệm vụ", "D5", None),
            ):
                book[sheet][cell] = typed

        plan = load_plan(edited(edit))
        assert plan.targets["target"].iloc[[0, 1, 2, 3, 6]].tolist() == [1.0, 0.805, 0.5, 1200.0, 1.0]
        assert plan.periods["due_on"].tolist() == [pd.Timestamp(2023, 3, 21), pd.Timestamp(2023, 6, 21)]
        assert plan.leads("A") == ["STC"]
        assert plan.unit_names["STC"] == "Sở Tài chính"
        assert plan.unit_names["Q1"] == "Quận Một"
        assert pd.isna(plan.tasks.at[0, "deadline"])

    @pytest.mark.parametrize(
        "typed",
        [
            {
                "year": (2023, 2023),
                "starts_on": (datetime(2023, 1, 2), date(2023, 1, 2)),
                "roll_weekends": (True, True),
            },
            {"starts_on": ("2-1-23", date(2023, 1, 2)), "roll_weekends": ("không", False), "plan_number": (None, "")},
        ],
    )
    def test_settings_as_people_type_them(self, edited: Edited, typed: dict[str, tuple[Any, Any]]) -> None:
        def edit(book: Any) -> None:
            for key, (value, _) in typed.items():
                book["Kế hoạch"].cell(5 + list(SETTINGS).index(key), 3).value = value

        settings = load_plan(edited(edit)).settings
        assert {key: getattr(settings, key) for key in typed} == {key: read for key, (_, read) in typed.items()}


class TestNoPlan:
    def test_no_file(self, tmp_path: Path) -> None:
        with pytest.raises(CannotRun, match="--plan"):
            load_plan(tmp_path / "ke-hoach.xlsx")

    @pytest.mark.parametrize(("content", "code"), [(b"", "TT01"), (b"%PDF-1.7 .....", "TT02"), (b"PK\x03\x04", "TT01")])
    def test_not_a_workbook(self, tmp_path: Path, content: bytes, code: str) -> None:
        path = tmp_path / "ke-hoach.xlsx"
        path.write_bytes(content)
        with pytest.raises(PlanFaulty) as caught:
            load_plan(path)
        (issue,) = records(caught.value.issues)
        assert (issue["code"], issue["file"]) == (code, "ke-hoach.xlsx")


class TestShippedPlan:
    """The facts of the seed."""

    def test_settings(self, plan_2021: Plan) -> None:
        settings = plan_2021.settings
        assert (settings.year, settings.starts_on, settings.roll_weekends) == (2021, date(2021, 1, 1), True)
        assert settings.consolidated_by == "STTTT"
        assert "Hậu Giang" in settings.issued_by

    def test_quarters_and_their_due_dates(self, plan_2021: Plan) -> None:
        """Data windows of NĐ 09/2019; 20/3/2021 is a Saturday and 20/6/2021 a Sunday."""
        rows = plan_2021.periods[plan_2021.periods["kind"] == PeriodKind.QUARTER]
        names = ("period_code", "data_from", "data_to", "due_on")
        assert [tuple(str(row[name])[:10] for name in names) for row in records(rows)] == [
            ("2021-Q1", "2020-12-15", "2021-03-14", "2021-03-22"),
            ("2021-Q2", "2021-03-15", "2021-06-14", "2021-06-21"),
            ("2021-Q3", "2021-06-15", "2021-09-14", "2021-09-20"),
            ("2021-Q4", "2021-09-15", "2021-12-14", "2021-12-20"),
        ]

    def test_quarters_are_consolidated_on_day_25_or_the_working_day_after(self, plan_2021: Plan) -> None:
        days = [plan_2021.period(f"2021-Q{n}").consolidate_on for n in (1, 2, 3, 4)]
        assert days == [date(2021, 3, 25), date(2021, 6, 25), date(2021, 9, 27), date(2021, 12, 27)]

    def test_the_year_s_window(self, plan_2021: Plan) -> None:
        year = plan_2021.period("2021-NAM")
        assert (year.kind, year.data_from, year.data_to) == (PeriodKind.YEAR, date(2020, 12, 15), date(2021, 12, 14))

    def test_units(self, plan_2021: Plan) -> None:
        units = plan_2021.units
        assert units.groupby("unit_group").size().to_dict() == {"SBN": 19, "HUYEN": 8}
        so = [name.removeprefix("Sở ") for name in units["unit_name"] if name.startswith("Sở ")]
        assert so == [
            "Nội vụ",
            "Tư pháp",
            "Kế hoạch và Đầu tư",
            "Tài chính",
            "Công Thương",
            "Nông nghiệp và Phát triển nông thôn",
            "Giao thông vận tải",
            "Xây dựng",
            "Tài nguyên và Môi trường",
            "Thông tin và Truyền thông",
            "Lao động - Thương binh và Xã hội",
            "Văn hóa, Thể thao và Du lịch",
            "Khoa học và Công nghệ",
            "Giáo dục và Đào tạo",
            "Y tế",
        ]
        others = [name for name in units["unit_name"] if not name.startswith(("Sở ", "UBND "))]
        assert others == ["Văn phòng UBND tỉnh", "Thanh tra tỉnh", "Ban Dân tộc", "Ban Quản lý các khu công nghiệp"]

    def test_districts_and_their_communes(self, plan_2021: Plan) -> None:
        districts = plan_2021.units[plan_2021.units["unit_group"] == "HUYEN"]
        assert dict(zip(districts["unit_name"], districts["communes"], strict=True)) == {
            "UBND thành phố Vị Thanh": 9,
            "UBND thành phố Ngã Bảy": 6,
            "UBND huyện Châu Thành A": 10,
            "UBND huyện Châu Thành": 8,
            "UBND huyện Phụng Hiệp": 15,
            "UBND huyện Vị Thủy": 10,
            "UBND huyện Long Mỹ": 8,
            "UBND thị xã Long Mỹ": 9,
        }
        assert plan_2021.units["communes"].sum() == 75

    def test_tasks_leads_and_deadlines(self, plan_2021: Plan) -> None:
        tasks = records(plan_2021.tasks)
        deadlines = {row["task_code"]: None if pd.isna(row["deadline"]) else row["deadline"].date() for row in tasks}
        end = date(2021, 12, 31)
        assert deadlines == {"II.1": None, "II.2": None, "II.3": end, "II.4": None, "II.5": end}
        assert {code: plan_2021.leads(code) for code in deadlines} == {
            "II.1": ["VPUB"],
            "II.2": ["STTTT"],
            "II.3": ["STTTT"],
            "II.4": ["SKHDT"],
            "II.5": ["VPUB"],
        }

    def test_every_unit_reports_every_task(self, plan_2021: Plan) -> None:
        assert len(plan_2021.expected_tasks) == 27 * 5

    @pytest.mark.parametrize(
        ("indicator", "scope", "target"),
        [
            ("II.2.1", "SBN", 1.0),
            ("II.2.1", "HUYEN", 0.8),
            ("II.3.1", "STTTT", 0.2),
            ("II.3.2", "STTTT", 0.25),
            ("II.3.3", "STTTT", 0.5),
            ("II.3.4", "STTTT", 1.0),
            ("II.3.5", "STTTT", 1.0),
            ("II.3.6", "HUYEN", 0.35),
            ("II.3.7", "STTTT", 1.0),
            ("II.5.1", "VPUB", 1.0),
            ("II.5.2", "VPUB", 1.0),
        ],
    )
    def test_targets(self, plan_2021: Plan, indicator: str, scope: str, target: float) -> None:
        rows = plan_2021.targets.set_index(["indicator_code", "assignee"])
        assert rows.at[(indicator, scope), "target"] == target
        assert rows.at[(indicator, scope), "comparison"] == Comparison.AT_LEAST

    def test_tasks_that_are_only_monitored(self, plan_2021: Plan) -> None:
        blank = plan_2021.targets.loc[plan_2021.targets["target"].isna(), "indicator_code"]
        assert set(blank) == {"II.1.1", "II.1.2", "II.4.1", "II.4.2"}

    @pytest.mark.parametrize(
        ("indicator", "kind", "accountable"),
        [
            ("II.2.1", IndicatorKind.RATIO, "STTTT"),
            ("II.3.1", IndicatorKind.RATIO_POINTS, "STTTT"),
            ("II.3.6", IndicatorKind.RATIO, "STP"),
            ("II.3.7", IndicatorKind.MILESTONE, "STTTT"),
            ("II.5.1", IndicatorKind.MILESTONE, "VPUB"),
            ("II.5.2", IndicatorKind.MILESTONE, "VPUB"),
        ],
    )
    def test_indicators(self, plan_2021: Plan, indicator: str, kind: IndicatorKind, accountable: str) -> None:
        row = plan_2021.indicators.set_index("indicator_code").loc[indicator]
        assert (row["kind"], row["accountable"]) == (kind, accountable)

    def test_the_baseline_is_for_the_officer_to_enter(self, plan_2021: Plan) -> None:
        row = plan_2021.indicators.set_index("indicator_code").loc["II.3.1"]
        assert pd.isna(row["baseline"])
        assert row["baseline_year"] == 2020

    @pytest.mark.parametrize("slip", [r"\b(\w+) \1\b", "Danh các", "  ", r" [,.;:]", r"\(\s|\s\)"])
    def test_no_typing_slip_of_the_seed(self, plan_2021: Plan, slip: str) -> None:
        texts = [text for name in FRAMES for text in _texts(plan_2021, name)]
        assert len(texts) > 300
        assert [text for text in texts if re.search(slip, text, re.IGNORECASE)] == []

    def test_text_is_nfc_in_the_file_itself(self) -> None:
        cells = [
            value
            for table in TABLES
            for row in sheet_values(PLAN_2021, table.sheet)
            for value in row
            if value is not None
        ]
        texts = [value for value in cells if isinstance(value, str)]
        assert "Sở Thông tin và Truyền thông" in texts
        assert [text for text in texts if not unicodedata.is_normalized("NFC", text) or "\u00a0" in text] == []

    def test_closed_words(self, plan_2021: Plan) -> None:
        assert set(plan_2021.assignments["role"]) <= set(Role)
        assert set(plan_2021.indicators["accumulation"]) <= set(Accumulation)


def _texts(plan: Plan, name: str) -> list[str]:
    specs = [spec.name for spec in columns(MODELS[name]) if spec.kind == "text"]
    return [value for row in records(getattr(plan, name)[specs]) for value in row.values() if isinstance(value, str)]
