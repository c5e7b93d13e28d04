"""Mails: who sent them and when, and what they carry."""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path

import oxmsg

_SMTP_ADDRESS = 0x5D01  # of an Outlook mail: PidTagSenderSmtpAddress
_BODY = re.compile(r"^text/(plain|html|calendar)$")


@dataclass(frozen=True)
class Mail:
    """``files``: name and content of each attachment; ``sender`` and ``sent_at`` (UTC), where it names them."""

    files: Iterator[tuple[str, bytes]]
    sender: str | None
    sent_at: datetime | None


def read_mail(path: Path) -> Mail:
    """An .eml file."""
    with path.open("rb") as stream:
        message = email.message_from_binary_file(stream, _class=EmailMessage, policy=email.policy.default)
    return Mail(_attachments(message), _address(message.get("From")), _moment(message.get("Date")))


def read_outlook(path: Path) -> Mail:
    """A mail that Outlook saved (.msg)."""
    message = oxmsg.Message.load(str(path))
    files = [
        (item.file_name or f"đính kèm {number}", item.file_bytes or b"")
        for number, item in enumerate(message.attachments, start=1)
    ]
    sent = message.sent_date
    moment = sent.astimezone(UTC).replace(tzinfo=None) if sent and sent.tzinfo else sent
    sender = _address(message.sender) or _address(message.properties.str_prop_value(_SMTP_ADDRESS))
    return Mail(iter(files), sender, moment)


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
