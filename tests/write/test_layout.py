"""What every sheet is laid out with: widths of texts, headings, formulas, links, the list of difficulties."""

import random
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.write.book import READABLE_WIDTH, Book, first_page
from pipeline.write.consolidated import Report
from pipeline.write.difficulty_book import write_difficulties
from pipeline.write.difficulty_list import LIST_SHEET, NO_TASK, difficulty_items
from pipeline.write.formulas import Detail, count_where, of_results, own, place, quoted
from pipeline.write.heading import Heading, attached_to, roman, write_heading
from pipeline.write.links import MOST_LINKS, links_of
from pipeline.write.rows import number_width
from pipeline.write.sheet import ROW
from pipeline.write.table import TableSheet
from pipeline.write.typeface import line_count, line_counts, text_width
from schemas.columns import conform
from schemas.records import Figure, Progress, Result, TaskStatus
from schemas.words import DifficultyState, IndicatorKind
from tests.support import small_plan
from tests.write.test_consolidated import silent_report, with_difficulties

COUNTS = {"units_reported": 0, "units_expected": 0}
HEADING = Heading("Tiêu đề", "ngày xét", "Phụ lục I", attached_to(2023, "Sở Tài chính"), "Tổng quan")


class TestTypeface:
    def test_marks_take_no_room_of_their_own(self) -> None:
        assert text_width("ưỡng") == text_width("uong")
        assert text_width("Đ") > text_width("i")

    @pytest.mark.parametrize(
        ("text", "width", "lines"),
        [
            ("", 10, 1),
            ("ngắn", 10, 1),
            ("một\nhai\n\nbốn", 20, 4),
            ("chữ chữ chữ chữ", 4.0, 4),
            ("x" * 100, text_width("x" * 25), 4),
            ("a " + "x" * 100, text_width("x" * 50), 3),
            ("dài", 0.0, 3),
        ],
    )
    def test_lines(self, text: str, width: float, lines: int) -> None:
        assert line_count(text, width) == lines

    @pytest.mark.parametrize("width", [0.0, 3.0, 9.5, 33.0])
    def test_many_texts_break_as_each_alone(self, width: float) -> None:
        chance = random.Random(5)  # noqa: S311
        words = [
            "đã",
            "tiếp",
            "nhận",
            "",
            "KẾT-QUẢ-DÀI-KHÔNG-CÓ-DẤU-CÁCH",
            "\U0001f600",
            "A\u0301",
            "x" * 70,
            "a\nb",
            "\n",
        ]
        texts = [" ".join(chance.choices(words, k=chance.randint(1, 40))).strip(" ") for _ in range(3000)]
        texts = [text.replace("\n ", "\n").replace(" \n", "\n") for text in texts] + ["", "a"]
        assert line_counts(texts, width).tolist() == [line_count(text, width) for text in texts]
        assert line_counts([], width).tolist() == []

    def test_a_number_gets_the_room_of_its_digits(self) -> None:
        assert number_width(pd.Series([1.0, None, float("nan")]), 9.0) == 9.0
        assert number_width(pd.Series([1.0, -987_654_321_098.0]), 9.0) > text_width("-987.654.321.098")


