"""A reader process that dies, hangs or eats memory costs exactly its own file; the whole stays within its bounds."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import pipeline.intake.readers as readers_module
import pipeline.intake.take as take_module
from pipeline.collect import collect
from pipeline.intake.readers import IsolatedReaders
from pipeline.intake.take import Taken, take
from pipeline.read.tables import TableLayout
from schemas.template import TABLES
from tests.corpus import bomb_of_archives, flipped, lay
from tests.intake.conftest import Ran
from tests.intake.faults import examine_or_suffer

LAYOUTS = [TableLayout.of(table) for table in TABLES]
LIMIT = 3.0
GIGABYTE = 1 << 30


@pytest.fixture(scope="module")
def quick() -> Iterator[IsolatedReaders]:
    """Two readers with a short time limit, so that files are in flight beside the one that fails."""
    made = IsolatedReaders(workers=2, time_limit=LIMIT)
    yield made
    made.stop()


def take_all(inbox: Path, pool: IsolatedReaders) -> dict[str, Taken]:
    return {taken.item.file: taken for group in take(collect(inbox), LAYOUTS, pool) for taken in group}


@pytest.mark.parametrize(
    ("word", "code", "says"),
    [
        ("ABORT", "TT20", "mã -6"),
        ("EXIT", "TT20", "mã 3"),
        ("HANG", "TT19", ""),
        ("SPIN", "TT19", ""),
        ("EAT", "TT20", ""),
    ],
)
def test_a_reader_that_fails_costs_its_own_file_only(
    word: str,
    code: str,
    says: str,
    quick: IsolatedReaders,
    filled: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its neighbours are read before it, beside it and after it."""
    monkeypatch.setattr(take_module, "examine_bounded", examine_or_suffer)
    for place in "abdefg":
        shutil.copy(filled / "Q1.xlsx", tmp_path / f"{place}.xlsx")
    (tmp_path / "c.xlsx").write_bytes(word.encode())
    began = time.monotonic()
    found = take_all(tmp_path, quick)
    took = time.monotonic() - began
    lost = found.pop("c.xlsx").content
    assert lost is not None
    assert lost.fault is not None
    assert lost.fault[0] == code
    assert says in str(lost.fault[1])
    assert sorted(found) == [f"{place}.xlsx" for place in "abdefg"]
    for taken in found.values():
        assert taken.content is not None
        assert taken.content.fault is None
        assert set(taken.content.tables) == {table.name for table in TABLES}
    assert took < LIMIT + 4


def test_several_failures_at_once(
    quick: IsolatedReaders, filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(take_module, "examine_bounded", examine_or_suffer)
    for number in range(12):
        path = tmp_path / f"{number:02}.xlsx"
        if number % 3:
            shutil.copy(filled / "Q1.xlsx", path)
        else:
            path.write_bytes(b"ABORT")
    found = take_all(tmp_path, quick)
    faults = [taken.content.fault and taken.content.fault[0] for taken in found.values() if taken.content]
    assert faults == ["TT20", None, None] * 4


def test_the_time_limit_counts_from_when_a_reader_takes_the_file(
    quick: IsolatedReaders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that wait for their turn do not run out of time: here seven seconds of work for two readers."""
    monkeypatch.setattr(take_module, "examine_bounded", examine_or_suffer)
    for number in range(14):
        (tmp_path / f"{number}.xlsx").write_bytes(b"LATE %d" % number)
    found = take_all(tmp_path, quick)
    faults = [taken.content and taken.content.fault and taken.content.fault[0] for taken in found.values()]
    assert faults == ["TT13"] * 14


def test_the_message_of_the_time_limit_names_the_limit_that_held(
    quick: IsolatedReaders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(take_module, "examine_bounded", examine_or_suffer)
    (tmp_path / "a.xlsx").write_bytes(b"HANG")
    (taken,) = take_all(tmp_path, quick).values()
    assert taken.content is not None
    assert taken.content.fault == ("TT19", {"limit": int(LIMIT)})


def test_any_flipped_bit_is_a_message_or_changes_nothing(quick: IsolatedReaders, filled: Path, tmp_path: Path) -> None:
    """Forty workbooks with one wrong bit each, anywhere in a sheet's deflated bytes."""
    for seed in range(40):
        flipped(tmp_path / f"{seed:02}.xlsx", filled / "Q2.xlsx", seed)
    for taken in take_all(tmp_path, quick).values():
        assert taken.content is not None
        assert taken.content.fault is not None
        assert taken.content.fault[0] in ("TT01", "TT15", "TT16")


def test_truncation_anywhere_is_a_message(quick: IsolatedReaders, filled: Path, tmp_path: Path) -> None:
    whole = (filled / "Q2.xlsx").read_bytes()
    for part in range(1, 40):
        (tmp_path / f"{part:02}.xlsx").write_bytes(whole[: len(whole) * part // 40])
    for taken in take_all(tmp_path, quick).values():
        assert taken.content is not None
        assert taken.content.fault is not None
        assert taken.content.fault[0] == "TT01"


def test_archives_in_an_archive_have_one_budget(
    quick: IsolatedReaders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one entry unpacks is bounded in all, not archive by archive; and so is the disk that it takes."""
    monkeypatch.setattr(take_module, "MAX_TOTAL", 100 << 20)
    bomb_of_archives(tmp_path / "a.zip", tmp_path)
    assert (tmp_path / "a.zip").stat().st_size < 200_000
    found = take_all(tmp_path, quick)
    faults = [taken.content.fault for taken in found.values() if taken.content and taken.content.fault]
    assert ("TT16", {"detail": "các lớp nén bung ra quá lớn"}) in faults
    assert sum(code == "TT16" for code, _ in faults) > 50


def tree_memory(root: int) -> int:
    """Resident bytes of a process and all below it."""
    total = 0
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        try:
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            for task in Path(f"/proc/{pid}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
        except (OSError, ValueError):
            continue  # it has ended since
    return total


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs /proc")
def test_memory_and_time_of_the_whole_tree(filled: Path, other_plan_file: Path, alone: Ran, tmp_path: Path) -> None:
    """The real command on the whole corpus, with a million formatted rows three times over."""
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    shutil.copytree(alone.inbox, inbox)
    lay(inbox, filled / "Q2.xlsx")
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "quarter", "2023-Q1"]
    command += ["--plan", str(other_plan_file), "--inbox", str(inbox), "--out", str(out)]
    most = 0
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
    ended = threading.Event()

    def watch() -> None:
        nonlocal most
        while not ended.wait(0.02):
            most = max(most, tree_memory(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    shown, errors = process.communicate(timeout=600)
    ended.set()
    watcher.join()
    took = time.monotonic() - began
    count = len(list(inbox.iterdir()))
    print(f"\n{count} entries: {took:.1f} s, {most / GIGABYTE:.2f} GiB at most in the whole process tree")
    assert (process.returncode, errors) == (0, "")
    assert "Đã ghi" in shown
    assert 0 < most < 3.5 * GIGABYTE
    assert took < count * readers_module.TIME_LIMIT
