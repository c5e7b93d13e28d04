"""The command ``tonghop`` through its real entry point: words, exit codes, defaults, what it writes and says."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from click import BadParameter

import pipeline.run
from pipeline import __version__
from pipeline.cli import cli
from pipeline.cli_words import explain
from pipeline.errors import CannotRun
from pipeline.plan.load import load_plan
from pipeline.run import Outcome, run_period
from pipeline.stamp import KEY_FILE
from pipeline.summary import issue_lines, summarise
from pipeline.write.plan_book import write_plan
from schemas.columns import conform
from schemas.records import Issue
from schemas.words import Severity
from tests.support import PLAN_2021, ROOT, fill, run, small_plan, table_values
from tests.test_quarter import GOOD as STC
from tests.test_quarter import hashes
from tests.year_support import difficulty

ENGLISH = re.compile(
    r"\b(usage|options?|commands?|arguments?|show|this|message|exit|error|try|help for|required|default|missing"
    r"|valid|invalid|such|requires?|unexpected|extra|got|integer|does|not|take|value|aborted|directory|denied)\b",
    re.IGNORECASE,
)
COMMANDS = ("quarter", "report", "year", "decisions", "templates", "letters", "brief", "check", "plan", "sample")
CODE = Path(sys.executable).with_name("tonghop")
WARNED = {("tasks", "A", "state"): "dang thuc hien"}
WRONG = {("indicators", "A.1", "numerator"): "75%"}


@pytest.fixture
def office_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other_plan_file: Path, other_templates: Path
) -> Path:
    """An officer's folder: the small plan, and in 2023-Q1 one clean submission of STC; the working directory."""
    (tmp_path / "input" / "2023").mkdir(parents=True)
    shutil.copyfile(other_plan_file, tmp_path / "input" / "2023" / "ke-hoach.xlsx")
    fill(other_templates / "STC.xlsx", tmp_path / "input" / "2023-Q1" / "STC.xlsx", STC)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def send(office_folder: Path, other_templates: Path) -> Any:
    """Send a workbook of STC into the inbox, with some cells typed otherwise."""

    def sending(changes: dict[Any, Any], name: str = "STC.xlsx") -> Path:
        return fill(other_templates / "STC.xlsx", office_folder / "input" / "2023-Q1" / name, STC | changes)

    return sending


# --- help and mistakes on the command line ------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["", *COMMANDS])
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_is_vietnamese(command: str, flag: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*filter(None, [command, flag])) == 0
    said = capsys.readouterr().out
    assert said.startswith("Cách dùng: tonghop")
    assert "Tùy chọn:" in said
    assert "Hiện hướng dẫn này." in said
    words = re.sub(r"--[\w-]+", "", said)
    assert ENGLISH.findall(words) == []


def test_every_command_and_option_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert tuple(sorted(cli.commands)) == tuple(sorted(COMMANDS))
    run("--help")
    listed = capsys.readouterr().out.split("Lệnh:")[1]
    for name in COMMANDS:
        assert re.search(rf"^  {name}\s+\S", listed, re.MULTILINE), name
        run(name, "--help")
        said = capsys.readouterr().out
        for param in cli.commands[name].params:
            if param.param_type_name == "option":
                assert param.opts[0] in said
                assert getattr(param, "help", None), (name, param.name)