class TestHeading:
    def test_roman(self) -> None:
        assert [roman(number) for number in (1, 4, 9, 10, 14, 39)] == ["I", "IV", "IX", "X", "XIV", "XXXIX"]

    def written(self, heading: Heading, widths: list[float], tmp_path: Path) -> Worksheet:
        book = Book("t", datetime(2023, 1, 1))
        book.sheet("Tổng quan")
        write_heading(book, book.sheet("Một"), heading, widths)
        book.save(tmp_path / "t.xlsx")
        return openpyxl.load_workbook(tmp_path / "t.xlsx")["Một"]

    def test_lines_stand_centred_over_the_columns_without_a_merged_cell(self, tmp_path: Path) -> None:
        sheet = self.written(HEADING, [60.0, 60.0], tmp_path)
        assert [sheet.cell(row, 1).value for row in range(1, 6)] == [
            "◄ Tổng quan",
            "Phụ lục I",
            "TIÊU ĐỀ",
            "(Kèm theo Báo cáo số …… ngày …… tháng …… năm 2023 của Sở Tài chính)",
            "ngày xét",
        ]
        assert {sheet.cell(row, 2).alignment.horizontal for row in range(2, 6)} == {"centerContinuous"}
        assert not sheet.merged_cells.ranges
        assert sheet["A1"].hyperlink.location == "'Tổng quan'!A1"

    def test_what_is_not_told_takes_no_row_and_what_is_too_long_starts_at_the_left(self, tmp_path: Path) -> None:
        sheet = self.written(Heading("Tên rất dài " * 9), [20.0], tmp_path)
        assert [sheet.row_dimensions[row].hidden for row in (2, 3, 4, 5)] == [True, False, True, True]
        assert sheet["A3"].alignment.horizontal != "centerContinuous"

    def test_a_sheet_too_wide_for_one_page_is_headed_over_the_first(self) -> None:
        assert first_page([100.0, 100.0]) == 1
        assert first_page([READABLE_WIDTH / 2] * 4) == 0
        assert first_page([50.0] * 8) == 2


class TestPages:
    @pytest.mark.parametrize(
        ("width", "height", "tall"),
        [
            (100.0, 400.0, 0),  # one page, with room to spare
            (100.0, 510.0, 1),  # a row too many
            (100.0, 700.0, 0),
            (200.0, 750.0, 0),  # smaller letters could not be read
            (100.0, 980.0, 2),
            (100.0, 9500.0, 0),  # of a long table nobody minds the last page
        ],
    )
    def test_a_row_or_two_alone_are_drawn_into_the_pages_before(self, width: float, height: float, tall: int) -> None:
        sheet = (book := Book("t", datetime(2023, 1, 1))).sheet("Một")
        book.fit(sheet, [width], height=height)
        assert (sheet.fit_width, sheet.fit_height) == (1, tall)


class TestFormulas:
    def test_addresses(self) -> None:
        detail = Detail("Chi tiết nhiệm vụ", Progress, 3)
        assert detail.span("unit_code") == "'Chi tiết nhiệm vụ'!$A$8:$A$10"
        assert Detail("Trống", Progress, 0).span("task_code") == "'Trống'!$D$8:$D$8"
        assert own(TaskStatus, "task_code") == f"A{ROW}"
        assert place(TaskStatus, "task_code", 2) == "A10"
        assert quoted('a"b') == '"a""b"'
        assert count_where(("A1:A9", '"x"'), ("B1:B9", "C3")) == 'SUMPRODUCT((A1:A9="x")*(B1:B9=C3)*1)'

    @pytest.mark.parametrize(
        ("kind", "formula"),
        [
            (IndicatorKind.RATIO, "=F8/G8"),
            (IndicatorKind.MILESTONE, "=F8/G8"),
            (IndicatorKind.COUNT, "=F8"),
            (IndicatorKind.RATIO_POINTS, "=F8/G8-0.3"),
            (IndicatorKind.RATIO_GROWTH, "=(F8/G8-0.3)/0.3"),
        ],
    )
    def test_a_result_is_computed_as_its_kind_asks(self, kind: IndicatorKind, formula: str) -> None:
        rows = conform(Result, [{"task_code": "A", "indicator_code": "A.1"} | COUNTS]).assign(kind=kind.value)
        made = of_results(rows, Detail("Chi tiết", Figure, 2), {"A.1": 0.3})
        assert [each.replace(ROW, "8") for each in made["value"]] == [formula]
        assert made["gap"] == [f"=H{ROW}-I{ROW}"]


