"""Mails and archives: what they carry, each attachment or member as a file of its own."""

import hashlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.errors import Unreadable
from pipeline.intake.folder import telling_of_disk
from pipeline.intake.snapshot import MAX_FILE
from pipeline.read.kinds import Kind
from pipeline.read.package import Package, damage_told

MAX_CHILDREN = 500
MAX_DEPTH = 5
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class Child:
    """A file found inside another: its name there, and where its copy lies."""

    name: str
    path: Path
    sha256: str
    size: int


@dataclass(frozen=True)
class Opened:
    """``sender`` and ``sent_at`` (UTC) of a mail, where it names them."""

    children: list[Child]
    is_mail: bool = False
    sender: str | None = None
    sent_at: datetime | None = None


def unpack(path: Path, kind: Kind, folder: Path) -> Opened:
    """Write what a mail or archive carries into the folder. Raises Unreadable (TT01, TT11, TT15, TT16), CannotRun."""
    try:
        with damage_told():
            return Opened(_save(_members(path), folder)) if kind == Kind.ZIP else _open_mail(path, kind, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _open_mail(path: Path, kind: Kind, folder: Path) -> Opened:
    from pipeline.intake.mail import read_mail, read_outlook  # what reads mails takes longer to load than all the rest

    mail = read_mail(path) if kind == Kind.EML else read_outlook(path)
    return Opened(_save(mail.files, folder), True, mail.sender, mail.sent_at)


def _members(path: Path) -> Iterator[tuple[str, bytes]]:
    with Package(path) as package:
        for info in package.infos:
            if info.file_size > MAX_FILE:
                raise Unreadable("TT16", detail=f"tệp bên trong lớn hơn {MAX_FILE >> 20} MB")
            name = info.filename if info.flag_bits & 0x800 else _guess_name(info.filename)
            yield name, package.read(info.filename)


def _guess_name(name: str) -> str:
    """Windows writes the bytes of its own code page or UTF-8 without saying so; zipfile reads them as CP437."""
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _save(files: Iterator[tuple[str, bytes]], folder: Path) -> list[Child]:
    with telling_of_disk():
        folder.mkdir(parents=True, exist_ok=True)
    children: list[Child] = []
    for name, data in files:
        if len(children) >= MAX_CHILDREN:
            raise Unreadable("TT15", detail=f"chứa hơn {MAX_CHILDREN} tệp")
        target = folder / f"{len(children)}.bin"
        with telling_of_disk():
            target.write_bytes(data)
        children.append(Child(_shown(name, children), target, hashlib.sha256(data).hexdigest(), len(data)))
    return children


def _shown(name: str, earlier: list[Child]) -> str:
    """The name without what no cell can hold; a second file of the same name is told from the first."""
    text = _CONTROL.sub(" ", name.replace("\\", "/")).encode("utf-8", "replace").decode()
    taken = {child.name for child in earlier}
    count, shown = 1, text
    while shown in taken:
        count += 1
        shown = f"{text} ({count})"
    return shown
