"""The annual report: four quarters and some annual submissions, every figure against sums made here."""

import random
import shutil
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from pipeline.brief.situation import submissions
from pipeline.cli import main
from pipeline.decide import write_decisions
from pipeline.errors import CannotRun
from pipeline.letters.run import write_letters
from pipeline.plan.load import load_plan
from pipeline.plan.model import Plan
from pipeline.run import Outcome, run
from pipeline.stamp import make_key
from pipeline.summary import summarise
from schemas.words import IndicatorKind, Role
from tests.plan.test_in_force import MERGED, rows
from tests.support import _indicator, fill, table_values
from tests.year_support import BY_PERIOD, QUARTERS, Cells, Year, difficulty, figure, periods, state, year_plan

FIGURES = {
    # unit: the indicators that it reports
    "VP": ("A.1", "B.1", "C.1"),
    "STC": ("A.1", "A.3"),
    "Q1": ("A.1", "A.2"),
    "Q2": ("A.1", "A.2"),
}
TASKS = {"VP": ("A", "B", "C"), "STC": ("A", "C"), "Q1": ("A", "B"), "Q2": ("A", "B")}
SILENT = {("2023-Q3", "Q2"), ("2023-Q4", "VP")}
ANNUAL = {("Q1", "A.1"): (333.0, 444.0), ("Q1", "A.2"): (55.0, None)}
Pair = tuple[float, float | None]


def numbers() -> dict[tuple[str, str, str], Pair]:
    """By quarter, unit and indicator: what was reported."""
    chance = random.Random(23)  # noqa: S311 - figures, the same every time
    told: dict[tuple[str, str, str], Pair] = {}
    for quarter, period in enumerate(QUARTERS, start=1):
        for unit, codes in FIGURES.items():
            for code in codes:
                below = chance.randint(100, 200) * quarter
                pairs: dict[str, Pair] = {"C.1": (float(quarter > 1), None), "A.2": (chance.randint(5, 9) + 0.5, None)}
                if (period, unit) not in SILENT:
                    told[period, unit, code] = pairs.get(code, (round(below * 0.6 + quarter), below))
    return told


TOLD = numbers()


def cells(period: str, unit: str) -> Cells:
    typed: dict[tuple[str, str, str], Any] = {("answer", "", "has_difficulty"): "Không"}
    for task in TASKS[unit]:
        typed |= state(task)
    for code in FIGURES[unit]:
        top, below = TOLD[period, unit, code]
        typed |= figure(code, ("Có" if top else "Không") if code == "C.1" else top, below)
    return typed


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    made = Year(tmp_path_factory.mktemp("year"))
    for period in QUARTERS:
        sent = {unit: dict(cells(period, unit)) for unit in FIGURES if (period, unit) not in SILENT}
        if period == "2023-Q2":
            sent["Q1"] |= difficulty(0, task_code="A", description="Thiếu máy quét.")
        made.send(period, sent)
    annual: dict[tuple[str, str, str], Any] = state("A", "Hoàn thành", completed_on="15/12/2023") | state("B")
    for (_, code), (top, below) in ANNUAL.items():
        annual |= figure(code, top, below)
    made.send("2023-NAM", {"Q1": annual})
    return made


@pytest.fixture(scope="module")
def report(year: Year) -> Outcome:
    outcome = year.run("2023-NAM")
    assert outcome.failed == []
    return outcome


def expected(unit: str, code: str) -> Pair | None:
    """Cumulative: the last quarter told; by period: the quarters added up; an annual submission stands for itself."""
    if (unit, code) in ANNUAL:
        return ANNUAL[unit, code]
    told = [TOLD[period, unit, code] for period in QUARTERS if (period, unit, code) in TOLD]
    if not told:
        return None
    if code in BY_PERIOD:
        below = [pair[1] for pair in told if pair[1] is not None]
        return sum(pair[0] for pair in told), sum(below) if below else None
    return told[-1]


def test_every_units_figure(year: Year, report: Outcome) -> None:
    rows = {
        (row["unit_code"], row["indicator_code"]): row
        for row in table_values(year.book("2023-NAM"), "Chi tiết chỉ tiêu")
    }
    assert set(rows) == {(unit, code) for unit, codes in FIGURES.items() for code in codes}
    for (unit, code), row in rows.items():
        pair = expected(unit, code)
        assert pair is not None
        assert row["numerator"] == pytest.approx(pair[0]), (unit, code)
        if code not in ("A.2", "C.1"):
            assert row["denominator"] == pair[1], (unit, code)
            assert row["rate"] == pytest.approx(pair[0] / pair[1])  # type: ignore[operator]


