"""Values with their coordinates, what the values hide, and why a file cannot be read."""

import io
import re
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import Unreadable
from pipeline.read.sheets import Fault, Workbook, column_index, column_letters
from pipeline.read.submission import read_submission
from pipeline.read.tables import TableLayout
from pipeline.read.workbooks import read_workbook
from schemas.messages import MESSAGES
from schemas.template import TABLES

LAYOUTS = [TableLayout.of(table) for table in TABLES]


def saved(path: Path, cells: dict[str, object]) -> Path:
    book = openpyxl.Workbook()
    for address, value in cells.items():
        book.worksheets[0][address].value = value
    book.save(path)
    return path


def rewritten(path: Path, member: str, change: dict[str, str], target: Path) -> Path:
    """A copy of the workbook in which one member's text is changed."""
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as copy:
        for info in source.infolist():
            text = source.read(info.filename)
            if info.filename == member:
                for old, new in change.items():
                    assert re.search(old, text.decode())
                    text = re.sub(old, new, text.decode()).encode()
            copy.writestr(info.filename, text)
    return target


def only_sheet(workbook: Workbook) -> list[list[object]]:
    assert len(workbook.sheets) == 1
    return workbook.sheets[0].rows


class TestColumns:
    @pytest.mark.parametrize(
        ("letters", "index"), [("A", 0), ("Z", 25), ("AA", 26), ("AZ", 51), ("BA", 52), ("ZZ", 701), ("XFD", 16383)]
    )
    def test_known(self, letters: str, index: int) -> None:
        assert column_letters(index) == letters
        assert column_index(letters) == index

    @given(st.integers(0, 16383))
    def test_inverse(self, index: int) -> None:
        assert column_index(column_letters(index)) == index


