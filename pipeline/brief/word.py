"""Fill the officer's Word template: fields inside sentences, and whole paragraphs and tables in place of blocks.

A field is text between braces, wherever Word has divided it into runs. What is put in place takes the look of the
paragraph that named it; headings take the template's “Heading 2”, table cells its style “Bảng”.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from pipeline.brief.blocks import Block, Grid, Heading
from pipeline.brief.word_parts import grid_of, legal, paragraph_like
from pipeline.errors import CannotRun
from pipeline.fields import FIELD, field_faults
from pipeline.text import fold
from schemas.messages import MESSAGES

HEADING_STYLE, CELL_STYLE = "Heading 2", "Bảng"
_PARTS = ("/header", "/footer")
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


class TemplateFaulty(CannotRun):
    """Every fault of the template at once, each with the words about it."""

    def __init__(self, name: str, codes: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        self.codes = [code for code, _ in codes]
        lines = []
        for code, params in codes:
            message = MESSAGES[code]
            texts = (message.what, message.rule, message.remedy)
            lines.append("  - " + " ".join(text.format_map(params) for text in texts))
        super().__init__("\n".join([f"Mẫu báo cáo {name} có {len(lines)} lỗi, chưa thể soạn báo cáo:", *lines]))


def fill_template(
    template: bytes,
    name: str,
    fields: Mapping[str, str],
    blocks: Mapping[str, Sequence[Block]],
    created: datetime,
    properties: Mapping[str, str],
) -> bytes:
    """The finished document; ``name`` is the template's file for messages. Raises TemplateFaulty."""
    document = _open(template, name)
    paragraphs = list(_paragraphs(document))
    _check(name, paragraphs, [*fields, *blocks], blocks)
    by_name = {fold(key): value for key, value in blocks.items()}
    values = {fold(key): legal(value) for key, value in fields.items()}
    styles = {style.name: style.style_id for style in document.styles if style.name in (HEADING_STYLE, CELL_STYLE)}
    for paragraph in paragraphs:
        alone = FIELD.fullmatch(_text(paragraph).strip())
        if alone and fold(alone[1]) in by_name:
            _replace(paragraph, by_name[fold(alone[1])], styles)
        else:
            _fill(paragraph, values)
    return save_pinned(document, created, properties)


def _open(template: bytes, name: str) -> Document:
    try:
        return docx.Document(io.BytesIO(template))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise TemplateFaulty(name, [("TM05", {"file": name})]) from error


def _paragraphs(document: Document) -> Iterator[Any]:
    """Every paragraph: of the body, its tables and text boxes, and of headers and footers."""
    yield from document.element.body.iter(qn("w:p"))
    for rel in document.part.rels.values():
        if rel.reltype.endswith(_PARTS):
            yield from rel.target_part.element.iter(qn("w:p"))


def _texts(paragraph: Any) -> list[Any]:
    """Its text elements, but not those of a text box anchored in it, which has paragraphs of its own."""
    return [node for node in paragraph.iter(qn("w:t")) if next(node.iterancestors(qn("w:p"))) is paragraph]


def _text(paragraph: Any) -> str:
    return "".join(node.text or "" for node in _texts(paragraph))


def _check(name: str, paragraphs: Sequence[Any], known: Sequence[str], blocks: Mapping[str, Any]) -> None:
    """TM02, TM03, TM04 of the whole template. Raises TemplateFaulty."""
    folded = {fold(block) for block in blocks}
    faults: list[tuple[str, Mapping[str, Any]]] = []
    for paragraph in paragraphs:
        text = _text(paragraph)
        for fault in field_faults(text, known):
            params = fault._asdict() | {"known": ", ".join(f"{{{field}}}" for field in known)}
            faults.append(("TM02" if fault.name is None else "TM03", params))
        for found in FIELD.finditer(text):
            if fold(found[1]) in folded and not FIELD.fullmatch(text.strip()):
                faults.append(("TM04", {"name": found[1], "place": text.strip()[:60]}))
    if faults:
        raise TemplateFaulty(name, faults)


def _fill(paragraph: Any, values: Mapping[str, str]) -> None:
    """Put a value where its field begins; the runs keep their look."""
    nodes = _texts(paragraph)
    for found in reversed(list(FIELD.finditer(_text(paragraph)))):
        value, at = values[fold(found[1])], 0
        for node in nodes:
            text = node.text or ""
            start, end = max(found.start() - at, 0), min(found.end() - at, len(text))
            if start < end:
                node.text = text[:start] + (value if at + start == found.start() else "") + text[end:]
                node.set(qn("xml:space"), "preserve")
            at += len(text)


def _replace(paragraph: Any, blocks: Sequence[Block], styles: Mapping[str, str]) -> None:
    for block in blocks:
        if isinstance(block, Grid):
            paragraph.addprevious(grid_of(block, _text_width(paragraph), styles.get(CELL_STYLE)))
        else:
            style = styles.get(HEADING_STYLE) if isinstance(block, Heading) else None
            paragraph.addprevious(paragraph_like(block.text, paragraph, style))
    section = paragraph.find(f"{qn('w:pPr')}/{qn('w:sectPr')}")
    follows = paragraph.getnext()
    ends_in_table = blocks and isinstance(blocks[-1], Grid) and (follows is None or follows.tag != qn("w:p"))
    if section is None and not ends_in_table:
        paragraph.getparent().remove(paragraph)
        return
    # A section's end, and what must follow a table: the paragraph stays, without its words.
    for node in _texts(paragraph):
        node.text = ""


def _text_width(paragraph: Any) -> int:
    """In twentieths of a point, of the section that the paragraph stands in."""
    section = paragraph.xpath("(.//w:sectPr | following::w:sectPr)[1]")[0]
    page, margins = section.find(qn("w:pgSz")), section.find(qn("w:pgMar"))
    return int(page.get(qn("w:w"))) - int(margins.get(qn("w:left"))) - int(margins.get(qn("w:right")))


def was_edited(path: Path) -> bool:
    """Whether a document written here has been saved by Word or another program since, or is not one of ours."""
    try:
        core = docx.Document(str(path)).core_properties
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, OSError):
        return True
    return bool(core.created != core.modified or core.revision != 1)


def save_pinned(document: Document, created: datetime, properties: Mapping[str, str]) -> bytes:
    """The same bytes for the same content: no clock in the properties, none in the archive."""
    core = document.core_properties
    core.created = core.modified = created
    core.revision = 1
    for name, value in properties.items():
        setattr(core, name, legal(value)[:255])
    stream, pinned = io.BytesIO(), io.BytesIO()
    document.save(stream)
    with zipfile.ZipFile(stream) as archive, zipfile.ZipFile(pinned, "w") as target:
        for member in archive.infolist():
            info = zipfile.ZipInfo(member.filename, _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, archive.read(member))
    return pinned.getvalue()
