"""The README's commands run, and print what it says."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from pipeline.cli import main
from tests.support import ROOT

README = (ROOT / "README.md").read_text("utf-8")
CONSOLE = re.findall(r"```console\n\$ make (.*)\n((?:.*\n)*?)```", README)


def test_the_two_commands_are_there() -> None:
    assert [command for command, _ in CONSOLE] == ["quarter", "templates QUARTER=2021-Q3"]


@pytest.mark.parametrize(("command", "printed"), CONSOLE)
def test_a_command_prints_what_the_readme_says(
    command: str, printed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "input", tmp_path / "input")
    monkeypatch.chdir(tmp_path)
    verb, *variables = shlex.split(command)
    with pytest.raises(SystemExit) as end:
        main([verb, *(variable.partition("=")[2] for variable in variables)])
    assert end.value.code == 0
    assert capsys.readouterr().out == printed


def test_every_verb_of_the_command_line_is_documented() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for verb in ("quarter", "report", "year", "decisions", "templates", "check", "plan", "sample"):
        assert f"`tonghop {verb}" in README
        assert re.search(rf"^{verb}:", makefile, re.MULTILINE)


def test_the_picture_is_there() -> None:
    picture = re.search(r"!\[.*\]\((.*)\)", README)
    assert picture is not None
    assert (ROOT / picture[1]).stat().st_size < 200_000
