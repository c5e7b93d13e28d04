"""Disks that are full, folders that cannot be written to, runs that are stopped half way: inputs as they were,
outputs whole or absent, no process or copy left behind, and the next run right."""

import errno
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.cli import main
from pipeline.errors import CannotRun
from pipeline.run import run_period
from pipeline.write.kept import KEPT_FILE
from tests.corpus import zipped
from tests.support import PLAN_2021, ROOT, fill, table_values

# Tests that run in the background are started deaf to Ctrl-C, and so would be whatever they start.
COMMAND = (
    sys.executable,
    "-c",
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from pipeline.cli_command import run_command; print('bắt đầu', flush=True); run_command()",
)
SAMPLE = ROOT / "input" / "2021-Q2"
GOOD = {
    ("tasks", "A", "state"): "Đang thực hiện",
    ("indicators", "A.1", "numerator"): "75%",
    ("answer", "", "has_difficulty"): "Không",
}


@pytest.fixture
def inbox(other_templates: Path, tmp_path: Path) -> Path:
    fill(other_templates / "STC.xlsx", tmp_path / "inbox" / "STC.xlsx", GOOD)
    return tmp_path / "inbox"


def held(folder: Path) -> dict[str, bytes]:
    """Every file below the folder and its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def quarter(plan: Path, inbox: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """The command in this process: exit code, output, errors."""
    with pytest.raises(SystemExit) as ended:
        main(["quarter", "2023-Q1", "--plan", str(plan), "--inbox", str(inbox), "--out", str(out)])
    shown = capsys.readouterr()
    return int(str(ended.value.code)), shown.out, shown.err


def failing_with(number: int) -> Any:
    def fail(*_: Any, **__: Any) -> Any:
        raise OSError(number, os.strerror(number))

    return fail


# --- outputs that cannot be put in place --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "number", "says"),
    [
        ("fsync", errno.ENOSPC, "ổ đĩa đã đầy"),
        ("fsync", errno.EDQUOT, "Không ghi được"),
        ("fsync", errno.EIO, "ổ đĩa báo lỗi"),
        ("replace", errno.EACCES, "đang mở trong Excel"),
        ("replace", errno.EROFS, "chỉ cho đọc"),
    ],
)
def test_a_disk_that_refuses(
    call: str,
    number: int,
    says: str,
    other_plan_file: Path,
    inbox: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit code 2 and a sentence for each output; an earlier output stays as it was; then the next run is right."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "tong-hop-2023-Q1.xlsx").write_bytes(b"earlier")
    before = held(inbox)
    with monkeypatch.context() as patch:
        patch.setattr(os, call, failing_with(number))
        code, shown, errors = quarter(other_plan_file, inbox, out, capsys)
    assert code == 2
    assert says in shown + errors
    assert "Traceback" not in shown + errors
    assert held(out) == {"tong-hop-2023-Q1.xlsx": b"earlier"}
    assert held(inbox) == before
    assert quarter(other_plan_file, inbox, out, capsys)[0] == 0
    returns = {"tra-lai/STC.xlsx", f"tra-lai/{KEPT_FILE}"}
    assert set(held(out)) == {"tong-hop-2023-Q1.xlsx", "kho-khan-vuong-mac-2023-Q1.xlsx"} | returns


def test_one_output_open_in_another_program(
    other_plan_file: Path,
    inbox: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Windows refuses to replace a file that Excel holds; the others land, and it is named."""
    real = os.replace
    out = tmp_path / "out"

    def locked(source: Any, target: Any) -> None:
        if Path(target).name.startswith("tong-hop"):
            raise PermissionError(errno.EACCES, "Permission denied")
        real(source, target)

    monkeypatch.setattr(os, "replace", locked)
    code, shown, errors = quarter(other_plan_file, inbox, out, capsys)
    assert code == 2
    assert "tong-hop-2023-Q1.xlsx: tệp đang mở trong Excel" in shown + errors
    assert set(held(out)) == {"kho-khan-vuong-mac-2023-Q1.xlsx", "tra-lai/STC.xlsx", f"tra-lai/{KEPT_FILE}"}