class TestLinks:
    def tables(self, count: int) -> dict[str, TableSheet]:
        progress = conform(
            Progress, [{"unit_code": "U", "unit_name": "Đ", "task_code": code} for code in ("A", "B", "B") * count]
        )
        statuses = conform(TaskStatus, [{"task_code": code, "difficulties": 0} | COUNTS for code in ("A", "B", "C")])
        return {
            "progress": TableSheet("Chi tiết", HEADING, Progress, progress),
            "statuses": TableSheet("Nhiệm vụ", HEADING, TaskStatus, statuses),
        }

    def test_summary_to_detail_and_back(self) -> None:
        tables = self.tables(1)
        assert links_of("statuses", tables) == {"task_code": ["'Chi tiết'!A8", "'Chi tiết'!A9", ""]}
        back = ["'Nhiệm vụ'!A8", "'Nhiệm vụ'!A9", "'Nhiệm vụ'!A9"]
        assert links_of("progress", tables) == {"task_code": back}

    def test_a_very_long_table_has_none(self) -> None:
        assert links_of("progress", self.tables(MOST_LINKS)) == {}


class TestDifficultyList:
    @pytest.fixture(scope="class")
    @classmethod
    def silent(cls, tmp_path_factory: pytest.TempPathFactory) -> Report:
        return silent_report(small_plan(), tmp_path_factory.mktemp("silent"))

    def rows(self, report: Report, tmp_path: Path) -> list[list[object]]:
        write_difficulties(report, tmp_path / "kk.xlsx")
        sheet = openpyxl.load_workbook(tmp_path / "kk.xlsx", data_only=True)[LIST_SHEET]
        return [list(row) for row in sheet.iter_rows(min_row=8, values_only=True)]

    def test_every_task_has_its_group_and_sum(self, silent: Report, tmp_path: Path) -> None:
        rows = self.rows(with_difficulties(silent, ["Mạng chậm", "Thiếu máy"]), tmp_path)
        assert [row[0] for row in rows] == [
            "A. Số hóa hồ sơ",
            1,
            2,
            "Cộng nhiệm vụ A",
            "B. Họp trực tuyến",
            "Không đơn vị nào báo cáo khó khăn, vướng mắc.",
            "Cộng nhiệm vụ B",
            "C. Kết nối",
            "Không đơn vị nào báo cáo khó khăn, vướng mắc.",
            "Cộng nhiệm vụ C",
            "TỔNG CỘNG",
        ]
        assert rows[1][1:4] == ["Sở Tài chính", "A", "Mạng chậm"]
        assert rows[1][5:9] == ["Không nêu", "Không nêu", "Quý I năm 2023", "Chưa giải quyết"]
        assert rows[3][3] == rows[-1][3] == "2 khó khăn, vướng mắc của 1 đơn vị"
        assert rows[-1][6] == "Chưa giải quyết xong: 2"

    def test_a_difficulty_without_a_task_is_not_lost(self, silent: Report, tmp_path: Path) -> None:
        report = with_difficulties(silent, ["Mạng chậm"])
        loose = report.facts.difficulties.assign(task_code=pd.Series([None], dtype="str"))
        loose["state"] = DifficultyState.RESOLVED.value
        rows = self.rows(replace(report, facts=replace(report.facts, difficulties=loose)), tmp_path)
        at = [row[0] for row in rows].index(NO_TASK)
        assert rows[at + 1][1:4] == ["Sở Tài chính", "Chưa rõ", "Mạng chậm"]
        assert rows[-1][6] == "Chưa giải quyết xong: 0"

    def test_the_period_that_raised_it_first_is_named(self, silent: Report) -> None:
        report = with_difficulties(silent, ["cũ", "mới"])
        rows = report.facts.difficulties.assign(first_period=["2023-Q1", None])
        items = difficulty_items(
            replace(report, period=report.plan.period("2023-Q2"), facts=replace(report.facts, difficulties=rows))
        )
        assert list(items["first_period"]) == ["Quý I năm 2023", "Quý II năm 2023"]
        assert list(items["number"]) == [1, 2]