def test_every_total(year: Year, report: Outcome) -> None:
    scopes = {
        ("A.1", "Các sở"): ("VP", "STC"),
        ("A.1", "Các quận"): ("Q1",),
        ("A.1", "Quận 2"): ("Q2",),
        ("A.2", "Các quận"): ("Q1", "Q2"),
        ("A.3", "Sở TC"): ("STC",),
        ("B.1", "VP"): ("VP",),
        ("C.1", "VP"): ("VP",),
    }
    base = {"A.3": 0.3, "B.1": 0.4}
    rows = {(row["indicator_code"], row["scope_name"]): row for row in table_values(year.book("2023-NAM"), "Chỉ tiêu")}
    assert set(rows) == set(scopes)
    for (code, scope), units in scopes.items():
        pairs = [pair for unit in units if (pair := expected(unit, code)) is not None]
        top, below = sum(pair[0] for pair in pairs), sum(pair[1] or 0 for pair in pairs)
        value = top if code == "A.2" else top if code == "C.1" else top / below
        value = value - 0.3 if code == "A.3" else (value - base["B.1"]) / base["B.1"] if code == "B.1" else value
        row = rows[code, scope]
        assert row["value"] == pytest.approx(value), (code, scope)
        assert (row["units_reported"], row["units_expected"]) == (len(pairs), len(units))
        for quarter in (1, 2, 3, 4):
            told = [TOLD[f"2023-Q{quarter}", unit, code] for unit in units if (f"2023-Q{quarter}", unit, code) in TOLD]
            if not told:
                assert row[f"value_q{quarter}"] is None
            elif code in ("A.1", "A.2"):
                low = sum(pair[1] or 0 for pair in told)
                high = sum(pair[0] for pair in told)
                assert row[f"value_q{quarter}"] == pytest.approx(high / low if low else high)


def test_a_missing_quarter_is_said_and_never_a_zero(year: Year, report: Outcome) -> None:
    rows = {
        (row["unit_code"], row["indicator_code"]): row
        for row in table_values(year.book("2023-NAM"), "Chi tiết chỉ tiêu")
    }
    assert rows["Q2", "A.2"]["note"] == "Cộng quý I, quý II, quý IV; thiếu quý III."
    assert rows["VP", "B.1"]["note"] == "Số của quý III; thiếu quý IV."
    assert rows["STC", "A.1"]["note"] == "Cộng quý I, quý II, quý III, quý IV."
    assert rows["STC", "A.3"]["note"] == "Số của quý IV."
    results = {
        (row["indicator_code"], row["scope_name"]): row for row in table_values(year.book("2023-NAM"), "Chỉ tiêu")
    }
    assert "Số liệu chưa đủ" in results["A.2", "Các quận"]["alerts"]
    assert "1 đơn vị thiếu số của một số quý" in results["A.2", "Các quận"]["basis"]
    assert "Số liệu chưa đủ" not in results["A.3", "Sở TC"]["alerts"]


def test_a_sum_is_traced_to_each_of_its_cells(year: Year, report: Outcome) -> None:
    rows = {
        (row["unit_code"], row["indicator_code"]): row
        for row in table_values(year.book("2023-NAM"), "Chi tiết chỉ tiêu")
    }
    assert rows["STC", "A.1"]["file"] == "; ".join(f"{period}/STC.xlsx" for period in QUARTERS)
    assert rows["STC", "A.3"]["file"] == "2023-Q4/STC.xlsx"
    assert rows["Q1", "A.1"]["file"] == "Q1.xlsx"
    ledger = {row["file"] for row in table_values(year.book("2023-NAM"), "Nguồn dữ liệu")}
    assert {"Q1.xlsx", "2023-Q1/Q1.xlsx", "2023-Q4/STC.xlsx"} <= ledger


