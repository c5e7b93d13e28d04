"""The Word template that ships: a report after NĐ 30/2020/NĐ-CP, phụ lục I, for the officer to edit in Word."""

from datetime import datetime
from typing import Any

import docx
from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length, Mm, Pt, RGBColor

from pipeline.brief.word import CELL_STYLE, HEADING_STYLE, save_pinned

_FONT = "Times New Roman"
_TOP, _BOTTOM, _LEFT, _RIGHT = 20, 20, 30, 15  # mm; the decree: 20–25, 20–25, 30–35, 15–20
_LEFT_CELL, _RIGHT_CELL = 60, 105
_OPENING = (
    "Thực hiện {kế hoạch}, {đơn vị tổng hợp} báo cáo {cơ quan chủ quản} kết quả thực hiện {kỳ báo cáo} (số liệu "
    "{kỳ số liệu}; tình trạng xét đến ngày {ngày xét}) như sau:"
)
_SECTIONS = (
    ("I. TÌNH HÌNH CHUNG", "{tình hình chung}"),
    ("II. KẾT QUẢ THỰC HIỆN TỪNG NHIỆM VỤ", "{kết quả từng nhiệm vụ}"),
    ("III. KHÓ KHĂN, VƯỚNG MẮC", "{khó khăn, vướng mắc}"),
    ("IV. ĐỀ XUẤT CỦA ĐƠN VỊ, THEO CƠ QUAN GIẢI QUYẾT", "{đề xuất theo cơ quan}"),
    ("V. KIẾN NGHỊ", "{kiến nghị}"),
    ("VI. NHIỆM VỤ KỲ TỚI", "{kỳ tới}"),
)
_CLOSING = (
    "Số liệu chi tiết tại các Phụ lục kèm theo.",
    "Trên đây là kết quả thực hiện Kế hoạch {kỳ báo cáo}, {đơn vị tổng hợp} kính trình {cơ quan chủ quản} xem xét, "
    "chỉ đạo./.",
)
_APPENDICES = (
    ("Phụ lục I", "TÌNH TRẠNG NHIỆM VỤ", "{bảng nhiệm vụ}"),
    ("Phụ lục II", "KẾT QUẢ CHỈ TIÊU", "{bảng chỉ tiêu}"),
    ("Phụ lục III", "TÌNH HÌNH NỘP BÁO CÁO", "{bảng tình hình nộp}"),
    ("Phụ lục IV", "KHÓ KHĂN, VƯỚNG MẮC", "{bảng khó khăn}"),
)
_ENCLOSED = "(Kèm theo Báo cáo số ……/{ký hiệu} ngày … tháng … năm {năm} của {đơn vị tổng hợp})"


def make_template() -> bytes:
    """The same bytes on every call."""
    document = docx.Document()
    _drop_thumbnail(document)
    _styles(document)
    _page(document.sections[0], landscape=False)
    _letterhead(document)
    _line(document, "BÁO CÁO", bold=True, before=12)
    _line(document, "Kết quả {kỳ báo cáo} thực hiện {kế hoạch}", bold=True)
    _rule(document.add_paragraph(), Mm(45), Mm(210 - _LEFT - _RIGHT))
    _line(document, "Kính gửi: {cơ quan chủ quản}", before=12, after=6)
    document.add_paragraph(_OPENING)
    for title, block in _SECTIONS:
        document.add_paragraph(title, style="Heading 1")
        document.add_paragraph(block)
    for text in _CLOSING:
        document.add_paragraph(text).paragraph_format.keep_with_next = True  # no signature alone on a page
    _signature(document)
    for title, subject, block in _APPENDICES:
        _page(document.add_section(), landscape=True)
        _line(document, title, bold=True)
        _line(document, subject, bold=True)
        _line(document, _ENCLOSED, italic=True, after=6)
        document.add_paragraph(block, style=CELL_STYLE)
    _shrink_breaks(document)
    return save_pinned(document, datetime(2021, 1, 1), {"title": "Mẫu báo cáo", "author": "", "comments": ""})


def _drop_thumbnail(document: Document) -> None:
    """The library's blank document comes with a picture of another page."""
    rels = document.part.package.rels
    for key in [key for key, rel in rels.items() if rel.reltype.endswith("/thumbnail")]:
        del rels[key]


def _styles(document: Document) -> None:
    normal = document.styles["Normal"]
    _font(normal, 14)
    _spacing(normal.paragraph_format, before=6)
    normal.paragraph_format.first_line_indent = Mm(12.7)
    normal.paragraph_format.alignment = ALIGN.JUSTIFY
    for name in ("Heading 1", HEADING_STYLE):
        style = document.styles[name]
        _font(style, 14, bold=True)
        _spacing(style.paragraph_format, before=6)
        style.paragraph_format.alignment = ALIGN.LEFT
    cell = document.styles.add_style(CELL_STYLE, WD_STYLE_TYPE.PARAGRAPH)
    cell.element.set(qn("w:styleId"), "Bang")
    _font(cell, 11)
    cell.base_style = normal
    _spacing(cell.paragraph_format)
    cell.paragraph_format.first_line_indent = Mm(0)
    cell.paragraph_format.alignment = ALIGN.LEFT
    for lang in document.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), "vi-VN")


