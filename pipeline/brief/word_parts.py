"""The paragraphs and tables that a Word document is made of, as its XML."""

import re
from collections.abc import Sequence
from copy import deepcopy
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from pipeline.brief.blocks import Grid

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def legal(text: str) -> str:
    """Without the characters that no Word document can hold."""
    return _ILLEGAL.sub("\ufffd", text)


def paragraph_like(text: str, model: Any, style: str | None) -> Any:
    """Like the model paragraph, or in the named style."""
    made = OxmlElement("w:p")
    look, run_look = model.find(qn("w:pPr")), model.find(f"{qn('w:r')}/{qn('w:rPr')}")
    if style:
        made.append(parse_xml(f'<w:pPr {nsdecls("w")}><w:pStyle w:val="{escape(style)}"/></w:pPr>'))
    elif look is not None:
        look = deepcopy(look)
        for section in look.findall(qn("w:sectPr")):
            look.remove(section)
        made.append(look)
    run = OxmlElement("w:r")
    if run_look is not None and not style:
        run.append(deepcopy(run_look))
    for number, line in enumerate(legal(text).splitlines()):
        if number:
            run.append(OxmlElement("w:br"))
        node = OxmlElement("w:t")
        node.text = line
        node.set(qn("xml:space"), "preserve")
        run.append(node)
    made.append(run)
    return made


def grid_of(grid: Grid, width: int, style: str | None) -> Any:
    """A bordered table over the text's width whose header repeats on every page."""
    total = sum(grid.widths)
    widths = [round(width * part / total) for part in grid.widths]
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    columns = "".join(f'<w:gridCol w:w="{part}"/>' for part in widths)
    rows = [_row(grid, grid.titles, widths, style, head=True)]
    rows += [_row(grid, row, widths, style) for row in grid.rows]
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _row(grid: Grid, texts: Sequence[str], widths: Sequence[int], style: str | None, *, head: bool = False) -> str:
    cells = []
    centre = '<w:vAlign w:val="center"/>' if head else ""
    for index, (text, width) in enumerate(zip(texts, widths, strict=True)):
        look = f'<w:pStyle w:val="{escape(style)}"/>' if style else ""
        look += '<w:jc w:val="center"/>' if head or index in grid.centred else ""
        bold = "<w:rPr><w:b/></w:rPr>" if head else ""
        lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in legal(text).splitlines())
        cells.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{centre}</w:tcPr>'
            f"<w:p><w:pPr>{look}</w:pPr><w:r>{bold}{lines}</w:r></w:p></w:tc>"
        )
    repeats = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeats}</w:trPr>{''.join(cells)}</w:tr>"
