"""The parts of an .xlsb package that calamine does not tell of: error cells, extent, dates, macros, links.

The records are those of [MS-XLSB]: a type and a size in 7-bit groups, then the content.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import Unreadable, on_sheet
from pipeline.read.ooxml import core_dates, package_remarks, targets
from pipeline.read.package import Package, damage_told
from pipeline.read.sheet_scan import Scan
from pipeline.read.sheets import MAX_SHEETS, Fault, Parts

_LONGEST = 21
_ROW, _ERRORS, _CELLS, _SHEET = 0, (3, 11), range(2, 12), 156
_NAMES = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


def read_parts(path: Path) -> Parts:
    """Raises Unreadable."""
    with Package(path) as package, damage_told():
        parts = Parts(remarks=package_remarks(package))
        known = targets(package, "xl/_rels/workbook.bin.rels")
        sheets = {known.get(identity, ""): name for identity, name in _sheets(package.read("xl/workbook.bin"))}
        if len(sheets) > MAX_SHEETS:
            raise Unreadable("TT18", count=len(sheets), limit=MAX_SHEETS)
        for member in sorted(package.names - {"xl/workbook.bin", "docProps/core.xml"}):
            if member not in sheets:
                package.drain(member)
                continue
            with on_sheet(sheets[member]):
                parts.faults[sheets[member]] = _faults(package.read(member))
        parts.created, parts.modified = core_dates(package)
    return parts


def _sheets(data: bytes) -> Iterator[tuple[str, str]]:
    """The relationship id and the name of each sheet."""
    for kind, content in _records(data):
        if kind == _SHEET:
            identity, rest = _text(content[8:])
            yield identity, _text(rest)[0]


def _faults(data: bytes) -> dict[tuple[int, int], Fault]:
    scan = Scan()
    row = 0
    for kind, content in _records(data):
        if kind == _ROW:
            row = struct.unpack_from("<I", content)[0]
        elif kind in _CELLS:
            column = struct.unpack_from("<I", content)[0]
            scan.reach(row, column)
            if kind in _ERRORS:
                scan.faults[row, column] = Fault(_NAMES.get(content[8], "#ERROR"))
    return scan.faults


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        kind, at = _number(data, at)
        size, at = _number(data, at)
        yield kind, data[at : at + size]
        at += size


def _number(data: bytes, at: int) -> tuple[int, int]:
    """Seven bits a byte, the low ones first; the high bit says that more follow."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80 or shift > _LONGEST:
            return value, at


def _text(data: bytes) -> tuple[str, bytes]:
    count = struct.unpack_from("<I", data)[0]
    end = 4 + 2 * count
    return data[4:end].decode("utf-16-le", "replace"), data[end:]
