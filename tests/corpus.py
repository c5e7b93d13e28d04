"""Bad files for an inbox, each made from a good filled workbook, and what the ledger must say of each.

No file here is larger than it must be: what would fill a disk is written as the few bytes that would inflate to it.
"""

import io
import os
import random
import re
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from schemas.words import Verdict
from tests.ole import write_msg, write_ole

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
FILLED = ' office:value-type="float" office:value="1"'
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
Make = Callable[[Path, Path], object]


@dataclass(frozen=True)
class Bad:
    """``make(target, good)`` writes it; ``code`` is its message and ``says`` what tells it from others of that code.

    A file of whose members each has its own line is known by ``name`` and what stands inside it.
    """

    name: str
    make: Make
    code: str
    says: str
    verdict: Verdict = Verdict.REJECTED


# --- packages -----------------------------------------------------------------------------------------------------


def members(path: Path) -> dict[str, bytes]:
    """The members of a zip file, by name."""
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def pack(target: Path, files: Mapping[str, bytes], level: int = 1) -> Path:
    """A zip file of these members."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, level)
    return target


def edit(target: Path, good: Path, **changed: Callable[[bytes], bytes]) -> Path:
    """The good workbook with some parts changed; a part is named by its last word: ``sheet2``, ``workbook``."""
    files = members(good)
    for word, change in changed.items():
        (name,) = [name for name in files if name.rpartition("/")[2].partition(".")[0] == word and "rels" not in name]
        made = change(files[name])
        assert made != files[name], word
        files[name] = made
    return pack(target, files)


def part_of(good: Path, sheet: str) -> str:
    """The last word of the part that holds a sheet: ``sheet2``."""
    files = members(good)
    names = re.findall(r'<sheet [^>]*name="([^"]*)"', files["xl/workbook.xml"].decode())
    return f"sheet{names.index(sheet) + 1}"


def zeros(size: int) -> tuple[bytes, int]:
    """So many zero bytes deflated, and their checksum; a block that repeats, so that it takes no time."""
    block = 16 << 20
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    once = packer.compress(bytes(block)) + packer.flush(zlib.Z_FULL_FLUSH)
    crc, data = 0, bytes(block)
    for _ in range(size // block):
        crc = zlib.crc32(data, crc)
    end = zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    return once * (size // block) + end, crc


def with_raw_member(target: Path, good: Path, name: str, packed: bytes, size: int, crc: int) -> None:
    """The good workbook and a last member whose deflated bytes, size and checksum are as given."""
    pack(target, members(good) | {name: b""})
    raw = bytearray(target.read_bytes())
    with zipfile.ZipFile(target) as archive:
        info, start = archive.getinfo(name), archive.start_dir
    begin = info.header_offset + 30 + len(name)
    central = raw.rindex(b"PK\x01\x02")
    for at, offset in ((info.header_offset, 14), (central, 16)):
        raw[at + offset : at + offset + 12] = struct.pack("<III", crc, len(packed), size)
    raw[begin:start] = packed
    end = raw.rindex(b"PK\x05\x06")
    raw[end + 16 : end + 20] = struct.pack("<I", begin + len(packed))
    target.write_bytes(raw)


# --- damage and traps ---------------------------------------------------------------------------------------------


def password(target: Path, good: Path) -> None:
    """As Excel encrypts: the package inside an OLE file."""
    write_ole(target, {"EncryptedPackage": os.urandom(6000), "EncryptionInfo": b"\4\0\4\0@\0\0\0<encryption/>"})


def password_ods(target: Path, good: Path) -> None:
    """As LibreOffice encrypts: each part, which the manifest tells."""
    manifest = b'<manifest:manifest xmlns:manifest="urn:x"><manifest:encryption-data/></manifest:manifest>'
    parts = {"mimetype": ODS_TYPE, "content.xml": b"\x8f\x01" * 400, "META-INF/manifest.xml": manifest}
    pack(target, parts)


def ods(rows: str, declared: str = "") -> Make:
    """An .ods of these rows."""
    names = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table"))
    table = f'<table:table table:name="A">{rows}</table:table>'
    content = f"<office:document-content{names}><office:body><office:spreadsheet>{table}</office:spreadsheet>"
    content = f"{declared}{content}</office:body></office:document-content>"
    parts = {"mimetype": ODS_TYPE, "content.xml": content.encode(), "META-INF/manifest.xml": b"<manifest/>"}
    return lambda target, good: pack(target, parts)


def repeated(cell: str, columns: int, rows: int = 1) -> str:
    """One cell, repeated as OpenDocument does."""
    row = f'<table:table-cell table:number-columns-repeated="{columns}"{cell}/>'
    return f'<table:table-row table:number-rows-repeated="{rows}">{row}</table:table-row>'


def truncated(target: Path, good: Path) -> None:
    """A download that broke off."""
    whole = good.read_bytes()
    target.write_bytes(whole[: len(whole) * 2 // 3])


def flipped(target: Path, good: Path, seed: int = 0) -> None:
    """One bit of a sheet's deflated bytes is wrong."""
    raw = bytearray(good.read_bytes())
    with zipfile.ZipFile(good) as archive:
        info = archive.getinfo("xl/worksheets/sheet2.xml")
    at = random.Random(seed).randrange(info.header_offset + 60, info.header_offset + 30 + info.compress_size)  # noqa: S311
    raw[at] ^= 0x10
    target.write_bytes(raw)


