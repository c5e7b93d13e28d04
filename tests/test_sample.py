"""The illustrative submissions: how they are filled, what they tell, and that they are the same on every run."""

import hashlib
import zipfile
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.errors import CannotRun
from pipeline.forms import blank_form
from pipeline.plan.load import load_plan
from pipeline.plan.model import Plan
from pipeline.sample import story
from pipeline.sample.fill import Filling
from pipeline.sample.make import QUARTERS, make_sample
from pipeline.write.plan_book import write_plan
from pipeline.write.template import write_template
from schemas.words import IndicatorKind
from tests.support import ROOT

# The leads, and one unit of each kind of story; small enough to be made in a test.
UNITS = ("VPUB", "STTTT", "SKHDT", "STP", "SGTVT", "SCT", "BDT", "BQLKCN", "HPH")
REAL = "Báo cáo thật của Sở Y tế.xlsx"


@pytest.fixture(scope="module")
def few_units(tmp_path_factory: pytest.TempPathFactory, plan_2021: Plan) -> Path:
    """The shipped plan with a few of its units."""
    units = plan_2021.units[plan_2021.units["unit_code"].isin(UNITS)].reset_index(drop=True)
    known = [*UNITS, *plan_2021.groups["group_code"]]
    assignments = plan_2021.assignments[plan_2021.assignments["assignee"].isin(known)].reset_index(drop=True)
    targets = plan_2021.targets[plan_2021.targets["assignee"].isin(known)].reset_index(drop=True)
    path = tmp_path_factory.mktemp("few") / "ke-hoach.xlsx"
    write_plan(replace(plan_2021, units=units, assignments=assignments, targets=targets), path)
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, few_units: Path) -> tuple[Path, list[Path]]:
    inputs = tmp_path_factory.mktemp("inputs")
    return inputs, make_sample(few_units, inputs)


@pytest.fixture(scope="module")
def again(
    tmp_path_factory: pytest.TempPathFactory, few_units: Path, made: tuple[Path, list[Path]]
) -> tuple[Path, list[Path]]:
    """Made a second time, into a folder that holds an earlier sample and a workbook that a unit really sent."""
    inputs = tmp_path_factory.mktemp("again")
    (inputs / "2021-Q2").mkdir()
    (inputs / "2021-Q2" / "HPH.xlsx").write_bytes((made[0] / "2021-Q2" / "SKHDT.xlsx").read_bytes())
    (inputs / "2021-Q2" / REAL).write_bytes(b"what the unit sent")
    return inputs, make_sample(few_units, inputs)


@cache
def opened(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path)


def cells(path: Path, sheet: str, key: str) -> dict[str, dict[str, Any]]:
    """The rows of a table by their key, found by the row of field names."""
    rows = [list(row) for row in opened(path)[sheet].iter_rows(values_only=True)]
    top = next(at for at, row in enumerate(rows) if key in row)
    found = [dict(zip(rows[top], row, strict=True)) for row in rows[top + 2 :]]
    return {str(row[key]): row for row in found if row[key] is not None}


def saved(path: Path) -> datetime:
    """dcterms:modified, which is in UTC."""
    found: datetime = opened(path).properties.modified
    return found


# --- what is made -------------------------------------------------------------------------------------------------


def test_every_unit_sends_one_workbook_a_quarter_but_for_the_story(made: tuple[Path, list[Path]]) -> None:
    inputs, written = made
    for quarter in QUARTERS:
        names = {path.stem for path in (inputs / f"2021-{quarter}").iterdir()}
        first = {f"{unit} (bản đầu)" for unit in story.CORRECTED[quarter]}
        assert names == (set(UNITS) - set(story.MISSING[quarter])) | first
    assert sorted(written) == sorted(path for path in inputs.rglob("*") if path.is_file())


def test_workbooks_are_saved_on_the_days_of_the_story(made: tuple[Path, list[Path]]) -> None:
    """Due 2021-03-22 and 2021-06-21; late by the days told, else before the due date, within Hanoi's office hours."""
    due = {"Q1": datetime(2021, 3, 22), "Q2": datetime(2021, 6, 21)}
    for path in made[1]:
        quarter = path.parent.name[-2:]
        local = saved(path).hour + 7
        assert 8 <= local <= 17, path.name
        days = (saved(path) - due[quarter]).days
        assert days == story.LATE[quarter].get(path.stem, days)
        assert days < 0 or path.stem in story.LATE[quarter], path.name


