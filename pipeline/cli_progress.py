"""What a run does just now, how far it is and how long it may still take: one line on a terminal, written anew."""

import shutil
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from pipeline.errors import CannotRun
from pipeline.means import Means, Progress, Untold

REDRAWN = 0.1  # seconds between two states of the line
LOOKS_BACK = 10.0  # seconds over which the pace is measured: it follows the run, and does not jump with each file
SETTLED = 1.0  # seconds before a pace is believed


@contextmanager
def means(scheduler: str | None = None) -> Iterator[Means]:
    """How the command goes about it: shown where errors go to a terminal, read by the cluster if one is named."""
    with _shown() as progress:
        if scheduler is None:
            how = Means(progress)
            try:
                yield how
            finally:
                _drop(how)
            return
        progress.stage(f"Kết nối cụm máy {scheduler}")
        try:
            from pipeline.intake.cluster import cluster
        except ModuleNotFoundError as missing:
            raise CannotRun(
                "--scheduler cần thư viện Dask, chưa cài trên máy này. "
                "Cài trong thư mục của chương trình: "
                ".venv/bin/pip install --require-hashes -r .requirements-cluster.lock"
            ) from missing
        with cluster(scheduler) as machines:
            yield Means(progress, machines)


def read_ahead(inbox: Path, how: Means) -> None:
    """Have the readers come up while the libraries load, and read while the rest of the program does."""
    from pipeline.intake.readers import readers

    readers().start()
    if inbox.is_dir():
        from pipeline.collect import collect
        from pipeline.intake.begun import begin

        how.begun[inbox] = begin(collect(inbox))


def _drop(how: Means) -> None:
    """What a run that failed did not come to."""
    if how.begun:
        from pipeline.intake.begun import give_up

        give_up(list(how.begun.values()))


@contextmanager
def _shown() -> Iterator[Progress]:
    if not sys.stderr.isatty():
        yield Untold()
        return
    line = Line(sys.stderr)
    try:
        yield line
    finally:
        line.clear()


class Line:
    """The progress of a run on a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._length, self._drawn = stream, 0, 0.0

    def stage(self, name: str) -> None:
        self._show(f"{name}…")

    def each(self, things: Sequence[Any], name: str) -> Iterable[Any]:
        total, pace = len(things), Pace(len(things))
        self._show(f"{name}: 0/{total} tệp")
        for done, thing in enumerate(things, start=1):
            yield thing
            left = pace.left(done, time.monotonic())
            if done == total or time.monotonic() - self._drawn >= REDRAWN:
                self._show(f"{name}: {done}/{total} tệp{_in_words(left)}")

    def clear(self) -> None:
        self._stream.write(f"\r{' ' * self._length}\r")
        self._stream.flush()

    def _show(self, text: str) -> None:
        text = text[: shutil.get_terminal_size().columns - 1]  # a longer one would wrap, and stay
        self._stream.write(f"\r{text:<{self._length}}")
        self._stream.flush()
        self._length, self._drawn = len(text), time.monotonic()


class Pace:
    """How long so many steps will take, from those of the last seconds."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._marks: deque[tuple[float, int]] = deque()

    def left(self, done: int, moment: float) -> float | None:
        """Seconds; None until it is known. The first step counts for nothing: it waits for the readers to start."""
        self._marks.append((moment, done))
        while moment - self._marks[0][0] > LOOKS_BACK and len(self._marks) > 2:
            self._marks.popleft()
        began, first = self._marks[0]
        if moment - began < SETTLED:
            return None
        return (self._total - done) * (moment - began) / (done - first)


def _in_words(left: float | None) -> str:
    if left is None or left < 1:
        return ""
    return f", còn khoảng {left:.0f} giây" if left < 90 else f", còn khoảng {left / 60:.0f} phút"
