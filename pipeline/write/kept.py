"""Which return workbooks lie there just as they would be written again, so that only those that changed are written.

Beside the returns stands what each was made from and what it was: a digest of the form and one of the file. A return is
kept only if both still hold and the program is the same: one that was opened and saved, or whose unit's rows, issues or
plan have changed, is written anew. The file of digests can be deleted at any time; everything is written again then.
"""

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from functools import cached_property
from pathlib import Path

import xlsxwriter

from pipeline.forms import Form
from pipeline.write.atomic import NotWritten, write_whole

KEPT_FILE = ".da-ghi.json"
_SOURCES = Path(__file__).parents[2]


class Kept:
    """``folder``: of the returns, with the digests of the run before, if any."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / KEPT_FILE
        self._before = self._read()
        self._now: dict[str, list[str]] = {}
        self._forms: dict[str, str] = {}  # digests, by name: each form is looked at before and after the writing

    def holds(self, path: Path, form: Form) -> bool:
        """Whether the workbook at ``path`` is the one that would be written of the form."""
        self._forms[path.name] = self._digest(form)
        return self._before.get(path.name) == [self._forms[path.name], _digest_of(path)]

    def note(self, path: Path) -> None:
        """The workbook at ``path`` has been written of its form, or kept."""
        self._now[path.name] = [self._forms[path.name], _digest_of(path)]

    def save(self) -> None:
        """That it cannot be put in place only costs time in the next run."""
        if self._now:
            with suppress(NotWritten):
                write_whole(self._path, json.dumps(self._now, indent=1, sort_keys=True).encode())
        else:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)

    def _read(self) -> dict[str, list[str]]:
        try:
            found = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def _digest(self, form: Form) -> str:
        """Of all that a form holds and of the program: its representation names every field and value."""
        return _sha256([self._program, repr(form).encode("utf-8", "surrogatepass")])

    @cached_property
    def _program(self) -> bytes:
        """Its sources rather than its version: a return must not outlive a change of wording."""
        sources = sorted(path for room in ("pipeline", "schemas") for path in (_SOURCES / room).rglob("*.py"))
        return _sha256([xlsxwriter.__version__.encode(), *(path.read_bytes() for path in sources)]).encode()


def _digest_of(path: Path) -> str:
    try:
        return _sha256([path.read_bytes()])
    except OSError:
        return ""


def _sha256(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()