def test_the_correction_is_sent_after_the_first_version_and_differs_in_one_figure(
    made: tuple[Path, list[Path]],
) -> None:
    first, second = (made[0] / "2021-Q2" / name for name in ("HPH (bản đầu).xlsx", "HPH.xlsx"))
    assert saved(first) < saved(second)
    before, after = (cells(path, "Chỉ tiêu", "indicator_code") for path in (first, second))
    assert before["II.2.1"]["numerator"] != after["II.2.1"]["numerator"]
    assert before | {"II.2.1": after["II.2.1"]} == after


def test_figures_are_possible(made: tuple[Path, list[Path]]) -> None:
    for path in made[1]:
        if path.stem in story.MISTAKEN[path.parent.name[-2:]]:
            continue
        for code, row in cells(path, "Chỉ tiêu", "indicator_code").items():
            top, below = row["numerator"], row["denominator"]
            assert top is not None, (path.name, code)
            assert top in ("Có", "Không") or (isinstance(top, int) and top >= 0)
            assert below is None or (isinstance(below, int) and top <= below)
            assert (below is None) == (row["denominator_label"] == "Không cần mẫu số")
            assert "minh họa" in row["note"]


def test_a_unit_with_nothing_to_report_says_so_and_gives_zeros(made: tuple[Path, list[Path]]) -> None:
    path = made[0] / "2021-Q2" / "BDT.xlsx"
    assert {row["state"] for row in cells(path, "Nhiệm vụ", "task_code").values()} == {"Không phát sinh"}
    assert {row["numerator"] for row in cells(path, "Chỉ tiêu", "indicator_code").values()} == {0}
    assert {row["denominator"] for row in cells(path, "Chỉ tiêu", "indicator_code").values()} == {0, None}


def test_mistakes_stand_in_the_cells_of_the_story(made: tuple[Path, list[Path]]) -> None:
    path = made[0] / "2021-Q2" / "SGTVT.xlsx"
    found = {"tasks": cells(path, "Nhiệm vụ", "task_code"), "indicators": cells(path, "Chỉ tiêu", "indicator_code")}
    for mistake in story.MISTAKES:
        assert found[mistake.table][mistake.key][mistake.field] == mistake.typed
    in_first_quarter = cells(made[0] / "2021-Q1" / "SGTVT.xlsx", "Chỉ tiêu", "indicator_code")
    assert all(isinstance(row["numerator"], int) for row in in_first_quarter.values())


def test_difficulties_are_written_word_for_word_and_the_question_answered(made: tuple[Path, list[Path]]) -> None:
    for path in made[1]:
        quarter = path.parent.name[-2:]
        told = [row for row in story.DIFFICULTIES if row.unit == path.stem.split(" ")[0] and quarter in row.quarters]
        rows = cells(path, "Khó khăn", "description")
        assert [(row["task_code"], text, row["cause"]) for text, row in rows.items()] == [
            (row.task, row.description, f"{row.cause} ({story.MARK.lower()})".strip()) for row in told
        ]
        answers = list(cells(path, "Khó khăn", "has_difficulty"))
        assert answers[0] == ("Có" if told else "Không"), path.name


def test_the_same_bytes_again_and_what_was_there_is_made_anew(
    made: tuple[Path, list[Path]], again: tuple[Path, list[Path]]
) -> None:
    assert [path.relative_to(again[0]) for path in again[1]] == [path.relative_to(made[0]) for path in made[1]]
    for first, second in zip(made[1], again[1], strict=True):
        assert hashlib.sha256(first.read_bytes()).digest() == hashlib.sha256(second.read_bytes()).digest(), first.name


def test_a_workbook_that_is_no_sample_is_never_overwritten(tmp_path: Path, few_units: Path) -> None:
    """Neither a template that a unit filled nor a file that cannot be read; nothing at all is written then."""
    plan = load_plan(few_units)
    (tmp_path / "2021-Q2").mkdir()
    write_template(blank_form(plan, plan.period("2021-Q2"), "STP"), tmp_path / "2021-Q2" / "STP.xlsx")
    (tmp_path / "2021-Q2" / "HPH.xlsx").write_bytes(b"what the unit sent")
    with pytest.raises(CannotRun, match="Không ghi đè bản nộp thật") as refused:
        make_sample(few_units, tmp_path)
    assert "STP.xlsx" in str(refused.value)
    assert "HPH.xlsx" in str(refused.value)
    assert sorted(path.name for path in tmp_path.rglob("*.xlsx")) == ["HPH.xlsx", "STP.xlsx"]


def test_a_workbook_that_is_no_sample_is_never_deleted(again: tuple[Path, list[Path]]) -> None:
    """Inputs are never written to: what a unit really sent must survive the making of a sample."""
    real = again[0] / "2021-Q2" / REAL
    assert real.exists()
    assert real.read_bytes() == b"what the unit sent"


# --- the story against the plan and the committed files -----------------------------------------------------------


