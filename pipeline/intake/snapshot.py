"""A private copy of an inbox entry: what is read later cannot change, block or lead elsewhere."""

import hashlib
import os
import stat
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import Unreadable
from pipeline.intake.folder import telling_of_disk

MAX_FILE = 50 << 20
_CHUNK = 1 << 20
_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def snapshot(path: Path, target: Path) -> str:
    """Copy a regular file and give its SHA-256.

    Raises Unreadable (TT01, TT16 too large, TT21 no regular file), CannotRun where the copy cannot be written.
    """
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            raise Unreadable("TT21", detail=_what(os.lstat(path).st_mode))
        descriptor = os.open(path, _FLAGS)
    except OSError as error:
        raise Unreadable("TT01", detail="máy không cho đọc tệp này") from error
    digest, size = hashlib.sha256(), 0
    with os.fdopen(descriptor, "rb") as stream, telling_of_disk(), target.open("wb") as copy:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise Unreadable("TT21", detail="thiết bị")
        while chunk := _read(stream):
            size += len(chunk)
            if size > MAX_FILE:
                raise Unreadable("TT16", detail=f"tệp lớn hơn {MAX_FILE >> 20} MB")
            digest.update(chunk)
            copy.write(chunk)
    return digest.hexdigest()


def _read(stream: BinaryIO) -> bytes:
    try:
        return stream.read(_CHUNK)
    except OSError as error:
        raise Unreadable("TT01", detail="máy không cho đọc tệp này") from error


def _what(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "liên kết tới nơi khác"
    return "ống dẫn (FIFO)" if stat.S_ISFIFO(mode) else "thiết bị hoặc ổ cắm"