@pytest.mark.parametrize("wrapped", [False, True], ids=["workbook", "zip"])
def test_a_full_temporary_folder_is_not_the_units_fault(
    wrapped: bool,
    other_plan_file: Path,
    inbox: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A good submission must not be called damaged because its copy could not be written."""
    from pipeline.intake import read_entries

    if wrapped:
        (inbox / "a.zip").write_bytes(zipped({"STC.xlsx": (inbox / "STC.xlsx").read_bytes()}))
        (inbox / "STC.xlsx").unlink()
        monkeypatch.setattr(read_entries._EntryReader, "_path", _every_other_full)
    else:
        monkeypatch.setattr(read_entries._EntryReader, "_path", lambda self: Path("/dev/full"))
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    code, shown, errors = quarter(other_plan_file, inbox, tmp_path / "out", capsys)
    assert code == 2
    assert "Không ghi được vào thư mục tạm" in errors
    assert shown == ""
    assert not (tmp_path / "out").exists()


def _every_other_full(reader: Any) -> Path:
    """The copy is written; the folder for what an archive holds cannot be made."""
    reader._made += 1
    return reader._folder / f"{reader._made}.bin" if reader._made % 2 else Path("/dev/full")


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk of 64 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], check=False)
    if made.returncode:
        pytest.skip("may not mount")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_is_really_full(
    tiny_disk: Path, other_plan_file: Path, inbox: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tiny_disk / "ballast").write_bytes(bytes(50_000))
    code, shown, errors = quarter(other_plan_file, inbox, tiny_disk / "out", capsys)
    assert code == 2
    assert "ổ đĩa đã đầy" in shown + errors
    for path in (tiny_disk / "out").rglob("*.xlsx"):
        openpyxl.load_workbook(path)
    assert not list(tiny_disk.rglob("*.tmp"))


def as_officer(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """The command without root's right to read and write everything."""
    drop: list[str] = []
    if os.getuid() == 0:
        program = shutil.which("setpriv")
        if program is None:
            pytest.skip("runs as root")
        drop = [program, "--bounding-set=-dac_override,-dac_read_search"]
    return subprocess.run([*drop, *COMMAND, *arguments], check=False, capture_output=True, encoding="utf-8", cwd=ROOT)


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="permissions of POSIX")
def test_a_read_only_folder_and_an_unreadable_file(other_plan_file: Path, inbox: Path, tmp_path: Path) -> None:
    secret, closed = inbox / "kin.xlsx", inbox / "kín"
    shutil.copy(inbox / "STC.xlsx", secret)
    closed.mkdir()
    (tmp_path / "closed").mkdir()
    for path, mode in ((secret, 0), (closed, 0), (tmp_path / "closed", 0o555)):
        path.chmod(mode)
    arguments = ["quarter", "2023-Q1", "--plan", str(other_plan_file), "--inbox", str(inbox)]
    try:
        refused = as_officer(*arguments, "--out", str(tmp_path / "closed"))
        ran = as_officer(*arguments, "--out", str(tmp_path / "open"))
    finally:
        for path in (secret, closed, tmp_path / "closed"):
            path.chmod(0o755)
    assert refused.returncode == 2
    assert "thư mục chỉ cho đọc" in refused.stdout + refused.stderr
    assert "Traceback" not in refused.stdout + refused.stderr
    assert held(tmp_path / "closed") == {}
    assert (ran.returncode, ran.stderr) == (0, "")
    rows = {row["file"]: row for row in table_values(tmp_path / "open" / "tong-hop-2023-Q1.xlsx", "Nguồn dữ liệu")}
    assert {file: row["verdict"] for file, row in rows.items()} == {
        "STC.xlsx": "Đã dùng",
        "kin.xlsx": "Từ chối",
        "kín": "Từ chối",
    }
    assert "không cho đọc tệp" in rows["kin.xlsx"]["reason"]
    assert "không cho đọc thư mục" in rows["kín"]["reason"]


