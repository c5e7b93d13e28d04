"""What changed between two submissions of a unit, cell by cell."""

from pathlib import Path

import pandas as pd
import pytest

from pipeline.plan.model import Plan
from pipeline.receive import receive
from pipeline.versions import revisions, with_changes
from schemas.words import Verdict
from tests.support import SAVED, fill

FIRST = {
    ("tasks", "A", "state"): "Đang thực hiện",
    ("tasks", "A", "result"): "Đang số hóa",
    ("indicators", "A.1", "numerator"): 5,
    ("answer", "", "has_difficulty"): "Không",
}


@pytest.fixture
def inbox(tmp_path: Path, other_templates: Path) -> Path:
    fill(other_templates / "Q1.xlsx", tmp_path / "đầu.xlsx", FIRST)
    changed = FIRST | {
        ("tasks", "A", "result"): "Đã số hóa xong",
        ("indicators", "A.1", "numerator"): 7,
        ("indicators", "A.1", "denominator"): 10,
        ("answer", "", "has_difficulty"): "Có",
        ("difficulties", "0", "description"): "Thiếu máy quét",
    }
    fill(other_templates / "Q1.xlsx", tmp_path / "sau.xlsx", changed, SAVED.replace(day=12))
    fill(other_templates / "Q1.xlsx", tmp_path / "trùng.xlsx", changed, SAVED.replace(day=13))
    return tmp_path


def test_each_cell_that_differs(inbox: Path, other_plan: Plan) -> None:
    received = receive(inbox, other_plan, other_plan.period("2023-Q1"))
    changes = revisions(received.ledger, received.contents)
    shown = changes[["sheet", "key", "field", "before", "after"]]
    assert shown.astype("object").where(shown.notna(), None).to_numpy().tolist() == [
        ["Nhiệm vụ", "A", "Kết quả thực hiện", "Đang số hóa", "Đã số hóa xong"],
        ["Chỉ tiêu", "A.1", "Mẫu số", None, "10"],
        ["Chỉ tiêu", "A.1", "Tử số / số lượng", "5", "7"],
        ["Khó khăn", "dòng 1", "Trả lời", "Không", "Có"],
        ["Khó khăn", "dòng 1", "Khó khăn, vướng mắc", None, "Thiếu máy quét"],
    ]
    assert set(changes["superseded"]) == {"đầu.xlsx"}
    assert set(changes["used"]) == {"sau.xlsx"}
    ledger = with_changes(received.ledger, changes).set_index("file")
    assert ledger.at["đầu.xlsx", "reason"].endswith("Khác 5 ô, xem sheet “Bản thay thế”.")
    assert ledger.at["trùng.xlsx", "reason"] == "Trùng số liệu với sau.xlsx."
    assert list(ledger["verdict"]) == [Verdict.USED, Verdict.SUPERSEDED, Verdict.SUPERSEDED]


def test_a_table_that_one_version_lacks(inbox: Path, other_plan: Plan) -> None:
    received = receive(inbox, other_plan, other_plan.period("2023-Q1"))
    del received.contents[2].tables["indicators"]
    changes = revisions(received.ledger, received.contents)
    assert changes[changes["sheet"] == "Chỉ tiêu"]["before"].isna().all()


def test_nothing_superseded(other_plan: Plan, tmp_path: Path) -> None:
    received = receive(tmp_path, other_plan, other_plan.period("2023-Q1"))
    changes = revisions(received.ledger, received.contents)
    assert changes.empty
    assert isinstance(with_changes(received.ledger, changes), pd.DataFrame)
