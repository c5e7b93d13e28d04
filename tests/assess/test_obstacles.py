"""Which difficulties are of the same obstacle, and in what order the list stands."""

from typing import Any

import pandas as pd
import pytest

from pipeline.assess.obstacles import THRESHOLD, arrange, obstacles
from pipeline.sample import story
from schemas.columns import conform, records
from schemas.glossary import notes
from schemas.records import Difficulty
from schemas.words import DifficultyState, Update
from tests.year_support import year_plan

PLAN = year_plan()


def difficulties(*rows: tuple[str, str, str], **more: Any) -> pd.DataFrame:
    made = [
        {"unit_code": unit, "task_code": task, "description": text, "first_period": "2023-Q1", "number": 0}
        | {"state": DifficultyState.OPEN, "update": Update.NEW, "difficulty_id": f"{unit}-{at}", "periods_open": 1}
        | more
        for at, (unit, task, text) in enumerate(rows)
    ]
    return conform(Difficulty, made)


def groups(frame: pd.DataFrame) -> list[tuple[str, str]]:
    return [(row["unit_code"], row["group"] if isinstance(row["group"], str) else "") for row in records(frame)]


SLOW = "Đường truyền tại một số xã chập chờn, họp trực tuyến hay bị gián đoạn."
LIKE = "Họp trực tuyến bị gián đoạn do đường truyền các xã, phường chập chờn."
BARE = "hop truc tuyen hay bi gian doan, duong truyen tai mot so xa chap chon"
MONEY = "Chưa có kinh phí mua thiết bị họp trực tuyến cho cấp xã."


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([("Q1", "A", SLOW), ("Q2", "A", LIKE)], {"Nhóm 1"}),
        ([("Q1", "A", SLOW), ("Q2", "A", BARE)], {"Nhóm 1"}),
        ([("Q1", "A", SLOW), ("Q2", "A", MONEY)], {""}),
        ([("Q1", "A", SLOW), ("Q2", "B", SLOW)], {""}),
        ([("Q1", "A", SLOW), ("Q1", "A", SLOW)], {""}),
        ([("Q1", "A", ""), ("Q2", "A", "")], {""}),
        ([], set()),
    ],
    ids=["other words", "no accents, other order", "another obstacle", "another task", "one unit", "no text", "none"],
)
def test_two_units_raise_the_same_obstacle(rows: list[tuple[str, str, str]], expected: set[str]) -> None:
    assert {group for _, group in groups(arrange(difficulties(*rows), PLAN))} == expected


def test_the_notes_state_the_threshold() -> None:
    assert any(f"{THRESHOLD}/100" in row["text"] for row in notes())


def test_texts_stay_verbatim() -> None:
    rows = arrange(difficulties(("Q1", "A", SLOW), ("Q2", "A", LIKE)), PLAN)
    assert list(rows["description"]) == [SLOW, LIKE]


def test_the_samples_groups(plan_2021: Any) -> None:
    """The effect of the threshold on the sample: four obstacles that a reader would take for the same, no other."""
    told = list(story.DIFFICULTIES)
    frame = difficulties(*((row.unit, row.task, row.description) for row in told), first_period="2021-Q1")
    found = arrange(frame, plan_2021)
    shared = [set(rows["unit_code"]) for _, rows in found.dropna(subset=["group"]).groupby("group")]
    assert sorted(map(sorted, shared)) == [
        ["HCT", "TPNB"],
        ["HLM", "HVT", "TXLM"],
        ["HPH", "STP"],
        ["SGDDT", "SLDTBXH"],
    ]


def test_open_before_closed_the_oldest_and_the_most_shared_first() -> None:
    frame = difficulties(
        ("VP", "C", "Việc mới."),
        ("Q1", "A", SLOW),
        ("Q2", "A", LIKE),
        ("STC", "C", "Việc cũ đã xong."),
        ("STC", "A", "Việc cũ còn vướng."),
    )
    frame["first_period"] = ["2023-Q2", "2023-Q2", "2023-Q1", "2023-Q1", "2023-Q1"]
    frame["state"] = frame["state"].mask(frame["description"] == "Việc cũ đã xong.", DifficultyState.RESOLVED.value)
    found = arrange(frame, PLAN)
    assert groups(found) == [("Q2", "Nhóm 1"), ("Q1", "Nhóm 1"), ("STC", ""), ("VP", ""), ("STC", "")]
    assert list(found["number"]) == [1, 2, 3, 4, 5]
    assert list(found["first_period"]) == ["Quý I", "Quý II", "Quý I", "Quý II", "Quý I"]


def test_one_row_an_obstacle_headed_by_the_oldest_units_words() -> None:
    frame = difficulties(("Q1", "A", SLOW), ("Q2", "A", LIKE), ("STC", "C", "Khác."))
    frame["addressed_to"] = ["Sở A", "Sở A", None]
    frame["first_period"] = ["2023-Q2", "2023-Q1", "2023-Q1"]
    frame["periods_open"] = [1.0, 2.0, 2.0]
    [row] = records(obstacles(arrange(frame, PLAN), PLAN))
    assert (row["heading"], row["units"], row["unit_names"]) == (LIKE, 2, "Quận 2; Quận 1")
    assert (row["addressed_to"], row["first_period"], row["periods_open"]) == ("Sở A", "Quý I", 2)
    assert row["states"] == "Chưa giải quyết: 2"