# --- runs that are stopped ----------------------------------------------------------------------------------------


class Stopping:
    """The real command on the sample, in a session of its own, stopped at a moment; ``time`` is what a run takes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.out, self.temporary = folder, folder / "out", folder / "tmp"
        self.sessions: list[int] = []
        self.temporary.mkdir()
        self.run_whole(self.out, "--as-of", "01/05/2021")
        self.earlier = held(self.out)
        # What a run says of the run before it depends on that one: the undisturbed run has the same before it.
        shutil.copytree(self.out, folder / "undisturbed")
        self.run_whole(folder / "undisturbed")
        self.right = held(folder / "undisturbed")
        for path in folder.rglob("*.xlsx"):
            openpyxl.load_workbook(path)

    def start(self, out: Path, *more: str) -> "subprocess.Popen[str]":
        command = [*COMMAND, "quarter", "2021-Q2", "--plan", str(PLAN_2021), "--inbox", str(SAMPLE), "--out", str(out)]
        process = subprocess.Popen(
            [*command, *more],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,
            cwd=ROOT,
            env=os.environ | {"TMPDIR": str(self.temporary), "PYTHONIOENCODING": "utf-8"},
        )
        assert process.stdout
        assert process.stdout.readline() == "bắt đầu\n"
        return process

    def run_whole(self, out: Path, *more: str) -> None:
        process = self.start(out, *more)
        began = time.monotonic()
        _, errors = process.communicate(timeout=120)
        self.time = time.monotonic() - began
        assert (process.returncode, errors) == (0, "")

    def stop(self, moment: float, kind: signal.Signals) -> tuple[int, str]:
        """Exit code and errors of a run stopped then; a terminal's signals go to all its processes."""
        process = self.start(self.out)
        time.sleep(moment)
        if kind == signal.SIGINT:
            os.killpg(process.pid, kind)
        else:
            process.send_signal(kind)
        _, errors = process.communicate(timeout=60)
        self.sessions.append(process.pid)
        return process.returncode, errors

    def assert_outputs_whole(self) -> None:
        """Every output is one that a whole run wrote; what a stopped run was writing has another name."""
        for name, data in held(self.out).items():
            if not name.rpartition("/")[2].startswith("."):
                assert data in (self.earlier.get(name), self.right.get(name)), name

    def assert_nothing_runs(self) -> None:
        until = time.monotonic() + 10
        while (left := [each for pid in self.sessions for each in processes_of(pid)]) and time.monotonic() < until:
            time.sleep(0.05)
        assert left == []


def processes_of(session: int) -> list[str]:
    """What still runs of a session."""
    found = []
    for path in Path("/proc").iterdir():
        try:
            if path.name.isdigit() and os.getsid(int(path.name)) == session:
                found.append((path / "cmdline").read_text())
        except OSError:
            continue
    return found


@pytest.fixture(scope="module")
def stopping(tmp_path_factory: pytest.TempPathFactory) -> Stopping:
    if not Path("/proc/self/stat").exists():
        pytest.skip("needs /proc")
    return Stopping(tmp_path_factory.mktemp("stopping"))


def test_a_run_that_ends_while_its_files_are_being_read_leaves_nothing(tmp_path: Path) -> None:
    """Reading begins before the plan is looked at, and here there is none."""
    arguments = ["quarter", "2021-Q2", "--plan", str(tmp_path / "đâu.xlsx"), "--inbox", str(SAMPLE)]
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    for _ in range(3):
        done = subprocess.run(
            [*COMMAND, *arguments, "--out", str(tmp_path / "out")],
            check=False,
            capture_output=True,
            encoding="utf-8",
            env=os.environ | {"TMPDIR": str(temporary), "PYTHONIOENCODING": "utf-8"},
            cwd=ROOT,
            timeout=60,
        )
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert "Không tìm thấy kế hoạch" in done.stderr
        assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("kind", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM], ids=["SIGKILL", "Ctrl-C", "SIGTERM"])
