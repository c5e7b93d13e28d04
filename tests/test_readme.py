"""The README's commands run, one after the other as an officer would, and print what it says."""

import contextlib
import io
import re
import shlex
import shutil
from collections import Counter

import pytest

from pipeline.cli import cli, main
from schemas.brief import REPORT_BLOCKS, REPORT_FIELDS
from schemas.letters import BATCHES
from tests.support import ROOT

README = (ROOT / "README.md").read_text("utf-8")
CONSOLE = re.findall(r"```console\n\$ make (.*)\n((?:.*\n)*?)```", README)


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[object, str]]:
    """By command its exit code and what it printed, all run in one folder."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(ROOT / "input", folder / "input")
    made: dict[str, tuple[object, str]] = {}
    with contextlib.chdir(folder):
        for command, _ in CONSOLE:
            verb, *variables = shlex.split(command)
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed), pytest.raises(SystemExit) as end:
                main([verb, *(variable.partition("=")[2] for variable in variables)])
            made[command] = end.value.code, printed.getvalue()
    return made


def test_the_commands_are_there() -> None:
    assert [command for command, _ in CONSOLE] == [
        "quarter",
        "templates QUARTER=2021-Q3",
        "letters QUARTER=2021-Q2 KIND=tra-lai",
        "brief",
    ]


@pytest.mark.parametrize(("command", "printed"), CONSOLE)
def test_a_command_prints_what_the_readme_says(command: str, printed: str, said: dict[str, tuple[object, str]]) -> None:
    assert said[command] == (0, printed)


def test_every_verb_of_the_command_line_is_documented() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for verb in ("quarter", "report", "year", "decisions", "templates", "letters", "brief", "check", "plan", "sample"):
        assert f"`tonghop {verb}" in README
        assert re.search(rf"^{verb}:", makefile, re.MULTILINE)


def test_every_option_that_commands_share_is_documented() -> None:
    names = [Counter(name for param in command.params for name in param.opts) for command in cli.commands.values()]
    shared = [name for name, count in sum(names, Counter()).items() if count > 2 and name.startswith("--")]
    assert "--scheduler" in shared
    for name in shared:
        assert f"`{name}" in README, name


def test_every_batch_of_letters_and_field_of_the_report_is_explained() -> None:
    for batch in BATCHES:
        assert f"KIND={batch}`" in README
    for name in (*REPORT_FIELDS, *REPORT_BLOCKS):
        assert f"`{{{name}}}`" in README


def test_the_picture_is_there() -> None:
    picture = re.search(r"!\[.*\]\((.*)\)", README)
    assert picture is not None
    assert (ROOT / picture[1]).stat().st_size < 200_000
