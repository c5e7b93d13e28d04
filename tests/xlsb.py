"""A writer of .xlsb workbooks for the tests ([MS-XLSB]), since no free program saves them."""

import struct
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import openpyxl

from tests.corpus import pack

ERRORS = {"#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17, "#NAME?": 0x1D, "#NUM!": 0x24, "#N/A": 0x2A}
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def write_xlsb(target: Path, sheets: Mapping[str, Iterable[Iterable[Any]]], hidden: str = "") -> Path:
    """Values by sheet; an error is its name as text (``#REF!``)."""
    names = list(sheets)
    book = _record(131) + _record(143)
    for number, name in enumerate(names, start=1):
        state = 2 if name == hidden else 0
        book += _record(156, struct.pack("<II", state, number) + _wide(f"rId{number}") + _wide(name))
    book += _record(144) + _record(132)
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATION}/worksheet" Target="worksheets/sheet{n}.bin"/>'
        for n in range(1, len(names) + 1)
    )
    parts = {
        "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "xl/workbook.bin": book,
        "xl/_rels/workbook.bin.rels": (
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}'
            "</Relationships>"
        ).encode(),
    }
    for number, rows in enumerate(sheets.values(), start=1):
        parts[f"xl/worksheets/sheet{number}.bin"] = _sheet([list(row) for row in rows])
    return pack(target, parts)


def from_xlsx(target: Path, source: Path) -> Path:
    """The values of another workbook; dates become text."""
    book = openpyxl.load_workbook(source)
    sheets = {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book}
    return write_xlsb(target, sheets, "_meta")


def _sheet(rows: list[list[Any]]) -> bytes:
    data = _record(129) + _record(148, struct.pack("<IIII", 0, len(rows), 0, max(map(len, rows), default=0)))
    data += _record(145)
    for number, row in enumerate(rows):
        data += _record(0, struct.pack("<IIHHBI", number, 0, 300, 0, 0, 0))
        data += b"".join(_cell(column, value) for column, value in enumerate(row) if value is not None)
    return data + _record(146) + _record(130)


def _cell(column: int, value: Any) -> bytes:
    place = struct.pack("<II", column, 0)
    if value in ERRORS:
        return _record(3, place + bytes([ERRORS[value]]))
    if isinstance(value, bool):
        return _record(4, place + bytes([value]))
    if isinstance(value, (int, float)):
        return _record(5, place + struct.pack("<d", value))
    return _record(6, place + _wide(f"{value:%d/%m/%Y}" if hasattr(value, "year") else str(value)))


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _record(kind: int, content: bytes = b"") -> bytes:
    return _seven(kind, 2) + _seven(len(content), 4) + content


def _seven(value: int, most: int) -> bytes:
    """Seven bits a byte, low ones first."""
    out = bytearray()
    for _ in range(most):
        value, low = value >> 7, value & 0x7F
        out.append(low | (0x80 if value else 0))
        if not value:
            break
    return bytes(out)