def bomb(target: Path, good: Path) -> None:
    """A member that inflates to 1.1 GiB and says so."""
    size = 1120 << 20
    packed, crc = zeros(size)
    with_raw_member(target, good, "xl/media/image1.png", packed, size, crc)


def lying_bomb(target: Path, good: Path) -> None:
    """The same, but the directory says that it holds a thousand bytes."""
    packed, _ = zeros(1120 << 20)
    with_raw_member(target, good, "xl/media/image1.png", packed, 1000, zlib.crc32(bytes(1000)))


def ratio_bomb(target: Path, good: Path) -> None:
    """A member within the size limits that shrinks a thousandfold."""
    packed, crc = zeros(96 << 20)
    with_raw_member(target, good, "xl/media/image1.png", packed, 96 << 20, crc)


def far_cell(target: Path, good: Path) -> None:
    """One stray cell at the far corner of the grid."""
    stray = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    edit(target, good, **{part_of(good, "Nhiệm vụ"): lambda xml: xml.replace(b"</sheetData>", stray)})


def unique_count(target: Path, good: Path) -> None:
    """A string table that promises four billion strings."""
    relation = (
        '<Relationship Id="rId900" Target="sharedStrings.xml" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>'
    )
    files = members(good)
    rels = files["xl/_rels/workbook.xml.rels"].replace(b"</Relationships>", relation.encode())
    table = f'<sst xmlns="{MAIN}" count="4000000000" uniqueCount="4000000000"><si><t>a</t></si></sst>'
    pack(target, files | {"xl/_rels/workbook.xml.rels": rels, "xl/sharedStrings.xml": table.encode()})


def many_sheets(target: Path, good: Path) -> None:
    """A hundred thousand sheets."""
    sheets = b"".join(b'<sheet name="S%d" sheetId="%d" r:id="rId1"/>' % (n, n + 100) for n in range(100_000))
    edit(target, good, workbook=lambda xml: xml.replace(b"</sheets>", sheets + b"</sheets>"))


def doctype(target: Path, good: Path) -> None:
    """Entities that expand to a billion laughs."""
    entities = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 10))
    declared = b'<!DOCTYPE w [<!ENTITY e0 "ha">' + entities + b"]>"
    edit(target, good, sheet1=lambda xml: xml.replace(b"<worksheet", declared + b"<worksheet", 1))


