"""What a reader process may do to itself; module-level, so that it can be handed to one."""

import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

import pipeline.intake.read_entries as entries_module
from pipeline.intake.examine import Examined, examine_bounded, examine_entries
from pipeline.read.tables import TableLayout


def let_suffer(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on files do to their reader what they say."""
    monkeypatch.setattr(entries_module, "examine_bounded", examine_or_suffer)
    monkeypatch.setattr(entries_module, "examine_entries", examine_entries_or_suffer)


def examine_or_suffer(path: Path, folder: Path, layouts: Sequence[TableLayout]) -> Examined:
    """As the real one, but a file that begins with a word does what it says."""
    return _suffered(path) or examine_bounded(path, folder, layouts)


def examine_entries_or_suffer(
    places: Sequence[tuple[Path, Path]], layouts: Sequence[TableLayout]
) -> list[tuple[str, Examined]]:
    """Likewise, of several; what waits is waited for one by one."""
    suffered = {path: _suffered(path) for path, _ in places if path.is_file()}
    examined = examine_entries(places, layouts)
    return [(sha256, suffered.get(path) or found) for (path, _), (sha256, found) in zip(places, examined, strict=True)]


def _suffered(path: Path) -> Examined | None:
    word = path.read_bytes()[:20]
    if word == b"KILL":
        os.kill(os.getppid(), signal.SIGKILL)
    if word.startswith(b"ABORT"):
        os.abort()
    if word.startswith(b"EXIT"):
        os._exit(3)
    if word.startswith(b"HANG"):
        time.sleep(600)
    if word.startswith(b"SPIN"):
        while True:
            pass
    if word.startswith(b"EAT"):
        return Examined(opened=[bytes(64 << 20) for _ in range(200)])  # type: ignore[arg-type]
    if word.startswith(b"LATE"):
        time.sleep(0.5)
    return None