def test_an_annual_figure_that_is_not_the_sum_is_asked_about(report: Outcome) -> None:
    issues = report.report.issues
    found = issues[issues["code"] == "LK08"]
    assert set(found["unit_code"]) == {"Q1"}
    assert len(found) == 3  # A.1: numerator and denominator; A.2: numerator


def test_deadlines_of_the_year_are_judged_after_it(year: Year, report: Outcome) -> None:
    assert report.report.as_of == date(2024, 1, 10)
    rows = {row["task_code"]: row for row in table_values(year.book("2023-NAM"), "Nhiệm vụ")}
    assert rows["C"]["status"] == "Đang thực hiện (quá hạn)"
    aimed = {row["indicator_code"]: row for row in table_values(year.book("2023-NAM"), "Chỉ tiêu")}
    assert aimed["A.3"]["expected"] == aimed["A.3"]["target"]


def test_a_task_takes_the_annual_word_else_the_last_quarters(year: Year, report: Outcome) -> None:
    rows = {
        (row["unit_code"], row["task_code"]): row for row in table_values(year.book("2023-NAM"), "Chi tiết nhiệm vụ")
    }
    assert (rows["Q1", "A"]["state"], rows["Q1", "A"]["file"]) == ("Hoàn thành", "Q1.xlsx")
    assert (rows["STC", "A"]["state"], rows["STC", "A"]["file"]) == ("Đang thực hiện", "2023-Q4/STC.xlsx")
    assert rows["VP", "A"]["file"] == "2023-Q3/VP.xlsx"


def test_difficulties_of_the_year_are_all_there(year: Year, report: Outcome) -> None:
    [row] = table_values(year.book("2023-NAM"), "Khó khăn")
    assert (row["difficulty_id"], row["periods_open"], row["first_period"]) == ("2023-Q2-Q1-1", 3, "Quý II")


def test_returns_are_those_of_the_annual_submissions(year: Year, report: Outcome) -> None:
    assert [path.name for path in report.written if path.parent.name == "tra-lai"] == ["Q1.xlsx"]


def test_a_plan_without_an_annual_period_is_reported_on_its_quarters(year: Year, tmp_path: Path) -> None:
    bare = Year(tmp_path, year_plan(*QUARTERS))
    for period in QUARTERS:
        bare.inbox(period).parent.mkdir(exist_ok=True)
        bare.inbox(period).symlink_to(year.inbox(period))
    plan = load_plan(bare.file)
    period = plan.year_period()
    assert (period.period_code, period.period_name, period.consolidate_on) == ("2023-NAM", "Năm 2023", date(2024, 1, 1))
    outcome = run(plan, period, bare.inbox("2023-NAM"), tmp_path / "out")
    figures = outcome.report.facts.figures.set_index(["unit_code", "indicator_code"])
    assert figures.at[("Q1", "A.2"), "numerator"] == pytest.approx(sum(TOLD[q, "Q1", "A.2"][0] for q in QUARTERS))
    words = outcome.report.assessment.timeliness.set_index("unit_code")
    assert words.at["STC", "timeliness"] == "Đúng hạn"
    assert words.at["Q2", "basis"] == "Quý I: đúng hạn; Quý II: đúng hạn; Quý III: chưa nộp; Quý IV: đúng hạn."


def test_what_was_told_done_in_time_is_done_in_time_at_the_end_of_the_year(tmp_path: Path) -> None:
    """Without a date: what a quarter was told in September was not finished after 31 December."""
    made = Year(tmp_path)
    done = state("C", "Hoàn thành")
    made.send("2023-Q3", {"VP": done | figure("C.1", "Có"), "STC": done})
    [row] = [row for row in made.run("2023-NAM").report.assessment.statuses.itertuples() if row.task_code == "C"]
    assert row.status == "Hoàn thành đúng hạn"
    assert (
        "nhưng không ghi ngày hoàn thành, đã báo như vậy từ lần tổng hợp ngày 25/09/2023; thời hạn 31/12/2023"
        in row.basis
    )
    made.send("2023-Q4", {"VP": state("C"), "STC": done})
    made.send("2023-NAM", {"VP": done, "STC": done})
    [row] = [row for row in made.run("2023-NAM").report.assessment.statuses.itertuples() if row.task_code == "C"]
    assert row.status == "Hoàn thành quá hạn"