def test_stopped_at_random_moments(kind: signal.Signals, stopping: Stopping) -> None:
    """Ten moments each, spread over the whole run; each run begins on what the one before left."""
    inputs = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in SAMPLE.iterdir()}
    chance = random.Random(str(kind))  # noqa: S311
    moments = [(number + chance.random()) / 10 * stopping.time for number in range(10)]
    stopped = 0
    for moment in moments:
        code, errors = stopping.stop(moment, kind)
        stopped += code != 0
        assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in SAMPLE.iterdir()} == inputs
        stopping.assert_outputs_whole()
        if kind != signal.SIGKILL and code != 0:
            assert code == 2, (moment, stopping.time, errors)
            # A reader that was starting at that very moment may complain beside it.
            assert "Đã dừng. Các tệp đã ghi vẫn nguyên vẹn; chạy lại để làm tiếp." in errors
            assert list(stopping.temporary.iterdir()) == []
    assert stopped >= 5
    stopping.assert_nothing_runs()
    stopping.run_whole(stopping.out)
    assert held(stopping.out) == stopping.right
    assert list(stopping.temporary.iterdir()) == []


def test_killed_while_an_output_is_being_written(other_plan_file: Path, inbox: Path, tmp_path: Path) -> None:
    """What lies half written has another name; the next run removes it, also where that output is no longer due."""
    out = tmp_path / "out"
    whole = tmp_path / "whole"
    run_period(other_plan_file, "2023-Q1", inbox, whole)
    (out / "tra-lai").mkdir(parents=True)
    for name in (
        ".tong-hop-2023-Q1.xlsx.tmp",
        "tra-lai/.STC.xlsx.tmp",
        "tra-lai/.VP.xlsx.tmp",
        f"tra-lai/.{KEPT_FILE}.tmp",
    ):
        (out / name).write_bytes(b"PK\x03\x04 half of a workbook")
    run_period(other_plan_file, "2023-Q1", inbox, out)
    assert held(out) == held(whole)


def test_readers_busy_with_a_file_end_with_a_killed_run(tmp_path: Path) -> None:
    """Even one that hangs: it would otherwise stay for the whole of its time limit."""
    if not Path("/proc/self/stat").exists():
        pytest.skip("needs /proc")
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from pipeline.intake.readers import IsolatedReaders\n"
        "from tests.intake.faults import examine_or_suffer\n"
        "if __name__ == '__main__':\n"
        "    pool = IsolatedReaders(workers=2)\n"
        f"    futures = [pool.submit(examine_or_suffer, Path({str(tmp_path / 'a')!r}), Path(), []) for _ in range(2)]\n"
        "    print('started', flush=True)\n"
        "    futures[0].result()\n"
    )
    (tmp_path / "a").write_bytes(b"HANG")
    (tmp_path / "run.py").write_text(script, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, str(tmp_path / "run.py")],
        stdout=subprocess.PIPE,
        start_new_session=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert process.stdout
    assert process.stdout.readline() == "started\n"
    until = time.monotonic() + 10
    while len(processes_of(process.pid)) < 3 and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(0.5)
    assert len(processes_of(process.pid)) >= 3
    process.kill()
    process.wait()
    process.stdout.close()
    until = time.monotonic() + 5
    while (left := processes_of(process.pid)) and time.monotonic() < until:
        time.sleep(0.05)
    assert left == []


def test_the_key_and_the_inbox_survive_a_run_that_cannot_start(other_plan_file: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotRun):
        run_period(other_plan_file, "2023-Q1", tmp_path / "nowhere", tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "nowhere").exists()
    assert stat.S_ISREG(other_plan_file.stat().st_mode)
