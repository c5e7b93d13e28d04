"""A difficulty's life: raised, carried, updated, resolved; silence is never an answer."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest

from pipeline.assess.lives import listed, live, no_lives, spoken_of, still_open
from schemas.columns import conform, records
from schemas.records import Difficulty
from schemas.words import DifficultyState, Update
from tests.year_support import year_plan

PLAN = year_plan()
OPEN, UNDERWAY, RESOLVED = DifficultyState
Q = {n: PLAN.period(f"2023-Q{n}") for n in (1, 2, 3, 4)}
LINES = {"unit_code": "Q1", "task_code": "A", "description": "Đường truyền chập chờn."}


def merged(*rows: dict[str, Any]) -> pd.DataFrame:
    """What the merge gives: rows as received, ``said`` the state as chosen."""
    full = [
        {"number": at, "at": at, "file": f"{row['unit_code']}.xlsx", "said": row.get("state")}
        | row
        | {"state": row.get("state") or OPEN.value}
        for at, row in enumerate(rows)
    ]
    frame = pd.DataFrame(full, columns=None if full else ["at", "said"])
    return conform(Difficulty, frame.assign(number=0)).assign(at=frame["at"], said=frame["said"])


def lives(*periods: Sequence[dict[str, Any]], heard: Sequence[set[str]] = ()) -> pd.DataFrame:
    """The lives after these periods, the first being quarter I."""
    known = no_lives()
    for number, rows in enumerate(periods, start=1):
        units = heard[number - 1] if heard else {"VP", "STC", "Q1", "Q2"}
        known = live(merged(*rows), known, PLAN, Q[number], units)
    return known


def told(frame: pd.DataFrame, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in records(frame)]


def test_an_id_is_the_period_the_unit_and_the_order_in_its_submission() -> None:
    first = {"unit_code": "STC", "task_code": "C", "description": "Thiếu người."}
    found = lives([LINES, first, LINES | {"description": "Thiếu máy."}])
    assert set(told(found, "difficulty_id", "description")) == {
        ("2023-Q1-Q1-1", "Đường truyền chập chờn."),
        ("2023-Q1-Q1-2", "Thiếu máy."),
        ("2023-Q1-STC-1", "Thiếu người."),
    }
    assert {row["update"] for row in records(found)} == {Update.NEW}


@pytest.mark.parametrize(
    ("second", "state", "update"),
    [
        ({"difficulty_id": "2023-Q1-Q1-1", "state": "Đang giải quyết"}, UNDERWAY, Update.UPDATED),
        ({"difficulty_id": "2023-Q1-Q1-1", "state": "Đã giải quyết"}, RESOLVED, Update.UPDATED),
        ({"difficulty_id": "2023-Q1-Q1-1", "state": "Chưa giải quyết"}, OPEN, Update.UPDATED),
        ({"difficulty_id": "2023-Q1-Q1-1", "cause": "Cáp đứt."}, OPEN, Update.UPDATED),
        ({"difficulty_id": "2023-Q1-Q1-1"}, OPEN, Update.SILENT),
        ({}, OPEN, Update.UPDATED),
        (None, OPEN, Update.SILENT),
    ],
    ids=["underway", "resolved", "still open", "another text", "as filled in", "typed again", "row deleted"],
)
def test_what_the_unit_does_with_a_carried_row(
    second: dict[str, Any] | None, state: DifficultyState, update: Update
) -> None:
    found = lives([LINES], [] if second is None else [LINES | second])
    assert told(found, "difficulty_id", "state", "update", "first_period", "periods_open") == [
        ("2023-Q1-Q1-1", state, update, "2023-Q1", 2)
    ]


def test_a_unit_that_sends_nothing_leaves_it_open_and_the_last_word_traced_to_its_period() -> None:
    found = lives([LINES], [], [], heard=[{"Q1"}, set(), set()])
    assert told(found, "state", "update", "file", "periods_open") == [(OPEN, Update.SILENT, "2023-Q1/Q1.xlsx", 3)]


def test_a_resolved_one_leaves_the_list_after_its_period_and_may_come_back() -> None:
    resolved = LINES | {"difficulty_id": "2023-Q1-Q1-1", "state": "Đã giải quyết"}
    after = lives([LINES], [resolved])
    assert len(listed(after, Q[2])) == 1
    assert still_open(after).empty
    third = lives([LINES], [resolved], [])
    assert listed(third, Q[3]).empty
    assert told(third, "state", "periods_open") == [(RESOLVED, 2)]
    again = lives([LINES], [resolved], [LINES | {"difficulty_id": "2023-Q1-Q1-1", "state": "Chưa giải quyết"}])
    assert told(listed(again, Q[3]), "difficulty_id", "state", "periods_open") == [("2023-Q1-Q1-1", OPEN, 3)]


def test_a_copied_row_is_a_new_difficulty_and_neither_is_lost() -> None:
    carried = LINES | {"difficulty_id": "2023-Q1-Q1-1", "state": "Đang giải quyết"}
    found = lives([LINES], [carried, carried | {"description": "Thiếu máy."}])
    assert set(told(found, "difficulty_id", "description", "update")) == {
        ("2023-Q1-Q1-1", "Đường truyền chập chờn.", Update.UPDATED),
        ("2023-Q2-Q1-1", "Thiếu máy.", Update.NEW),
    }


def test_another_units_id_is_not_taken_over() -> None:
    found = lives([LINES], [LINES | {"unit_code": "Q2", "difficulty_id": "2023-Q1-Q1-1"}])
    assert set(told(found, "difficulty_id", "unit_code", "update")) == {
        ("2023-Q1-Q1-1", "Q1", Update.SILENT),
        ("2023-Q2-Q2-1", "Q2", Update.NEW),
    }


B = {"unit_code": "Q1", "task_code": "B", "description": "Thiếu máy."}
C = {"unit_code": "Q1", "task_code": "C", "description": "Máy chủ hỏng."}
BACK = [LINES | {"difficulty_id": "2023-Q1-Q1-1", "state": "Đã giải quyết"}, B | {"difficulty_id": "2023-Q1-Q1-2"}]


@pytest.mark.parametrize(
    ("corrected", "expected"),
    [
        (
            [C, LINES, B],
            [
                ("2023-Q1-Q1-1", C, OPEN, Update.SILENT),
                ("2023-Q1-Q1-2", LINES, RESOLVED, Update.UPDATED),
                ("2023-Q1-Q1-3", B, OPEN, Update.SILENT),
            ],
        ),
        ([B], [("2023-Q1-Q1-1", B, OPEN, Update.SILENT), ("2023-Q2-Q1-1", LINES, RESOLVED, Update.NEW)]),
        (
            [B, LINES],
            [("2023-Q1-Q1-1", B, OPEN, Update.SILENT), ("2023-Q1-Q1-2", LINES, RESOLVED, Update.UPDATED)],
        ),
        (
            [LINES, B, C],
            [
                ("2023-Q1-Q1-1", LINES, RESOLVED, Update.UPDATED),
                ("2023-Q1-Q1-2", B, OPEN, Update.SILENT),
                ("2023-Q1-Q1-3", C, OPEN, Update.SILENT),
            ],
        ),
    ],
    ids=["inserted", "withdrawn", "reordered", "added below"],
)
def test_a_correction_after_the_templates_went_out_loses_and_doubles_nothing(
    corrected: list[dict[str, Any]], expected: list[tuple[str, dict[str, Any], Any, Any]]
) -> None:
    """The forms bear the ids of the submission that the correction replaced."""
    found = told(lives(corrected, BACK), "difficulty_id", "description", "state", "update")
    assert found == [(code, row["description"], state, update) for code, row, state, update in expected]


def test_an_edited_text_stays_the_same_difficulty_beside_one_that_bears_its_own_words() -> None:
    edited = LINES | {"difficulty_id": "2023-Q1-Q1-1", "description": "Mạng chậm."}
    found = lives([LINES, B], [edited, B | {"difficulty_id": "2023-Q1-Q1-2"}])
    assert told(found, "difficulty_id", "description", "update") == [
        ("2023-Q1-Q1-1", "Mạng chậm.", Update.UPDATED),
        ("2023-Q1-Q1-2", "Thiếu máy.", Update.SILENT),
    ]


def test_a_row_that_left_its_words_blank_is_of_its_id() -> None:
    cleared = {"unit_code": "Q1", "difficulty_id": "2023-Q1-Q1-2", "state": "Đã giải quyết"}
    found = lives([LINES, B], [cleared])
    assert told(found, "description", "state") == [(LINES["description"], OPEN), ("Thiếu máy.", RESOLVED)]


def test_words_of_a_closed_one_under_another_id_do_not_open_it_again() -> None:
    closed = LINES | {"difficulty_id": "2023-Q1-Q1-1", "state": "Đã giải quyết"}
    found = lives([LINES, B], [closed], [LINES | {"difficulty_id": "2023-Q1-Q1-2"}])
    assert told(listed(found, Q[3]), "difficulty_id", "description") == [("2023-Q1-Q1-2", LINES["description"])]
    assert told(found, "difficulty_id", "state")[0] == ("2023-Q1-Q1-1", RESOLVED)


def test_an_id_whose_period_is_gone_keeps_its_first_period() -> None:
    found = live(merged(LINES | {"difficulty_id": "2023-Q1-Q1-4"}), no_lives(), PLAN, Q[3], {"Q1"})
    assert told(found, "difficulty_id", "first_period", "periods_open") == [("2023-Q1-Q1-4", "2023-Q1", 3)]


def test_what_is_not_updated_does_not_explain() -> None:
    found = lives(
        [LINES, LINES | {"unit_code": "Q2"}], [LINES | {"difficulty_id": "2023-Q1-Q1-1", "state": "Đang giải quyết"}]
    )
    assert told(spoken_of(found), "unit_code") == [("Q1",)]


def test_an_ad_hoc_period_is_no_quarter_but_its_difficulties_live_on() -> None:
    ad_hoc = live(merged(LINES), no_lives(), PLAN, PLAN.period("2023-DX1"), {"Q1"})
    assert told(ad_hoc, "difficulty_id", "periods_open") == [("2023-DX1-Q1-1", 1)]
    third = live(merged(), ad_hoc, PLAN, Q[3], {"Q1"})
    assert told(third, "first_period", "periods_open", "update") == [("2023-DX1", 1, Update.SILENT)]


def test_a_year_shows_all_of_the_year_and_keeps_the_last_word_of_units_without_an_annual_report() -> None:
    resolved = LINES | {"difficulty_id": "2023-Q1-Q1-1", "state": "Đã giải quyết"}
    other = {"unit_code": "STC", "task_code": "C", "description": "Thiếu người."}
    known = lives([LINES, other], [resolved, other | {"difficulty_id": "2023-Q1-STC-1", "state": "Đang giải quyết"}])
    year = PLAN.period("2023-NAM")
    found = listed(live(merged(), known, PLAN, year, set()), year)
    assert set(told(found, "difficulty_id", "state", "update")) == {
        ("2023-Q1-Q1-1", RESOLVED, Update.UPDATED),
        ("2023-Q1-STC-1", UNDERWAY, Update.UPDATED),
    }
