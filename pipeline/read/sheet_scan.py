"""One pass over a worksheet's XML for what calamine does not tell: errors, formulas never computed, styles, extent.

The part is read in blocks that end with a row, by regular expressions: a sheet of a million styled blank rows
passes in a second, and a blank cell costs nothing.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.errors import Unreadable
from pipeline.read.sheets import MAX_CELLS, Fault, Place, column_index, column_letters

_MAX_ROW = 64 << 20  # bytes of XML in one row
_OPEN = re.compile(rb"<(?:\w+:)?c((?:\s[^>]*[^/>])?)>")  # cells with content: a blank one closes itself
_REF = re.compile(rb"(?:^|\s)r\s*=\s*[\"']([A-Z]{1,3})([0-9]{1,7})[\"']", re.MULTILINE)
_WHOLE = re.compile(rb"<(?:\w+:)?c(\s[^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_TYPE = re.compile(rb"\st\s*=\s*[\"'](\w+)[\"']")
_STYLE = re.compile(rb"\ss\s*=\s*[\"'](\d+)[\"']")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^>]*)?(?:/>|>([^<]*)<)")
_FORMULA = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>([^<]*)<)")
_MAY_FAIL = re.compile(rb"\bt\s*=\s*[\"']e[\"']|<(?:\w+:)?f[\s/>]")


@dataclass
class Scan:
    """``fonts``: the font of each cell whose style is among those asked for; ``bottom``, ``right``: last cell with
    content, −1 where there is none."""

    faults: dict[Place, Fault] = field(default_factory=dict)
    fonts: dict[Place, str] = field(default_factory=dict)
    bottom: int = -1
    right: int = -1

    def reach(self, row: int, column: int) -> None:
        """Take note of a cell with content. Raises Unreadable (TT17) for one too far from the first."""
        self.bottom, self.right = max(self.bottom, row), max(self.right, column)
        if (self.bottom + 1) * (self.right + 1) > MAX_CELLS:
            raise Unreadable("TT17", cell=f"{column_letters(self.right)}{self.bottom + 1}")


def scan_sheet(blocks: Iterable[bytes], fonts: Mapping[int, str]) -> Scan:
    """``fonts``: legacy fonts by cell style number. Raises Unreadable (TT12, TT16, TT17)."""
    scan = Scan()
    for block in _by_rows(blocks):
        opened = _OPEN.findall(block)
        if not opened:
            continue
        places = _REF.findall(b"\n".join(opened))
        if len(places) != len(opened):
            raise Unreadable("TT12", detail="bảng tính do phần mềm khác ghi, ô không mang địa chỉ")
        columns = {letters: column_index(letters.decode()) for letters in {letters for letters, _ in places}}
        scan.reach(max(int(row) for _, row in places) - 1, max(columns.values()))
        if fonts or _MAY_FAIL.search(block):
            _look_inside(block, fonts, scan)
    return scan


def _look_inside(block: bytes, fonts: Mapping[int, str], scan: Scan) -> None:
    for attributes, inner in _WHOLE.findall(block):
        fault = _fault(attributes, inner)
        style = _STYLE.search(attributes) if fonts else None
        font = fonts.get(int(style[1])) if style else None
        if (fault or font) and (ref := _REF.search(attributes)):
            place = int(ref[2]) - 1, column_index(ref[1].decode())
            if fault:
                scan.faults[place] = fault
            if font:
                scan.fonts[place] = font


def _fault(attributes: bytes, inner: bytes) -> Fault | None:
    kind, value = _TYPE.search(attributes), _VALUE.search(inner)
    if kind and kind[1] == b"e":
        return Fault(_text(value[1] if value else b"") or "#ERROR")
    formula = _FORMULA.search(inner)
    if formula is None or (value and value[1]):
        return None
    # An empty string that was stored as such has been computed.
    return None if value and kind and kind[1] == b"str" else Fault("=" + _text(formula[1]))


def _text(raw: bytes | None) -> str:
    return html.unescape((raw or b"").decode("utf-8", "replace"))


def _by_rows(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, each block but the last ending with a row."""
    rest = b""
    for block in blocks:
        rest += block
        cut = rest.rfind(b"row>") + 4
        if cut > 3:
            yield rest[:cut]
            rest = rest[cut:]
        elif len(rest) > _MAX_ROW:
            raise Unreadable("TT16", detail="một hàng của bảng tính quá lớn")
    yield rest