def duplicate_members(target: Path, good: Path) -> None:
    """Two members of one name: each reader may take another."""
    files = list(members(good).items())
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in [*files, ("xl/worksheets/SHEET1.xml", b"<worksheet/>")]:
            archive.writestr(name, data)


def traversal(target: Path, good: Path) -> None:
    """A member that would land outside."""
    pack(target, members(good) | {"../../etc/evil.xml": b"<evil/>"})


def symlink_member(target: Path, good: Path) -> None:
    """A member that is a link."""
    pack(target, members(good))
    with zipfile.ZipFile(target, "a") as archive:
        info = zipfile.ZipInfo("xl/media/image1.png")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")


def encrypted_member(target: Path, good: Path) -> None:
    """A zip with a password: a flag in both headers of each member."""
    pack(target, {"bao-cao.xlsx": good.read_bytes()})
    raw = bytearray(target.read_bytes())
    raw[6] |= 1
    raw[raw.rindex(b"PK\x01\x02") + 8] |= 1
    target.write_bytes(raw)


def overlapping(target: Path, good: Path) -> None:
    """Many members that share the same deflated bytes."""
    pack(target, members(good) | {"xl/media/a.png": PNG, "xl/media/b.png": PNG})
    raw = bytearray(target.read_bytes())
    with zipfile.ZipFile(target) as archive:
        first = archive.getinfo("xl/media/a.png").header_offset
    last = raw.rindex(b"PK\x01\x02")
    raw[last + 42 : last + 46] = struct.pack("<I", first)
    target.write_bytes(raw)


def many_members(target: Path, good: Path) -> None:
    """More than ten thousand members."""
    pack(target, members(good) | {f"xl/media/{n}.png": b"" for n in range(10_001)})


def deep_xml(target: Path, good: Path) -> None:
    """Elements nested a hundred thousand deep, where the document's dates stand."""
    deep = b"<a>" * 100_000 + b"</a>" * 100_000
    edit(target, good, core=lambda xml: re.sub(rb"</[^<]*coreProperties>", lambda end: deep + end[0], xml))


def too_large(target: Path, good: Path) -> None:
    """Larger than fifty megabytes."""
    with target.open("wb") as stream:
        stream.write(good.read_bytes())
        stream.truncate((50 << 20) + 1)


def no_template_sheet(target: Path, good: Path) -> None:
    """A workbook of the unit's own making."""
    files = members(good)
    blank = b'<worksheet xmlns="%s"><sheetData><row r="1"><c r="A1"><v>5</v></c></row></sheetData></worksheet>'
    sheets = {name: blank % MAIN.encode() for name in files if name.startswith("xl/worksheets/sheet")}
    pack(target, files | sheets)


# --- other things under a workbook's name -------------------------------------------------------------------------


def is_bytes(data: bytes) -> Make:
    """A file of exactly these bytes."""
    return lambda target, good: target.write_bytes(data)


def office(folder: str) -> Make:
    """A Word or PowerPoint package."""
    parts = {"[Content_Types].xml": b"<Types/>", f"{folder}/document.xml": b"<document/>"}
    return lambda target, good: pack(target, parts)


def numbers(target: Path, good: Path) -> None:
    """Apple Numbers."""
    pack(target, {"Index/Document.iwa": b"\0\1", "Metadata/Properties.plist": b"bplist00"})


