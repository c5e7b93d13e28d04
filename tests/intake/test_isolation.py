"""A reader process that dies, hangs or eats memory costs exactly its own file; the whole stays within its bounds."""

import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

import pipeline.intake.read_entries as entries_module
import pipeline.intake.readers as readers_module
from pipeline.collect import collect
from pipeline.intake.read_entries import EntryRead, read_entries
from pipeline.intake.readers import IsolatedReaders
from pipeline.read.tables import TableLayout
from schemas.messages import MESSAGES
from schemas.template import TABLES
from tests.corpus import PNG, bomb_of_archives, flipped, lay, mail, members, pack, zipped
from tests.intake.conftest import Ran
from tests.intake.faults import let_suffer
from tests.ole import write_msg
from tests.xlsb import from_xlsx

LAYOUTS = [TableLayout.of(table) for table in TABLES]
LIMIT = 3.0
GIGABYTE = 1 << 30


@pytest.fixture(scope="module")
def quick() -> Iterator[IsolatedReaders]:
    """Two readers with a short time limit, so that files are in flight beside the one that fails."""
    made = IsolatedReaders(workers=2, time_limit=LIMIT)
    yield made
    made.stop()


def read_all(inbox: Path, pool: IsolatedReaders) -> dict[str, EntryRead]:
    return {read.item.file: read for group in read_entries(collect(inbox), LAYOUTS, pool) for read in group}


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
    let_suffer(monkeypatch)
    for place in "abdefg":
        shutil.copy(filled / "Q1.xlsx", tmp_path / f"{place}.xlsx")
    (tmp_path / "c.xlsx").write_bytes(word.encode())
    began = time.monotonic()
    found = read_all(tmp_path, quick)
    took = time.monotonic() - began
    lost = found.pop("c.xlsx").content
    assert lost is not None
    assert lost.fault is not None
    assert lost.fault[0] == code
    assert says in str(lost.fault[1])
    assert sorted(found) == [f"{place}.xlsx" for place in "abdefg"]
    for read in found.values():
        assert read.content is not None
        assert read.content.fault is None
        assert set(read.content.tables) == {table.name for table in TABLES}
    assert took < LIMIT + 4


