"""The Word template: its layout, how it is filled, what the officer is told of a fault in it."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from pipeline.brief.blocks import Block, Grid, Heading, Paragraph
from pipeline.brief.house import make_template
from pipeline.brief.word import TemplateFaulty, fill_template
from schemas.brief import REPORT_BLOCKS, REPORT_FIELDS, TEMPLATE_FILE
from tests.support import ROOT

FIELDS = dict.fromkeys(REPORT_FIELDS, "giá trị")
BLOCKS: dict[str, Sequence[Block]] = {name: [Paragraph(f"đoạn {name}")] for name in REPORT_BLOCKS}
DAY = datetime(2021, 6, 25)


def template(*texts: str, edit: Callable[[Document], None] | None = None) -> bytes:
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    if edit:
        edit(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def filled(content: bytes, **blocks: Sequence[Block]) -> Document:
    named = {name.replace("_", " "): value for name, value in blocks.items()}
    made = fill_template(content, "mau.docx", FIELDS, BLOCKS | named, DAY, {"title": "Báo cáo"})
    return docx.Document(io.BytesIO(made))


def texts(document: Document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


@pytest.fixture(scope="module")
def house() -> Document:
    return docx.Document(io.BytesIO(make_template()))


class TestHouse:
    def test_the_shipped_template_is_the_one_made_here(self) -> None:
        assert (ROOT / "input" / "2021" / TEMPLATE_FILE).read_bytes() == make_template()

    def test_pages_are_a4_with_the_margins_of_the_decree(self, house: Document) -> None:
        assert len(house.sections) == 5
        for number, section in enumerate(house.sections):
            sides = sorted(round(side.mm) for side in (section.page_width, section.page_height))
            assert sides == [210, 297]
            assert (section.orientation == WD_ORIENT.LANDSCAPE) == (number > 0)
            assert 20 <= round(section.top_margin.mm) <= 25
            assert 20 <= round(section.bottom_margin.mm) <= 25
            assert 30 <= round(section.left_margin.mm) <= 35
            assert 15 <= round(section.right_margin.mm) <= 20

    def test_pages_are_numbered_top_centre_from_the_second_on(self, house: Document) -> None:
        for section in house.sections:
            assert section.different_first_page_header_footer
            assert section.first_page_header.paragraphs[0].text == ""
            header = section.header.paragraphs[0]
            assert "PAGE" in header._p.xml
            assert header.alignment is not None and int(header.alignment) == 1
            assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"

    def test_everything_is_times_new_roman_13_to_14(self, house: Document) -> None:
        for name in ("Normal", "Heading 1", "Heading 2"):
            style: Any = house.styles[name]
            assert style.font.name == "Times New Roman"
            assert style.font.size in (Pt(13), Pt(14))
            fonts = style.element.rPr.rFonts
            assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "cs", "eastAsia")} == {
                "Times New Roman"
            }
            assert not [key for key in fonts.attrib if "Theme" in key]
        runs = [run for paragraph in house.paragraphs for run in paragraph.runs]
        assert {run.font.name for run in runs} == {None}
        assert {run.font.size for run in runs} <= {None, Pt(14)}

    def test_the_parts_of_the_decree_stand_in_their_order(self, house: Document) -> None:
        head = [cell.text for row in house.tables[0].rows for cell in row.cells]
        assert head[0].startswith("{cơ quan chủ quản}\n{đơn vị tổng hợp}")
        assert head[1].startswith("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc")
        assert head[2:] == ["Số: ……/{ký hiệu}", "{địa danh}, ngày … tháng … năm {năm}"]
        lines = texts(house)
        assert lines.index("BÁO CÁO") < lines.index("Kính gửi: {cơ quan chủ quản}") < lines.index("I. TÌNH HÌNH CHUNG")
        foot = [cell.text for cell in house.tables[-1].rows[0].cells]
        assert foot[0].startswith("Nơi nhận:\n- Như trên;") and foot[0].endswith("- Lưu: VT.")
        assert foot[1].startswith("GIÁM ĐỐC")
        headings = [p.text for p in house.paragraphs if p.style is not None and p.style.name == "Heading 1"]
        assert [text.split(".")[0] for text in headings] == ["I", "II", "III", "IV", "V", "VI"]
        assert [text for text in lines if text.startswith("Phụ lục")] == [
            "Phụ lục I",
            "Phụ lục II",
            "Phụ lục III",
            "Phụ lục IV",
        ]

    def test_every_field_and_block_is_used(self, house: Document) -> None:
        xml = house.element.xml
        for name in (*REPORT_FIELDS, *REPORT_BLOCKS):
            assert f"{{{name}}}" in xml, name


class TestFill:
    def test_a_field_that_word_has_divided_into_runs(self) -> None:
        def divide(document: Document) -> None:
            paragraph = document.add_paragraph()
            for text, bold in (("Kỳ {kỳ", False), (" báo", True), (" cáo}, {nă", False), ("m}.", True)):
                paragraph.add_run(text).bold = bold

        paragraph = filled(template(edit=divide)).paragraphs[0]
        assert paragraph.text == "Kỳ giá trị, giá trị."
        assert [bool(run.bold) for run in paragraph.runs] == [False, True, False, True]

    def test_fields_in_tables_headers_and_footers(self) -> None:
        def edit(document: Document) -> None:
            document.add_table(1, 1).cell(0, 0).text = "{địa danh}"
            document.sections[0].header.paragraphs[0].text = "{ĐỊA DANH}"
            document.sections[0].footer.paragraphs[0].text = "năm { năm }"

        document = filled(template(edit=edit))
        assert document.tables[0].cell(0, 0).text == "giá trị"
        assert document.sections[0].header.paragraphs[0].text == "giá trị"
        assert document.sections[0].footer.paragraphs[0].text == "năm giá trị"

    def test_a_block_takes_the_look_of_its_paragraph_and_headings_the_templates(self) -> None:
        def edit(document: Document) -> None:
            paragraph = document.add_paragraph(style="Quote")
            paragraph.add_run("{kỳ tới}").italic = True
            document.add_paragraph("sau")

        document = filled(
            template("trước", edit=edit), kỳ_tới=[Heading("Mục"), Paragraph("một\nhai"), Paragraph("=1+1 <b> & {năm}")]
        )
        assert texts(document) == ["trước", "Mục", "một\nhai", "=1+1 <b> & {năm}", "sau"]
        assert [p.style.name for p in document.paragraphs if p.style is not None] == [
            "Normal",
            "Heading 2",
            "Quote",
            "Quote",
            "Normal",
        ]
        assert [bool(p.runs[0].italic) for p in document.paragraphs[1:4]] == [False, True, True]

    def test_a_template_without_the_named_styles(self) -> None:
        def edit(document: Document) -> None:
            styles = document.styles
            styles["Heading 2"].delete()

        document = filled(template("{kỳ tới}", "{bảng nhiệm vụ}", edit=edit), kỳ_tới=[Heading("Mục")])
        assert texts(document)[:1] == ["Mục"]

    def test_a_table_spans_the_text_and_repeats_its_header(self) -> None:
        def narrow(document: Document) -> None:
            section = document.sections[0]
            section.page_width, section.left_margin, section.right_margin = Mm(210), Mm(30), Mm(20)

        grid = Grid(["A", "B"], [["1", "hai\ndòng"], ["", "<&>"]], [1, 3], frozenset({0}))
        document = filled(template("{bảng nhiệm vụ}", edit=narrow), bảng_nhiệm_vụ=[grid])
        table = document.tables[0]
        assert [[cell.text for cell in row.cells] for row in table.rows] == [
            ["A", "B"],
            ["1", "hai\ndòng"],
            ["", "<&>"],
        ]
        widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid.iterchildren()]
        assert widths == pytest.approx([Mm(160).twips / 4, Mm(160).twips * 3 / 4], abs=2)
        assert "w:tblHeader" in table.rows[0]._tr.xml
        assert "w:tblHeader" not in table.rows[1]._tr.xml
        # A document may not end in a table.
        assert texts(document) == [""]

    def test_the_end_of_a_section_stays(self) -> None:
        def edit(document: Document) -> None:
            document.add_section()
            paragraph = document.paragraphs[-1]
            paragraph.add_run("{kỳ tới}")
            document.add_paragraph("sau")

        document = filled(template("trước", edit=edit))
        assert len(document.sections) == 2
        assert [text for text in texts(document) if text] == ["trước", "đoạn kỳ tới", "sau"]

    def test_characters_that_no_document_can_hold(self) -> None:
        content = template("{năm}", "{kỳ tới}", "{bảng nhiệm vụ}")
        bad = "a\x00b\x0b\ud800c"
        made = fill_template(
            content,
            "mau.docx",
            FIELDS | {"năm": bad},
            BLOCKS | {"kỳ tới": [Paragraph(bad)], "bảng nhiệm vụ": [Grid(["x"], [[bad]], [1])]},
            DAY,
            {"title": bad},
        )
        document = docx.Document(io.BytesIO(made))
        assert [text.replace("\n", "") for text in texts(document)[:2]] == ["a\ufffdb\ufffd\ufffdc"] * 2

    def test_the_same_bytes_and_nothing_of_the_clock(self) -> None:
        content = template("{kỳ tới}")
        first, again = (fill_template(content, "mau.docx", FIELDS, BLOCKS, DAY, {"title": "Báo cáo"}) for _ in range(2))
        assert first == again
        with zipfile.ZipFile(io.BytesIO(first)) as archive:
            assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = docx.Document(io.BytesIO(first)).core_properties
        assert (core.created, core.modified, core.title) == (core.modified, core.created, "Báo cáo")
        assert core.created is not None and core.created.replace(tzinfo=None) == DAY


class TestFaults:
    @pytest.mark.parametrize(
        ("text", "code", "words"),
        [
            ("Kỳ {ky bao cao} này", "TM03", "Không có trường “{ky bao cao}” (ý bạn là “{kỳ báo cáo}”?), ở đoạn “Kỳ {ky bao cao} này”."),
            ("Kỳ {{% for x %}}", "TM02", "Ngoặc nhọn không đủ cặp"),
            ("Kỳ {kỳ báo cáo này", "TM02", "Ngoặc nhọn không đủ cặp ở chỗ “Kỳ {kỳ báo cáo này”."),
            ("Như sau: {kiến nghị}", "TM04", "Trường “{kiến nghị}” đứng lẫn với chữ khác, ở đoạn “Như sau: {kiến nghị}”."),
            ("{kiến nghị}{kỳ tới}", "TM04", "Trường “{kiến nghị}” đứng lẫn"),
        ],
    )  # fmt: skip
    def test_each_is_named_with_the_words_about_it(self, text: str, code: str, words: str) -> None:
        with pytest.raises(TemplateFaulty) as stop:
            filled(template("được", text))
        assert code in stop.value.codes
        assert words in str(stop.value)
        assert str(stop.value).startswith("Mẫu báo cáo mau.docx có ")

    def test_all_at_once(self) -> None:
        def edit(document: Document) -> None:
            document.sections[0].header.paragraphs[0].text = "{lạ ở đầu trang}"

        with pytest.raises(TemplateFaulty) as stop:
            filled(template("{lạ}", "a {kỳ tới}", edit=edit))
        assert sorted(stop.value.codes) == ["TM03", "TM03", "TM04"]
        assert "có 3 lỗi" in str(stop.value)

    @pytest.mark.parametrize("content", [b"", b"not a document", b"PK\x03\x04", None])
    def test_a_file_that_word_cannot_open(self, content: bytes | None, tmp_path: Path) -> None:
        if content is None:
            stream = io.BytesIO()
            with zipfile.ZipFile(stream, "w") as archive:
                archive.writestr("xl/workbook.xml", "<x/>")
            content = stream.getvalue()
        with pytest.raises(TemplateFaulty) as stop:
            filled(content)
        assert stop.value.codes == ["TM05"]
        assert "mau.docx không mở được" in str(stop.value)

    def test_a_workbook_named_as_a_document(self) -> None:
        with pytest.raises(TemplateFaulty) as stop:
            filled((ROOT / "input" / "2021" / "ke-hoach.xlsx").read_bytes())
        assert stop.value.codes == ["TM05"]

    def test_the_message_lists_the_fields_that_there_are(self) -> None:
        with pytest.raises(TemplateFaulty) as stop:
            filled(template("{lạ}"))
        named = re.findall(r"\{([^{}]+)\}", str(stop.value).partition("chỉ dùng được các trường:")[2])
        assert named == [*REPORT_FIELDS, *REPORT_BLOCKS]