def opendocument_text(target: Path, good: Path) -> None:
    pack(target, {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"})


def old_office(stream: str) -> Make:
    """An OLE file whose main stream tells the program."""
    return lambda target, good: write_ole(target, {stream: b"\x09\x08" + bytes(5000)})


def mail(attachments: Mapping[str, bytes], sender: str = "Sở <stc@example.vn>") -> bytes:
    """A mail as mail programs save it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "tonghop@example.vn", "Báo cáo quý"
    message["Date"] = "Fri, 10 Mar 2023 09:30:00 +0700"
    message.set_content("Kính gửi Sở, đơn vị gửi báo cáo.")
    message.add_alternative("<html><body>Kính gửi Sở, đơn vị gửi báo cáo.</body></html>", subtype="html")
    for name, data in attachments.items():
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The bytes of a zip file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return stream.getvalue()


def nested(target: Path, good: Path, depth: int = 7) -> None:
    """A workbook in a zip in a zip …"""
    data, name = good.read_bytes(), "bao-cao.xlsx"
    for level in range(depth):
        data, name = zipped({name: data}), f"lop-{level}.zip"
    target.write_bytes(data)


def many_files(target: Path, good: Path) -> None:
    """An archive of six hundred workbooks."""
    data = good.read_bytes()
    target.write_bytes(zipped({f"{n}.xlsx": data for n in range(600)}))


def bomb_of_archives(target: Path, good: Path) -> None:
    """Sixty archives of a file that inflates to 48 MB, in an archive of a few kilobytes."""
    packed, crc = zeros(48 << 20)
    with tempfile.TemporaryDirectory() as folder:
        inner = Path(folder, "inner.zip")
        pack(Path(folder, "empty.zip"), {})
        with_raw_member(inner, Path(folder, "empty.zip"), "0.bin", packed, 48 << 20, crc)
        data = inner.read_bytes()
    pack(target, {f"{number}.zip": data for number in range(60)}, 9)


def msg_without_workbook(target: Path, good: Path) -> None:
    from datetime import datetime

    write_msg(target, "stc@example.vn", datetime(2023, 3, 10), {"anh.png": PNG})


def fifo(target: Path, good: Path) -> None:
    """A pipe that nobody writes to: opening it would wait for ever."""
    os.mkfifo(target)


def link_to(where: str) -> Make:
    """A symbolic link, relative to the inbox."""
    return lambda target, good: target.symlink_to(where)


XML_2003 = b'<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
HTML = "<html><head><meta charset='utf-8'></head><body><table><tr><td>Tử số</td></tr></table></body></html>".encode()
CSV = "Mã;Tử số;Mẫu số\r\nA.1;30;40\r\n".encode()
BAD: tuple[Bad, ...] = (
    Bad("mat-khau.xlsx", password, "TT11", "mật khẩu"),
    Bad("mat-khau.ods", password_ods, "TT11", "mật khẩu"),
    Bad("cut.xlsx", truncated, "TT01", "hỏng hoặc chưa tải về trọn vẹn"),
    Bad("lat-bit.xlsx", flipped, "TT01", "hỏng hoặc chưa tải về trọn vẹn"),
    Bad("bom.xlsx", bomb, "TT16", "bung ra quá lớn"),
    Bad("bom-noi-doi.xlsx", lying_bomb, "TT16", "bom nén"),
    Bad("bom-nen.xlsx", ratio_bomb, "TT16", "nén bất thường"),
    Bad("o-xa.xlsx", far_cell, "TT17", "XFD1048576"),
    Bad("o-xa.ods", ods(repeated("", 10**9) + repeated(FILLED, 3000, 3000)), "TT17", "DKJ3001"),
    Bad("lap-am.ods", ods(repeated(FILLED, -5)), "TT01", "hỏng"),
    Bad("lap-trong.ods", ods(repeated(FILLED, 1) + repeated("", 1, 4 * 10**9)), "TT03", "tìm thấy: A."),
    Bad("doctype.ods", ods(repeated(FILLED, 1), "<!DOCTYPE a>"), "TT15", "DOCTYPE"),
    Bad("dem-chuoi.xlsx", unique_count, "TT20", "không đọc nổi"),
    Bad("100000-sheet.xlsx", many_sheets, "TT18", "sheet"),
    Bad("doctype.xlsx", doctype, "TT15", "DOCTYPE"),
    Bad("trung-ten.xlsx", duplicate_members, "TT15", "trùng tên"),
    Bad("ra-ngoai.xlsx", traversal, "TT15", "ra ngoài"),
    Bad("lien-ket-trong.xlsx", symlink_member, "TT15", "là liên kết"),
    Bad("zip-mat-khau.zip", encrypted_member, "TT11", "mật khẩu"),
    Bad("chong-nhau.xlsx", overlapping, "TT15", "chồng"),
    Bad("10001-muc.xlsx", many_members, "TT15", "hơn 10000 mục"),
    Bad("qua-lon.xlsx", too_large, "TT16", "lớn hơn 50 MB"),
    Bad("tu-lam.xlsx", no_template_sheet, "TT03", "không có sheet nào"),
    Bad("csv.xlsx", is_bytes(CSV), "TT13", "CSV"),
    Bad("csv-pk.xlsx", is_bytes(b"PK;" + CSV), "TT13", "CSV"),
    Bad("csv-bm.xlsx", is_bytes(b"BM;" + CSV), "TT13", "CSV"),
    Bad("anh.bmp", is_bytes(b"BM\x36\1\0\0\0\0\0\0\x36\0" + bytes(300)), "TT02", "ảnh"),
    Bad("csv-utf16.xlsx", is_bytes(CSV.decode().encode("utf-16")), "TT13", "CSV"),
    Bad("html.xls", is_bytes(HTML), "TT13", "HTML"),
    Bad("xml2003.xls", is_bytes(XML_2003), "TT12", "XML Spreadsheet 2003"),
    Bad("sylk.xls", is_bytes(b"ID;PWXL;N;E\r\nC;X1;Y1;K5\r\nE\r\n"), "TT12", "SYLK"),
    Bad("excel95.xls", old_office("Book"), "TT12", "Excel 5.0/95"),
    Bad("excel4.xls", is_bytes(b"\x09\x04\x06\x00\0\0\x10\0" + bytes(50)), "TT12", "Excel 4"),
    Bad("numbers.xlsx", numbers, "TT12", "Numbers"),
    Bad("pdf.xlsx", is_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), "TT02", "PDF"),
    Bad("anh.xlsx", is_bytes(PNG), "TT02", "ảnh"),
    Bad("word.xlsx", office("word"), "TT02", "Word"),
    Bad("word-cu.xls", old_office("WordDocument"), "TT02", "Word"),
    Bad("trinh-chieu.xlsx", office("ppt"), "TT02", "PowerPoint"),
    Bad("van-ban.ods", opendocument_text, "TT02", "OpenDocument"),
    Bad("rtf.xls", is_bytes(b"{\\rtf1\\ansi Bao cao}"), "TT02", "RTF"),
    Bad("nen.rar", is_bytes(b"Rar!\x1a\x07\x01\0" + bytes(60)), "TT15", ".rar"),
    Bad("nen.7z", is_bytes(b"7z\xbc\xaf\x27\x1c\0\4" + bytes(60)), "TT15", ".7z"),
    Bad("nen.gz", is_bytes(b"\x1f\x8b\x08\0" + bytes(60)), "TT15", ".gz"),
    Bad("ngau-nhien.xlsx", is_bytes(random.Random(1).randbytes(5000)), "TT02", "không nhận ra"),  # noqa: S311
    Bad("rong.xlsx", is_bytes(b""), "TT01", "rỗng"),
    Bad("ong-dan.xlsx", fifo, "TT21", "FIFO"),
    Bad("lien-ket.xlsx", link_to("VP.xlsx"), "TT21", "liên kết"),
    Bad("lien-ket-gay.xlsx", link_to("khong-co.xlsx"), "TT21", "liên kết"),
    Bad("lien-ket-thu-muc", link_to("."), "TT21", "liên kết"),
    Bad("thu.eml", is_bytes(mail({"anh.png": PNG})), "TT14", "anh.png"),
    Bad("thu-khong.eml", is_bytes(mail({})), "TT14", "không có"),
    Bad("thu.msg", msg_without_workbook, "TT14", "anh.png"),
    Bad("khong-bang-tinh.zip", is_bytes(zipped({"anh.png": PNG})), "TT15", "không chứa bảng tính"),
    Bad("zip-rong.zip", is_bytes(zipped({})), "TT15", "không chứa bảng tính"),
    Bad("600-tep.zip", many_files, "TT15", "hơn 500 tệp"),
    Bad("~$khoa.xlsx", is_bytes(b"lock"), "", "khóa", Verdict.IGNORED),
    Bad(".~lock.khoa.xlsx#", is_bytes(b",lo,"), "", "khóa", Verdict.IGNORED),
    Bad("Thumbs.db", is_bytes(b"\xd0\xcf\x11\xe0"), "", "hệ thống", Verdict.IGNORED),
    Bad(".DS_Store", is_bytes(b"\0\0\0\1Bud1"), "", "hệ thống", Verdict.IGNORED),
    Bad("desktop.ini", is_bytes(b"[.ShellClassInfo]"), "", "hệ thống", Verdict.IGNORED),
)


def lay(inbox: Path, good: Path) -> None:
    """Every bad file into the inbox, and an archive that is nested too deep (its layers have lines of their own)."""
    for bad in BAD:
        bad.make(inbox / bad.name, good)
    nested(inbox / "long-nhau.zip", good)


# --- unusual and good ---------------------------------------------------------------------------------------------


def strict(target: Path, good: Path) -> None:
    """Saved as Strict Open XML."""
    transitional = b"http://schemas.openxmlformats.org/"
    files = {}
    for name, data in members(good).items():
        if name.startswith("xl/"):
            data = data.replace(transitional + b"spreadsheetml/2006/", b"http://purl.oclc.org/ooxml/spreadsheetml/")
            data = data.replace(transitional + b"officeDocument/2006/", b"http://purl.oclc.org/ooxml/officeDocument/")
        files[name] = data
    pack(target, files)


def macros(target: Path, good: Path) -> None:
    """With a macro project."""
    pack(target, members(good) | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(600)})


def links(target: Path, good: Path) -> None:
    """With a link to another workbook."""
    link = f'<externalLink xmlns="{MAIN}"/>'.encode()
    pack(target, members(good) | {"xl/externalLinks/externalLink1.xml": link})


def million_rows(target: Path, good: Path) -> None:
    """A whole column of formatted blank rows below the table, as Excel keeps them."""
    row = b'<row r="%d" s="1" customFormat="1"><c r="A%d" s="1"/><c r="B%d" s="1"/></row>'
    blank = b"".join(row % (n, n, n) for n in range(20_000, 1_020_000))
    edit(target, good, **{part_of(good, "Nhiệm vụ"): lambda xml: xml.replace(b"</sheetData>", blank + b"</sheetData>")})


def prefixed(target: Path, good: Path) -> None:
    """Namespace prefixes on every element and the attributes of cells in another order, as some programs write."""

    def rename(xml: bytes) -> bytes:
        xml = re.sub(rb"<(/?)(?=[A-Za-z])(?![A-Za-z0-9]+:)", rb"<\1x:", xml)
        xml = xml.replace(f'xmlns="{MAIN}"'.encode(), f'xmlns:x="{MAIN}"'.encode())
        return re.sub(rb'<x:c r="(\w+)" s="(\d+)" t="(\w+)"', rb"<x:c t='\3' s='\2' r = '\1'", xml)

    files = members(good)
    sheets = {name: rename(data) for name, data in files.items() if name.startswith("xl/worksheets/sheet")}
    assert b"<x:c t='" in b"".join(sheets.values())
    pack(target, files | sheets)


UNUSUAL: dict[str, Make] = {
    "strict": strict,
    "macro": macros,
    "link": links,
    "million": million_rows,
    "prefix": prefixed,
    "deep": deep_xml,
}