class TestOfQuartersAlone:
    """Nobody was asked for an annual report: there is no folder for one."""

    @pytest.fixture(scope="class")
    @classmethod
    def alone(cls, tmp_path_factory: pytest.TempPathFactory) -> tuple[Year, Outcome]:
        made = Year(tmp_path_factory.mktemp("alone"))
        first = cells("2023-Q1", "Q1") | difficulty(0, task_code="A", description="Thiếu máy quét.")
        made.send("2023-Q1", {"Q1": first, "STC": cells("2023-Q1", "STC")})
        made.send("2023-Q2", {"Q1": cells("2023-Q2", "Q1") | difficulty(0, state="Đã giải quyết")}, days=2)
        sent = made.inbox("2023-Q2") / "Q1.xlsx"
        fill(sent, made.inbox("2023-Q2") / "Q1 (sửa).xlsx", figure("A.2", 8), datetime(2023, 6, 23, 9))
        made.send("2023-Q4", {"Q1": cells("2023-Q4", "Q1")})
        make_key(made.inbox("2023-Q3"))
        return made, made.run("2023-NAM")

    def test_decisions_of_the_officer_ask_nobody_for_an_annual_report(self, alone: tuple[Year, Outcome]) -> None:
        """The program makes their workbook, and the folder for it."""
        year, outcome = alone
        write_decisions(year.file, "2023-NAM", year.inbox("2023-NAM"))
        again = year.run("2023-NAM")
        assert again.report.counted == outcome.report.counted
        assert list(again.report.assessment.timeliness["timeliness"]) == list(
            outcome.report.assessment.timeliness["timeliness"]
        )
        shutil.rmtree(year.inbox("2023-NAM"))

    def test_the_last_quarter_is_what_was_sent(self, alone: tuple[Year, Outcome]) -> None:
        year, outcome = alone
        assert outcome.report.counted.period_code == "2023-Q4"
        rows = {row["unit_code"]: row for row in table_values(year.book("2023-NAM"), "Tình hình nộp")}
        assert (rows["Q1"]["timeliness"], rows["Q1"]["file"]) == ("Đúng hạn", "2023-Q4/Q1.xlsx")
        assert rows["Q1"]["basis"] == "Quý I: đúng hạn; Quý II: trễ 2 ngày; Quý IV: đúng hạn."
        sheet = openpyxl.load_workbook(year.book("2023-NAM"))["Tình hình nộp"]
        assert sheet["A3"].value == "TÌNH HÌNH NỘP BÁO CÁO QUÝ IV NĂM 2023"

    def test_it_is_said_wherever_the_submissions_are_counted(self, alone: tuple[Year, Outcome]) -> None:
        year, outcome = alone
        said = "Không yêu cầu bản nộp riêng cho năm; tình hình nộp Quý IV năm 2023:"
        assert said in summarise(outcome)
        assert submissions(outcome.report).startswith(
            "Số liệu năm 2023 được tổng hợp từ báo cáo các quý; không yêu cầu đơn vị gửi báo cáo riêng của năm. "
            "Có 1/4 đơn vị gửi báo cáo quý IV năm 2023 (hạn gửi ngày 20/12/2023)"
        )
        overview = openpyxl.load_workbook(year.book("2023-NAM"))["Tổng quan"]
        assert "Đơn vị đã gửi báo cáo Quý IV" in [cell.value for row in overview for cell in row]

    def test_nobody_is_reminded_of_what_was_not_asked_for(self, alone: tuple[Year, Outcome]) -> None:
        year, _ = alone
        with pytest.raises(CannotRun, match="tonghop letters 2023-Q4 nhac"):
            write_letters(year.file, "2023-NAM", "nhac", year.inbox("2023-NAM"), year.root / "out", date(2024, 1, 1))

    def test_a_folder_with_nothing_but_a_key_is_no_quarter(self, alone: tuple[Year, Outcome]) -> None:
        assert [one.period.period_code for one in alone[1].report.history] == ["2023-Q1", "2023-Q2", "2023-Q4"]

    def test_the_year_is_set_against_no_quarter(self, alone: tuple[Year, Outcome]) -> None:
        [row] = table_values(alone[0].book("2023-NAM"), "Thay đổi")
        assert row["topic"] == "Không có quý trước để so sánh; báo cáo năm không so với một quý."

    def test_what_a_quarter_replaced_is_there(self, alone: tuple[Year, Outcome]) -> None:
        [row] = table_values(alone[0].book("2023-NAM"), "Bản thay thế")
        assert (row["superseded"], row["used"]) == ("2023-Q2/Q1.xlsx", "2023-Q2/Q1 (sửa).xlsx")

    def test_returns_that_there_are_none_of_are_not_spoken_of(self, alone: tuple[Year, Outcome]) -> None:
        assert not any("tra-lai" in line for line in summarise(alone[1]))


