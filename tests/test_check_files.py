"""Single workbooks, checked by the stages of a run; each brings its own period and plan."""

import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from pipeline.check_files import check_files
from pipeline.errors import CannotRun
from pipeline.plan.model import Plan
from pipeline.run import write_templates
from tests.support import fill
from tests.test_validate import GOOD, NUMERATOR, Cells
from tests.year_support import Year, figure, state


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory, other_plan_file: Path) -> Path:
    """The folder of plans, as ``input/`` has it."""
    folder = tmp_path_factory.mktemp("input")
    (folder / "2023").mkdir()
    shutil.copy(other_plan_file, folder / "2023" / "ke-hoach.xlsx")
    return folder


@pytest.fixture(scope="module")
def second_quarter(tmp_path_factory: pytest.TempPathFactory, other_plan: Plan) -> Path:
    """The templates of 2023-Q2."""
    out = tmp_path_factory.mktemp("q2")
    write_templates(other_plan, other_plan.period("2023-Q2"), out)
    return out / "bieu-mau"


def report(templates: Path, target: Path, cells: Cells | None = None) -> Path:
    return fill(templates / "VP.xlsx", target, {**GOOD, **(cells or {})})


def without_identity(path: Path) -> Path:
    book = openpyxl.load_workbook(path)
    del book["_meta"]
    book.save(path)
    return path


def one(file: Path, plan: Path | None, inputs: Path) -> tuple[str, pd.DataFrame]:
    ((checked, verdict, issues),) = check_files([file], plan, inputs)
    assert checked == str(file)
    return verdict, issues


def test_a_faultless_file(other_templates: Path, inputs: Path, tmp_path: Path) -> None:
    verdict, issues = one(report(other_templates, tmp_path / "a.xlsx"), None, inputs)
    assert verdict == "Văn phòng, Quý I năm 2023: không có lỗi"
    assert issues.empty


def test_faults_with_their_cells(other_templates: Path, inputs: Path, tmp_path: Path) -> None:
    cells = {NUMERATOR: "x", ("tasks", "A", "result"): None}
    verdict, issues = one(report(other_templates, tmp_path / "a.xlsx", cells), None, inputs)
    assert verdict == "Văn phòng, Quý I năm 2023: 2 lỗi và cảnh báo"
    assert issues[["file", "code", "cell"]].to_numpy().tolist() == [["a.xlsx", "SO01", "G6"], ["a.xlsx", "NV04", "G6"]]


def test_the_period_is_the_file_s_own(second_quarter: Path, inputs: Path, tmp_path: Path) -> None:
    verdict, _ = one(report(second_quarter, tmp_path / "a.xlsx"), None, inputs)
    assert verdict == "Văn phòng, Quý II năm 2023: không có lỗi"


def test_a_plan_may_be_named(other_templates: Path, other_plan_file: Path, tmp_path: Path) -> None:
    verdict, _ = one(report(other_templates, tmp_path / "a.xlsx"), other_plan_file, tmp_path / "nowhere")
    assert verdict == "Văn phòng, Quý I năm 2023: không có lỗi"


def test_several_files_one_after_the_other(other_templates: Path, inputs: Path, tmp_path: Path) -> None:
    """One bad file never stops the others."""
    good = report(other_templates, tmp_path / "a.xlsx")
    bad = tmp_path / "b.xlsx"
    bad.write_bytes(b"%PDF-1.4")
    again = report(other_templates, tmp_path / "c.xlsx", {NUMERATOR: -1})
    checked = list(check_files([good, bad, again], None, inputs))
    assert [file for file, _, _ in checked] == [str(good), str(bad), str(again)]
    assert [list(issues["code"]) for _, _, issues in checked] == [[], ["TT02"], ["SO04"]]
    assert checked[1][1] == "Tệp không phải là bảng tính Excel: tệp PDF."


@pytest.mark.parametrize(
    ("key", "value", "code", "said"),
    [
        ("plan_code", "KH-2022", "TT04", "Biểu mẫu thuộc kế hoạch “KH-2022”, cần kế hoạch “KH-2023”."),
        ("period_code", "2023-Q9", "TT05", "Biểu mẫu thuộc kỳ “2023-Q9”"),
        ("unit_code", "X9", "TT06", "Không nhận ra đơn vị gửi: “X9”."),
    ],
)
def test_a_foreign_identity(
    other_templates: Path, inputs: Path, tmp_path: Path, key: str, value: str, code: str, said: str
) -> None:
    path = report(other_templates, tmp_path / "a.xlsx", {NUMERATOR: "x"})
    book = openpyxl.load_workbook(path)
    (cell,) = (row[1] for row in book["_meta"].iter_rows() if row[0].value == key)
    cell.value = value
    book.save(path)
    verdict, issues = one(path, None, inputs)
    assert verdict.startswith(said)
    assert list(issues["code"]) == [code]


