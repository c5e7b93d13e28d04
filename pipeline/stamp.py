"""The stamp by which a workbook issued for one unit cannot pass as another's.

An HMAC-SHA256 over the hidden identity (plan, period, unit, template version), with a key that the templates of a
period create in its inbox folder. The key stays on the officer's machine: git ignores it.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.errors import CannotRun
from schemas.template import STAMPED_KEYS
from schemas.words import Stamp

KEY_FILE = ".khoa"
_BYTES = 32


def read_key(inbox: Path) -> bytes:
    """The period's key; empty where it has none. Raises CannotRun for a key file that holds no key."""
    path = inbox / KEY_FILE
    if not path.is_file():
        return b""
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise CannotRun(_BROKEN.format(path=path)) from error
    if len(key) != _BYTES:
        raise CannotRun(_BROKEN.format(path=path))
    return key


_BROKEN = (
    "Tệp khóa {path} hỏng nên không kiểm được dấu của bản nộp. Chép lại tệp khóa từ bản sao lưu; nếu không còn thì "
    "xóa tệp này, bản nộp sẽ được nhận mà không kiểm dấu."
)


def make_key(inbox: Path) -> bytes:
    """The period's key, made where there is none yet. Raises CannotRun where the folder cannot be written to."""
    if key := read_key(inbox):
        return key
    key = secrets.token_bytes(_BYTES)
    try:
        inbox.mkdir(parents=True, exist_ok=True)
        (inbox / KEY_FILE).write_text(key.hex() + "\n", encoding="ascii")
    except OSError as error:
        raise CannotRun(f"Không ghi được tệp khóa {inbox / KEY_FILE}: {error.strerror}.") from error
    return key


def stamp(key: bytes, values: Sequence[str]) -> str:
    """The stamp of these values of :data:`schemas.template.STAMPED_KEYS`; empty without a key."""
    return hmac.new(key, "\n".join(values).encode("utf-8"), hashlib.sha256).hexdigest() if key else ""


def check_stamp(key: bytes, meta: Mapping[str, str]) -> Stamp:
    """Whether the hidden identity is one that was issued with the key."""
    if not key:
        return Stamp.UNCHECKED
    given = meta.get("stamp", "")
    if not given:
        return Stamp.ABSENT
    expected = stamp(key, [meta.get(name, "") for name in STAMPED_KEYS])
    return Stamp.RIGHT if hmac.compare_digest(given.encode(), expected.encode()) else Stamp.WRONG