def test_an_annual_report_due_with_the_last_quarter_still_holds_it(tmp_path: Path) -> None:
    plan = year_plan(*QUARTERS, "2023-NAM")
    due = plan.periods["due_on"].mask(plan.periods["period_code"] == "2023-NAM", pd.Timestamp("2023-12-20"))
    made = Year(tmp_path, replace(plan, periods=plan.periods.assign(due_on=due)))
    for period in QUARTERS:
        made.send(period, {"STC": cells(period, "STC")})
    figures = made.run("2023-NAM").report.facts.figures.set_index(["unit_code", "indicator_code"])
    assert figures.at[("STC", "A.1"), "numerator"] == sum(TOLD[period, "STC", "A.1"][0] for period in QUARTERS)


def test_decisions_of_a_year_are_about_its_own_submissions(year: Year, report: Outcome) -> None:
    path, count = write_decisions(year.file, "2023-NAM", year.inbox("2023-NAM"))
    path.unlink()
    own = report.report.issues[report.report.issues.index >= 0]
    assert count == (own["severity"] == "Cảnh báo").sum() > 0


def test_what_was_decided_on_a_quarter_shows_in_the_year(tmp_path: Path) -> None:
    made = Year(tmp_path)
    for period in QUARTERS:
        made.send(period, {"STC": cells(period, "STC")})
    write_decisions(made.file, "2023-Q4", made.inbox("2023-Q4"))
    line = {"kind": "Dùng giá trị này", "unit_code": "STC", "item_code": "A.1", "field": "Tử số / số lượng", "value": 1}
    line |= {"reason": "Gõ nhầm.", "decided_by": "Trần Văn An", "decided_on": "26/12/2023"}
    book = openpyxl.load_workbook(made.inbox("2023-Q4") / "xac-nhan.xlsx")
    sheet = book.worksheets[0]
    names = [cell.value for cell in sheet[5]]
    for name, value in line.items():
        sheet.cell(7, names.index(name) + 1).value = value
    book.save(made.inbox("2023-Q4") / "xac-nhan.xlsx")
    figures = made.run("2023-NAM").report.facts.figures.set_index(["unit_code", "indicator_code"])
    assert figures.at[("STC", "A.1"), "decision"].startswith("Quý IV: Tử số / số lượng: 1 thay ")


def test_a_milestone_of_merged_units_is_the_share_that_has_it(tmp_path: Path) -> None:
    made = Year(tmp_path, milestone_of_merged_units())
    said = {"Q1": "Có", "Q2": "Không"}
    made.send("2023-Q2", {unit: state("A") | figure("A.4", word) for unit, word in said.items()})
    figures = made.run("2023-NAM").report.facts.figures.set_index(["unit_code", "indicator_code"])
    assert tuple(figures.loc[("Q12", "A.4"), ["numerator", "denominator", "rate"]]) == (1.0, 2.0, 0.5)
    made.send("2023-Q3", {"Q12": state("A") | figure("A.4", "Có")})
    assert "LK01" not in set(made.run("2023-Q3").report.issues["code"])


DONE, UNDERWAY = "Hoàn thành", "Đang thực hiện"


