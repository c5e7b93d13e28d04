"""The parts of an .xlsx or .xlsm package that calamine does not tell of: dates, faults, fonts, macros, links."""

import posixpath
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

from pipeline.errors import Unreadable, on_sheet
from pipeline.read.fonts import is_legacy
from pipeline.read.package import Package, damage_told, local_name
from pipeline.read.sheet_scan import scan_sheet
from pipeline.read.sheets import MAX_SHEETS, Parts
from schemas.words import Remark

_STRICT = "http://purl.oclc.org/ooxml/"


def read_parts(path: Path) -> Parts:
    """Every member is inflated once, within bounds. Raises Unreadable."""
    with Package(path) as package, damage_told():
        parts = Parts(remarks=package_remarks(package))
        root = ElementTree.fromstring(package.read("xl/workbook.xml"))
        if root.tag.startswith("{" + _STRICT):
            parts.remarks.append(Remark.STRICT)
        sheets = _sheets(root, targets(package, "xl/_rels/workbook.xml.rels"))
        fonts = _legacy_styles(package)
        for name in sorted(package.names - {"xl/workbook.xml", "xl/styles.xml", "docProps/core.xml"}):
            sheet = sheets.get(name)
            if sheet is None:
                package.drain(name)
                continue
            with on_sheet(sheet):
                scan = scan_sheet(package.blocks(name), fonts)
            parts.faults[sheet], parts.fonts[sheet] = scan.faults, scan.fonts
        parts.created, parts.modified = core_dates(package)
    return parts


def package_remarks(package: Package) -> list[Remark]:
    """What the member names alone tell."""
    remarks = []
    if any(name.endswith("vbaProject.bin") or "/macrosheets/" in name for name in package.names):
        remarks.append(Remark.MACRO)
    if any("/externalLinks/" in name for name in package.names):
        remarks.append(Remark.LINKS)
    return remarks


def targets(package: Package, rels: str) -> dict[str, str]:
    """Part names by relationship id."""
    found = {}
    for element in ElementTree.fromstring(package.read(rels)):
        if element.get("TargetMode") != "External":
            target = element.get("Target", "")
            found[element.get("Id", "")] = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    return found


def core_dates(package: Package) -> tuple[datetime | None, datetime | None]:
    """dcterms:created and dcterms:modified (W3CDTF, UTC) of docProps/core.xml."""
    if "docProps/core.xml" not in package.names:
        return None, None
    found = {
        local_name(element.tag): moment
        for element in ElementTree.fromstring(package.read("docProps/core.xml"))
        if local_name(element.tag) in ("created", "modified") and (moment := iso_moment(element.text))
    }
    return found.get("created"), found.get("modified")


def iso_moment(text: str | None) -> datetime | None:
    """An ISO 8601 moment without its zone: in UTC where it names one, else as it stands."""
    try:
        moment = datetime.fromisoformat((text or "").strip().replace("Z", "+00:00"))
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return None


def _sheets(workbook: ElementTree.Element, parts: dict[str, str]) -> dict[str, str]:
    """Sheet names by part. Raises Unreadable (TT18) for more sheets than anyone fills."""
    found = {}
    sheets = [element for element in workbook.iter() if local_name(element.tag) == "sheet"]
    if len(sheets) > MAX_SHEETS:
        raise Unreadable("TT18", count=len(sheets), limit=MAX_SHEETS)
    for element in sheets:
        ids = [value for key, value in element.attrib.items() if key.startswith("{") and local_name(key) == "id"]
        if ids:
            found[parts.get(ids[0], "")] = element.get("name", "")
    return found


def _legacy_styles(package: Package) -> dict[int, str]:
    """The legacy fonts by cell style number (cellXfs)."""
    if "xl/styles.xml" not in package.names:
        return {}
    xml = package.read("xl/styles.xml")
    if b".vn" not in xml.lower() and b"vni-" not in xml.lower():
        return {}
    root = ElementTree.fromstring(xml)
    fonts = [_child_value(font, "name") for font in _children(root, "fonts")]
    found = {}
    for number, style in enumerate(_children(root, "cellXfs")):
        index = int(style.get("fontId", "0"))
        font = fonts[index] if index < len(fonts) else ""
        if is_legacy(font):
            found[number] = font
    return found


def _children(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [child for element in root if local_name(element.tag) == name for child in element]


def _child_value(element: ElementTree.Element, name: str) -> str:
    return next((child.get("val", "") for child in element if local_name(child.tag) == name), "")
