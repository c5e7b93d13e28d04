"""What lies in the inbox: one item per file, in a fixed order. Inputs are only read, never written to."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import CannotRun
from schemas.decisions import FILE as DECISIONS_FILE

_SYSTEM = frozenset({"thumbs.db", "desktop.ini", ".ds_store", ".gitkeep"})
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Item:
    """``file`` is the path inside the inbox; ``ignored`` says why an entry is no submission, if it is none."""

    file: str
    path: Path
    sha256: str
    ignored: str = ""


def collect(inbox: Path) -> list[Item]:
    """Every file under the inbox, by path. Raises CannotRun where there is no such folder."""
    if not inbox.is_dir():
        raise CannotRun(f"Không có thư mục {inbox}. Tạo thư mục này và chép các tệp đơn vị đã gửi vào đó.")
    items = []
    for path in sorted(inbox.rglob("*")):
        if path.is_dir():
            continue
        file = path.relative_to(inbox).as_posix().encode("utf-8", "replace").decode()
        reason = "Quyết định của cán bộ." if path == inbox / DECISIONS_FILE else _ignored(path)
        items.append(Item(file, path, "" if reason else _sha256(path), reason))
    return items


def _ignored(path: Path) -> str:
    name = path.name.lower()
    if not path.is_file():
        return "Không phải là tệp thường."
    if name.startswith(("~$", ".~lock")):
        return "Tệp khóa do Excel hoặc LibreOffice tạo khi mở tệp."
    if name in _SYSTEM:
        return "Tệp của hệ thống."
    return ""


def _sha256(path: Path) -> str:
    """Empty for a file that the machine refuses to open: reading it says so."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        return ""
    return digest.hexdigest()
