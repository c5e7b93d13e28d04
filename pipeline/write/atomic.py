"""Outputs appear whole or not at all."""

import errno
import os
from contextlib import suppress
from functools import partial
from pathlib import Path

from pipeline.ending import if_stopped
from pipeline.errors import CannotRun

_REASONS = {
    errno.ENOSPC: "ổ đĩa đã đầy",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.EISDIR: "ở đó đang có một thư mục cùng tên",
    errno.EEXIST: "một phần của đường dẫn là tệp chứ không phải thư mục",
    errno.ENOTDIR: "một phần của đường dẫn là tệp chứ không phải thư mục",
    errno.ENAMETOOLONG: "đường dẫn quá dài",
}


_UNFINISHED = ".tmp"


class NotWritten(CannotRun):
    """One output could not be put in place; the run's other files still land."""


def write_whole(path: Path, content: bytes | memoryview) -> None:
    """Write beside the target, flush to the disk, then rename over it. Raises NotWritten with the reason."""
    temporary = path.with_name(f".{path.name}{_UNFINISHED}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with if_stopped(partial(temporary.unlink, missing_ok=True)):
            with temporary.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise not_written(path, error) from error


def not_written(path: Path, error: OSError) -> NotWritten:
    return NotWritten(_reason(path, error))


def remove_unfinished(folder: Path) -> None:
    """What a run that was killed left half written there."""
    for kind in ("xlsx", "json"):
        for path in folder.glob(f".*.{kind}{_UNFINISHED}"):
            with suppress(OSError):
                path.unlink()


def _reason(path: Path, error: OSError) -> str:
    if isinstance(error, PermissionError):
        return (
            f"Không ghi được {path}: tệp đang mở trong Excel hoặc thư mục chỉ cho đọc. "
            "Đóng tệp (hoặc kiểm tra quyền của thư mục) rồi chạy lại."
        )
    reason = _REASONS.get(error.errno or 0, f"ổ đĩa báo lỗi số {error.errno}")
    return f"Không ghi được {path}: {reason}. Kiểm tra dung lượng và quyền của ổ đĩa rồi chạy lại."
