"""Zip packages (.xlsx, .xlsb, .ods, .zip), opened so that no crafted one can harm: bounds, names, checksums."""

import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from pipeline.errors import Unreadable, damaged

MAX_MEMBERS = 10_000
MAX_TOTAL = 1 << 30
MAX_MEMBER = 800 << 20
MAX_RATIO = 200
RATIO_FROM = 50 << 20  # a small member may shrink as much as it likes
MAX_PART = 100 << 20  # of a part that is held in memory as a whole
_HEADER = struct.Struct("<4s22xHH")  # of a member: the mark, and how long its name and its extra field are
_MARK = b"PK\3\4"
_CHUNK = 1 << 20
_DOCTYPES = (b"<!DOCTYPE", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))
_LONGEST = max(map(len, _DOCTYPES))
_DRIVE = re.compile("[A-Za-z]:")
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ElementTree.ParseError,
    LookupError,
    ArithmeticError,
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    NotImplementedError,
)


@contextmanager
def damage_told() -> Iterator[None]:
    """What the libraries raise on a damaged file becomes one message (TT01)."""
    try:
        yield
    except Unreadable:
        raise
    except _DAMAGE as error:
        raise damaged() from error


class Package:
    """The members of a zip file. Raises Unreadable: TT01 damaged, TT11 password, TT15 unsafe, TT16 too large."""

    def __init__(self, path: Path) -> None:
        with damage_told():
            self._archive = zipfile.ZipFile(path)
            self._stream = path.open("rb")
            self.infos = [info for info in self._archive.infolist() if not info.is_dir()]
            self._check()
        self.names = {info.filename for info in self.infos}
        self._left = MAX_TOTAL

    def __enter__(self) -> "Package":
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()
        self._archive.close()

    def blocks(self, name: str) -> Iterator[bytes]:
        """The member inflated piece by piece, counted, its checksum verified at the end."""
        info = self._archive.getinfo(name)
        is_xml = name.endswith((".xml", ".rels", ".vml"))
        size, crc, tail = 0, 0, b""
        for chunk in self._inflate(info):
            size += len(chunk)
            self._left -= len(chunk)
            if size > MAX_MEMBER or self._left < 0:
                raise Unreadable("TT16", detail="nội dung bung ra quá lớn")
            if size > RATIO_FROM and size > MAX_RATIO * info.compress_size:
                raise Unreadable("TT16", detail="nội dung nén bất thường (bom nén)")
            if is_xml and _has_doctype(tail + chunk):
                raise Unreadable("TT15", detail="phần XML có khai báo DOCTYPE")
            crc = zlib.crc32(chunk, crc)
            tail = chunk[-_LONGEST:]
            yield chunk
        if crc != info.CRC or size != info.file_size:
            raise zipfile.BadZipFile(name)

    def _inflate(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        """All that the member's bytes hold, whatever size the directory states: zipfile would stop there."""
        self._stream.seek(info.header_offset)
        mark, *lengths = _HEADER.unpack(self._stream.read(_HEADER.size))
        if mark != _MARK or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise zipfile.BadZipFile(info.filename)
        at = info.header_offset + _HEADER.size + sum(lengths)
        end = at + info.compress_size
        packed = zlib.decompressobj(-zlib.MAX_WBITS) if info.compress_type == zipfile.ZIP_DEFLATED else None
        while at < end:
            self._stream.seek(at)
            piece = self._stream.read(min(_CHUNK, end - at))
            if not piece:
                raise EOFError(info.filename)
            at += len(piece)
            if packed is None:
                yield piece
                continue
            while piece:
                yield packed.decompress(piece, _CHUNK)
                piece = packed.unconsumed_tail
        if packed:
            if rest := packed.flush():
                yield rest
            if not packed.eof:
                raise EOFError(info.filename)

    def read(self, name: str) -> bytes:
        """The whole member."""
        pieces, size = [], 0
        for chunk in self.blocks(name):
            size += len(chunk)
            if size > MAX_PART:
                raise Unreadable("TT16", detail=f"phần “{PurePosixPath(name).name}” quá lớn")
            pieces.append(chunk)
        return b"".join(pieces)

    def drain(self, name: str) -> None:
        """Inflate a member that nobody needs, for its bounds and its checksum."""
        for _ in self.blocks(name):
            pass

    def _check(self) -> None:
        infos = self.infos
        if len(infos) > MAX_MEMBERS:
            raise Unreadable("TT15", detail=f"chứa hơn {MAX_MEMBERS} mục")
        if len({info.filename.casefold() for info in infos}) < len(infos):
            raise Unreadable("TT15", detail="có hai mục trùng tên")
        if any(_leaves(info.filename) for info in infos):
            raise Unreadable("TT15", detail="có mục mang đường dẫn ra ngoài tệp")
        if any(stat.S_ISLNK(info.external_attr >> 16) for info in infos):
            raise Unreadable("TT15", detail="có mục là liên kết")
        if any(info.flag_bits & 1 for info in infos):
            raise Unreadable("TT11")
        if sum(info.file_size for info in infos) > MAX_TOTAL:
            raise Unreadable("TT16", detail="nội dung bung ra quá lớn")
        end = 0
        for info in sorted(infos, key=lambda info: info.header_offset):
            if info.header_offset < end:
                raise Unreadable("TT15", detail="các mục chồng lên nhau")
            end = info.header_offset + _HEADER.size + len(info.orig_filename) + info.compress_size


def _has_doctype(xml: bytes) -> bool:
    """``!`` opens little else in a workbook's parts: one search for it stands for all three encodings."""
    return b"!" in xml and any(mark in xml for mark in _DOCTYPES)


def _leaves(name: str) -> bool:
    path = name.replace("\\", "/")
    return path.startswith("/") or ".." in path.split("/") or bool(_DRIVE.match(name)) or "\0" in name


def local_name(tag: str) -> str:
    """An XML name without its namespace: strict and transitional documents differ by that alone."""
    return tag.rpartition("}")[2]
