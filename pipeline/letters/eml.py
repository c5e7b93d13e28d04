"""One draft as the bytes of an .eml file: the same bytes for the same letter, as nothing in it is the clock's.

``X-Unsent: 1`` makes Outlook and Thunderbird open it as a draft that the officer checks and sends. The older
classes of :mod:`email` are used on purpose: they keep every encoded word within the 75 characters of RFC 2047.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from email.encoders import encode_base64
from email.header import Header
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32

_BOUNDARY = "=_thu_nhap"  # “_” is in no base64 text, and every part is base64
_XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
_CRLF = compat32.clone(linesep="\r\n", max_line_length=None)  # the subject is folded already


@dataclass(frozen=True)
class Attachment:
    """``name`` as the recipient sees it; ``content`` the file's bytes."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Draft:
    """One letter, ready to be checked and sent; ``sender`` may be empty, ``to`` too."""

    sender: str
    to: Sequence[str]
    subject: str
    body: str
    attachments: Sequence[Attachment] = ()

    def as_bytes(self) -> bytes:
        message = MIMEMultipart("mixed", boundary=_BOUNDARY)
        message["X-Unsent"] = "1"
        if self.sender:
            message["From"] = self.sender
        if self.to:
            message["To"] = ", ".join(self.to)
        message["Subject"] = Header(
            " ".join(self.subject.split()), "utf-8", maxlinelen=75, header_name="Subject"
        ).encode()
        message.attach(MIMEText(_canonical(self.body), "plain", "utf-8"))
        for attachment in self.attachments:
            message.attach(_part(attachment))
        return message.as_bytes(policy=_CRLF)


def _canonical(text: str) -> str:
    """Text parts end their lines with CRLF (RFC 2045)."""
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


def _part(attachment: Attachment) -> MIMEBase:
    """The name twice: RFC 2231 as the standard has it, and the encoded word that older Outlooks look for."""
    part = MIMEBase(*_XLSX)
    part.set_param("name", Header(attachment.name, "utf-8", maxlinelen=1000).encode())
    part.set_payload(attachment.content)
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", attachment.name))
    return part
