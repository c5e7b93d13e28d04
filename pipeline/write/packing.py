"""How a workbook is packed, where XlsxWriter's own way costs most: its shared texts, and the deflate of its parts.

What is overridden here XlsxWriter does not promise to keep: its version is pinned, and tests compare the results.
"""

import re
import shutil
import zlib
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any, Literal
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import xlsxwriter
from xlsxwriter.sharedstrings import SharedStrings

# At XlsxWriter's level 6 deflate is a third of a large write; at 1 it takes a quarter of that and the file grows by a
# third. XlsxWriter has no option for it.
_LEVEL = 1
_PART = 1 << 20  # characters that are handed to the deflating thread at once
_WAITING = 8  # such pieces at most: the thread is nearly as quick as what feeds it
_ITSELF = re.compile(r"[^<>&\x00-\x08\x0b-\x1f\s_\ufffe\uffff]([^<>&\x00-\x08\x0b-\x1f_\ufffe\uffff]*\S)?\Z")
_packed: dict[str, "PackedPart"] = {}


class Texts(SharedStrings):  # type: ignore[misc]
    """The shared texts: of nearly all it can be told at one look that they are written as they are."""

    def _write_sst_strings(self) -> None:
        write, is_itself, plain = self.fh.write, _ITSELF.match, []
        for text in self.string_table.string_array:
            if is_itself(text):
                plain.append(f"<si><t>{text}</t></si>")
            else:
                write("".join(plain))
                plain.clear()
                self._write_si(text)
        write("".join(plain))


class PackedPart:
    """A file that takes the text of a part, and holds it deflated: another thread deflates while this one writes.

    zlib lets other threads run meanwhile, so that the deflate of a large workbook costs no time where there are two
    processors.
    """

    def __init__(self, path: str) -> None:
        self.path, self.size, self.crc = path, 0, 0
        self._pieces: list[str] = []
        self._length = 0
        self._failure: OSError | None = None
        self._queue: Queue[bytes | None] = Queue(_WAITING)
        self._thread = Thread(target=self._deflate, daemon=True)
        self._thread.start()
        _packed[path] = self

    def write(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)
        if self._length >= _PART:
            self._hand_over()

    def close(self) -> None:
        """Raises OSError where the file could not be written."""
        self._hand_over()
        self._queue.put(None)
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    def _hand_over(self) -> None:
        self._queue.put("".join(self._pieces).encode())
        self._pieces.clear()
        self._length = 0

    def _deflate(self) -> None:
        deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        try:
            with Path(self.path).open("wb") as stream:
                while (piece := self._queue.get()) is not None:
                    self.size += len(piece)
                    self.crc = zlib.crc32(piece, self.crc)
                    stream.write(deflate.compress(piece))
                stream.write(deflate.flush())
        except OSError as failure:
            self._failure = failure
            while self._queue.get() is not None:  # so that whoever writes does not wait for ever
                pass


class QuickZip(ZipFile):
    """XlsxWriter's container, at our level of deflate."""

    def __init__(self, file: Any, mode: Literal["w"], compression: int, allowZip64: bool) -> None:  # noqa: N803
        super().__init__(file, mode, compression, allowZip64, _LEVEL)

    def writestr(self, member: Any, data: Any) -> None:  # type: ignore[override]
        super().writestr(member, data, compresslevel=_LEVEL)

    def write(self, filename: str, arcname: str) -> None:  # type: ignore[override]
        part = _packed.pop(filename, None)
        if part is None:
            super().write(filename, arcname)
        else:
            self._add(part, arcname)

    def _add(self, part: PackedPart, arcname: str) -> None:
        """A part that is deflated already; zipfile itself only takes what it deflates."""
        info = ZipInfo.from_file(part.path, arcname)
        info.compress_type, info.CRC, info.file_size, info.compress_size = (
            ZIP_DEFLATED,
            part.crc,
            part.size,
            info.file_size,
        )
        out: Any = self.fp
        info.header_offset = out.tell()
        out.write(info.FileHeader())
        with Path(part.path).open("rb") as stream:
            shutil.copyfileobj(stream, out)
        self.filelist.append(info)
        self.NameToInfo[info.filename] = info
        self.start_dir = out.tell()
        self._didModify = True


xlsxwriter.workbook.ZipFile = QuickZip
xlsxwriter.packager.SharedStrings = Texts