def test_the_story_speaks_of_the_plans_units_tasks_and_indicators(plan_2021: Plan) -> None:
    units, tasks = set(plan_2021.units["unit_code"]), set(plan_2021.tasks["task_code"])
    for quarter in QUARTERS:
        for group in (story.LATE, story.MISSING, story.CORRECTED, story.NONE_ARISING, story.MISTAKEN):
            assert set(group[quarter]) <= units
        communes = plan_2021.units.dropna(subset=["communes"]).set_index("unit_code")["communes"]
        assert set(story.COMMUNES[quarter]) == set(communes.index)
        assert all(story.COMMUNES[quarter][unit] <= count for unit, count in communes.items())
    assert {row.unit for row in story.DIFFICULTIES} <= units
    assert {row.task for row in story.DIFFICULTIES} | set(story.RESULTS) <= tasks
    assert set(story.RESULTS) == tasks
    assert len([row for row in story.DIFFICULTIES if "Q2" in row.quarters]) >= 12
    kinds = plan_2021.indicator_kinds
    for code, by_quarter in story.PROVINCE.items():
        for top, below in by_quarter.values():
            assert (below is not None) == kinds[code].has_denominator
            assert (top in ("Có", "Không")) == (kinds[code] == IndicatorKind.MILESTONE)
            assert below is None or top <= below
    leads = {(unit, task) for task in tasks for unit in plan_2021.leads(task)}
    assert set(story.LEAD_RESULTS) == leads


def test_a_cumulative_count_never_falls_from_one_quarter_to_the_next() -> None:
    first, second = (
        {path.stem: path for path in (ROOT / "input" / f"2021-{quarter}").iterdir()} for quarter in QUARTERS
    )
    for unit in set(first) & set(second) - set(story.MISTAKEN["Q2"]):
        rooms = [cells(found[unit], "Chỉ tiêu", "indicator_code")["II.1.2"]["numerator"] for found in (first, second)]
        assert rooms[0] <= rooms[1], unit


# --- filling ------------------------------------------------------------------------------------------------------


def test_filling_types_by_code_and_field_and_says_when_it_was_saved(other_templates: Path, tmp_path: Path) -> None:
    filling = Filling(other_templates / "STC.xlsx")
    assert list(filling.keys("tasks")) == ["A", "C"]
    assert list(filling.keys("indicators")) == ["A.1", "A.3"]
    filling.put("indicators", "A.3", {"numerator": 3, "denominator": 4})
    filling.put("info", "prepared_by", {"value": "Nguyễn Văn A"})
    filling.answer("Có")
    filling.difficulty(0, {"description": "một"})
    filling.difficulty(1, {"description": "hai", "task_code": "A"})
    path = tmp_path / "a" / "STC.xlsx"
    filling.save(path, datetime(2023, 3, 10, 5, 30))
    assert cells(path, "Chỉ tiêu", "indicator_code")["A.3"]["numerator"] == 3
    assert cells(path, "Chỉ tiêu", "indicator_code")["A.1"]["numerator"] is None
    assert cells(path, "Thông tin", "key")["prepared_by"]["value"] == "Nguyễn Văn A"
    assert list(cells(path, "Khó khăn", "description")) == ["một", "hai"]
    assert saved(path) == datetime(2023, 3, 9, 22, 30)
    with zipfile.ZipFile(path) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_filling_keeps_what_the_template_holds(other_templates: Path, tmp_path: Path) -> None:
    filling = Filling(other_templates / "Q2.xlsx")
    filling.save(tmp_path / "Q2.xlsx", datetime(2023, 3, 10))
    before, after = (openpyxl.load_workbook(folder / "Q2.xlsx") for folder in (other_templates, tmp_path))
    assert after.sheetnames == before.sheetnames
    for sheet in before:
        kept, held = ([[value or None for value in row] for row in one.values] for one in (after[sheet.title], sheet))
        assert kept == held
        assert len(after[sheet.title].data_validations.dataValidation) == len(sheet.data_validations.dataValidation)
        assert after[sheet.title].sheet_state == sheet.sheet_state


def test_filling_refuses_a_code_that_the_template_lacks(other_templates: Path) -> None:
    with pytest.raises(KeyError):
        Filling(other_templates / "STC.xlsx").put("tasks", "B", {"state": "Hoàn thành"})


def test_filling_refuses_a_workbook_that_is_no_template(other_templates: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(other_templates / "STC.xlsx")
    sheet = book["Chỉ tiêu"]
    field = next(cell for row in sheet for cell in row if cell.value == "denominator")
    field.value = None
    book.save(tmp_path / "other.xlsx")
    with pytest.raises(LookupError, match="indicators"):
        Filling(tmp_path / "other.xlsx")