class TestValues:
    def test_every_type_stands_at_its_coordinates(self, tmp_path: Path) -> None:
        cells = {
            "B2": "chữ có dấu",
            "C2": 12.5,
            "D2": 7,
            "E2": True,
            "B3": datetime(2023, 3, 10, 9, 30),
            "C3": date(2023, 3, 10),
            "D3": "001",
            "E3": "NA",
        }
        rows = only_sheet(read_workbook(saved(tmp_path / "a.xlsx", cells)))
        assert rows[0] == ["", "", "", "", ""]
        assert rows[1] == ["", "chữ có dấu", 12.5, 7.0, True]
        assert rows[2] == ["", datetime(2023, 3, 10, 9, 30), date(2023, 3, 10), "001", "NA"]
        assert rows[1][4] is True

    def test_row_and_column_of_a_value_do_not_move_with_blanks_before_it(self, tmp_path: Path) -> None:
        rows = only_sheet(read_workbook(saved(tmp_path / "a.xlsx", {"D7": "x"})))
        assert (len(rows), rows[6][3]) == (7, "x")

    def test_sheets_in_order_with_hidden_ones_marked(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        book.worksheets[0].title = "Một"
        book.create_sheet("Ẩn").sheet_state = "hidden"
        book.create_sheet("_meta").sheet_state = "veryHidden"
        book.create_sheet("Hai")
        book.create_chartsheet("Biểu đồ")
        path = tmp_path / "a.xlsx"
        book.save(path)
        assert [(sheet.name, sheet.visible) for sheet in read_workbook(path).sheets] == [
            ("Một", True),
            ("Ẩn", False),
            ("_meta", False),
            ("Hai", True),
        ]

    def test_a_template_s_hidden_identity_is_read(self, other_templates: Path) -> None:
        content = read_submission(other_templates / "Q1.xlsx", LAYOUTS)
        assert content.fault is None
        assert content.sheets == ["Thông tin", "Nhiệm vụ", "Chỉ tiêu", "Khó khăn", "Hướng dẫn"]
        identity = {"plan_code": "KH-2023", "period_code": "2023-Q1", "unit_code": "Q1", "template_version": "1"}
        assert identity.items() <= content.meta.items()

    def test_nothing_in_the_file_is_changed(self, other_templates: Path) -> None:
        before = (other_templates / "VP.xlsx").read_bytes()
        read_workbook(other_templates / "VP.xlsx")
        assert (other_templates / "VP.xlsx").read_bytes() == before


class TestFaults:
    """What python-calamine would report as empty."""

    def test_error_cells(self, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        for address, error in {"A1": "#REF!", "B2": "#DIV/0!", "C3": "#N/A"}.items():
            sheet[address].value = error
            assert sheet[address].data_type == "e"
        sheet["D4"].value = "hết"
        book.save(path)
        rows = only_sheet(read_workbook(path))
        assert rows[0][0] == Fault("#REF!")
        assert rows[1][1] == Fault("#DIV/0!")
        assert rows[2][2] == Fault("#N/A")
        assert rows[3][3] == "hết"

    def test_formula_that_gives_an_error(self, tmp_path: Path) -> None:
        plain = saved(tmp_path / "a.xlsx", {"A1": "=1/0", "B1": "x"})
        change = {r'<c r="A1"><f>1/0</f><v ?/></c>': '<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'}
        path = rewritten(plain, "xl/worksheets/sheet1.xml", change, tmp_path / "b.xlsx")
        assert only_sheet(read_workbook(path))[0] == [Fault("#DIV/0!"), "x"]

    def test_formula_without_a_stored_result(self, tmp_path: Path) -> None:
        rows = only_sheet(read_workbook(saved(tmp_path / "a.xlsx", {"A1": '=IF(B1>2,"&",3)', "B1": 5, "B2": "x"})))
        assert rows == [[Fault('=IF(B1>2,"&",3)'), 5.0], ["", "x"]]

    def test_shared_formula_without_a_stored_result(self, tmp_path: Path) -> None:
        plain = saved(tmp_path / "a.xlsx", {"A1": "=B1", "B1": 5})
        change = {r"<f>B1</f><v ?/>": '<f t="shared" si="0"/>'}
        path = rewritten(plain, "xl/worksheets/sheet1.xml", change, tmp_path / "b.xlsx")
        assert only_sheet(read_workbook(path))[0] == [Fault("="), 5.0]

    def test_formula_with_a_stored_result_is_its_result(self, tmp_path: Path) -> None:
        plain = saved(tmp_path / "a.xlsx", {"A1": "=B1+1", "B1": 5})
        change = {r"<f>B1\+1</f><v ?/>": "<f>B1+1</f><v>6</v>"}
        path = rewritten(plain, "xl/worksheets/sheet1.xml", change, tmp_path / "b.xlsx")
        assert only_sheet(read_workbook(path))[0] == [6.0, 5.0]

    @pytest.mark.parametrize("stored", ["<v></v>", "<v/>"])
    def test_formula_computed_to_an_empty_text_is_blank(self, tmp_path: Path, stored: str) -> None:
        """Excel and LibreOffice store ``=IF(B1>9,"x","")`` as an empty string: it has been computed."""
        plain = saved(tmp_path / "a.xlsx", {"A1": "=B1", "B1": 5})
        change = {r'<c r="A1"><f>B1</f><v ?/>': f'<c r="A1" t="str"><f>IF(B1&gt;9,"x","")</f>{stored}'}
        path = rewritten(plain, "xl/worksheets/sheet1.xml", change, tmp_path / "b.xlsx")
        assert only_sheet(read_workbook(path))[0] == ["", 5.0]

    def test_fault_below_and_right_of_every_value(self, tmp_path: Path) -> None:
        """The area that calamine reports ends at the last value; a fault outside it is not lost."""
        rows = only_sheet(read_workbook(saved(tmp_path / "a.xlsx", {"A1": "x", "C5": "=1+1"})))
        assert len(rows) == 5
        assert rows[4][2] == Fault("=1+1")

    def test_faults_belong_to_their_own_sheet(self, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        book.worksheets[0]["A1"].value = "x"
        second = book.create_sheet("Hai")
        second["A1"].value, second["B1"].value = "=1+1", "y"
        path = tmp_path / "a.xlsx"
        book.save(path)
        assert [sheet.rows for sheet in read_workbook(path).sheets] == [[["x"]], [[Fault("=1+1"), "y"]]]

    def test_sheets_addressed_from_the_root_of_the_archive_or_beside_the_workbook(self, tmp_path: Path) -> None:
        plain = saved(tmp_path / "a.xlsx", {"A1": "=1+1", "B1": "y"})
        change = {r'Target="/xl/worksheets/sheet1\.xml"': 'Target="worksheets/sheet1.xml"'}
        path = rewritten(plain, "xl/_rels/workbook.xml.rels", change, tmp_path / "b.xlsx")
        assert only_sheet(read_workbook(path)) == only_sheet(read_workbook(plain)) == [[Fault("=1+1"), "y"]]


class TestDates:
    def with_core(self, tmp_path: Path, modified: str) -> Path:
        plain = saved(tmp_path / "a.xlsx", {"A1": 1})
        change = {
            r"(<dcterms:modified[^>]*>)[^<]*": rf"\g<1>{modified}",
            r"(<dcterms:created[^>]*>)[^<]*": r"\g<1>2023-01-02T03:04:05Z",
        }
        return rewritten(plain, "docProps/core.xml", change, tmp_path / "b.xlsx")

    @pytest.mark.parametrize(
        ("modified", "expected"),
        [
            ("2023-03-10T02:00:00Z", datetime(2023, 3, 10, 2)),
            ("2023-03-10T02:00:00.250Z", datetime(2023, 3, 10, 2, 0, 0, 250000)),
            (" 2023-03-10T02:00:00 ", datetime(2023, 3, 10, 2)),
            ("hôm qua", None),
            ("", None),
        ],
    )
    def test_created_and_modified(self, tmp_path: Path, modified: str, expected: datetime | None) -> None:
        workbook = read_workbook(self.with_core(tmp_path, modified))
        assert workbook.created == datetime(2023, 1, 2, 3, 4, 5)
        assert workbook.modified == expected

    def test_a_time_with_an_offset_is_given_in_utc(self, tmp_path: Path) -> None:
        """W3CDTF allows an offset; some programs write local time with it."""
        assert read_workbook(self.with_core(tmp_path, "2023-03-10T09:00:00+07:00")).modified == datetime(2023, 3, 10, 2)

    def test_a_file_without_properties(self, tmp_path: Path) -> None:
        plain = saved(tmp_path / "a.xlsx", {"A1": 1})
        path = tmp_path / "b.xlsx"
        with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w") as copy:
            for name in source.namelist():
                if name != "docProps/core.xml":
                    copy.writestr(name, source.read(name))
        workbook = read_workbook(path)
        assert (workbook.created, workbook.modified) == (None, None)
        assert only_sheet(workbook) == [[1.0]]


def zipped(*members: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for member in members:
            archive.writestr(member, "x")
    return stream.getvalue()


UNREADABLE = [
    ("empty", b"", "TT01", "tệp rỗng, 0 byte"),
    ("pdf", b"%PDF-1.7\n...", "TT02", "tệp PDF"),
    ("png", b"\x89PNG\r\n\x1a\n...", "TT02", "tệp ảnh"),
    ("jpeg", b"\xff\xd8\xff\xe0...", "TT02", "tệp ảnh"),
    ("docx", zipped("[Content_Types].xml", "word/document.xml"), "TT02", "tệp Word"),
    ("zip", zipped("so-lieu.txt"), "TT02", "thư hoặc tệp nén"),
    ("csv", "Mã,Tử số\nA.1,5\n".encode(), "TT13", "văn bản hoặc CSV"),
    ("one byte", b"P", "TT13", "văn bản hoặc CSV"),
    ("ole", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "TT01", "tệp hỏng hoặc chưa tải về trọn vẹn"),
    ("hollow", zipped("xl/workbook.xml"), "TT01", "tệp hỏng hoặc chưa tải về trọn vẹn"),
]


class TestUnreadable:
    @pytest.mark.parametrize(
        ("content", "code", "detail"), [row[1:] for row in UNREADABLE], ids=[row[0] for row in UNREADABLE]
    )
    def test_each_kind_says_what_it_is(self, tmp_path: Path, content: bytes, code: str, detail: str) -> None:
        path = tmp_path / "bao-cao.xlsx"
        path.write_bytes(content)
        with pytest.raises(Unreadable) as error:
            read_workbook(path)
        assert error.value.code == code
        assert detail in error.value.params["detail"]
        assert detail in MESSAGES[code].what.format_map(error.value.params)

    @pytest.mark.parametrize("share", [0.3, 0.6, 0.99])
    def test_a_truncated_download(self, tmp_path: Path, other_templates: Path, share: float) -> None:
        whole = (other_templates / "VP.xlsx").read_bytes()
        path = tmp_path / "a.xlsx"
        path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(Unreadable) as error:
            read_workbook(path)
        assert (error.value.code, error.value.params) == ("TT01", {"detail": "tệp hỏng hoặc chưa tải về trọn vẹn"})

    @pytest.mark.parametrize("member", ["xl/workbook.xml", "xl/worksheets/sheet2.xml", "docProps/core.xml"])
    def test_damage_inside_a_member(self, tmp_path: Path, other_templates: Path, member: str) -> None:
        """One bad file never stops the others, wherever the damage lies."""
        source = other_templates / "VP.xlsx"
        content = bytearray(source.read_bytes())
        with zipfile.ZipFile(source) as archive:
            info = archive.getinfo(member)
        start = info.header_offset + 30 + len(info.filename)
        content[start : start + info.compress_size] = b"\xff" * info.compress_size
        path = tmp_path / "a.xlsx"
        path.write_bytes(content)
        with pytest.raises(Unreadable) as error:
            read_workbook(path)
        assert error.value.code == "TT01"

    def test_a_compression_that_is_not_supported(self, tmp_path: Path, other_templates: Path) -> None:
        source = other_templates / "VP.xlsx"
        content = bytearray(source.read_bytes())
        central = content.index(b"PK\x01\x02")
        while central >= 0:
            content[central + 10] = 99  # the compression method of the entry
            central = content.find(b"PK\x01\x02", central + 1)
        path = tmp_path / "a.xlsx"
        path.write_bytes(content)
        with pytest.raises(Unreadable) as error:
            read_workbook(path)
        assert error.value.code == "TT01"

    def test_broken_xml(self, tmp_path: Path) -> None:
        plain = saved(tmp_path / "a.xlsx", {"A1": 1})
        path = rewritten(plain, "xl/workbook.xml", {r"</sheets>": ""}, tmp_path / "b.xlsx")
        with pytest.raises(Unreadable) as error:
            read_workbook(path)
        assert error.value.code == "TT01"

    def test_a_file_that_the_machine_refuses_to_open(self, tmp_path: Path) -> None:
        with pytest.raises(Unreadable) as error:
            read_workbook(tmp_path)
        assert (error.value.code, error.value.params) == ("TT01", {"detail": "máy không cho đọc tệp này"})

    def test_a_submission_carries_the_fault_instead_of_raising(self, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        path.write_bytes(b"%PDF-1.4")
        content = read_submission(path, LAYOUTS)
        assert content.fault == ("TT02", {"detail": "tệp PDF"})
        assert (content.tables, content.meta, content.modified) == ({}, {}, None)

    def test_a_workbook_of_something_else(self, tmp_path: Path) -> None:
        content = read_submission(saved(tmp_path / "a.xlsx", {"A1": "Danh bạ"}), LAYOUTS)
        assert content.fault == ("TT03", {"found": "Sheet"})