@pytest.mark.parametrize("quarter", ["I", "II"])
def test_a_file_without_hidden_identity_is_known_by_its_cover(
    other_templates: Path, second_quarter: Path, inputs: Path, tmp_path: Path, quarter: str
) -> None:
    templates = other_templates if quarter == "I" else second_quarter
    path = without_identity(report(templates, tmp_path / "a.xlsx"))
    verdict, issues = one(path, None, inputs)
    assert verdict == f"Văn phòng, Quý {quarter} năm 2023: không có lỗi"
    assert issues.empty


def test_a_file_that_names_no_year_is_checked_by_the_newest_plan(
    other_templates: Path, inputs: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "input"
    shutil.copytree(inputs, folder)
    (folder / "2022").mkdir()
    (folder / "2022" / "ke-hoach.xlsx").write_bytes(b"older")
    (folder / "2022-Q1").mkdir()
    path = without_identity(report(other_templates, tmp_path / "a.xlsx"))
    assert one(path, None, folder)[0] == "Văn phòng, Quý I năm 2023: không có lỗi"


def test_nothing_is_written(other_templates: Path, inputs: Path, tmp_path: Path) -> None:
    path = report(other_templates, tmp_path / "in" / "a.xlsx", {NUMERATOR: "x"})
    before = path.read_bytes()
    list(check_files([path], None, inputs))
    assert list(path.parent.iterdir()) == [path]
    assert path.read_bytes() == before


class TestCannotRun:
    def test_no_such_file(self, inputs: Path, tmp_path: Path) -> None:
        with pytest.raises(CannotRun, match=r"Không tìm thấy tệp .*khong-co\.xlsx"):
            list(check_files([tmp_path / "khong-co.xlsx"], None, inputs))

    def test_a_folder_is_no_file(self, inputs: Path, tmp_path: Path) -> None:
        with pytest.raises(CannotRun, match="Không tìm thấy tệp"):
            list(check_files([tmp_path], None, inputs))

    def test_no_plan_of_the_file_s_year(self, other_templates: Path, tmp_path: Path) -> None:
        (tmp_path / "2022").mkdir()
        with pytest.raises(CannotRun, match=r"Không tìm thấy kế hoạch .*2023.ke-hoach\.xlsx"):
            list(check_files([other_templates / "VP.xlsx"], None, tmp_path))

    def test_no_plan_at_all(self, other_templates: Path, tmp_path: Path) -> None:
        path = without_identity(report(other_templates, tmp_path / "a.xlsx"))
        with pytest.raises(CannotRun, match="Chưa có kế hoạch nào"):
            list(check_files([path], None, tmp_path / "input"))


class TestEarlierPeriods:
    @pytest.fixture(scope="class")
    @classmethod
    def year(cls, tmp_path_factory: pytest.TempPathFactory) -> Year:
        """STC reports less in quarter II, and for the year, than before."""
        made = Year(tmp_path_factory.mktemp("year"))
        made.send("2023-Q1", {"STC": state("A") | state("C") | figure("A.3", 40, 100) | figure("A.1", 30, 40)})
        made.send("2023-Q2", {"STC": state("A") | state("C") | figure("A.3", 30, 100) | figure("A.1", 3, 40)})
        made.send("2023-NAM", {"STC": state("A") | state("C") | figure("A.3", 20, 100) | figure("A.1", "x", 40)})
        return made

    @pytest.mark.parametrize("period", ["2023-Q1", "2023-Q2", "2023-NAM"])
    def test_a_file_is_told_what_the_run_will_say(self, year: Year, period: str) -> None:
        _, issues = one(year.inbox(period) / "STC.xlsx", year.file, year.root / "input")
        found = year.run(period).report.issues
        found = found[found["file"] == "STC.xlsx"]
        columns = ["code", "sheet", "cell", "message"]
        assert issues[columns].to_numpy().tolist() == found[columns].to_numpy().tolist()
        assert ("LK01" in set(issues["code"])) == (period != "2023-Q1")

    def test_elsewhere_a_file_is_checked_by_itself(self, year: Year, tmp_path: Path) -> None:
        _, issues = one(year.inbox("2023-Q2") / "STC.xlsx", year.file, tmp_path)
        assert "LK01" not in set(issues["code"])
