"""The return workbooks: for whom there is one, and who writes them.

A helper writes them while this process writes the consolidated workbook; whatever it has not begun by then this one
writes itself.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from pathlib import Path
from threading import Thread

from pipeline.carry import carry
from pipeline.forms import Form, Forms
from pipeline.helper import Helper
from pipeline.means import Progress
from pipeline.refill import refill, rows_by_source
from pipeline.take import sources_of
from pipeline.validate import Valid
from pipeline.write.consolidated import Report
from pipeline.write.kept import Kept
from pipeline.write.template import write_batch
from schemas.catalogue.files import FOR_OFFICER

_BATCH = 2


def returned(report: Report, valid: Valid, key: bytes = b"") -> Iterable[Form]:
    """The return of each unit whose counted submission has issues that it can mend."""
    counted = sources_of(report.ledger[report.ledger.index >= 0])
    told = report.issues[~report.issues["code"].isin(FOR_OFFICER)]
    issues = {number: rows for number, rows in rows_by_source(told, counted).items() if rows}
    sent = {name: rows_by_source(entry.raw, issues) for name, entry in valid.entries.items()}
    carried = carry(report.plan, report.period, report.history, {counted[number]["unit_code"] for number in issues})
    forms = Forms(report.plan, report.period, carried, key)
    for number, rows in issues.items():
        unit_code = counted[number]["unit_code"]
        yield refill(forms.blank(unit_code), {name: found[number] for name, found in sent.items()}, rows)


class Returns:
    """The returns of a run in ``folder``; a helper begins with the writing as soon as it has loaded the program, and
    stops where the ``with`` is left.

    Only those that changed are written: the others lie there already, byte for byte.
    """

    def __init__(self, forms: Iterable[Form], folder: Path, helper: Helper | None = None) -> None:
        self._folder, self._kept = folder, Kept(folder)
        self._forms = {folder / f"{form.unit_code}.xlsx": form for form in forms}
        changed = [(form, path) for path, form in self._forms.items() if not self._kept.holds(path, form)]
        self._batches = [changed[start : start + _BATCH] for start in range(0, len(changed), _BATCH)]
        self._waiting = deque(range(len(self._batches)))
        self._reasons: dict[int, list[str]] = {}
        self._thread = Thread()
        if helper is not None:
            self._thread = Thread(target=self._hand_over, args=[helper], daemon=True)
            helper.when_loaded(self._thread.start)

    def __enter__(self) -> "Returns":
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def _stop(self) -> None:
        self._waiting.clear()
        if self._thread.is_alive():
            self._thread.join()

    def _hand_over(self, helper: Helper) -> None:
        """Give the helper one batch after the other, from the first on; this thread only waits for it."""
        while self._waiting:
            with suppress(IndexError):  # the last may have been taken meanwhile
                number = self._waiting.popleft()
                try:
                    self._reasons[number] = helper.submit(write_batch, self._batches[number]).result()
                except BrokenProcessPool:
                    return  # what it had in hand is written again

    def finish(self, progress: Progress) -> tuple[list[Path], list[str]]:
        """The paths of all that lie there as they should, and why others could not be written."""
        told = iter(progress.each(list(self._forms), "Ghi tệp trả lại"))
        while self._waiting:
            with suppress(IndexError):
                self._write(self._waiting.pop(), told)  # from the end, which the other process comes to last
        self._stop()
        for number in range(len(self._batches)):
            if number not in self._reasons:
                self._write(number, told)
        for _ in told:  # those that the other process wrote, and those that had not changed
            pass
        pairs = ((self._batches[number], reasons) for number, reasons in sorted(self._reasons.items()))
        failed = {
            path: reason for batch, reasons in pairs for (_, path), reason in zip(batch, reasons, strict=True) if reason
        }
        written = [path for path in self._forms if path not in failed]
        for path in written:
            self._kept.note(path)
        self._kept.save()
        return written, list(failed.values())

    def _write(self, number: int, told: Iterator[Path]) -> None:
        self._reasons[number] = write_batch(self._batches[number])
        for _ in self._batches[number]:
            next(told, None)

    def remove_others(self) -> Iterable[str]:
        """A return whose unit has since mended everything must not be sent again; says which could not be removed."""
        for path in self._folder.glob("*.xlsx") if self._folder.is_dir() else ():
            if path not in self._forms and not path.name.startswith("~$"):
                try:
                    path.unlink(missing_ok=True)
                except OSError:
                    yield f"{path} đã cũ (đơn vị không còn lỗi) nhưng không xóa được vì đang mở; đóng tệp rồi chạy lại."
