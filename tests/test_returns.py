"""Return workbooks that another process writes are those that this one would have written."""

import multiprocessing
import os
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from pipeline import returns
from pipeline.forms import Form, Forms
from pipeline.means import Untold
from pipeline.returns import Returns, write_batch
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


def written(folder: Path, forms: list[Form]) -> tuple[dict[str, bytes], list[str], int]:
    told = Counted()
    with Returns(forms, folder) as made:
        paths, failed = made.finish(told)
    return {path.name: path.read_bytes() for path in paths}, failed, told.count


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(returns, "MANY", 2)
    monkeypatch.setattr(returns, "_BATCH", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 2)


def test_another_process_writes_the_same(forms: list[Form], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone, none_failed, count = written(tmp_path / "alone", forms)
    assert len(alone) == len(forms) == count
    assert none_failed == []
    monkeypatch.setattr(returns, "MANY", 2)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    monkeypatch.setattr(returns, "_BATCH", len(forms))  # one batch, which the other takes
    monkeypatch.setattr(returns, "write_template", None)
    with Returns(forms, tmp_path / "beside") as made:
        while made._waiting:
            time.sleep(0.01)
        paths, failed = made.finish(Counted())
    assert ({path.name: path.read_bytes() for path in paths}, failed) == (alone, [])


def test_a_run_that_fails_leaves_no_process(forms: list[Form], tmp_path: Path, many: None) -> None:
    before = set(multiprocessing.active_children())
    with pytest.raises(ValueError, match="giữa chừng"), Returns(forms, tmp_path) as made:
        raise ValueError("giữa chừng")
    assert not made._thread.is_alive()
    assert set(multiprocessing.active_children()) <= before


def test_what_the_other_has_not_begun_is_written_here(
    forms: list[Form], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: None
) -> None:
    here: list[str] = []
    real = returns.write_template

    def noted(form: Form, path: Path) -> None:
        here.append(path.stem)
        real(form, path)

    monkeypatch.setattr(returns, "write_template", noted)
    made, failed, _ = written(tmp_path, forms)
    assert (len(made), failed) == (len(forms), [])
    # The last is far from the first, which the other process, still loading the program, has in hand.
    assert forms[-1].unit_code in here


def test_a_process_that_dies_costs_nothing_but_time(
    forms: list[Form], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: None
) -> None:
    submit = ProcessPoolExecutor.submit
    monkeypatch.setattr(ProcessPoolExecutor, "submit", lambda pool, call, batch: submit(pool, os._exit, 9))
    made, failed, count = written(tmp_path, forms)
    assert (len(made), failed, count) == (len(forms), [], len(forms))


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