def _font(style: Any, size: float, *, bold: bool = False) -> None:
    """The font for every script, in place of the theme's."""
    style.font.name, style.font.size, style.font.bold = _FONT, Pt(size), bold
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.rPr.rFonts
    for key in list(fonts.keys()):
        if key.endswith("Theme"):
            del fonts.attrib[key]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), _FONT)


def _spacing(look: Any, before: float = 0, after: float = 0) -> None:
    look.space_before, look.space_after, look.line_spacing = Pt(before), Pt(after), 1.0


def _page(section: Any, *, landscape: bool) -> None:
    """A4; numbers top centre from the second page on, and anew in each appendix."""
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.top_margin, section.bottom_margin = Mm(_TOP), Mm(_BOTTOM)
    section.left_margin, section.right_margin = Mm(_LEFT), Mm(_RIGHT)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    for old in section._sectPr.findall(qn("w:pgNumType")):
        section._sectPr.remove(old)
    section._sectPr.find(qn("w:pgMar")).addnext(parse_xml(f'<w:pgNumType {nsdecls("w")} w:start="1"/>'))
    if landscape:
        return  # headers are those of the section before
    paragraph = section.header.paragraphs[0]
    _plain(paragraph)
    field = f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>2</w:t></w:r></w:fldSimple>'
    paragraph._p.append(parse_xml(field))


def _plain(paragraph: Any, before: float = 0, after: float = 0) -> Any:
    """Centred, without the indent of running text."""
    look = paragraph.paragraph_format
    look.alignment, look.first_line_indent = ALIGN.CENTER, Mm(0)
    _spacing(look, before, after)
    return paragraph


def _say(paragraph: Any, text: str, size: float = 14, **look: bool) -> None:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    for name, value in look.items():
        setattr(run.font, name, value)


def _line(document: Any, text: str, *, before: float = 0, after: float = 0, size: float = 14, **look: bool) -> None:
    _say(_plain(document.add_paragraph(), before, after), text, size, **look)


def _rule(paragraph: Any, length: Length, width: Length) -> None:
    """A drawn line of that length in the middle of the width."""
    _plain(paragraph, after=3)
    side = Length((width - length) // 2)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = side
    paragraph.paragraph_format.line_spacing = Pt(3)
    edge = '<w:bottom w:val="single" w:sz="6" w:space="0" w:color="auto"/>'
    paragraph._p.get_or_add_pPr().insert_element_before(
        parse_xml(f"<w:pBdr {nsdecls('w')}>{edge}</w:pBdr>"), "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _table(document: Document, rows: int) -> Any:
    table = document.add_table(rows=rows, cols=2)
    table.autofit = False
    for row in table.rows:
        row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
        for cell, width in zip(row.cells, (_LEFT_CELL, _RIGHT_CELL), strict=True):
            cell.width = Mm(width)
            _plain(cell.paragraphs[0])
    for column, width in zip(table.columns, (_LEFT_CELL, _RIGHT_CELL), strict=True):
        column.width = Mm(width)
    return table


def _letterhead(document: Document) -> None:
    table = _table(document, 2)
    issuer, country = table.rows[0].cells
    _say(issuer.paragraphs[0], "{cơ quan chủ quản}", 12, all_caps=True)
    _line(issuer, "{đơn vị tổng hợp}", size=12, bold=True, all_caps=True)
    _rule(issuer.add_paragraph(), Mm(25), Mm(_LEFT_CELL - 4))
    _say(country.paragraphs[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, bold=True)
    _line(country, "Độc lập - Tự do - Hạnh phúc", size=13, bold=True)
    _rule(country.add_paragraph(), Mm(57), Mm(_RIGHT_CELL - 4))
    number, place = table.rows[1].cells
    _say(number.paragraphs[0], "Số: ……/{ký hiệu}", 13)
    _say(place.paragraphs[0], "{địa danh}, ngày … tháng … năm {năm}", 13, italic=True)


def _signature(document: Document) -> None:
    table = _table(document, 1)
    receivers, signer = table.rows[0].cells
    first = receivers.paragraphs[0]
    first.paragraph_format.space_before = Pt(12)
    first.paragraph_format.alignment = ALIGN.LEFT
    _say(first, "Nơi nhận:", 12, bold=True, italic=True)
    for text in ("- Như trên;", "- Các đơn vị thực hiện Kế hoạch;", "- Lưu: VT."):
        paragraph = _plain(receivers.add_paragraph())
        paragraph.paragraph_format.alignment = ALIGN.LEFT
        _say(paragraph, text, 11)
    signer.paragraphs[0].paragraph_format.space_before = Pt(12)
    _say(signer.paragraphs[0], "GIÁM ĐỐC", 14, bold=True)
    for _ in range(4):
        _line(signer, "")
    _line(signer, "(Họ và tên)", italic=True)


def _shrink_breaks(document: Document) -> None:
    """A paragraph that only ends a section takes no room of its own."""
    for paragraph in document.paragraphs:
        if paragraph._p.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None and not paragraph.text:
            _plain(paragraph)
            paragraph.paragraph_format.line_spacing = Pt(1)
