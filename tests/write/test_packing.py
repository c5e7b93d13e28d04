"""How a workbook is packed gives the parts that XlsxWriter's own way gives."""

import io
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from xlsxwriter.sharedstrings import SharedStrings, SharedStringTable

from pipeline.write import packing
from pipeline.write.book import Book
from pipeline.write.packing import PackedPart, QuickZip, Texts

TEXTS = [
    "chữ thường, có dấu",
    "",
    "x",
    " ",
    " đầu",
    "cuối ",
    "\n",
    "hai\ndòng",
    "hai\tcột",
    "cuối dòng\n",
    "a & b < c > d",
    '"ngoặc"',
    "điều khiển \x01\x1f",
    "_x0041_",
    "a_b",
    "_",
    "<r><t>giàu</t></r>",
    "\ufffe\uffff",
    "\u2003đầu rộng",
    "😀",
    "\r",
]


def told(kind: type[SharedStrings], texts: list[str]) -> str:
    table = SharedStringTable()
    for text in texts:
        table._get_shared_string_index(text)
    table._sort_string_data()
    made, stream = kind(), io.StringIO()
    made.string_table = table
    made._set_xml_writer(stream)
    made._assemble_xml_file()
    return stream.getvalue()


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_told_as_xlsxwriter_tells_it(text: str) -> None:
    assert told(Texts, [text]) == told(SharedStrings, [text])


def test_texts_keep_their_order() -> None:
    assert told(Texts, TEXTS) == told(SharedStrings, TEXTS)


def saved(path: Path, *, large: bool) -> Path:
    book = Book("Tiêu đề", datetime(2023, 1, 1), large=large)
    for name in ("Một", "Hai"):
        sheet = book.sheet(name)
        for row in range(3000):
            sheet.write_string(row, 0, f"dòng {row} & của {name}")
            sheet.write_number(row, 1, row / 3)
    book.save(path)
    return path


def test_a_large_workbook_holds_what_a_small_one_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "_PART", 1000)  # many pieces, more than may wait
    with (
        zipfile.ZipFile(saved(tmp_path / "a.xlsx", large=False)) as small,
        zipfile.ZipFile(saved(tmp_path / "b.xlsx", large=True)) as large,
    ):
        assert large.testzip() is None
        assert {name: large.read(name) for name in large.namelist()} == {
            name: small.read(name) for name in small.namelist()
        }
    assert saved(tmp_path / "c.xlsx", large=True).read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert not packing._packed


def test_a_part_that_is_not_ours_is_deflated_by_zipfile(tmp_path: Path) -> None:
    ours, other = PackedPart(str(tmp_path / "a.xml")), tmp_path / "b.xml"
    ours.write("<a>đ</a>")
    ours.close()
    other.write_text("<b/>", encoding="utf-8")
    with QuickZip(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED, allowZip64=True) as container:
        container.write(ours.path, "a.xml")
        container.write(str(other), "b.xml")
    with zipfile.ZipFile(tmp_path / "a.zip") as read:
        assert [read.read(name).decode() for name in ("a.xml", "b.xml")] == ["<a>đ</a>", "<b/>"]
        assert read.getinfo("a.xml").compress_type == zipfile.ZIP_DEFLATED


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_told_and_nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "_PART", 1000)
    part = PackedPart("/dev/full")
    for number in range(100_000):
        part.write(f"{number * 7919 % 100_003:x}")
    with pytest.raises(OSError, match="No space"):
        part.close()
    packing._packed.clear()
