"""What lies in the inbox: one item per entry, in a fixed order. Inputs are only looked at, never written to."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from pipeline.errors import CannotRun
from pipeline.inbox import DECISIONS_FILE
from pipeline.stamp import KEY_FILE

_OWN = {KEY_FILE: "Khóa đóng dấu biểu mẫu của kỳ.", DECISIONS_FILE: "Quyết định của cán bộ."}
_SYSTEM = frozenset({"thumbs.db", "desktop.ini", ".ds_store", ".gitkeep", ".gitignore"})


@dataclass(frozen=True)
class Item:
    """One line of the ledger to be.

    ``file`` is the path inside the inbox, followed by the place inside a mail or archive; ``path`` the entry itself.
    ``ignored`` says why an entry is no submission, ``fault`` (message code, parameters) why it cannot be read.
    ``sender`` and ``sent_at`` (UTC) are those of the mail that brought it; ``inside``: it was in a mail or
    archive; ``opened``: how many workbooks a mail or archive held.
    """

    file: str
    path: Path
    sha256: str = ""
    ignored: str = ""
    fault: tuple[str, dict[str, Any]] | None = None
    sender: str | None = None
    sent_at: datetime | None = None
    inside: bool = False
    opened: int = 0


def collect(inbox: Path) -> list[Item]:
    """Every entry under the inbox that is no folder, by path. Raises CannotRun where there is no such folder."""
    if not inbox.is_dir():
        raise CannotRun(f"Không có thư mục {inbox}. Tạo thư mục này và chép các tệp đơn vị đã gửi vào đó.")
    items: list[Item] = []

    def closed(error: OSError) -> None:
        path = Path(error.filename)
        items.append(Item(_name(path, inbox), path, fault=("TT01", {"detail": "máy không cho đọc thư mục này"})))

    for folder, folders, files in os.walk(inbox, onerror=closed):
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        for name in [*files, *links]:
            path = Path(folder) / name
            own = _OWN.get(name, "") if path.parent == inbox else ""
            items.append(Item(_name(path, inbox), path, ignored=own or reason_to_ignore(name)))
    return sorted(items, key=lambda item: os.fsencode(item.path))


def reason_to_ignore(name: str) -> str:
    """Why a file of that name is no submission; empty where it may be one."""
    base = PurePosixPath(name).name.lower()
    if base.startswith(("~$", ".~lock")):
        return "Tệp khóa do Excel hoặc LibreOffice tạo khi mở tệp."
    if base in _SYSTEM or base.startswith("._") or name.startswith("__MACOSX/"):
        return "Tệp của hệ thống."
    return ""


def _name(path: Path, inbox: Path) -> str:
    return path.relative_to(inbox).as_posix().encode("utf-8", "replace").decode()
