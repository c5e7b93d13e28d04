"""What is shown while a command runs: the stage, the files, the time left; nothing where nobody looks."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.cli_progress import Line, Pace
from tests.support import ROOT, fill

COMMAND = [sys.executable, "-c", "from pipeline.cli import main; main()"]


@pytest.fixture
def quarter(other_plan_file: Path, other_templates: Path, tmp_path: Path) -> list[str]:
    """The command on an inbox of one submission, whose return workbook is due."""
    cells = {("indicators", "A.1", "numerator"): "75%"}
    (tmp_path / "2023-Q1").mkdir()
    fill(other_templates / "STC.xlsx", tmp_path / "2023-Q1" / "STC.xlsx", cells)
    folders = ["--inbox", str(tmp_path / "2023-Q1"), "--out", str(tmp_path / "out")]
    return [*COMMAND, "quarter", "2023-Q1", "--plan", str(other_plan_file), *folders]


def on_terminal(command: list[str]) -> str:
    """What a terminal gets of its errors."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs, cwd=ROOT) as process:
        os.close(theirs)
        said = b""
        try:
            while more := os.read(ours, 4096):
                said += more
        except OSError:  # Linux says so when the other end is closed
            pass
    os.close(ours)
    assert process.returncode == 0
    return said.decode()


def test_a_terminal_sees_each_stage_and_the_files(quarter: list[str]) -> None:
    states = [state.rstrip() for state in on_terminal(quarter).split("\r")]
    assert [state for state in dict.fromkeys(states) if state] == [
        "Đọc kế hoạch…",
        "Đọc bản nộp 2023-Q1: 0/1 tệp",
        "Đọc bản nộp 2023-Q1: 1/1 tệp",
        "Kiểm tra 2023-Q1…",
        "Tổng hợp 2023-Q1…",
        "Ghi kết quả…",
        "Ghi tệp trả lại: 0/1 tệp",
        "Ghi tệp trả lại: 1/1 tệp",
    ]
    assert "\n" not in "".join(states)
    assert states[-2:] == ["", ""]  # the line is empty again


def test_nothing_is_shown_elsewhere(quarter: list[str]) -> None:
    done = subprocess.run(quarter, capture_output=True, cwd=ROOT, check=True, encoding="utf-8")
    assert done.stderr == ""
    assert "Đọc bản nộp" not in done.stdout
    assert "\r" not in done.stdout


def test_the_line_says_how_long_it_may_take(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 0.0
    monkeypatch.setattr("pipeline.cli_progress.time.monotonic", lambda: moment)
    stream = io.StringIO()
    for _ in Line(stream).each(range(40), "Đọc"):
        moment += 0.5
    states = [state.rstrip() for state in stream.getvalue().split("\r")]
    assert "Đọc: 2/40 tệp" in states  # the pace is not known yet
    assert "Đọc: 4/40 tệp, còn khoảng 18 giây" in states
    assert states[-1] == "Đọc: 40/40 tệp"


def test_a_line_never_wraps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    stream = io.StringIO()
    Line(stream).stage("Một giai đoạn có tên thật dài")
    assert stream.getvalue() == "\rMột giai đoạn có tê"


def test_the_pace_follows_the_last_seconds() -> None:
    pace = Pace(100)
    assert pace.left(1, 5.0) is None  # the readers have only just started
    assert pace.left(2, 5.5) is None
    assert pace.left(11, 15.0) == pytest.approx(89)  # a file a second
    assert [pace.left(done, 15.0 + (done - 11) / 10) for done in (21, 41, 61, 90)][-1] == pytest.approx(1.6, abs=1.2)


@pytest.mark.parametrize("left", ["q", "quarter --"], ids=["commands", "options"])
def test_completion_loads_none_of_the_heavy_libraries(left: str) -> None:
    words = f"tonghop {left}"
    environment = {"_TONGHOP_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
    command = [sys.executable, "-X", "importtime", "-c", "from pipeline.cli import main; main()"]
    done = subprocess.run(
        command, capture_output=True, cwd=ROOT, env=os.environ | environment, check=False, encoding="utf-8"
    )
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "click" in loaded
    assert not loaded & {"pandas", "pandera", "numpy", "openpyxl", "xlsxwriter", "python_calamine", "pebble", "dask"}
    assert re.search(r"plain,(quarter|--scheduler)", done.stdout)
