"""Return workbooks that the helper writes are those that this process would have written."""

import multiprocessing
import os
import time
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from pipeline import returns
from pipeline.forms import Form, Forms
from pipeline.helper import MANY, Helper
from pipeline.means import Untold
from pipeline.returns import Returns
from pipeline.write import template
from pipeline.write.template import write_batch
from tests.support import small_plan


@pytest.fixture(scope="module")
def forms() -> list[Form]:
    plan = small_plan()
    made = Forms(plan, plan.period("2023-Q1"))
    return [made.blank(unit) for unit in plan.units["unit_code"]]


class Counted(Untold):
    """Counts the workbooks that it is told of."""

    def __init__(self) -> None:
        self.count = 0

    def each(self, things: Any, name: str) -> Any:
        for thing in things:
            yield thing
            self.count += 1


def written(folder: Path, forms: list[Form], helper: Helper | None = None) -> tuple[dict[str, bytes], list[str], int]:
    told = Counted()
    with Returns(forms, folder, helper) as made:
        paths, failed = made.finish(told)
    return {path.name: path.read_bytes() for path in paths}, failed, told.count


@pytest.fixture
def helper(monkeypatch: pytest.MonkeyPatch) -> Iterator[Helper]:
    """One that has loaded the program."""
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr(returns, "_BATCH", 1)
    with Helper() as made:
        made.start(MANY)
        made.loaded.result()
        yield made


def test_the_helper_writes_the_same(
    forms: list[Form], tmp_path: Path, helper: Helper, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone, none_failed, count = written(tmp_path / "alone", forms)
    assert len(alone) == len(forms) == count
    assert none_failed == []
    monkeypatch.setattr(template, "write_template", None)
    with Returns(forms, tmp_path / "beside", helper) as made:
        while made._waiting:
            time.sleep(0.01)
        paths, failed = made.finish(Counted())
    assert ({path.name: path.read_bytes() for path in paths}, failed) == (alone, [])


def test_a_run_that_fails_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    before = set(multiprocessing.active_children())
    with pytest.raises(ValueError, match="giữa chừng"), Helper() as made:
        made.start(MANY)
        assert set(multiprocessing.active_children()) - before
        raise ValueError("giữa chừng")
    assert set(multiprocessing.active_children()) <= before


@pytest.mark.parametrize(("entries", "processors"), [(MANY - 1, 2), (MANY, 1)])
def test_no_helper_where_it_would_not_pay(entries: int, processors: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: processors)
    before = set(multiprocessing.active_children())
    with Helper() as made:
        made.start(entries)
        made.when_loaded(pytest.fail)
        assert set(multiprocessing.active_children()) <= before
        with pytest.raises(BrokenProcessPool):
            made.submit(os.getpid)


def test_what_a_helper_has_not_begun_is_written_here(
    forms: list[Form], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is still loading the program is not waited for."""
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    here: list[str] = []
    real = template.write_template

    def noted(form: Form, path: Path) -> None:
        here.append(path.stem)
        real(form, path)

    monkeypatch.setattr(template, "write_template", noted)
    with Helper() as helper:
        helper.start(MANY)
        made, failed, _ = written(tmp_path, forms, helper)
        assert not helper.loaded.done()
    assert (len(made), failed) == (len(forms), [])
    assert sorted(here) == sorted(form.unit_code for form in forms)


def test_a_helper_that_dies_costs_nothing_but_time(
    forms: list[Form], tmp_path: Path, helper: Helper, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit = helper.submit
    monkeypatch.setattr(helper, "submit", lambda call, batch: submit(os._exit, 9))
    made, failed, count = written(tmp_path, forms, helper)
    assert (len(made), failed, count) == (len(forms), [], len(forms))


def test_a_helper_that_died_while_loading_is_not_asked(forms: list[Form], tmp_path: Path, helper: Helper) -> None:
    for process in helper._processes:
        process.kill()
        process.join()
    with pytest.raises(BrokenProcessPool):
        helper.submit(os.getpid).result()
    assert len(written(tmp_path, forms, helper)[0]) == len(forms)


def test_one_that_cannot_be_put_in_place_is_told_and_tried_again(forms: list[Form], tmp_path: Path) -> None:
    first = forms[0].unit_code
    (tmp_path / f"{first}.xlsx").mkdir(parents=True)
    made, failed, _ = written(tmp_path, forms)
    assert f"{first}.xlsx" not in made
    assert len(made) == len(forms) - 1
    assert [first in reason for reason in failed] == [True]
    (tmp_path / f"{first}.xlsx").rmdir()
    assert len(written(tmp_path, forms)[0]) == len(forms)


def test_a_batch_says_of_each_why_it_failed(forms: list[Form], tmp_path: Path) -> None:
    (tmp_path / "b.xlsx").mkdir()
    first, second = write_batch([(forms[0], tmp_path / "a.xlsx"), (forms[0], tmp_path / "b.xlsx")])
    assert first == ""
    assert "Không ghi được" in second