@pytest.mark.parametrize("command", COMMANDS)
def test_only_options_stand_among_the_options(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    run(command, "--help")
    section = capsys.readouterr().out.split("Tùy chọn:\n")[1].split("\n\n")[0]
    entries = [line.strip() for line in section.splitlines() if re.match(r"  \S", line)]
    assert [entry for entry in entries if not entry.startswith("-")] == []


def test_without_a_command_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 2
    said = capsys.readouterr()
    assert "Lệnh:" in said.out + said.err


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert capsys.readouterr().out.strip() == f"tonghop {__version__}"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["quarter", "--khong-co"], "--khong-co"),
        (["templates"], "KỲ"),
        (["report"], "KỲ"),
        (["check"], "TỆP"),
        (["plan"], "NĂM"),
        (["plan", "hai"], "NĂM"),
        (["quarter", "2023-Q1", "--as-of", "31/2/2023"], "31/2/2023"),
        (["quarter", "2023-Q1", "--as-of", "hôm nay"], "hôm nay"),
        (["quarter", "2023-Q1", "--plan"], "--plan"),
        (["quarter", "2023-Q1", "2023-Q2"], "2023-Q2"),
        (["quarter", "--strict=1"], "--strict"),
        (["tonghop"], "tonghop"),
    ],
)
def test_a_mistake_on_the_command_line_is_told_in_vietnamese(
    arguments: list[str], named: str, office_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert named in said.err
    assert "Traceback" not in said.err
    words = re.sub(r"--[\w-]+", "", said.err)
    assert ENGLISH.findall(words) == [], said.err
    assert not (office_folder / "output").exists()


def test_a_mistake_without_a_parameter_is_told_too() -> None:
    assert explain(BadParameter("sai")) == "Tham số chưa đúng: sai"


# --- a command that cannot run: exit code 2 -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["quarter", "2019-Q1"], "input/2019/ke-hoach.xlsx"),
        (["report", "2019-NAM"], "input/2019/ke-hoach.xlsx"),
        (["templates", "2019-Q1"], "input/2019/ke-hoach.xlsx"),
        (["templates", "2023-Q9"], "2023-Q9"),
        (["quarter", "2023-Q9"], "2023-Q1, 2023-Q2"),
        (["quarter", "2023-Q2"], "input/2023-Q2"),
        (["quarter", "2023-Q1", "--plan", "khong-co.xlsx"], "khong-co.xlsx"),
        (["quarter", "2023-Q1", "--inbox", "khong-co"], "khong-co"),
        (["quarter", "--inbox", "input/2023-Q1"], "--inbox"),
        (["check", "khong-co.xlsx"], "khong-co.xlsx"),
        (["check", "input/2023-Q1/STC.xlsx", "--plan", "khong-co.xlsx"], "khong-co.xlsx"),
        (["plan", "2023"], "input/2023/ke-hoach.xlsx"),
        (["plan", "2024", "--from", "khong-co.xlsx"], "khong-co.xlsx"),
        (["sample", "--plan", "khong-co.xlsx"], "khong-co.xlsx"),
    ],
)
def test_what_cannot_run_says_why(
    arguments: list[str], named: str, office_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = hashes(office_folder)
    assert run(*arguments) == 2
    said = capsys.readouterr()
    assert said.err.startswith("Không thể chạy. ")
    assert named in said.err.replace("\\", "/")
    assert "Traceback" not in said.err
    assert hashes(office_folder) == before


@pytest.mark.parametrize(
    ("arguments", "named"),
    [(["quarter"], "Chưa có thư mục nhận"), (["plan", "2024"], "Chưa có kế hoạch"), (["check", "a.xlsx"], "kế hoạch")],
)
def test_an_empty_folder_says_what_is_needed(
    arguments: list[str],
    named: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.xlsx").write_bytes(b"%PDF-1.4")
    assert run(*arguments) == 2
    assert named in capsys.readouterr().err


@pytest.mark.parametrize("year", ["20222", "0"])
def test_a_year_that_no_calendar_has_is_refused(
    year: str, office_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("plan", year) == 2
    assert year in capsys.readouterr().err


def test_a_faulty_plan_stops_the_run_with_every_fault(office_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = small_plan(targets=[{"indicator_code": "X.9", "assignee": "SO"}, {"indicator_code": "A.1", "assignee": "Y"}])
    write_plan(plan, office_folder / "sai.xlsx")
    assert run("quarter", "2023-Q1", "--plan", "sai.xlsx") == 2
    said = capsys.readouterr().err
    assert "sheet “Mục tiêu”" in said
    assert "“X.9”" in said
    assert "“Y”" in said
    assert not (office_folder / "output").exists()


def test_a_stopped_run_says_that_what_was_written_is_whole(
    office_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline.run, "run_period", stop)
    assert run("quarter", "2023-Q1") == 2
    assert capsys.readouterr().err.strip().startswith("Đã dừng.")


def test_a_fault_of_the_program_itself_is_no_traceback(
    office_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """DESIGN, commands: exit 2 where it cannot run; 1 would say that the units got something wrong."""

    def fail(*_: Any) -> None:
        raise ValueError("a fault of the program")

    monkeypatch.setattr(pipeline.run, "run_period", fail)
    assert run("quarter", "2023-Q1") == 2
    said = capsys.readouterr().err
    assert "Không thể chạy" in said
    assert "Traceback" not in said


# --- quarter and report -------------------------------------------------------------------------------------------


def test_a_quarter_by_default_folders(office_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = hashes(office_folder / "input")
    assert run("quarter", "2023-Q1") == 0
    assert set(hashes(office_folder / "output" / "2023-Q1")) == {
        "tong-hop-2023-Q1.xlsx",
        "kho-khan-vuong-mac-2023-Q1.xlsx",
    }
    said = capsys.readouterr()
    assert said.err == ""
    lines = said.out.splitlines()
    assert lines[0] == "Quý I năm 2023 – UBND thành phố, ngày xét 27/03/2023"
    assert "Nộp đúng hạn: 1/4 đơn vị" in lines
    assert "Nộp trễ: không có" in lines
    assert "Chưa nộp: 3 – Văn phòng; Quận Một; Quận Hai" in lines
    assert "Lỗi dữ liệu của đơn vị: không có" in lines
    tasks = dict(line.strip().split("  ", maxsplit=1) for line in lines if re.match(r"  [ABC]  ", line))
    shown = table_values(office_folder / "output" / "2023-Q1" / "tong-hop-2023-Q1.xlsx", "Nhiệm vụ")
    assert {code: text.split(" – ")[0] for code, text in tasks.items()} == {
        row["task_code"]: row["status"] for row in shown
    }
    for name in ("tong-hop-2023-Q1.xlsx", "kho-khan-vuong-mac-2023-Q1.xlsx"):
        assert f"  {Path('output') / '2023-Q1' / name}" in lines
    assert hashes(office_folder / "input") == before


def test_the_newest_quarter_is_taken_where_none_is_named(
    office_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (office_folder / "input" / "2023-Q2").mkdir()
    (office_folder / "input" / "2023-Q2" / "ghi chú.txt").write_text("chưa có gì", encoding="utf-8")
    (office_folder / "input" / "2022-Q4").mkdir()
    (office_folder / "input" / "2023-Q9").write_text("a file, no folder", encoding="utf-8")
    assert run("quarter") == 0
    assert [path.name for path in (office_folder / "output").iterdir()] == ["2023-Q2"]
    assert "Quý II năm 2023" in capsys.readouterr().out


def test_a_folder_with_nothing_but_the_key_of_its_templates_is_still_to_be_filled(office_folder: Path) -> None:
    assert run("templates", "2023-Q2") == 0
    assert [path.name for path in (office_folder / "input" / "2023-Q2").iterdir()] == [KEY_FILE]
    assert run("quarter") == 0
    assert (office_folder / "output" / "2023-Q1" / "tong-hop-2023-Q1.xlsx").exists()


def test_templates_are_stamped_and_taken_back_by_their_own_unit_only(
    office_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("templates", "2023-Q2") == 0
    made, inbox = office_folder / "output" / "2023-Q2" / "bieu-mau", office_folder / "input" / "2023-Q2"
    assert "không đóng dấu" not in capsys.readouterr().out
    fill(made / "VP.xlsx", inbox / "vp.xlsx", {("answer", "", "has_difficulty"): "Không"})
    forged = openpyxl.load_workbook(inbox / "vp.xlsx")
    forged["_meta"]["B3"].value = "Q1"
    forged.save(inbox / "q1.xlsx")
    assert run("quarter", "2023-Q2") == 0
    ledger = {row["file"]: row for row in table_values(_consolidated(office_folder, "2023-Q2"), "Nguồn dữ liệu")}
    assert (ledger["vp.xlsx"]["verdict"], ledger["vp.xlsx"]["stamp"]) == ("Đã dùng", "Đúng dấu")
    assert (ledger["q1.xlsx"]["verdict"], ledger["q1.xlsx"]["stamp"]) == ("Từ chối", "Sai dấu")
    assert ledger[KEY_FILE]["verdict"] == "Bỏ qua"
    returned = office_folder / "output" / "2023-Q2" / "tra-lai" / "VP.xlsx"
    (inbox / "vp.xlsx").unlink()
    (inbox / "q1.xlsx").write_bytes(returned.read_bytes())
    assert run("quarter", "2023-Q2") == 0  # a return is stamped again
    ledger = {row["file"]: row for row in table_values(_consolidated(office_folder, "2023-Q2"), "Nguồn dữ liệu")}
    assert ledger["q1.xlsx"]["stamp"] == "Đúng dấu"


def test_no_key_is_made_once_unstamped_submissions_have_come_in(
    office_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("templates", "2023-Q1") == 0
    assert "Biểu mẫu không đóng dấu" in capsys.readouterr().out
    assert not (office_folder / "input" / "2023-Q1" / KEY_FILE).exists()


def _consolidated(folder: Path, period: str) -> Path:
    return folder / "output" / period / f"tong-hop-{period}.xlsx"


@pytest.mark.parametrize("name", ["2023-Q1 - Copy", "2023-cu"])
def test_a_folder_that_is_no_period_is_not_the_newest_period(name: str, office_folder: Path) -> None:
    (office_folder / "input" / name).mkdir()
    assert run("quarter") == 0
    assert [path.name for path in (office_folder / "output").iterdir()] == ["2023-Q1"]


@pytest.mark.parametrize("command", ["quarter", "report"])
def test_a_run_on_any_folders(
    command: str, office_folder: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = tmp_path_factory.mktemp("nơi khác")
    shutil.move(office_folder / "input" / "2023" / "ke-hoach.xlsx", elsewhere / "kế hoạch.xlsx")
    shutil.move(office_folder / "input" / "2023-Q1", elsewhere / "hộp thư")
    options = ["--plan", "kế hoạch.xlsx", "--inbox", "hộp thư", "--out", "kết quả"]
    arguments = [str(elsewhere / text) if not text.startswith("--") else text for text in options]
    assert run(command, "2023-Q1", *arguments) == 0
    assert {path.name for path in (elsewhere / "kết quả").iterdir()} >= {"tong-hop-2023-Q1.xlsx"}
    assert not (office_folder / "output").exists()
    assert str(elsewhere / "kết quả") in capsys.readouterr().out


def test_the_day_of_judgement_decides_what_is_overdue(office_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("report", "2023-Q1", "--as-of", "15/7/2023") == 0
    said = capsys.readouterr().out
    assert "ngày xét 15/07/2023" in said
    assert re.search(r"A  .*Quá hạn", said), "the deadline of A is 30/6"


@pytest.mark.parametrize("typed", ["15/07/2023", "15/7/2023", "2023-07-15", "15-07-2023"])
def test_a_day_can_be_typed_in_several_ways(typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[Any] = []

    def stop(*arguments: Any) -> None:
        taken.extend(arguments)
        raise CannotRun("only the arguments matter here")

    monkeypatch.setattr(pipeline.run, "run_period", stop)
    assert run("quarter", "2023-Q1", "--as-of", typed) == 2
    assert date(2023, 7, 15) in taken


def test_errors_of_units_are_told_and_only_strict_makes_them_an_exit_code(
    office_folder: Path, send: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    send(WRONG)
    assert run("quarter", "2023-Q1") == 0
    said = capsys.readouterr().out
    assert "Sở Tài chính: 1 lỗi, 0 cảnh báo" in said
    assert f"{Path('output') / '2023-Q1' / 'tra-lai'} (1 tệp trả lại)" in said
    assert run("quarter", "2023-Q1", "--strict") == 1
    assert (office_folder / "output" / "2023-Q1" / "tra-lai" / "STC.xlsx").is_file()


def test_strict_takes_no_offence_at_warnings(
    office_folder: Path, send: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    send(WARNED)
    assert run("report", "2023-Q1", "--strict") == 0
    assert "Sở Tài chính: 0 lỗi, 1 cảnh báo" in capsys.readouterr().out


def test_late_units_and_useless_files_are_named(
    office_folder: Path, other_templates: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inbox = office_folder / "input" / "2023-Q1"
    fill(other_templates / "Q1.xlsx", inbox / "Q1.xlsx", {}, datetime(2023, 3, 24, 9, 0))
    (inbox / "thư.xlsx").write_bytes(b"")
    (inbox / "VP.xlsx").write_bytes(b"%PDF-1.4")
    assert run("quarter", "2023-Q1") == 0
    said = capsys.readouterr().out
    assert "Nộp trễ: 1 – Quận Một (trễ 4 ngày)" in said
    assert "Chưa nộp: 1 – Quận Hai" in said
    assert "Khác: 1 – Văn phòng (không đọc được)" in said
    useless = said.split("Tệp không dùng được:")[1].split("\n\n")[0]
    assert "thư.xlsx: " in useless
    assert "VP.xlsx: " in useless
    assert "PDF" in useless


def test_an_output_that_cannot_be_written_is_exit_code_2_and_the_others_land(
    office_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blocked = office_folder / "output" / "2023-Q1" / "tong-hop-2023-Q1.xlsx"
    blocked.mkdir(parents=True)
    assert run("quarter", "2023-Q1") == 2
    said = capsys.readouterr().out
    assert "KHÔNG GHI ĐƯỢC: " in said
    assert "tong-hop-2023-Q1.xlsx" in said.split("KHÔNG GHI ĐƯỢC: ")[1]
    assert (blocked.parent / "kho-khan-vuong-mac-2023-Q1.xlsx").is_file()


def test_progress_is_shown_on_a_terminal_only(
    office_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert run("quarter", "2023-Q1") == 0
    said = capsys.readouterr()
    assert "Đọc bản nộp" in said.err
    assert "Đọc bản nộp" not in said.out


# --- templates, check, plan, sample -------------------------------------------------------------------------------


def test_templates_are_made_for_every_unit(office_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("templates", "2023-Q2") == 0
    folder = Path("output") / "2023-Q2" / "bieu-mau"
    assert {path.name for path in folder.iterdir()} == {"VP.xlsx", "STC.xlsx", "Q1.xlsx", "Q2.xlsx"}
    said = capsys.readouterr().out
    assert "4 biểu mẫu" in said
    assert str(folder) in said
    assert run("templates", "2023-Q2", "--out", "gửi đi", "--plan", "input/2023/ke-hoach.xlsx") == 0
    assert len(list((office_folder / "gửi đi" / "bieu-mau").iterdir())) == 4


def test_a_clean_file_passes_the_check(office_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = Path("input") / "2023-Q1" / "STC.xlsx"
    before = hashes(office_folder)
    assert run("check", str(file)) == 0
    assert capsys.readouterr().out.strip() == f"{file}: Sở Tài chính, Quý I năm 2023: không có lỗi"
    assert hashes(office_folder) == before


def test_the_check_says_where_what_and_how_to_mend(
    office_folder: Path, send: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong, warned = send(WRONG, "a.xlsx"), send(WARNED, "b.xlsx")
    assert run("check", str(warned)) == 0
    assert "1 lỗi và cảnh báo" in capsys.readouterr().out
    assert run("check", str(warned), str(wrong)) == 1
    said = capsys.readouterr().out
    assert said.index(str(warned)) < said.index(str(wrong))
    assert re.search(r"Lỗi SO02 – sheet “Chỉ tiêu”, ô [A-Z]+\d+ \(Tử số / số lượng\): Ghi tỷ lệ “75%”", said)
    assert re.search(r"Cảnh báo LC02 – sheet “Nhiệm vụ”, ô [A-Z]+\d+ ", said)
    assert said.count("Cách sửa: ") == 2


def test_the_check_refuses_what_is_no_submission(
    office_folder: Path, other_templates: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (office_folder / "a.xlsx").write_bytes(b"%PDF-1.4")
    assert run("check", "a.xlsx") == 1
    assert "tệp PDF" in capsys.readouterr().out
    book = openpyxl.load_workbook(other_templates / "STC.xlsx")
    book["_meta"]["B2"] = "2023-Q8"
    book.save(office_folder / "b.xlsx")
    assert run("check", "b.xlsx") == 1
    assert "2023-Q8" in capsys.readouterr().out
    book["_meta"]["B2"], book["_meta"]["B1"] = "2023-Q1", "KH-KHAC"
    book.save(office_folder / "c.xlsx")
    assert run("check", "c.xlsx") == 1
    assert "KH-KHAC" in capsys.readouterr().out


def test_a_check_needs_the_plan_of_the_files_year(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other_templates: Path, other_plan_file: Path, capsys: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    file = str(other_templates / "STC.xlsx")
    assert run("check", file) == 2
    assert "2023" in capsys.readouterr().err
    assert run("check", file, "--plan", str(other_plan_file)) == 1
    assert "BB01" in capsys.readouterr().out


def test_what_is_open_at_the_end_of_a_year_is_told_with_the_next_plan_and_its_first_templates(
    send: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    send(difficulty(0, task_code="A", description="Thiếu máy quét."))
    told = f"Cuối năm 2023 còn 1 khó khăn, vướng mắc chưa giải quyết xong (xem {Path('output/2023-Q1')}"
    for command in (("plan", "2024"), ("templates", "2024-Q1")):
        assert run(*command) == 0
        assert told in capsys.readouterr().out


def test_next_years_plan_is_made_and_never_over_another(
    office_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("plan", "2024") == 0
    path = Path("input") / "2024" / "ke-hoach.xlsx"
    assert str(path) in capsys.readouterr().out
    made = load_plan(path)
    assert made.settings.year == 2024
    assert list(made.periods["period_code"]) == ["2024-Q1", "2024-Q2"]
    before = path.read_bytes()
    assert run("plan", "2024") == 2
    assert "đã có" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_a_plan_is_made_from_the_newest_or_from_a_named_one(office_folder: Path) -> None:
    older = replace(small_plan(), settings=replace(small_plan().settings, year=2020, title="Kế hoạch năm 2020"))
    (office_folder / "input" / "2020").mkdir()
    write_plan(older, office_folder / "input" / "2020" / "ke-hoach.xlsx")
    assert run("plan", "2025") == 0
    assert load_plan(Path("input/2025/ke-hoach.xlsx")).settings.title == "Kế hoạch số hóa năm 2025"
    assert run("plan", "2026", "--from", "input/2020/ke-hoach.xlsx", "--out", "thử/kế hoạch.xlsx") == 0
    assert load_plan(Path("thử/kế hoạch.xlsx")).settings.title == "Kế hoạch năm 2026"


def test_the_sample_is_the_committed_one_byte_for_byte(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(ROOT / "input" / "2021", tmp_path / "2021")
    assert run("sample", "--input", str(tmp_path)) == 0
    committed = {name: digest for name, digest in hashes(ROOT / "input").items() if name.startswith("2021")}
    assert hashes(tmp_path) == committed
    count = len([name for name in committed if "-Q" in name])
    assert f"Đã tạo {count} bản nộp minh họa" in capsys.readouterr().out


# --- the summary --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def nobody(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The shipped plan of 27 units, and an empty inbox."""
    folder = tmp_path_factory.mktemp("nobody")
    (folder / "inbox").mkdir()
    return run_period(PLAN_2021, "2021-Q2", folder / "inbox", folder / "out")


def test_long_lists_of_names_are_cut_and_counted(nobody: Outcome) -> None:
    line = next(line for line in summarise(nobody) if line.startswith("Chưa nộp"))
    assert line.startswith("Chưa nộp: 27 – Văn phòng UBND tỉnh; ")
    assert line.count(";") == 11
    assert line.endswith(" và 15 đơn vị khác")
    statuses = [line for line in summarise(nobody) if re.match(r"  II\.\d  ", line)]
    assert len(statuses) == 5
    assert all("Chưa báo cáo" in line for line in statuses)


def test_many_units_with_issues_are_cut_and_counted(nobody: Outcome) -> None:
    names = nobody.report.plan.unit_names
    rows = [
        {"severity": severity.value, "unit_code": code, "unit_name": name, "code": "SO01"}
        for code, name in list(names.items())[:14]
        for severity in Severity
    ]
    rows.append({"severity": Severity.ERROR.value, "unit_code": None, "unit_name": None, "code": "TT01"})
    lines = summarise(replace(nobody, report=replace(nobody.report, issues=conform(Issue, rows))))
    named = [line.strip() for line in lines if line.endswith(": 1 lỗi, 1 cảnh báo")]
    assert named == [f"{name}: 1 lỗi, 1 cảnh báo" for name in list(names.values())[:12]]
    assert any(line.startswith("  và 2 đơn vị khác") for line in lines)


def test_an_outcome_names_what_failed_last(nobody: Outcome) -> None:
    lines = summarise(replace(nobody, failed=["Không ghi được a.xlsx: tệp đang mở."]))
    assert lines[-1] == "KHÔNG GHI ĐƯỢC: Không ghi được a.xlsx: tệp đang mở."


def test_an_issue_is_shown_with_its_place_rule_and_remedy() -> None:
    rows = [
        {"severity": "Lỗi", "code": "SO01", "sheet": "Chỉ tiêu", "cell": "G7", "field": "Tử số"}
        | {"message": "Ghi “x”. Chỉ nhận số.", "remedy": "Gõ lại."},
        {"severity": "Lỗi", "code": "TT01", "message": "Hỏng.", "remedy": "Gửi lại."},
        {"severity": "Lỗi", "code": "TT09", "sheet": "Chỉ tiêu", "cell": "7", "message": "Thiếu.", "remedy": "Thêm."},
    ]
    assert issue_lines(conform(Issue, rows)) == [
        "Lỗi SO01 – sheet “Chỉ tiêu”, ô G7 (Tử số): Ghi “x”. Chỉ nhận số.",
        "    Cách sửa: Gõ lại.",
        "Lỗi TT01 – cả tệp: Hỏng.",
        "    Cách sửa: Gửi lại.",
        "Lỗi TT09 – sheet “Chỉ tiêu”, hàng 7: Thiếu.",
        "    Cách sửa: Thêm.",
    ]
    assert issue_lines(conform(Issue, pd.DataFrame())) == []


# --- as a program of its own --------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["--help"], ["quarter", "--help"], ["--version"]])
def test_help_loads_none_of_the_heavy_libraries(arguments: list[str]) -> None:
    code = (
        "import json, sys\n"
        "from pipeline.cli import main\n"
        "try:\n    main(sys.argv[1:])\n"
        "except SystemExit:\n    pass\n"
        "heavy = {'pandas', 'pandera', 'numpy', 'openpyxl', 'xlsxwriter', 'python_calamine',"
        " 'pebble', 'distributed', 'dask'}\n"
        "print(json.dumps(sorted(heavy & set(sys.modules))))\n"
    )
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, cwd=ROOT, check=True, timeout=60, encoding="utf-8")
    assert json.loads(done.stdout.splitlines()[-1]) == []


@pytest.mark.skipif(not CODE.exists(), reason="the program is not installed beside this Python")
def test_the_installed_program_runs_a_quarter(office_folder: Path, send: Any) -> None:
    send(WRONG)
    command = [str(CODE), "quarter", "2023-Q1", "--strict"]
    done = subprocess.run(command, capture_output=True, cwd=office_folder, check=False, timeout=60, encoding="utf-8")
    assert done.returncode == 1, done.stderr
    assert done.stderr == ""
    assert done.stdout.startswith("Quý I năm 2023 – UBND thành phố")
    assert (office_folder / "output" / "2023-Q1" / "tong-hop-2023-Q1.xlsx").is_file()


def test_output_into_a_file_keeps_every_letter_where_the_system_has_an_old_code_page(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONIOENCODING"}
    environment |= {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "quarter"]
    done = subprocess.run(command, capture_output=True, cwd=tmp_path, env=environment, check=False, timeout=60)
    assert done.stderr.decode("utf-8").startswith("Không thể chạy. Chưa có")


@pytest.mark.parametrize("encoding", ["cp1258", "ascii"])
def test_output_into_a_file_of_a_narrow_encoding_is_no_traceback(encoding: str, tmp_path: Path) -> None:
    """``tonghop … > nhat-ky.txt`` on Windows writes in the system's code page, which lacks many Vietnamese letters."""
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0", "PYTHONPATH": str(ROOT)}
    for arguments, code in ((["--help"], 0), (["quarter"], 2)):
        command = [sys.executable, "-c", "from pipeline.cli import main; main()", *arguments]
        done = subprocess.run(command, capture_output=True, cwd=tmp_path, env=environment, check=False, timeout=60)
        assert b"Traceback" not in done.stderr
        assert done.returncode == code
