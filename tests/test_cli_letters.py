"""The commands letters and brief through the real entry point."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

import pipeline.cli_letters
from schemas.brief import TEMPLATE_FILE
from tests.letters.test_eml import parsed
from tests.test_cli import WRONG, office_folder, run, send

__all__ = ["office_folder", "send"]  # fixtures


def out(name: str) -> Path:
    return Path("output/2023-Q1") / name


@pytest.fixture
def on_the_due_date(monkeypatch: pytest.MonkeyPatch) -> None:
    class Frozen(date):
        @classmethod
        def today(cls) -> date:
            return date(2023, 3, 20)

    monkeypatch.setattr(pipeline.cli_letters, "date", Frozen)


@pytest.mark.usefixtures("office_folder", "on_the_due_date")
@pytest.mark.parametrize(("more", "word"), [((), "Nhắc"), (("--as-of", "21/3/2023"), "Đôn đốc")])
def test_a_reminder_is_worded_for_today_or_for_the_day_named(more: tuple[str, ...], word: str) -> None:
    assert run("letters", "2023-Q1", "nhac", *more) == 0
    mail = parsed(out("thu/nhac/VP.eml").read_bytes())
    assert str(mail["Subject"]).startswith(word)


@pytest.mark.usefixtures("office_folder")
def test_a_week_of_the_officer(send: Any, capsys: pytest.CaptureFixture[str]) -> None:
    send(WRONG)
    assert run("templates", "2023-Q1") == 0
    for batch, count in (("phat-mau", 4), ("nhac", 3)):
        assert run("letters", "2023-Q1", batch) == 0
        assert f": {count} thư nháp trong output/2023-Q1/thu/{batch}\n" in capsys.readouterr().out
    assert run("quarter") == 0
    for batch, count in (("tra-lai", 1), ("ket-qua", 4)):
        assert run("letters", "2023-Q1", batch) == 0
        assert f": {count} thư nháp trong output/2023-Q1/thu/{batch}\n" in capsys.readouterr().out
    assert run("brief") == 0
    assert "Đã soạn output/2023-Q1/bao-cao-2023-Q1.docx." in capsys.readouterr().out
    assert out("bao-cao-2023-Q1.docx").is_file()


@pytest.mark.usefixtures("office_folder")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("letters", "2023-Q1", "thu-moi"), "không có loại thư “thu-moi”; các loại: phat-mau, nhac, tra-lai, ket-qua."),
        (("letters", "2023-Q1"), "Thiếu LOẠI."),
        (("letters", "2023-Q1", "ket-qua"), "Gõ make quarter QUARTER=2023-Q1 rồi làm lại."),
        (("letters", "2023-Q9", "phat-mau"), "Kế hoạch không có kỳ “2023-Q9”."),
        (("brief", "2023-Q1"), "Gõ make quarter QUARTER=2023-Q1 rồi làm lại."),
        (("brief", "--inbox", "x"), "Đã chỉ --inbox thì phải ghi kỳ"),
    ],
)
def test_what_cannot_be_done_is_said(
    arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    assert words in capsys.readouterr().err


@pytest.mark.usefixtures("office_folder")
def test_letters_that_lack_their_file_end_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("letters", "2023-Q1", "phat-mau") == 2
    assert "Gõ make templates QUARTER=2023-Q1 trước." in capsys.readouterr().out


@pytest.mark.usefixtures("office_folder")
def test_a_faulty_template_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    Path("input/2023", TEMPLATE_FILE).write_bytes(b"x")
    run("quarter")
    assert run("brief") == 2
    assert "không mở được" in capsys.readouterr().err


@pytest.mark.usefixtures("office_folder")
def test_next_years_plan_comes_with_its_template() -> None:
    assert run("plan", "2024") == 0
    assert Path("input/2024", TEMPLATE_FILE).is_file()
