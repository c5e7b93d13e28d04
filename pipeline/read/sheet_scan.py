"""One pass over a worksheet's XML for what calamine does not tell: errors, formulas never computed, styles, extent.

The part is read in blocks that end with a row. Searches that begin with a fixed text, which cost next to nothing,
tell whether a block holds any of what is looked for; nearly none does. Where one does, regular expressions pass over
ordinary cells: only a cell that needs a look costs Python. A sheet of a million styled blank rows passes in a second.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple, TypeVar

from pipeline.errors import Unreadable
from pipeline.read.sheets import MAX_CELLS, Fault, Place, column_index, column_letters

T = TypeVar("T")
_MAX_ROW = 64 << 20  # bytes of XML in one row
_NAMESPACE = re.compile(rb"<(\w+:)?worksheet[\s>]")
_REF = re.compile(rb"\sr\s*=\s*[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
_TYPE = re.compile(rb"\st\s*=\s*[\"'](\w+)[\"']")
_STYLE = re.compile(rb"\ss\s*=\s*[\"'](\d+)[\"']")


class _Patterns(NamedTuple):
    """For one namespace prefix.

    ``far``: a cell whose first attribute is not an address within ZZ999; ``uncomputed``: the end of a formula without
    a stored result; ``marks`` begin a cell; ``cell``: the attributes of each cell; ``opened``: of each with content (a
    blank one closes itself); ``error``: attributes and value of each error cell; ``formula``: attributes, formula,
    and the empty value, if any, of each formula without a stored result.
    """

    far: re.Pattern[bytes]
    uncomputed: tuple[re.Pattern[bytes], ...]
    marks: tuple[bytes, ...]
    cell: re.Pattern[bytes]
    opened: re.Pattern[bytes]
    error: re.Pattern[bytes]
    formula: re.Pattern[bytes]


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
    patterns = None
    for block in _by_rows(blocks):
        if patterns is None and (root := _NAMESPACE.search(block)):
            patterns = _patterns(root[1] or b"")
        if patterns is None:
            continue
        if patterns.far.search(block):
            _reach(block, patterns, scan)
        has_error = block.rfind(b'"e"') >= 0 or (b"'" in block and b"'e'" in block)  # half the time of ``in``
        for attributes, value in patterns.error.findall(block) if has_error else ():
            _note(scan.faults, attributes, Fault(_text(value) or "#ERROR"))
        is_uncomputed = any(pattern.search(block) for pattern in patterns.uncomputed)
        for attributes, formula, empty in patterns.formula.findall(block) if is_uncomputed else ():
            # An empty string that was stored as such has been computed.
            if not (empty and b"str" in _TYPE.findall(attributes)):
                _note(scan.faults, attributes, Fault("=" + _text(formula)))
        for attributes in patterns.opened.findall(block) if fonts else ():
            style = _STYLE.search(attributes)
            if style and (font := fonts.get(int(style[1]))):
                _note(scan.fonts, attributes, font)
    return scan


@cache
def _patterns(prefix: bytes) -> _Patterns:
    c, f, v = (b"<" + re.escape(prefix) + letter for letter in (b"c", b"f", b"v"))
    end = b"</" + re.escape(prefix)
    no_value = rb"\s*(?:" + v + rb"\s*/>|" + v + rb"\s*>" + end + rb"v>)?\s*" + end + rb"c>"
    return _Patterns(
        re.compile(c + rb"(?=[\s/>])(?! r=\"[A-Z]{1,2}[0-9]{1,3}\")"),
        (re.compile(end + rb"f>" + no_value), re.compile(f + rb"(?:\s[^>]*)?/>" + no_value)),
        (b"<" + prefix + b"c ", b"<" + prefix + b"c>", b"<" + prefix + b"c\n", b"<" + prefix + b"c/>"),
        re.compile(c + rb"(?=[\s/>])([^>]*)>"),
        re.compile(c + rb"((?:\s[^>]*[^/>])?)>"),
        re.compile(
            c + rb"(\s[^>]*?\bt\s*=\s*[\"']e[\"'][^>]*)>(?:" + f + rb"\b[^>]*(?:/>|>[^<]*" + end + rb"f>))?\s*"
            rb"(?:" + v + rb"(?:\s[^>]*)?>([^<]*))?"
        ),
        re.compile(
            c + rb"(\s[^>]*[^/>])>\s*" + f + rb"(?:\s[^>]*)?(?:/>|>([^<]*)" + end + rb"f>)\s*"
            rb"(" + v + rb"\s*/>|" + v + rb">" + end + rb"v>)?\s*" + end + rb"c>"
        ),
    )


def _reach(block: bytes, patterns: _Patterns, scan: Scan) -> None:
    """The extent of all cells is quick to tell; only where it is too large does it matter which hold content.

    A sheet that ends before ZZ999 has less than a million cells, and nobody asks.
    """
    places = _REF.findall(block)
    if len(places) != sum(map(block.count, patterns.marks)):
        places = [_place(attributes) for attributes in patterns.cell.findall(block)]
    if not places:
        return
    row, column = _corner(places)
    if (max(scan.bottom, row) + 1) * (max(scan.right, column) + 1) > MAX_CELLS:
        filled = _REF.findall(b">".join(patterns.opened.findall(block)))
        if filled:
            scan.reach(*_corner(filled))
    else:
        scan.reach(row, column)


def _corner(places: list[tuple[bytes, bytes]]) -> Place:
    letters = max({letters for letters, _ in places}, key=lambda letters: (len(letters), letters))
    return max(map(int, {row for _, row in places})) - 1, column_index(letters.decode())


def _place(attributes: bytes) -> tuple[bytes, bytes]:
    ref = _REF.search(attributes)
    if ref is None:
        raise Unreadable("TT12", detail="bảng tính do phần mềm khác ghi, ô không mang địa chỉ")
    return ref[1], ref[2]


def _note(found: dict[Place, T], attributes: bytes, what: T) -> None:
    if ref := _REF.search(attributes):
        found[int(ref[2]) - 1, column_index(ref[1].decode())] = what


def _text(raw: bytes) -> str:
    return html.unescape(raw.decode("utf-8", "replace"))


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
