"""The return workbooks: for whom there is one, and who writes them.

Where there are many, another process writes them while this one writes the consolidated workbook; whatever it has not
begun by then this one writes itself.
"""

import multiprocessing
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from pipeline.carry import carry
from pipeline.forms import Form, Forms
from pipeline.intake.readers import interrupts_held
from pipeline.means import Progress
from pipeline.refill import refill, rows_by_source
from pipeline.take import sources_of
from pipeline.validate import Valid
from pipeline.write.atomic import NotWritten
from pipeline.write.consolidated import Report
from pipeline.write.kept import Kept
from pipeline.write.template import write_template

MANY = 24  # fewer are written before another process has loaded the program
_BATCH = 4
Batch = Sequence[tuple[Form, Path]]


def returned(report: Report, valid: Valid, key: bytes = b"") -> Iterable[Form]:
    """The return of each unit whose counted submission has issues."""
    counted = sources_of(report.ledger[report.ledger.index >= 0])
    issues = {number: rows for number, rows in rows_by_source(report.issues, counted).items() if rows}
    sent = {name: rows_by_source(entry.raw, issues) for name, entry in valid.entries.items()}
    forms = Forms(report.plan, report.period, carry(report.plan, report.history), key)
    for number, rows in issues.items():
        unit_code = counted[number]["unit_code"]
        yield refill(forms.blank(unit_code), {name: found[number] for name, found in sent.items()}, rows)


class Returns:
    """The returns of a run in ``folder``; of many the writing begins at once. Only those that changed are written: the
    others lie there already, byte for byte."""

    def __init__(self, forms: Iterable[Form], folder: Path) -> None:
        self._folder, self._kept = folder, Kept(folder)
        self._forms = {folder / f"{form.unit_code}.xlsx": form for form in forms}
        changed = [(form, path) for path, form in self._forms.items() if not self._kept.holds(path, form)]
        self._batches = [changed[start : start + _BATCH] for start in range(0, len(changed), _BATCH)]
        self._pool: ProcessPoolExecutor | None = None
        self._begun: list[Future[list[str]]] = []
        if len(changed) >= MANY and (os.cpu_count() or 1) > 1:
            self._pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))
            with interrupts_held():
                self._begun = [self._pool.submit(write_batch, batch) for batch in self._batches]

    def finish(self, progress: Progress) -> tuple[list[Path], list[str]]:
        """The paths of all that lie there as they should, and why others could not be written."""
        failed: dict[Path, str] = {}
        told = iter(progress.each(list(self._forms), "Ghi tệp trả lại"))
        try:
            # From the end, which the other process comes to last.
            for number in reversed(range(len(self._batches))):
                batch = self._batches[number]
                for (_, path), reason in zip(batch, self._written(number), strict=True):
                    next(told, None)
                    if reason:
                        failed[path] = reason
        finally:
            if self._pool is not None:
                self._pool.shutdown(cancel_futures=True)
        for _ in told:  # those that had not changed
            pass
        written = [path for path in self._forms if path not in failed]
        for path in written:
            self._kept.note(path, self._forms[path])
        self._kept.save()
        return written, list(failed.values())

    def _written(self, number: int) -> list[str]:
        """What became of a batch; one that the other process has in hand is waited for, one that it lost is redone."""
        if self._begun and not self._begun[number].cancel():
            try:
                return self._begun[number].result()
            except BrokenProcessPool:
                pass
        return write_batch(self._batches[number])

    def remove_others(self) -> Iterable[str]:
        """A return whose unit has since mended everything must not be sent again; says which could not be removed."""
        for path in self._folder.glob("*.xlsx") if self._folder.is_dir() else ():
            if path not in self._forms and not path.name.startswith("~$"):
                try:
                    path.unlink(missing_ok=True)
                except OSError:
                    yield f"{path} đã cũ (đơn vị không còn lỗi) nhưng không xóa được vì đang mở; đóng tệp rồi chạy lại."


def write_batch(batch: Batch) -> list[str]:
    """Of each workbook why it could not be put in place; "" where it was."""
    return [_write(form, path) for form, path in batch]


def _write(form: Form, path: Path) -> str:
    try:
        write_template(form, path)
    except NotWritten as error:
        return str(error)
    return ""
