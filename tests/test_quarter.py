"""A whole quarter on the committed sample, against figures added up here from the workbooks with openpyxl alone."""

import hashlib
import os
import random
import re
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.plan.model import Plan
from pipeline.run import Outcome, run_period, write_templates
from pipeline.write.atomic import NotWritten
from pipeline.write.kept import KEPT_FILE, Kept
from tests.support import PLAN_2021, ROOT, fill, table_values

QUARTERS = ("2021-Q1", "2021-Q2")
STATES = ("Chưa triển khai", "Đang thực hiện", "Hoàn thành", "Không phát sinh")
NO_DENOMINATOR = "Không cần mẫu số"
FIGURE_SHEETS = ("Nhiệm vụ", "Chỉ tiêu", "Đơn vị × Nhiệm vụ", "Chi tiết nhiệm vụ", "Chi tiết chỉ tiêu", "Khó khăn")


# --- an independent reading of the sample: openpyxl, the hidden row of field names, and a few plain rules ---------


@dataclass
class Sent:
    """What one workbook says, read here without the product's reader."""

    unit: str
    period: str
    modified: datetime
    states: dict[str, str | None] = field(default_factory=dict)
    figures: dict[str, tuple[float, float | None] | None] = field(default_factory=dict)
    difficulties: int = 0


def rows_of(sheet: Worksheet, key: str) -> list[dict[str, Any]]:
    """The rows below the hidden row that holds ``key``, by field name, as far as ``key``'s column is filled."""
    for row in sheet.iter_rows():
        names = {cell.value: cell.column for cell in row if isinstance(cell.value, str)}
        number = row[0].row
        if key in names and sheet.row_dimensions[number].hidden:
            found = []
            for at in range(number + 2, sheet.max_row + 1):
                values = {name: sheet.cell(at, column).value for name, column in names.items()}
                if values[key] is not None:
                    found.append(values)
            return found
    raise AssertionError(f"{sheet.title}: no hidden row with {key}")


def number_of(value: Any) -> float | None:
    """A count that can be added up: not negative, not a percentage, not words; 1.234 as text is a thousand and more."""
    if isinstance(value, (int, float)):
        return float(value) if value >= 0 else None
    if value in ("Có", "Không"):
        return float(value == "Có")
    if isinstance(value, str) and re.fullmatch(r"\d{1,3}(\.\d{3})+", value):
        return float(value.replace(".", ""))
    return None


