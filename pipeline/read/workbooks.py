"""The only module that reads workbooks: a file in, its sheets' values as they stand out.

python-calamine gives the values. It reports an error cell, and a formula that no program has computed, as
empty; a scan of the sheet's XML finds those, so that they reach the validator as :class:`Fault`.
"""

import html
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import python_calamine as calamine

from pipeline.errors import Unreadable

_MAGIC = {b"%PDF": "tệp PDF", b"\x89PNG": "tệp ảnh", b"\xff\xd8\xff": "tệp ảnh", b"\xd0\xcf\x11\xe0": ""}
_CELL = rb'<c\b[^>]*?\br="([A-Z]+)([0-9]+)"[^>]*?'
_ERROR = re.compile(_CELL + rb'\bt="e"[^>]*>(?:<f\b.*?(?:/>|</f>))?<v>([^<]*)</v>', re.DOTALL)
_UNCOMPUTED = re.compile(
    rb'<c\b(?P<attributes>[^>]*?\br="(?P<letters>[A-Z]+)(?P<row>[0-9]+)"[^>]*?)>'
    rb"\s*<f\b[^>]*(?:/>|>(?P<formula>[^<]*)</f>)\s*(?P<stored><v\s*/>|<v></v>)?\s*</c>"
)
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


_DAMAGE = (
    calamine.CalamineError,
    zipfile.BadZipFile,
    zlib.error,
    ElementTree.ParseError,
    KeyError,
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
)


@dataclass(frozen=True)
class Fault:
    """A cell that holds an error value, or a formula without a stored result."""

    text: str


@dataclass
class Sheet:
    """``rows[r][c]`` is the cell at row r+1, column c+1; a blank cell is ``""``."""

    name: str
    visible: bool
    rows: list[list[Any]]


@dataclass
class Workbook:
    """``created`` and ``modified``: the document's own properties in UTC, where it has them."""

    sheets: list[Sheet] = field(default_factory=list)
    created: datetime | None = None
    modified: datetime | None = None


def read_workbook(path: Path) -> Workbook:
    """Read every sheet of an .xlsx file. Raises Unreadable (TT01, TT02) with the reason in Vietnamese."""
    _check_kind(path)
    try:
        with zipfile.ZipFile(path) as archive:
            faults = _faults(archive)
            created, modified = _dates(archive)
        with calamine.CalamineWorkbook.from_path(str(path)) as book:
            visible = calamine.SheetVisibleEnum.Visible
            sheets = [
                Sheet(
                    meta.name,
                    meta.visible == visible,
                    book.get_sheet_by_name(meta.name).to_python(skip_empty_area=False),
                )
                for meta in book.sheets_metadata
                if meta.typ == calamine.SheetTypeEnum.WorkSheet
            ]
    except _DAMAGE as error:
        raise Unreadable("TT01", detail="tệp hỏng hoặc chưa tải về trọn vẹn") from error
    for sheet in sheets:
        _mark(sheet, faults.get(sheet.name, {}))
    return Workbook(sheets, created, modified)


def _check_kind(path: Path) -> None:
    try:
        with path.open("rb") as stream:
            head = stream.read(8)
    except OSError as error:
        raise Unreadable("TT01", detail="máy không cho đọc tệp này") from error
    if not head:
        raise Unreadable("TT01", detail="tệp rỗng, 0 byte")
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            if kind:
                raise Unreadable("TT02", detail=kind)
            raise Unreadable("TT01", detail="tệp đặt mật khẩu hoặc ở định dạng Excel cũ (.xls)")
    if not head.startswith(b"PK"):
        raise Unreadable("TT02", detail="nội dung không phải định dạng .xlsx")
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.namelist()
    except zipfile.BadZipFile as error:
        raise Unreadable("TT01", detail="tệp hỏng hoặc chưa tải về trọn vẹn") from error
    if "xl/workbook.xml" not in members:
        word = any(name.startswith("word/") for name in members)
        raise Unreadable("TT02", detail="tệp Word" if word else "tệp nén không chứa bảng tính .xlsx")


def _dates(archive: zipfile.ZipFile) -> tuple[datetime | None, datetime | None]:
    """dcterms:created and dcterms:modified (W3CDTF, UTC) of docProps/core.xml."""
    if "docProps/core.xml" not in archive.namelist():
        return None, None
    found: dict[str, datetime] = {}
    for element in ElementTree.fromstring(archive.read("docProps/core.xml")):
        name = element.tag.rpartition("}")[2]
        if name in ("created", "modified") and element.text:
            try:
                moment = datetime.fromisoformat(element.text.strip().replace("Z", "+00:00"))
                found[name] = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
            except ValueError:
                continue
    return found.get("created"), found.get("modified")


def _faults(archive: zipfile.ZipFile) -> dict[str, dict[tuple[int, int], Fault]]:
    """Per sheet name, the (row, column) indices whose value calamine would report as empty."""
    parts = {}
    for element in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels")):
        target = element.get("Target", "")
        parts[element.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    found: dict[str, dict[tuple[int, int], Fault]] = {}
    for element in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if element.tag.rpartition("}")[2] != "sheet":
            continue
        part = parts.get(element.get(_REL, ""), "")
        if part not in archive.namelist():
            continue
        xml = archive.read(part)
        cells = [(m[1], m[2], m[3]) for m in _ERROR.finditer(xml)] if b't="e"' in xml else []
        if b"<f" in xml:
            cells += [
                (m["letters"], m["row"], b"=" + (m["formula"] or b""))
                for m in _UNCOMPUTED.finditer(xml)
                # An empty string that was stored as such has been computed.
                if not (m["stored"] and b't="str"' in m["attributes"])
            ]
        found[element.get("name", "")] = {
            (int(row) - 1, column_index(letters.decode())): Fault(html.unescape(text.decode("utf-8", "replace")))
            for letters, row, text in cells
        }
    return found


def _mark(sheet: Sheet, faults: dict[tuple[int, int], Fault]) -> None:
    """A fault may lie outside the area that holds values."""
    for (row, column), fault in faults.items():
        sheet.rows.extend([] for _ in range(row + 1 - len(sheet.rows)))
        cells = sheet.rows[row]
        cells.extend("" for _ in range(column + 1 - len(cells)))
        cells[column] = fault


def column_index(letters: str) -> int:
    """Zero-based: A → 0, AA → 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def column_letters(index: int) -> str:
    """The inverse of :func:`column_index`."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
