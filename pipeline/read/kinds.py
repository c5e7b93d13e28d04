"""What a file is, told by its content; its name proves nothing."""

import re
import zipfile
from enum import StrEnum
from pathlib import Path

from pipeline.errors import Unreadable, damaged


class Kind(StrEnum):
    """What can be read. The value is the extension that the content asks for."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    EML = "eml"
    MSG = "msg"
    ZIP = "zip"

    @property
    def is_workbook(self) -> bool:
        return self not in (Kind.EML, Kind.MSG, Kind.ZIP)


_HEAD = 65_536
_FOREIGN = {
    b"%PDF": ("TT02", "tệp PDF"),
    b"\x89PNG": ("TT02", "tệp ảnh"),
    b"\xff\xd8\xff": ("TT02", "tệp ảnh"),
    b"GIF8": ("TT02", "tệp ảnh"),
    b"II*\0": ("TT02", "tệp ảnh"),
    b"MM\0*": ("TT02", "tệp ảnh"),
    b"{\\rtf": ("TT02", "tệp văn bản RTF"),
    b"Rar!": ("TT15", "tệp nén .rar; chỉ đọc được .zip"),
    b"7z\xbc\xaf": ("TT15", "tệp nén .7z; chỉ đọc được .zip"),
    b"\x1f\x8b": ("TT15", "tệp nén .gz; chỉ đọc được .zip"),
    b"\x09\x00\x04\x00": ("TT12", "Excel 2"),
    b"\x09\x02\x06\x00": ("TT12", "Excel 3"),
    b"\x09\x04\x06\x00": ("TT12", "Excel 4"),
    b"ID;P": ("TT12", "SYLK (.slk)"),
}
_BITMAP = re.compile(rb"BM.{4}\0{4}", re.DOTALL)  # two letters alone may begin any text
_ZIP = (b"PK\3\4", b"PK\5\6", b"PK\7\x08")
_PACKAGES = {  # a member that tells what an OOXML package is
    "xl/workbook.xml": Kind.XLSX,
    "xl/workbook.bin": Kind.XLSB,
}
_OFFICE = {"word/": "tệp Word", "ppt/": "tệp PowerPoint", "visio/": "tệp Visio"}
_ODF_SHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (
    ("EncryptedPackage", "TT11", ""),
    ("Book", "TT12", "Excel 5.0/95"),
    ("WordDocument", "TT02", "tệp Word"),
    ("PowerPoint Document", "TT02", "tệp PowerPoint"),
)
_MAIL_LINE = re.compile(rb"(From |[A-Za-z][A-Za-z0-9-]{1,60}:)")
_MAIL_FIELDS = re.compile(rb"^(from|date|subject|received|mime-version|message-id):", re.IGNORECASE | re.MULTILINE)


def detect(path: Path) -> Kind:
    """Raises Unreadable: TT01 damaged, TT02 no spreadsheet, TT11 password, TT12 a format that Excel can convert,
    TT13 text in disguise, TT15 an archive that cannot be opened."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError as error:
        raise Unreadable("TT01", detail="máy không cho đọc tệp này") from error
    if not head:
        raise Unreadable("TT01", detail="tệp rỗng, 0 byte")
    if head.startswith(_ZIP):
        return _zip_kind(path)
    if head.startswith(_OLE):
        return _ole_kind(path)
    for magic, (code, detail) in _FOREIGN.items():
        if head.startswith(magic):
            raise Unreadable(code, detail=detail)
    if _BITMAP.match(head):
        raise Unreadable("TT02", detail="tệp ảnh")
    return _text_kind(head)


def _zip_kind(path: Path) -> Kind:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            for name, kind in _PACKAGES.items():
                if name in names:
                    return kind
            if "mimetype" in names:
                with archive.open("mimetype") as stream:
                    mime = stream.read(200).strip()
                if mime.startswith(_ODF_SHEET):
                    return Kind.ODS
                raise Unreadable("TT02", detail="tệp OpenDocument không phải bảng tính")
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError) as error:
        raise damaged() from error
    for prefix, detail in _OFFICE.items():
        if any(name.startswith(prefix) for name in names):
            raise Unreadable("TT02", detail=detail)
    if any(name.startswith("Index/") and name.endswith(".iwa") for name in names):
        raise Unreadable("TT12", detail="Apple Numbers")
    if "[Content_Types].xml" in names:
        raise Unreadable("TT02", detail="tệp Office không có bảng tính")
    return Kind.ZIP


def _ole_kind(path: Path) -> Kind:
    import olefile  # not before there is such a file

    try:
        with olefile.OleFileIO(str(path)) as ole:
            if ole.exists("__properties_version1.0"):
                return Kind.MSG
            if ole.exists("Workbook"):
                return Kind.XLS
            for stream, code, detail in _OLE_STREAMS:
                if ole.exists(stream):
                    raise Unreadable(code, **({"detail": detail} if detail else {}))
    except (OSError, ValueError, IndexError, TypeError, AttributeError) as error:
        raise damaged() from error
    raise Unreadable("TT02", detail="tệp Office cũ không có bảng tính")


def _text_kind(head: bytes) -> Kind:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    header = re.split(rb"\r?\n\r?\n", text, maxsplit=1)[0]
    if _MAIL_LINE.match(text) and len({found.lower() for found in _MAIL_FIELDS.findall(header)}) > 1:
        return Kind.EML
    lower = text[:4096].lower()
    if lower.startswith(b"<?xml") and b"urn:schemas-microsoft-com:office:spreadsheet" in lower:
        raise Unreadable("TT12", detail="XML Spreadsheet 2003")
    if lower.startswith(b"<?xml") and b"opendocument" in lower:
        raise Unreadable("TT12", detail="OpenDocument dạng phẳng (.fods)")
    if lower.startswith((b"<html", b"<!doctype html", b"<table", b"<meta")) or b"<html" in lower:
        raise Unreadable("TT13", detail="trang web (HTML)")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" not in head:
        raise Unreadable("TT13", detail="văn bản hoặc CSV")
    raise Unreadable("TT02", detail="không nhận ra định dạng")
