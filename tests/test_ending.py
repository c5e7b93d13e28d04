"""How the command ends: at once and in order, whoever stops it."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

import pipeline.ending
from pipeline.ending import STOPPED, before_end, end, end_when_stopped, if_stopped
from pipeline.intake.folder import private_folder
from pipeline.write.atomic import write_whole
from tests.support import ROOT

WAITS = """
import multiprocessing, sys, time
from pipeline.ending import end
if __name__ == "__main__":
    process = multiprocessing.get_context("spawn").Process(target=time.sleep, args=[600])
    process.start()
    print(process.pid, flush=True)
    end(3)
"""


class Gone(BaseException):
    """What takes the place of this process's end."""


@pytest.fixture(autouse=True)
def ends(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def gone(code: int) -> NoReturn:
        raise Gone(code)

    before = {number: signal.getsignal(number) for number in pipeline.ending._numbers()}
    monkeypatch.setattr(os, "_exit", gone)
    monkeypatch.setattr(pipeline.ending, "_acts", [])
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_what_is_registered_is_done_in_order_and_no_failure_stops_the_end() -> None:
    done: list[str] = []
    with if_stopped(lambda: done.append("folder")):
        before_end(lambda: done.append("processes"))
        with if_stopped(lambda: 1 / 0), if_stopped(lambda: done.append("file")), pytest.raises(Gone) as ended:
            end(1)
    assert ended.value.args == (1,)
    assert done == ["processes", "folder", "file"]


def test_what_was_come_to_the_end_of_is_not_done_again() -> None:
    done: list[str] = []
    with if_stopped(lambda: done.append("file")):
        pass
    with pytest.raises(Gone):
        end(0)
    assert done == []


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"])
def test_a_stop_says_so_and_is_heard_once(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    number = getattr(signal, name, None)
    if number is None:
        pytest.skip(f"no {name} here")
    signal.signal(signal.SIGINT, signal.default_int_handler)
    end_when_stopped()
    with pytest.raises(Gone) as ended:
        signal.raise_signal(number)
    assert ended.value.args == (2,)
    assert capsys.readouterr().err == f"{STOPPED}\n"
    signal.raise_signal(number)


def test_a_run_that_was_started_deaf_stays_so() -> None:
    """As ``nohup`` starts it, or a shell in the background."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_when_stopped()
    signal.raise_signal(signal.SIGINT)


def test_a_terminal_shows_it_below_the_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", terminal)
    end_when_stopped()
    with pytest.raises(Gone):
        signal.raise_signal(signal.SIGTERM)
    assert terminal.getvalue() == f"\n{STOPPED}\n"


def test_stopped_in_mid_work_nothing_half_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of copies and an output that is being written: neither comes to the end of its own ``with``."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    left: list[list[str]] = []

    def gone(code: int) -> NoReturn:
        left.append(sorted(path.name for path in tmp_path.rglob("*")))
        raise Gone(code)

    monkeypatch.setattr(os, "_exit", gone)
    monkeypatch.setattr(os, "fsync", lambda _: signal.raise_signal(signal.SIGTERM))
    end_when_stopped()
    with pytest.raises(Gone), private_folder() as folder:
        (folder / "copy.xlsx").write_bytes(b"copy")
        write_whole(tmp_path / "out" / "tong-hop.xlsx", b"half")
    assert left == [["out", "tmp"]]


def test_the_end_waits_for_no_process() -> None:
    """Python itself would: a reader that was being replaced at that moment waited for the run, and the run for it."""
    with subprocess.Popen([sys.executable, "-c", WAITS], stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout
        other = int(process.stdout.readline())
        try:
            assert process.wait(60) == 3
        finally:
            os.kill(other, signal.SIGKILL)
