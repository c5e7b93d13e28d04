"""Mails and archives: what they carry, each attachment or member as a file of its own."""

import email
import email.policy
import hashlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path

import oxmsg

from pipeline.errors import Unreadable
from pipeline.intake.folder import telling_of_disk
from pipeline.intake.snapshot import MAX_FILE
from pipeline.read.kinds import Kind
from pipeline.read.package import Package, damage_told

MAX_CHILDREN = 500
MAX_DEPTH = 5
_SMTP_ADDRESS = 0x5D01  # of an Outlook mail: PidTagSenderSmtpAddress
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_BODY = re.compile(r"^text/(plain|html|calendar)$")


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
    opening = {Kind.EML: _mail, Kind.MSG: _outlook}.get(kind, _archive)
    try:
        with damage_told():
            return opening(path, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _archive(path: Path, folder: Path) -> Opened:
    return Opened(_save(_members(path), folder))


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


def _mail(path: Path, folder: Path) -> Opened:
    with path.open("rb") as stream:
        message = email.message_from_binary_file(stream, _class=EmailMessage, policy=email.policy.default)
    return Opened(
        _save(_attachments(message), folder), True, _address(message.get("From")), _moment(message.get("Date"))
    )


def _attachments(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    """Every part that is no body: an attachment, a picture, a mail within the mail."""
    number = 0
    parts = [message]
    while parts:
        part = parts.pop(0)
        kind = part.get_content_type()
        if kind == "message/rfc822" and part is not message:
            number += 1
            inner = part.get_payload(0) if part.is_multipart() else None
            if isinstance(inner, EmailMessage):
                yield f"{inner.get('Subject') or f'thư {number}'}.eml", inner.as_bytes()
        elif part.is_multipart():
            parts = [child for child in part.iter_parts() if isinstance(child, EmailMessage)] + parts
        elif part.get_filename() or not _BODY.match(kind):
            number += 1
            payload = part.get_payload(decode=True)
            yield part.get_filename() or f"đính kèm {number}", payload if isinstance(payload, bytes) else b""


def _outlook(path: Path, folder: Path) -> Opened:
    message = oxmsg.Message.load(str(path))
    files = [
        (item.file_name or f"đính kèm {number}", item.file_bytes or b"")
        for number, item in enumerate(message.attachments, start=1)
    ]
    sent = message.sent_date
    moment = sent.astimezone(UTC).replace(tzinfo=None) if sent and sent.tzinfo else sent
    sender = _address(message.sender) or _address(message.properties.str_prop_value(_SMTP_ADDRESS))
    return Opened(_save(iter(files), folder), True, sender, moment)


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


def _address(header: object) -> str | None:
    """The address in a header; None where there is none, as in what Exchange calls one inside its own house."""
    address = parseaddr(str(header))[1].strip().casefold() if header else ""
    return address if "@" in address else None


def _moment(header: object) -> datetime | None:
    try:
        moment = parsedate_to_datetime(str(header))
    except (TypeError, ValueError, IndexError):
        return None
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
