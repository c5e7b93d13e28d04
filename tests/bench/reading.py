"""Reading alone: ``python -m tests.bench.reading INBOX WORKERS``; 0 workers read in this process."""

import sys
import tempfile
import time
from pathlib import Path

from pipeline.collect import collect
from pipeline.intake.examine import examine
from pipeline.intake.read_entries import read_entries
from pipeline.intake.readers import IsolatedReaders
from pipeline.read.tables import TableLayout
from schemas.template import TABLES


def main(inbox: Path, workers: int) -> float:
    """Seconds for all files of the inbox, the start of the processes included."""
    layouts = [TableLayout.of(table) for table in TABLES]
    started = time.perf_counter()
    if workers:
        readers = IsolatedReaders(workers)
        count = sum(len(group) for group in read_entries(collect(inbox), layouts, readers))
        readers.stop()
    else:
        with tempfile.TemporaryDirectory() as folder:
            count = sum(examine(item.path, Path(folder), layouts).content is not None for item in collect(inbox))
    assert count == len(list(inbox.iterdir()))
    return time.perf_counter() - started


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), int(sys.argv[2])))
