"""Outputs appear whole or not at all."""

import os
from pathlib import Path

from pipeline.errors import CannotRun


class NotWritten(CannotRun):
    """One output could not be put in place; the run's other files still land."""


def write_whole(path: Path, content: bytes) -> None:
    """Write beside the target, flush to the disk, then rename over it. Raises NotWritten with the reason."""
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True) if temporary.parent.is_dir() else None
        raise NotWritten(_reason(path, error)) from error


def _reason(path: Path, error: OSError) -> str:
    if isinstance(error, PermissionError):
        return (
            f"Không ghi được {path}: tệp đang mở trong Excel hoặc thư mục chỉ cho đọc. "
            "Đóng tệp (hoặc kiểm tra quyền của thư mục) rồi chạy lại."
        )
    return f"Không ghi được {path}: {error.strerror or error}. Kiểm tra dung lượng và quyền của ổ đĩa rồi chạy lại."