def test_several_failures_at_once(
    quick: IsolatedReaders, filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_suffer(monkeypatch)
    for number in range(12):
        path = tmp_path / f"{number:02}.xlsx"
        if number % 3:
            shutil.copy(filled / "Q1.xlsx", path)
        else:
            path.write_bytes(b"ABORT")
    found = read_all(tmp_path, quick)
    faults = [read.content.fault and read.content.fault[0] for read in found.values() if read.content]
    assert faults == ["TT20", None, None] * 4


def test_the_time_limit_counts_from_when_a_reader_takes_the_file(
    quick: IsolatedReaders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that wait for their turn do not run out of time: here seven seconds of work for two readers."""
    let_suffer(monkeypatch)
    for number in range(14):
        (tmp_path / f"{number}.xlsx").write_bytes(b"LATE %d" % number)
    found = read_all(tmp_path, quick)
    faults = [read.content and read.content.fault and read.content.fault[0] for read in found.values()]
    assert faults == ["TT13"] * 14


def test_readers_that_were_started_in_another_folder(
    quick: IsolatedReaders, filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An inbox is named from the folder that the run is in by then; in batches and one by one."""
    for count in (3, 20):
        inbox = tmp_path / str(count) / "inbox"
        inbox.mkdir(parents=True)
        for number in range(count):
            shutil.copy(filled / "Q1.xlsx", inbox / f"{number}.xlsx")
        monkeypatch.chdir(inbox.parent)
        found = read_all(Path("inbox"), quick)
        assert [read.content and read.content.fault for read in found.values()] == [None] * count


def test_the_message_of_the_time_limit_names_the_limit_that_held(
    quick: IsolatedReaders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_suffer(monkeypatch)
    (tmp_path / "a.xlsx").write_bytes(b"HANG")
    (read,) = read_all(tmp_path, quick).values()
    assert read.content is not None
    assert read.content.fault == ("TT19", {"limit": int(LIMIT)})


def test_readers_that_die_without_a_file_in_hand_cost_nothing(filled: Path, tmp_path: Path) -> None:
    """The system may end an idle process, as one short of memory does: its file is nobody's."""
    made = IsolatedReaders(workers=2, time_limit=LIMIT)
    for number in range(4):
        shutil.copy(filled / "Q1.xlsx", tmp_path / f"{number}.xlsx")
    others = set(multiprocessing.active_children())
    for _ in range(3):
        found = read_all(tmp_path, made)
        assert [read.content and read.content.fault for read in found.values()] == [None] * 4
        mine = set(multiprocessing.active_children()) - others
        assert mine
        for process in mine:
            process.kill()
        time.sleep(0.3)
    for process in set(multiprocessing.active_children()) - others:
        process.kill()  # at once, before the pool has noticed
    assert [read.content and read.content.fault for read in read_all(tmp_path, made).values()] == [None] * 4
    made.stop()


def test_any_flipped_bit_is_a_message_or_changes_nothing(quick: IsolatedReaders, filled: Path, tmp_path: Path) -> None:
    """Forty workbooks with one wrong bit each, anywhere in a sheet's deflated bytes."""
    for seed in range(40):
        flipped(tmp_path / f"{seed:02}.xlsx", filled / "Q2.xlsx", seed)
    for read in read_all(tmp_path, quick).values():
        assert read.content is not None
        assert read.content.fault is not None
        assert read.content.fault[0] in ("TT01", "TT12", "TT15", "TT16")


def test_truncation_anywhere_is_a_message(quick: IsolatedReaders, filled: Path, tmp_path: Path) -> None:
    whole = (filled / "Q2.xlsx").read_bytes()
    for part in range(1, 40):
        (tmp_path / f"{part:02}.xlsx").write_bytes(whole[: len(whole) * part // 40])
    for read in read_all(tmp_path, quick).values():
        assert read.content is not None
        assert read.content.fault is not None
        assert read.content.fault[0] == "TT01"


def test_damage_anywhere_in_any_format_is_a_message(quick: IsolatedReaders, filled: Path, tmp_path: Path) -> None:
    """Bytes changed, lost and doubled, in the file or in one part of it: a line with a known message, and no hang."""
    chance = random.Random(3)  # noqa: S311
    inbox, good = tmp_path / "inbox", filled / "Q2.xlsx"
    inbox.mkdir()
    xlsb = from_xlsx(tmp_path / "a.xlsb", good)
    whole = good.read_bytes()
    files = {
        "xlsx": whole,
        "xlsb": xlsb.read_bytes(),
        "eml": mail({"Báo cáo.xlsx": whole, "ảnh.png": PNG}),
        "msg": write_msg(tmp_path / "a.msg", "stc@example.vn", datetime(2023, 3, 10), {"a.xlsx": whole}).read_bytes(),
        "zip": zipped({"a.xlsx": whole, "b.xlsb": xlsb.read_bytes()}),
    }
    count = 24
    for kind, data in files.items():
        for number in range(count):
            (inbox / f"{number:02}.{kind}").write_bytes(damaged(data, chance))
    for path in (good, xlsb):
        for number in range(count):
            parts = members(path)
            name = chance.choice(sorted(parts))
            pack(inbox / f"part-{number:02}{path.suffix}", parts | {name: damaged(parts[name], chance)})
    found = read_all(inbox, quick)
    assert {file.partition(" › ")[0] for file in found} == {path.name for path in inbox.iterdir()}
    faults = {read.content.fault[0] for read in found.values() if read.content and read.content.fault}
    assert "TT01" in faults
    assert faults <= set(MESSAGES) - {"TT19"}


def damaged(data: bytes, chance: random.Random) -> bytes:
    raw = bytearray(data)
    for _ in range(chance.choice((1, 1, 3, 20))):
        at = chance.randrange(min(len(raw), chance.choice((2000, len(raw)))))
        kind = chance.random()
        if kind < 0.5:
            raw[at] = chance.randrange(256)
        elif kind < 0.7:
            del raw[at : at + chance.randrange(40)]
        elif kind < 0.9:
            raw[at:at] = raw[at // 2 : at // 2 + chance.randrange(40)]
        else:
            raw[at:at] = chance.choice((b"<", b">", b"9" * 30, b"-1", b"\0", b"&#x0;", b"]]>"))
        raw = raw or bytearray(b"\0")
    return bytes(raw)


def test_archives_in_an_archive_have_one_budget(
    quick: IsolatedReaders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one entry unpacks is bounded in all, not archive by archive; and so is the disk that it takes."""
    monkeypatch.setattr(entries_module, "MAX_TOTAL", 100 << 20)
    bomb_of_archives(tmp_path / "a.zip", tmp_path)
    assert (tmp_path / "a.zip").stat().st_size < 200_000
    found = read_all(tmp_path, quick)
    faults = [read.content.fault for read in found.values() if read.content and read.content.fault]
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
