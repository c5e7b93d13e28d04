"""Text of before Unicode, converted as its author saw it."""

import unicodedata
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font

from pipeline.read.fonts import is_legacy, to_unicode
from pipeline.read.workbooks import read_workbook
from tests.support import convert


@pytest.mark.parametrize(
    ("font", "legacy"),
    [
        (".VnTime", True),
        (".VnArialH", True),
        (".vntime", True),
        ("VNI-Times", True),
        ("VNI Times", True),
        ("Times New Roman", False),
        ("Vni", False),
        ("", False),
    ],
)
def test_told_by_the_font(font: str, legacy: bool) -> None:
    assert is_legacy(font) == legacy


@pytest.mark.parametrize(
    ("font", "typed", "read"),
    [
        (".VnTime", "§· hoµn thµnh kÕ ho¹ch quý I", "Đã hoàn thành kế hoạch quý I"),
        (".VnTime", "C«ng d©n ch\u00ada cã tµi kho¶n", "Công dân chưa có tài khoản"),
        (".VnTime", "thñ tôc, gi÷ nguyªn, qu¸ tr×nh xö lý", "thủ tục, giữ nguyên, quá trình xử lý"),
        (".VnTimeH", "ñy ban nh©n d©n", "ỦY BAN NHÂN DÂN"),
        ("VNI-Times", "Ñaõ hoaøn thaønh keá hoaïch quyù I", "Đã hoàn thành kế hoạch quý I"),
        ("VNI-Times", "Coâng daân chöa coù taøi khoaûn", "Công dân chưa có tài khoản"),
        ("VNI-Times", "ÖÛY BAN, ñöôøng, thò xaõ, Myõ", "ỬY BAN, đường, thị xã, Mỹ"),
        ("VNI-Times", "UYÛ BAN NHAÂN DAÂN", "UỶ BAN NHÂN DÂN"),
        (".VnTime", "Plain ASCII 123", "Plain ASCII 123"),
        (".VnTime", "Đã làm xong việc", "Đã làm xong việc"),
        ("VNI-Times", "Đã làm xong việc", "Đã làm xong việc"),
    ],
)
def test_converted(font: str, typed: str, read: str) -> None:
    assert to_unicode(typed, font) == read
    assert unicodedata.is_normalized("NFC", to_unicode(typed, font))


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for cell, font in {"B2": ".VnTime", "C3": "VNI-Times", "D4": "Arial"}.items():
        sheet[cell].value = "thµnh"
        sheet[cell].font = Font(name=font)
    sheet["B5"].font = Font(name=".VnTime")  # a blank cell says nothing
    sheet["A1"].value = 5
    path = tmp_path_factory.mktemp("fonts") / "a.xlsx"
    book.save(path)
    return path


FONTS = {(1, 1): ".VnTime", (2, 2): "VNI-Times"}


def test_cells_with_a_legacy_font_are_known(workbook: Path) -> None:
    assert read_workbook(workbook).sheets[0].fonts == FONTS


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_in_other_formats(workbook: Path, kind: str, tmp_path: Path, office: None) -> None:
    assert read_workbook(convert(workbook, kind, tmp_path)).sheets[0].fonts == FONTS