@pytest.mark.parametrize(
    ("said", "state_of_year", "file"),
    [
        # The lead's word stands, whether the unit that took it over was heard in the same quarter or after it.
        ({"2023-Q2": {"STC": DONE, "VP": "Không phát sinh"}}, DONE, "2023-Q2/STC.xlsx"),
        ({"2023-Q1": {"STC": UNDERWAY}, "2023-Q2": {"VP": DONE}}, UNDERWAY, "2023-Q1/STC.xlsx"),
        ({"2023-Q2": {"STC": UNDERWAY}, "2023-Q3": {"VP": DONE}}, DONE, "2023-Q3/VP.xlsx"),
        ({"2023-Q2": {"VP": DONE}}, DONE, "2023-Q2/VP.xlsx"),
    ],
    ids=["same quarter", "lead told before", "after the merger", "lead never told"],
)
def test_a_lead_that_is_merged_into_another_unit(
    said: dict[str, dict[str, str]], state_of_year: str, file: str, tmp_path: Path
) -> None:
    made = Year(tmp_path, lead_merged_away())
    for period, states in said.items():
        made.send(period, {unit: word_on_a(word) for unit, word in states.items()})
    progress = made.run("2023-NAM").report.facts.progress.set_index(["unit_code", "task_code"])
    assert tuple(progress.loc[("VP", "A"), ["state", "file"]]) == (state_of_year, file)
    assert set(progress.index.get_level_values("unit_code")) == {"VP", "Q1", "Q2"}


def word_on_a(word: str) -> Cells:
    return state("A", word, **({"completed_on": "10/03/2023"} if word == DONE else {}))


def lead_merged_away() -> Plan:
    """STC, which leads A, becomes a part of VP, which has coordinated it until then."""
    july = pd.Timestamp("2023-07-01")
    ended = {"valid_to": pd.Timestamp("2023-06-30"), "successor": "VP"}
    return year_plan(
        units=[row | (ended if row["unit_code"] == "STC" else {}) for row in rows("units")],
        assignments=[*rows("assignments"), {"task_code": "A", "assignee": "VP", "role": Role.LEAD, "valid_from": july}],
        targets=[*rows("targets"), {"indicator_code": "A.3", "assignee": "VP", "target": 0.2, "valid_from": july}],
    )


@pytest.mark.parametrize(("second", "state_of_year", "asked"), [(UNDERWAY, UNDERWAY, False), (DONE, DONE, True)])
def test_a_task_of_merged_units_is_as_far_as_the_least_advanced(
    second: str, state_of_year: str, asked: bool, tmp_path: Path
) -> None:
    """What they did not all report done is no step back where the unit that they became says it is underway."""
    made = Year(tmp_path, year_plan(**MERGED))
    made.send("2023-Q2", {"Q1": word_on_a(DONE), "Q2": word_on_a(second)})
    progress = made.run("2023-NAM").report.facts.progress.set_index(["unit_code", "task_code"])
    assert progress.at[("Q12", "A"), "state"] == state_of_year
    made.send("2023-Q3", {"Q12": word_on_a(UNDERWAY)})
    assert ("LK02" in set(made.run("2023-Q3").report.issues["code"])) == asked


def milestone_of_merged_units() -> Plan:
    one = _indicator("A.4", "A", "Đã kết nối", IndicatorKind.MILESTONE, "STC")
    target = {"indicator_code": "A.4", "assignee": "QUAN", "target": 1.0}
    return year_plan(**MERGED, indicators=[*rows("indicators"), one], targets=[*rows("targets"), target])


def test_the_command(
    year: Year, report: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(year.root)
    (year.root / "input" / "2023").mkdir(exist_ok=True)
    (year.root / "input" / "2023" / "ke-hoach.xlsx").write_bytes(year.file.read_bytes())
    with pytest.raises(SystemExit) as end:
        main(["year", "2023", "--out", str(tmp_path)])
    assert end.value.code == 0
    assert "Năm 2023" in capsys.readouterr().out
    assert (tmp_path / "tong-hop-2023-NAM.xlsx").read_bytes() == year.book("2023-NAM").read_bytes()


def test_an_annual_inbox_without_quarters_shows_everyone_missing(tmp_path: Path) -> None:
    made = Year(tmp_path)
    made.inbox("2023-NAM").mkdir(parents=True)
    timeliness = made.run("2023-NAM").report.assessment.timeliness
    assert set(timeliness["timeliness"]) == {"Chưa nộp"}


@pytest.mark.parametrize("codes", [QUARTERS, ("2023-NAM",)])
def test_a_year_of_which_nothing_is_there_cannot_run(
    codes: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = Year(tmp_path, year_plan(*codes))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as end:
        main(["year", "2023", "--plan", str(made.file)])
    assert end.value.code == 2
    assert "không có quý nào" in capsys.readouterr().err


def test_periods_of_the_support_are_those_of_a_year() -> None:
    assert len(periods()) == 6
