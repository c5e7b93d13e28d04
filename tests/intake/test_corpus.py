"""Whatever lies in the inbox: each bad file gets its own message, and the good ones count as if it were not there."""

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.plan.model import Plan
from schemas.columns import records
from schemas.words import Remark, Verdict
from tests.corpus import BAD, UNUSUAL, Bad, lay, pack
from tests.intake.conftest import Judged, Ran, judge, state_of
from tests.support import ROOT, sheet_values

SAME_REASON = (  # files that need the same remedy may share their words
    {"mat-khau.xlsx", "mat-khau.ods", "zip-mat-khau.zip"},
    {"cut.xlsx", "lat-bit.xlsx", "lap-am.ods"},
    {"csv.xlsx", "csv-utf16.xlsx", "csv-pk.xlsx", "csv-bm.xlsx"},
    {"anh.xlsx", "anh.bmp"},
    {"doctype.xlsx", "doctype.ods"},
    {"word.xlsx", "word-cu.xls"},
    {"lien-ket.xlsx", "lien-ket-gay.xlsx", "lien-ket-thu-muc"},
    {"thu.eml", "thu.msg"},
    {"khong-bang-tinh.zip", "zip-rong.zip"},
    {"bom-noi-doi.xlsx", "bom-nen.xlsx"},
    {"~$khoa.xlsx", ".~lock.khoa.xlsx#"},
    {"Thumbs.db", ".DS_Store", "desktop.ini"},
)


def of_files(frame: pd.DataFrame, files: set[str]) -> list[dict[str, Any]]:
    """The rows that came from these files, without what numbers them within a run."""
    plain = frame.drop(columns=["source", "index"], errors="ignore")
    return [row for row in records(plain.astype("object").where(plain.notna(), None)) if row["file"] in files]


def assert_same(one: Judged, other: Judged, files: set[str]) -> None:
    """The facts are equal, and so is all that stands of these files."""
    for name in ("progress", "figures", "difficulties"):
        pd.testing.assert_frame_equal(getattr(one.facts, name), getattr(other.facts, name))
    for name in ("ledger", "issues"):
        assert of_files(getattr(one, name), files) == of_files(getattr(other, name), files)


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_each_bad_file_has_one_line_and_its_message(beside: Ran, bad: Bad) -> None:
    row = beside.judged.lines[bad.name]
    assert (row["verdict"], row["code"]) == (bad.verdict, bad.code)
    assert bad.says in row["reason"]
    issues = beside.judged.issues
    found = issues[issues["file"] == bad.name]
    assert list(found["code"]) == ([bad.code] if bad.code else [])
    if bad.code:
        assert bad.says in found["message"].iloc[0]
        assert found["remedy"].iloc[0]


def test_messages_are_distinct(beside: Ran) -> None:
    """But for groups that are mended in the same way, no two kinds of trouble share their words."""
    found = beside.judged.lines
    reasons = Counter(found[bad.name]["reason"] for bad in BAD)
    shared = {reason: {bad.name for bad in BAD if found[bad.name]["reason"] == reason} for reason in reasons}
    assert [names for names in shared.values() if len(names) > 1 and names not in SAME_REASON] == []


def test_every_entry_and_everything_inside_has_exactly_one_line(beside: Ran) -> None:
    files = list(beside.judged.ledger["file"])
    assert len(files) == len(set(files))
    outside = {path.name for path in beside.inbox.iterdir()}
    assert {file for file in files if " › " not in file} == outside


def test_the_good_files_give_what_they_give_alone(alone: Ran, beside: Ran) -> None:
    files = {"VP.xlsx", "STC.xlsx", "Q1.xlsx"}
    assert_same(alone.judged, beside.judged, files)
    assert {beside.judged.lines[file]["verdict"] for file in files} == {Verdict.USED}
    assert [path.name for path in sorted((alone.out / "tra-lai").iterdir())] == [
        path.name for path in sorted((beside.out / "tra-lai").iterdir())
    ]
    for path in (alone.out / "tra-lai").iterdir():
        assert path.read_bytes() == (beside.out / "tra-lai" / path.name).read_bytes()
    for sheet in ("Nhiệm vụ", "Chỉ tiêu", "Chi tiết nhiệm vụ", "Chi tiết chỉ tiêu", "Khó khăn"):
        books = [ran.out / f"tong-hop-{ran.outcome.report.period.period_code}.xlsx" for ran in (alone, beside)]
        assert sheet_values(books[0], sheet) == sheet_values(books[1], sheet)


