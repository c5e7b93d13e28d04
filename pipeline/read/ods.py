"""The parts of an .ods package that calamine does not tell of: error cells, merges, fonts, dates."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from pipeline.errors import Unreadable, on_sheet
from pipeline.read.fonts import is_legacy
from pipeline.read.ooxml import iso_moment
from pipeline.read.package import Package, damage_told, local_name
from pipeline.read.sheet_scan import Scan
from pipeline.read.sheets import LOCAL, MAX_SHEETS, Area, Fault, Parts
from schemas.words import Remark

_DROPPED = ("table-row", "style")  # elements that are let go once they have been read


def read_parts(path: Path) -> tuple[Parts, dict[str, list[Area]]]:
    """The parts, and the merged areas by sheet. Raises Unreadable."""
    merges: dict[str, list[Area]] = {}
    with Package(path) as package, damage_told():
        if "META-INF/manifest.xml" in package.names and b"encryption-data" in package.read("META-INF/manifest.xml"):
            raise Unreadable("TT11")
        parts = Parts()
        if any(name.startswith("Basic/") and name.endswith(".xml") for name in package.names):
            parts.remarks.append(Remark.MACRO)
        for name in sorted(package.names - {"content.xml", "meta.xml"}):
            package.drain(name)
        _read_content(package, parts, merges)
        if "meta.xml" in package.names:
            _read_dates(package.read("meta.xml"), parts)
    return parts, merges


def _read_dates(xml: bytes, parts: Parts) -> None:
    """OpenDocument keeps local time without a zone."""
    for element in ElementTree.fromstring(xml).iter():
        moment = iso_moment(element.text) if local_name(element.tag) in ("creation-date", "date") else None
        if moment and local_name(element.tag) == "date":
            parts.modified = moment - LOCAL
        elif moment:
            parts.created = moment - LOCAL


def _read_content(package: Package, parts: Parts, merges: dict[str, list[Area]]) -> None:
    fonts: dict[str, str] = {}
    sheet, row = "", 0
    scan = Scan()
    for event, element in _events(package.blocks("content.xml")):
        name = local_name(element.tag)
        if event == "start" and name == "table":
            sheet, row, scan = _attribute(element, "name"), 0, Scan()
            parts.faults[sheet], parts.fonts[sheet] = scan.faults, scan.fonts
            merges[sheet] = []
            if len(merges) > MAX_SHEETS:
                raise Unreadable("TT18", count=f"hơn {MAX_SHEETS}", limit=MAX_SHEETS)
        elif event == "end" and name == "style":
            font = next((_attribute(child, "font-name") for child in element if "text" in local_name(child.tag)), "")
            if is_legacy(font):
                fonts[_attribute(element, "name")] = font
        elif event == "end" and name == "table-row":
            repeated = _count(element, "number-rows-repeated")
            with on_sheet(sheet):
                _read_row(element, row, repeated, scan, fonts, merges.setdefault(sheet, []))
            row += repeated
        if event == "end" and name in _DROPPED:
            element.clear()


def _events(blocks: Iterable[bytes]) -> Iterator[tuple[str, ElementTree.Element]]:
    parser: Any = ElementTree.XMLPullParser(("start", "end"))
    for block in blocks:
        parser.feed(block)
        yield from parser.read_events()


def _read_row(
    element: ElementTree.Element, row: int, repeated: int, scan: Scan, fonts: Mapping[str, str], merges: list[Area]
) -> None:
    column = 0
    for cell in element:
        name = local_name(cell.tag)
        if name not in ("table-cell", "covered-table-cell"):
            continue
        width = _count(cell, "number-columns-repeated")
        if _attribute(cell, "value-type") or _attribute(cell, "formula"):
            scan.reach(row + repeated - 1, column + width - 1)
            places = [(row + down, column + right) for down in range(repeated) for right in range(width)]
            if any(local_name(key) == "value-type" and value == "error" for key, value in cell.attrib.items()):
                text = "".join(cell.itertext()).strip() or "#ERROR"
                scan.faults.update(dict.fromkeys(places, Fault(text)))
            elif not _attribute(cell, "value-type"):
                scan.faults.update(dict.fromkeys(places, Fault(_attribute(cell, "formula"))))
            if font := fonts.get(_attribute(cell, "style-name")):
                scan.fonts.update(dict.fromkeys(places, font))
        tall, wide = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
        if tall * wide > 1:
            merges.append(Area(row, column, row + tall - 1, column + wide - 1))
        column += width


def _attribute(element: ElementTree.Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if local_name(key) == name), "")


def _count(element: ElementTree.Element, name: str) -> int:
    return int(_attribute(element, name) or 1)