def without_accents(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def state_of(value: Any) -> str | None:
    return next((word for word in STATES if without_accents(str(value)) == without_accents(word)), None)


def figure_of(row: Mapping[str, Any]) -> tuple[float, float | None] | None:
    top, below = number_of(row["numerator"]), number_of(row["denominator"])
    if row["denominator_label"] == NO_DENOMINATOR:
        return None if top is None else (top, None)
    return None if top is None or below is None or top > below else (top, below)


def read_sent(path: Path) -> Sent:
    book = openpyxl.load_workbook(path)
    meta = {row[0]: row[1] for row in book["_meta"].iter_rows(values_only=True)}
    sent = Sent(str(meta["unit_code"]), str(meta["period_code"]), book.properties.modified)
    sent.states = {row["task_code"]: state_of(row["state"]) for row in rows_of(book["Nhiệm vụ"], "task_code")}
    sent.figures = {row["indicator_code"]: figure_of(row) for row in rows_of(book["Chỉ tiêu"], "indicator_code")}
    sent.difficulties = len(rows_of(book["Khó khăn"], "description"))
    return sent


@cache
def latest_by_unit(period: str) -> dict[str, Sent]:
    found: dict[str, Sent] = {}
    for path in sorted((ROOT / "input" / period).glob("*.xlsx")):
        sent = read_sent(path)
        assert sent.period == period
        if sent.unit not in found or sent.modified > found[sent.unit].modified:
            found[sent.unit] = sent
    return found


@cache
def opened(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path, data_only=True)


def sheet_values(path: Path, sheet: str) -> list[tuple[Any, ...]]:
    return list(opened(path)[sheet].iter_rows(values_only=True))


@dataclass
class PlainPlan:
    """The plan workbook read here: which units a scope has, and what each indicator is."""

    units: dict[str, str]  # code → group
    names: dict[str, str]  # unit or group code → name on screen
    kinds: dict[str, str]
    targets: list[tuple[str, str, float | None]]  # indicator, scope, target
    roles: dict[tuple[str, str], str]  # task, assignee → role

    def scope(self, indicator: str, unit: str) -> str | None:
        """A unit's own row outranks its group's."""
        scopes = [assignee for code, assignee, _ in self.targets if code == indicator]
        return next((name for name in (unit, self.units[unit]) if name in scopes), None)

    def tasks(self, unit: str) -> set[str]:
        return {task for task, assignee in self.roles if assignee in (unit, self.units[unit])}


@pytest.fixture(scope="module")
def plain_plan() -> PlainPlan:
    book = openpyxl.load_workbook(PLAN_2021)
    units = rows_of(book["Đơn vị"], "unit_code")
    groups = rows_of(book["Nhóm đơn vị"], "group_code")
    names = {row["unit_code"]: row["short_name"] for row in units}
    names |= {row["group_code"]: row["group_name"] for row in groups}
    targets = []
    for row in rows_of(book["Mục tiêu"], "indicator_code"):
        target = row["target"]
        targets.append((row["indicator_code"], row["assignee"], number_of(target)))
    return PlainPlan(
        {row["unit_code"]: row["unit_group"] for row in units},
        names,
        {row["indicator_code"]: row["kind"] for row in rows_of(book["Chỉ tiêu"], "indicator_code")},
        targets,
        {(row["task_code"], row["assignee"]): row["role"] for row in rows_of(book["Phân công"], "task_code")},
    )


# --- the runs ---------------------------------------------------------------------------------------------------


@dataclass
class Run:
    outcome: Outcome
    out: Path
    before: dict[str, tuple[str, float]]

    @property
    def book(self) -> Path:
        return self.out / f"tong-hop-{self.outcome.report.period.period_code}.xlsx"


def hashes(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def stamped(folder: Path) -> dict[str, tuple[str, float]]:
    return {name: (digest, (folder / name).stat().st_mtime) for name, digest in hashes(folder).items()}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    before = stamped(ROOT / "input")
    made = {}
    for period in QUARTERS:
        out = tmp_path_factory.mktemp(period)
        made[period] = Run(run_period(PLAN_2021, period, ROOT / "input" / period, out), out, before)
    return made


@pytest.fixture(scope="module")
def q2(runs: dict[str, Run]) -> Run:
    return runs["2021-Q2"]


def inbox_copy(folder: Path) -> Path:
    shutil.copytree(ROOT / "input" / "2021-Q2", folder)
    beside(folder)
    return folder


def beside(inbox: Path) -> None:
    """The quarter before, where a run looks for it: in the folder of its code beside the inbox."""
    (inbox.parent / "2021-Q1").symlink_to(ROOT / "input" / "2021-Q1")


# --- the figures --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("period", QUARTERS)
def test_every_figure_equals_one_added_up_here(period: str, runs: dict[str, Run], plain_plan: PlainPlan) -> None:
    sent = latest_by_unit(period)
    shown = {(row["indicator_code"], row["scope_name"]): row for row in table_values(runs[period].book, "Chỉ tiêu")}
    assert set(shown) == {(code, plain_plan.names[scope]) for code, scope, _ in plain_plan.targets}
    for code, scope, target in plain_plan.targets:
        row, kind = shown[code, plain_plan.names[scope]], plain_plan.kinds[code]
        expected = [unit for unit in plain_plan.units if plain_plan.scope(code, unit) == scope]
        told = [sent[unit].figures[code] for unit in expected if unit in sent]
        pairs = [pair for pair in told if pair is not None]
        assert (row["units_reported"], row["units_expected"]) == (len(pairs), len(expected)), code
        top = sum(pair[0] for pair in pairs)
        below = len(pairs) if kind == "Có/không" else sum(pair[1] or 0 for pair in pairs)
        assert row["numerator"] == top, (code, scope)
        assert row["denominator"] == ("–" if kind == "Số lượng" else below), (code, scope)
        value = top if kind == "Số lượng" else top / below
        if kind.startswith("Tỷ lệ tăng thêm"):
            # The plan gives no baseline: the increase is unknown, never zero.
            assert row["value"] == "–"
            assert row["target_result"] == "Thiếu số liệu"
            assert "Thiếu số liệu gốc" in row["basis"]
            continue
        assert row["value"] == pytest.approx(value, rel=1e-14), (code, scope)
        if target is None:
            assert (row["target"], row["target_result"]) == ("Theo dõi", "Không có chỉ tiêu")
        else:
            assert row["target"] == target
            assert row["target_result"] == ("Đạt" if value >= target else "Chưa đạt"), (code, scope)
            assert row["gap"] == pytest.approx(value - target, abs=1e-14)


@pytest.mark.parametrize("period", QUARTERS)
def test_each_units_figures_stand_in_the_detail(period: str, runs: dict[str, Run], plain_plan: PlainPlan) -> None:
    sent = latest_by_unit(period)
    rows = table_values(runs[period].book, "Chi tiết chỉ tiêu")
    expected = {
        (unit, code)
        for unit in plain_plan.units
        for code in plain_plan.kinds
        if plain_plan.scope(code, unit) is not None
    }
    assert {(row["unit_code"], row["indicator_code"]) for row in rows} == expected
    assert len(rows) == len(expected)
    for row in rows:
        own = sent.get(row["unit_code"])
        pair = own.figures[row["indicator_code"]] if own else None
        assert row["reported"] == ("Không" if pair is None else "Có"), row
        if pair is None:
            assert (row["numerator"], row["denominator"], row["rate"]) == ("–", "–", "–")
        else:
            assert row["numerator"] == pair[0]
            if pair[1] is not None:
                assert row["denominator"] == pair[1]
                assert row["rate"] == ("–" if pair[1] == 0 else pytest.approx(pair[0] / pair[1], rel=1e-14))


def test_a_figure_can_be_traced_to_the_cell_it_came_from(q2: Run) -> None:
    rows = [row for row in table_values(q2.book, "Chi tiết chỉ tiêu") if row["unit_code"] in ("SNV", "HPH", "STTTT")]
    assert rows
    books = {name: openpyxl.load_workbook(ROOT / "input" / "2021-Q2" / name) for name in {row["file"] for row in rows}}
    for row in rows:
        assert number_of(books[row["file"]][row["sheet"]][row["cell"]].value) == row["numerator"]


@pytest.mark.parametrize("period", QUARTERS)
def test_states_are_counted_alike_in_matrix_and_detail(
    period: str, runs: dict[str, Run], plain_plan: PlainPlan
) -> None:
    sent = latest_by_unit(period)
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for unit in plain_plan.units:
        for task in plain_plan.tasks(unit):
            state = sent[unit].states[task] if unit in sent else None
            counted[task][state or "Chưa báo cáo"] += 1
    detail: dict[str, Counter[str]] = defaultdict(Counter)
    for row in table_values(runs[period].book, "Chi tiết nhiệm vụ"):
        detail[row["task_code"]]["Chưa báo cáo" if row["state"] == "–" else row["state"]] += 1
    assert detail == counted
    matrix = sheet_values(runs[period].book, "Đơn vị × Nhiệm vụ")
    header = next(row for row in matrix if "Đơn vị" in row and "Đã báo cáo" in row)
    columns = {str(text).split(" ", maxsplit=1)[0]: at for at, text in enumerate(header) if str(text).startswith("II.")}
    totals = {row[1].split(": ", maxsplit=1)[1]: row for row in matrix if row[0] == "Cộng"}
    assert set(totals) == {*STATES, "Chưa báo cáo"}
    for task, at in columns.items():
        assert {word: row[at] for word, row in totals.items()} == {word: counted[task][word] for word in totals}
    for word, row in totals.items():
        assert row[header.index("Đã báo cáo")] == sum(counted[task][word] for task in columns)


def test_statuses_follow_the_leads(q2: Run, plain_plan: PlainPlan) -> None:
    sent = latest_by_unit("2021-Q2")
    rows = {row["task_code"]: row for row in table_values(q2.book, "Nhiệm vụ")}
    leads = {task: unit for (task, unit), role in plain_plan.roles.items() if role == "Chủ trì"}
    assert set(rows) == set(leads)
    for task, row in rows.items():
        assert row["lead"] == plain_plan.names[leads[task]]
        assert sent[leads[task]].states[task] == "Đang thực hiện"
        ongoing = row["deadline"] == "Thường xuyên"
        assert row["status"] == ("Thường xuyên" if ongoing else "Đang thực hiện (trong hạn)")
        reported = sum(1 for unit in sent if sent[unit].states.get(task))
        assert (row["units_reported"], row["units_expected"]) == (reported, 27)
        assert row["basis"].endswith(".")
    assert rows["II.3"]["deadline"] == datetime(2021, 12, 31)


# --- what the sample holds ----------------------------------------------------------------------------------------


def test_q2_holds_the_cases_that_it_is_meant_to_show(q2: Run) -> None:
    units = {row["unit_code"]: row for row in table_values(q2.book, "Tình hình nộp")}
    assert len(units) == 27
    words = Counter(row["timeliness"] for row in units.values())
    assert words == {"Đúng hạn": 25, "Trễ 3 ngày": 1, "Chưa nộp": 1}
    idle = {row["unit_code"] for row in table_values(q2.book, "Chi tiết nhiệm vụ") if row["state"] == "Không phát sinh"}
    corrected = {code for code, row in units.items() if row["versions"] == 2}
    mistaken = {code for code, row in units.items() if row["errors"] or row["warnings"]}
    assert [len(group) for group in (idle, corrected, mistaken)] == [1, 1, 1]
    on_time = {code for code, row in units.items() if row["timeliness"] == "Đúng hạn"}
    assert len(on_time - idle - corrected - mistaken) == 22
    assert sum(sent.difficulties for sent in latest_by_unit("2021-Q2").values()) >= 12


def test_every_difficulty_sent_is_listed_in_both_workbooks(q2: Run) -> None:
    sent = latest_by_unit("2021-Q2")
    rows = table_values(q2.book, "Khó khăn")
    told = {unit: one.difficulties for unit, one in sent.items() if one.difficulties}
    # What a unit that has sent nothing raised before stays on the list.
    assert Counter(row["unit_code"] for row in rows) == told | {"BQLKCN": 1}
    assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
    assert table_values(q2.out / "kho-khan-vuong-mac-2021-Q2.xlsx", "Khó khăn") == rows


def test_the_mistaken_unit_makes_at_least_eight_different_mistakes(q2: Run) -> None:
    issues = table_values(q2.book, "Lỗi dữ liệu")
    assert {row["unit_code"] for row in issues} == {"SGTVT"}
    assert len({row["code"] for row in issues}) >= 8
    sheets = openpyxl.load_workbook(ROOT / "input" / "2021-Q2" / "SGTVT.xlsx")
    for row in issues:
        typed = sheets[row["sheet"]][row["cell"]].value
        assert row["typed"].replace(".", "") == str("" if typed is None else typed).replace(".", "")
        assert row["message"]
        assert row["remedy"]
    assert [path.name for path in (q2.out / "tra-lai").glob("*.xlsx")] == ["SGTVT.xlsx"]


def test_the_later_of_two_versions_counts_and_the_first_is_listed(q2: Run) -> None:
    ledger = {row["file"]: row for row in table_values(q2.book, "Nguồn dữ liệu")}
    assert len(ledger) == len(list((ROOT / "input" / "2021-Q2").iterdir()))
    first = ledger["HPH (bản đầu).xlsx"]
    assert first["verdict"] == "Bị thay thế"
    assert "HPH.xlsx" in first["reason"]
    assert {row["verdict"] for name, row in ledger.items() if name != "HPH (bản đầu).xlsx"} == {"Đã dùng"}
    for name, row in ledger.items():
        content = (ROOT / "input" / "2021-Q2" / name).read_bytes()
        assert row["sha256"] == hashlib.sha256(content).hexdigest()


def test_none_arising_is_neither_blank_nor_a_total(q2: Run) -> None:
    rows = [row for row in table_values(q2.book, "Chi tiết chỉ tiêu") if row["unit_code"] == "BDT"]
    assert rows
    assert {row["reported"] for row in rows} == {"Có"}
    assert {row["numerator"] for row in rows} == {0}
    assert {row["rate"] for row in rows} == {"–"}


@pytest.mark.parametrize("period", QUARTERS)
def test_the_samples_figures_are_marked_as_illustrative(period: str) -> None:
    for path in sorted((ROOT / "input" / period).glob("*.xlsx")):
        book = openpyxl.load_workbook(path)
        info = {row["key"]: row["value"] for row in rows_of(book["Thông tin"], "key")}
        assert "minh họa" in info["prepared_by"], path.name
        for row in rows_of(book["Chỉ tiêu"], "indicator_code"):
            assert "minh họa" in row["note"], (path.name, row["indicator_code"])
        for row in rows_of(book["Nhiệm vụ"], "task_code"):
            assert "minh họa" in (row["result"] or "minh họa"), (path.name, row["task_code"])


def test_the_summary_of_the_run_names_every_file_written(q2: Run) -> None:
    assert q2.outcome.failed == []
    found = set(hashes(q2.out)) - {f"tra-lai/{KEPT_FILE}"}  # the program's own
    assert {path.relative_to(q2.out).as_posix() for path in q2.outcome.written} == found
    assert found == {
        "tong-hop-2021-Q2.xlsx",
        "kho-khan-vuong-mac-2021-Q2.xlsx",
        "tra-lai/SGTVT.xlsx",
    }


# --- the same again -----------------------------------------------------------------------------------------------


def test_inputs_are_never_written_to(runs: dict[str, Run]) -> None:
    assert stamped(ROOT / "input") == runs["2021-Q1"].before


def test_another_run_elsewhere_gives_the_same_bytes(q2: Run, tmp_path: Path) -> None:
    """Another process, another hash seed, another time zone."""
    code = (
        "import sys; from pathlib import Path; from pipeline.run import run_period;"
        "run_period(Path(sys.argv[1]), '2021-Q2', Path(sys.argv[2]), Path(sys.argv[3]))"
    )
    environment = os.environ | {"PYTHONHASHSEED": "4711", "TZ": "America/New_York"}
    command = [sys.executable, "-c", code, str(PLAN_2021), str(ROOT / "input" / "2021-Q2"), str(tmp_path)]
    subprocess.run(command, check=True, cwd=ROOT, env=environment, timeout=120)
    assert hashes(tmp_path) == hashes(q2.out)


def without_files(path: Path) -> dict[str, list[Any]]:
    """What the figures' sheets say, apart from where each row came from."""
    said: dict[str, list[Any]] = {"Đơn vị × Nhiệm vụ": sheet_values(path, "Đơn vị × Nhiệm vụ")}
    for sheet in (*FIGURE_SHEETS, "Tình hình nộp", "Lỗi dữ liệu"):
        if sheet not in said:
            said[sheet] = [{k: v for k, v in row.items() if k != "file"} for row in table_values(path, sheet)]
    return said


def test_names_folders_and_order_of_files_do_not_matter(q2: Run, tmp_path: Path) -> None:
    chance = random.Random(5)  # noqa: S311 - an order, the same every time
    inbox = tmp_path / "inbox"
    paths = sorted((ROOT / "input" / "2021-Q2").iterdir())
    beside(inbox)
    chance.shuffle(paths)
    for number, path in enumerate(paths):
        folder = inbox / chance.choice(["", "thư ngày 18", "thư ngày 18/đính kèm"])
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / f"{number:02d} BÁO CÁO quý (bản {chance.randint(1, 99)}).xlsx")
    outcome = run_period(PLAN_2021, "2021-Q2", inbox, tmp_path / "out")
    assert without_files(tmp_path / "out" / q2.book.name) == without_files(q2.book)
    assert len(outcome.report.ledger) == len(paths)


def test_faulty_files_cost_one_ledger_line_each_and_no_figure(q2: Run, tmp_path: Path) -> None:
    inbox = inbox_copy(tmp_path / "inbox")
    whole = (inbox / "SNV.xlsx").read_bytes()
    (inbox / "ban hong.xlsx").write_bytes(whole[: len(whole) // 2])
    with zipfile.ZipFile(inbox / "bao cao chu.xlsx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    shutil.copyfile(ROOT / "input" / "2021-Q1" / "SNV.xlsx", inbox / "quy truoc.xlsx")
    outcome = run_period(PLAN_2021, "2021-Q2", inbox, tmp_path / "out")
    book = tmp_path / "out" / q2.book.name
    for sheet in FIGURE_SHEETS:
        assert sheet_values(book, sheet) == sheet_values(q2.book, sheet), sheet
    assert table_values(book, "Tình hình nộp") == [
        row | ({"errors": 1} if row["unit_code"] == "SNV" else {}) for row in table_values(q2.book, "Tình hình nộp")
    ]
    ledger = table_values(book, "Nguồn dữ liệu")
    new = {row["file"]: row for row in ledger if row["verdict"] == "Từ chối"}
    assert [row for row in ledger if row["verdict"] != "Từ chối"] == table_values(q2.book, "Nguồn dữ liệu")
    assert len(ledger) == len(q2.outcome.report.ledger) + 3
    assert set(new) == {"ban hong.xlsx", "bao cao chu.xlsx", "quy truoc.xlsx"}
    assert "hỏng" in new["ban hong.xlsx"]["reason"]
    assert "Word" in new["bao cao chu.xlsx"]["reason"]
    assert "2021-Q1" in new["quy truoc.xlsx"]["reason"]
    assert "2021-Q2" in new["quy truoc.xlsx"]["reason"]
    issues = {row["file"]: row for row in table_values(book, "Lỗi dữ liệu") if row["unit_code"] != "SGTVT"}
    codes = {name: row["code"] for name, row in issues.items() if name in new}
    assert codes == {"ban hong.xlsx": "TT01", "bao cao chu.xlsx": "TT02", "quy truoc.xlsx": "TT05"}
    assert {path.name for path in outcome.written} >= {"SGTVT.xlsx"}


@pytest.mark.parametrize(("name", "word"), [("STC - báo cáo.xlsx", "Không đọc được"), ("cu.xlsx", "Sai kỳ")])
def test_a_unit_that_sent_something_useless_is_not_called_missing(
    name: str, word: str, tmp_path: Path, other_plan_file: Path, other_templates: Path
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    if word == "Sai kỳ":
        fill(other_templates / "STC.xlsx", inbox / name, {})
        period = "2023-Q2"
    else:
        (inbox / name).write_bytes(b"%PDF-1.4")
        period = "2023-Q1"
    outcome = run_period(other_plan_file, period, inbox, tmp_path / "out")
    words = dict(zip(*(outcome.report.assessment.timeliness[c] for c in ("unit_code", "timeliness")), strict=True))
    assert words == {"VP": "Chưa nộp", "STC": word, "Q1": "Chưa nộp", "Q2": "Chưa nộp"}


# --- returns and outputs that cannot be written -------------------------------------------------------------------

GOOD = {
    ("tasks", "A", "state"): "Đang thực hiện",
    ("tasks", "A", "result"): "Đã số hóa.",
    ("tasks", "C", "state"): "Đang thực hiện",
    ("tasks", "C", "result"): "Đã họp.",
    ("indicators", "A.1", "numerator"): 30,
    ("indicators", "A.1", "denominator"): 40,
    ("indicators", "A.3", "numerator"): 5,
    ("indicators", "A.3", "denominator"): 10,
    ("answer", "", "has_difficulty"): "Không",
}


@dataclass
class Small:
    """The small plan with one unit's submission in an inbox."""

    plan: Path
    template: Path
    inbox: Path
    out: Path

    def send(self, **typed: Any) -> None:
        cells = GOOD | ({("indicators", "A.1", "numerator"): typed["numerator"]} if typed else {})
        fill(self.template, self.inbox / "STC.xlsx", cells)

    def run(self) -> Outcome:
        return run_period(self.plan, "2023-Q1", self.inbox, self.out)


@pytest.fixture
def small(tmp_path: Path, other_plan_file: Path, other_templates: Path) -> Iterator[Small]:
    made = Small(other_plan_file, other_templates / "STC.xlsx", tmp_path / "inbox", tmp_path / "out")
    made.inbox.mkdir()
    yield made


def test_a_unit_that_has_mended_everything_loses_its_old_return(small: Small) -> None:
    small.send(numerator="75%")
    small.run()
    returns = small.out / "tra-lai"
    assert sorted(path.name for path in returns.iterdir()) == [KEPT_FILE, "STC.xlsx"]
    (returns / "~$STC.xlsx").write_bytes(b"lock")
    (returns / "ghi chú.txt").write_text("của cán bộ", encoding="utf-8")
    (returns / "VP.xlsx").write_bytes(b"a return of an earlier run")
    small.send()
    outcome = small.run()
    assert outcome.report.issues.empty
    assert sorted(path.name for path in returns.iterdir()) == ["ghi chú.txt", "~$STC.xlsx"]


class TestOnlyTheReturnsThatChanged:
    """``written`` names them all; whether one was written again shows in the file's age."""

    def again(self, small: Small) -> bool:
        """Whether a second run writes the return once more; what lies there is the same either way."""
        path = small.out / "tra-lai" / "STC.xlsx"
        os.utime(path, (0, 0))
        assert path in small.run().written
        return path.stat().st_mtime != 0

    def test_the_same_again(self, small: Small) -> None:
        small.send(numerator="75%")
        small.run()
        assert not self.again(small)

    def test_other_units_do_not_matter(self, small: Small, other_templates: Path) -> None:
        small.send(numerator="75%")
        small.run()
        fill(other_templates / "Q1.xlsx", small.inbox / "1.xlsx", {})
        assert not self.again(small)

    def test_another_mistake(self, small: Small) -> None:
        small.send(numerator="75%")
        small.run()
        small.send(numerator="76%")
        assert self.again(small)
        assert not self.again(small)

    def test_a_return_that_was_opened_and_saved(self, small: Small) -> None:
        small.send(numerator="75%")
        small.run()
        path = small.out / "tra-lai" / "STC.xlsx"
        made = path.read_bytes()
        book = openpyxl.load_workbook(path)
        book.save(path)
        assert self.again(small)
        assert path.read_bytes() == made

    def test_another_program(self, small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
        small.send(numerator="75%")
        small.run()
        monkeypatch.setattr(Kept, "_program", b"the next version")
        assert self.again(small)

    @pytest.mark.parametrize("text", ["", "{", "[]", '{"STC.xlsx": 1}'])
    def test_digests_that_say_nothing(self, small: Small, text: str) -> None:
        small.send(numerator="75%")
        small.run()
        (small.out / "tra-lai" / KEPT_FILE).write_text(text, encoding="utf-8")
        assert self.again(small)
        assert not self.again(small)

    def test_a_return_that_could_not_be_written(self, small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
        small.send(numerator="75%")
        (small.out / "tra-lai" / "STC.xlsx").mkdir(parents=True)
        assert len(small.run().failed) == 1
        assert not (small.out / "tra-lai" / KEPT_FILE).exists()


def test_a_directory_in_an_outputs_place_does_not_keep_the_others_from_landing(small: Small) -> None:
    small.send(numerator="75%")
    blocked = small.out / "tong-hop-2023-Q1.xlsx"
    blocked.mkdir(parents=True)
    outcome = small.run()
    assert len(outcome.failed) == 1
    assert str(blocked) in outcome.failed[0]
    assert {path.name for path in outcome.written} == {"kho-khan-vuong-mac-2023-Q1.xlsx", "STC.xlsx"}
    assert all(path.is_file() for path in outcome.written)
    assert [path for path in small.out.rglob("*") if path.name.endswith(".tmp")] == []


def test_a_file_open_in_excel_keeps_its_content_and_is_named(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    small.send(numerator="75%")
    small.out.mkdir()
    opened = small.out / "kho-khan-vuong-mac-2023-Q1.xlsx"
    opened.write_bytes(b"as the officer sees it")
    replace = os.replace

    def locked(source: Any, target: Any, **more: Any) -> None:
        if Path(target) == opened:
            raise PermissionError(13, "Permission denied")
        replace(source, target, **more)

    monkeypatch.setattr(os, "replace", locked)
    outcome = small.run()
    assert opened.read_bytes() == b"as the officer sees it"
    assert len(outcome.failed) == 1
    assert str(opened) in outcome.failed[0]
    assert "Excel" in outcome.failed[0]
    assert {path.name for path in outcome.written} == {"tong-hop-2023-Q1.xlsx", "STC.xlsx"}
    assert sorted(path.name for path in small.out.iterdir()) == [opened.name, "tong-hop-2023-Q1.xlsx", "tra-lai"]


def test_an_output_folder_that_is_a_file_fails_in_words(small: Small) -> None:
    small.send(numerator="75%")
    small.out.write_text("not a folder", encoding="utf-8")
    outcome = small.run()
    assert outcome.written == []
    assert len(outcome.failed) == 3
    assert all(text.startswith("Không ghi được") for text in outcome.failed)
    assert small.out.read_text(encoding="utf-8") == "not a folder"


def test_an_old_return_open_in_excel_does_not_stop_the_run(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows refuses to delete a file that Excel holds; the officer must hear that this return is out of date."""
    small.send(numerator="75%")
    small.run()
    stale = small.out / "tra-lai" / "STC.xlsx"
    small.send()
    unlink = Path.unlink

    def locked(path: Path, missing_ok: bool = False) -> None:
        if path == stale:
            raise PermissionError(13, "Permission denied")
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", locked)
    outcome = small.run()
    assert [text for text in outcome.failed if str(stale) in text]
    assert (small.out / "tong-hop-2023-Q1.xlsx") in outcome.written


def test_one_template_that_cannot_be_written_does_not_keep_the_others_from_landing(
    other_plan: Plan, tmp_path: Path
) -> None:
    blocked = tmp_path / "bieu-mau" / "STC.xlsx"
    blocked.mkdir(parents=True)
    with pytest.raises(NotWritten, match="STC"):
        write_templates(other_plan, other_plan.period("2023-Q1"), tmp_path)
    written = {path.name for path in (tmp_path / "bieu-mau").iterdir() if path.is_file()}
    assert written == {"VP.xlsx", "Q1.xlsx", "Q2.xlsx"}


def test_a_run_on_an_empty_inbox_shows_everyone_missing(other_plan_file: Path, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    outcome = run_period(other_plan_file, "2023-Q1", inbox, tmp_path / "out")
    assert outcome.failed == []
    book = tmp_path / "out" / "tong-hop-2023-Q1.xlsx"
    assert {row["timeliness"] for row in table_values(book, "Tình hình nộp")} == {"Chưa nộp"}
    assert {row["status"] for row in table_values(book, "Nhiệm vụ")} == {"Chưa báo cáo"}
    assert {row["numerator"] for row in table_values(book, "Chỉ tiêu")} == {"–"}
    assert {row["units_reported"] for row in table_values(book, "Chỉ tiêu")} == {0}
    assert {row["reported"] for row in table_values(book, "Chi tiết chỉ tiêu")} == {"Không"}