def test_the_inbox_is_as_it_was(alone: Ran, beside: Ran) -> None:
    for ran in (alone, beside):
        assert state_of(ran.inbox) == ran.before


def test_an_archive_nested_too_deep_ends_in_words(beside: Ran) -> None:
    found = [row for file, row in beside.judged.lines.items() if file.startswith("long-nhau.zip")]
    assert [row["verdict"] for row in found] == [Verdict.OPENED] * 5 + [Verdict.REJECTED]
    assert "lồng nhau quá 5 lớp" in found[-1]["reason"]


@pytest.mark.parametrize("name", UNUSUAL)
def test_unusual_but_good(name: str, filled: Path, other_plan: Plan, tmp_path: Path) -> None:
    """Strict Open XML, macros, links, a million formatted rows, prefixes: the same figures, and the flag."""
    inboxes = [tmp_path / "plain", tmp_path / "made"]
    for inbox in inboxes:
        inbox.mkdir()
    shutil.copy(filled / "Q2.xlsx", inboxes[0])
    UNUSUAL[name](inboxes[1] / "Q2.xlsx", filled / "Q2.xlsx")
    plain, made = (judge(other_plan, inbox) for inbox in inboxes)
    for facts in ("progress", "figures", "difficulties"):
        pd.testing.assert_frame_equal(getattr(plain.facts, facts), getattr(made.facts, facts))
    row = made.lines["Q2.xlsx"]
    assert row["verdict"] == Verdict.USED
    flags = {"strict": (Remark.STRICT, ""), "macro": (Remark.MACRO, "TT24"), "link": (Remark.LINKS, "TT25")}
    remark, code = flags.get(name, (None, ""))
    assert row["remarks"] == remark or (remark is None and pd.isna(row["remarks"]))
    new = set(made.issues["code"]) - set(plain.issues["code"])
    assert new == ({code} if code else set())


def test_a_whole_real_quarter_beside_every_bad_file(plan_2021: Plan, tmp_path: Path) -> None:
    """The sample's submissions give exactly what they give alone."""
    sample = ROOT / "input" / "2021-Q2"
    one = judge(plan_2021, sample, "2021-Q2")
    shutil.copytree(sample, tmp_path / "inbox")
    lay(tmp_path / "inbox", sample / "SNV.xlsx")
    files = {path.name for path in sample.iterdir()}
    before = state_of(tmp_path / "inbox")
    other = judge(plan_2021, tmp_path / "inbox", "2021-Q2")
    assert_same(one, other, files)
    assert state_of(tmp_path / "inbox") == before
    assert {bad.name for bad in BAD} < set(other.ledger["file"])


def test_a_bad_file_inside_a_mail_or_archive_costs_only_itself(filled: Path, other_plan: Plan, tmp_path: Path) -> None:
    """Each member is judged as if it had been sent alone."""
    inbox, made = tmp_path / "inbox", tmp_path / "made"
    inbox.mkdir()
    made.mkdir()
    kinds = [bad for bad in BAD if bad.name in ("mat-khau.xlsx", "o-xa.xlsx", "dem-chuoi.xlsx", "doctype.xlsx")]
    for bad in kinds:
        bad.make(made / bad.name, filled / "Q2.xlsx")
    shutil.copy(filled / "Q2.xlsx", made)
    pack(inbox / "nop.zip", {path.name: path.read_bytes() for path in sorted(made.iterdir())})
    found = judge(other_plan, inbox).lines
    assert {bad.name: found[f"nop.zip › {bad.name}"]["code"] for bad in kinds} == {bad.name: bad.code for bad in kinds}
    assert found["nop.zip › Q2.xlsx"]["verdict"] == Verdict.USED
    assert found["nop.zip"]["verdict"] == Verdict.OPENED
