"""What a reader process may do to itself; module-level, so that it can be handed to one."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

from pipeline.intake.examine import Examined, examine_bounded
from pipeline.read.tables import TableLayout


def examine_or_suffer(path: Path, folder: Path, layouts: Sequence[TableLayout]) -> Examined:
    """As the real one, but a file that begins with a word does what it says."""
    word = path.read_bytes()[:20]
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
    return examine_bounded(path, folder, layouts)
