"""``make brief`` on the sample: the finished document, against the consolidated workbook."""

import io
import re
import shutil
import subprocess
from datetime import date, datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.document import Document

from pipeline.brief.run import carry_template, write_brief
from pipeline.brief.word import TemplateFaulty
from pipeline.errors import CannotRun
from pipeline.run import run_period
from schemas.brief import TEMPLATE_FILE
from schemas.words import DifficultyState
from tests.support import PLAN_2021, ROOT, convert, fill, table_values, writer
from tests.test_quarter import GOOD, hashes

INBOX = ROOT / "input" / "2021-Q2"


@pytest.fixture(scope="module")
def out(sample_out: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("brief") / "out"
    shutil.copytree(sample_out, folder)
    assert write_brief(PLAN_2021, "2021-Q2", INBOX, folder).name == "bao-cao-2021-Q2.docx"
    return folder


@pytest.fixture(scope="module")
def report(out: Path) -> Document:
    return docx.Document(str(out / "bao-cao-2021-Q2.docx"))


@pytest.fixture(scope="module")
def lines(report: Document) -> list[str]:
    return [paragraph.text.replace("\u00a0", " ") for paragraph in report.paragraphs]


def number(value: float, digits: int = 4) -> str:
    """As a Vietnamese reader writes it; written here anew, apart from the product's own."""
    whole, _, part = f"{value:,.{digits}f}".partition(".")
    part = part.rstrip("0")
    return whole.replace(",", ".") + (f",{part}" if part else "")


def percent(value: float) -> str:
    return f"{number(value * 100, 2)} %"


def test_no_field_is_left(out: Path, report: Document) -> None:
    text = report.element.xml + "".join(cell.text for t in report.tables for row in t.rows for cell in row.cells)
    assert not re.search(r"\{[^}]*\}", re.sub(r"<[^>]+>", "", text))


def test_headings(report: Document) -> None:
    by_style: dict[str, list[str]] = {"Heading 1": [], "Heading 2": []}
    for paragraph in report.paragraphs:
        if paragraph.style is not None and paragraph.style.name in by_style:
            by_style[paragraph.style.name].append(paragraph.text)
    assert [text.split(".")[0] for text in by_style["Heading 1"]] == ["I", "II", "III", "IV", "V", "VI"]
    codes = [match[1] for text in by_style["Heading 2"] if (match := re.search(r"\(nhiệm vụ (.*)\)$", text))]
    assert codes == ["II.1", "II.2", "II.3", "II.4", "II.5"]
    assert sum(text.endswith("khó khăn, vướng mắc)") for text in by_style["Heading 2"]) == 5


def test_every_result_s_sentence_holds_the_workbook_s_figures(out: Path, lines: list[str]) -> None:
    rows = table_values(out / "tong-hop-2021-Q2.xlsx", "Chỉ tiêu")
    kinds = {
        row["indicator_code"]: row["kind"] for row in table_values(out / "tong-hop-2021-Q2.xlsx", "Chi tiết chỉ tiêu")
    }
    assert len(rows) == 19
    for row in rows:
        (line,) = [
            text
            for text in lines
            if text.startswith(f"- Chỉ tiêu {row['indicator_code']}. ") and f"({row['scope_name']}): " in text
        ]
        said = line.partition(f"({row['scope_name']}): ")[2]
        kind = kinds[row["indicator_code"]]
        expected = _figures(row, kind)
        for text in expected:
            assert text in said, line
        # Nothing but the row's own figures: each number said is one of them.
        told = set(re.findall(r"\d[\d.,]*", said))
        own = set(re.findall(r"\d[\d.,]*", " ".join([*expected, *_rest(row, kind)])))
        assert told <= own, line


def _figures(row: dict[str, Any], kind: str) -> list[str]:
    if kind == "Số lượng":
        texts = [f"{number(row['value'])} {row['measure_unit']}"]
    elif kind == "Có/không":
        texts = [f"kết quả “{'Có' if row['value'] else 'Không'}”"]
    else:
        texts = [f"{number(row['numerator'])}/{number(row['denominator'])}"]
        texts += [percent(row["value"])] if isinstance(row["value"], (int, float)) else ["thiếu số liệu gốc"]
    if isinstance(row["target"], (int, float)) and kind == "Tỷ lệ":
        texts.append(f"mục tiêu {'' if row['target'] == 1 else '≥ '}{percent(row['target'])}")
    if row["units_reported"] < row["units_expected"]:
        texts.append(f"số liệu của {row['units_reported']}/{row['units_expected']} đơn vị")
    if row["target_result"] in ("Đạt", "Chưa đạt"):
        texts.append(f"; {row['target_result'].lower()}")
    return texts


def _rest(row: dict[str, Any], kind: str) -> list[str]:
    """Figures that need not be said: the expected value, and an increase's target."""
    values = [row[name] for name in ("expected", "target") if isinstance(row[name], (int, float))]
    return [percent(value) for value in values] if kind.startswith("Tỷ lệ") else []


def test_the_counts_of_the_text_are_the_workbook_s(out: Path, lines: list[str]) -> None:
    book = out / "tong-hop-2021-Q2.xlsx"
    units, results = table_values(book, "Tình hình nộp"), table_values(book, "Chỉ tiêu")
    words = [row["timeliness"] for row in units]
    text = "\n".join(lines)
    received = sum(word != "Chưa nộp" for word in words)
    assert f"Có {received}/{len(units)} đơn vị gửi báo cáo" in text
    assert (
        f"trong đó {words.count('Đúng hạn'):02d} đơn vị đúng hạn; 01 đơn vị trễ hạn: Sở Công Thương (trễ 3 ngày)"
        in text
    )
    aimed = [row for row in results if isinstance(row["target"], (int, float))]
    counts = {word: sum(row["target_result"] == word for row in aimed) for word in ("Đạt", "Chưa đạt", "Thiếu số liệu")}
    assert f"Trong {len(aimed):02d} kết quả chỉ tiêu có mục tiêu" in text
    for word, count in counts.items():
        assert f"{count:02d} {word[0].lower()}{word[1:]}" in text
    for row in table_values(book, "Nhiệm vụ"):
        (heading,) = [at for at, line in enumerate(lines) if line.endswith(f"(nhiệm vụ {row['task_code']})")]
        assert f"Có {row['units_reported']}/{row['units_expected']} đơn vị báo cáo." in lines[heading + 1]
    errors = [row for row in table_values(book, "Lỗi dữ liệu") if row["severity"] == "Lỗi"]
    assert f"Báo cáo của 01 đơn vị còn {len(errors):02d} lỗi số liệu" in text


def test_the_units_own_words_are_verbatim_and_attributed(out: Path, lines: list[str]) -> None:
    rows = table_values(out / "tong-hop-2021-Q2.xlsx", "Khó khăn")
    assert len(rows) >= 14
    for row in rows:
        assert any(line.startswith(f"- {row['unit_name']}: “{row['description']}”") for line in lines)
        if row["proposal"] != "–" and row["state"] != DifficultyState.RESOLVED:
            attributed = f"- {row['unit_name']}, nhiệm vụ {row['task_code']} đề xuất: “{row['proposal']}”"
            assert any(line.startswith(attributed) for line in lines)


def test_the_appendix_tables_are_the_workbook_s(out: Path, report: Document) -> None:
    book = out / "tong-hop-2021-Q2.xlsx"
    tables = report.tables[2:]
    for table, sheet in zip(tables, ("Nhiệm vụ", "Chỉ tiêu", "Tình hình nộp", "Khó khăn"), strict=True):
        values = [[cell.text for cell in row.cells] for row in table.rows]
        rows = table_values(book, sheet)
        assert len(values) == len(rows) + 1, sheet
        for said, row in zip(values[1:], rows, strict=True):
            texts = {_shown(value) for value in row.values()}
            plain = [text for text in said if not re.fullmatch(r"[\d.,]+( điểm)? %|Có|Không", text)]
            assert set(plain) <= texts, (sheet, said)
            numbers = {percent(value) for value in row.values() if isinstance(value, (int, float))}
            shares = [text.replace(" điểm", "") for text in said if text.endswith("%")]
            assert set(shares) <= numbers, (sheet, said)


def _shown(value: Any) -> str:
    if isinstance(value, (datetime, date)):
        return f"{value:%d/%m/%Y}"
    return number(value) if isinstance(value, (int, float)) else str(value)


def test_running_again_gives_the_same_bytes_and_changes_nothing_else(out: Path, tmp_path: Path) -> None:
    shutil.copytree(out, tmp_path / "out")
    before, inputs = hashes(tmp_path / "out"), hashes(ROOT / "input")
    write_brief(PLAN_2021, "2021-Q2", INBOX, tmp_path / "out")
    assert hashes(tmp_path / "out") == before
    assert hashes(ROOT / "input") == inputs


@pytest.mark.office
@pytest.mark.skipif(not writer(), reason="LibreOffice Writer is not installed")
def test_libreoffice_shows_it_whole(out: Path, tmp_path: Path) -> None:
    pdf = convert(out / "bao-cao-2021-Q2.docx", "pdf", tmp_path)
    assert pdf.stat().st_size > 20_000
    if program := shutil.which("pdftotext"):
        text = subprocess.run([program, "-layout", str(pdf), "-"], capture_output=True, check=True, text=True).stdout
        first, second, *_ = text.split("\f")
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in first
        assert second.split()[0] == "2"
        assert "Phụ lục IV" in text


# --- what the small plan shows ------------------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path: Path, other_plan_file: Path, other_templates: Path) -> Path:
    shutil.copyfile(other_plan_file, tmp_path / "ke-hoach.xlsx")
    fill(other_templates / "STC.xlsx", tmp_path / "inbox" / "STC.xlsx", GOOD)
    return tmp_path


def brief(desk: Path) -> Path:
    return write_brief(desk / "ke-hoach.xlsx", "2023-Q1", desk / "inbox", desk / "out")


def run(desk: Path) -> None:
    assert run_period(desk / "ke-hoach.xlsx", "2023-Q1", desk / "inbox", desk / "out").failed == []


def test_without_a_template_beside_the_plan_the_shipped_one_is_used(desk: Path) -> None:
    run(desk)
    text = "\n".join(paragraph.text for paragraph in docx.Document(str(brief(desk))).paragraphs)
    assert "Kết quả quý I năm 2023 thực hiện Kế hoạch số hóa năm 2023 (số 12/KH-UBND)" in text


def test_a_difficulty_without_a_description_is_told(desk: Path, other_templates: Path) -> None:
    """It was left blank, or stood under an id whose period's folder is gone: what else it says is there."""
    cells = {("answer", "", "has_difficulty"): "Có", ("difficulties", "0", "cause"): "Thiếu kinh phí."}
    fill(other_templates / "STC.xlsx", desk / "inbox" / "STC.xlsx", GOOD | cells)
    run(desk)
    text = "\n".join(paragraph.text for paragraph in docx.Document(str(brief(desk))).paragraphs)
    assert "Sở Tài chính: (không đọc được nội dung). Nguyên nhân: “Thiếu kinh phí.”" in text


def test_the_officers_own_template_is_used(desk: Path) -> None:
    run(desk)
    own = docx.Document()
    own.add_paragraph("Kỳ này: {tình hình chung}")
    own.save(str(desk / TEMPLATE_FILE))
    with pytest.raises(TemplateFaulty, match="đứng lẫn với chữ khác"):
        brief(desk)
    assert not (desk / "out" / "bao-cao-2023-Q1.docx").exists()
    own = docx.Document()
    own.add_paragraph("Ngày {ngày xét}")
    own.save(str(desk / TEMPLATE_FILE))
    assert docx.Document(str(brief(desk))).paragraphs[0].text == "Ngày 27/03/2023"


def test_a_report_needs_the_workbook_that_it_speaks_of(desk: Path, other_templates: Path) -> None:
    with pytest.raises(CannotRun, match=r"Chưa có .*tong-hop-2023-Q1.xlsx.*make quarter QUARTER=2023-Q1"):
        brief(desk)
    run(desk)
    fill(other_templates / "Q1.xlsx", desk / "inbox" / "Q1.xlsx", {})
    with pytest.raises(CannotRun, match="đã thay đổi sau khi ghi"):
        brief(desk)
    run(desk)
    brief(desk)


def test_what_the_officer_has_written_is_not_lost(desk: Path) -> None:
    run(desk)
    path = brief(desk)
    brief(desk)
    own = docx.Document(str(path))
    own.paragraphs[0].text = "Đã sửa"
    own.core_properties.modified = datetime(2023, 3, 28, 9, 0)
    own.save(str(path))
    content = path.read_bytes()
    with pytest.raises(CannotRun, match="đã được sửa sau khi soạn"):
        brief(desk)
    assert path.read_bytes() == content
    path.write_bytes(b"not a document")
    with pytest.raises(CannotRun, match="Đổi tên hoặc chuyển"):
        brief(desk)
    path.unlink()
    brief(desk)


def test_a_plan_made_from_another_takes_its_template_along(tmp_path: Path) -> None:
    old, new = tmp_path / "2023" / "ke-hoach.xlsx", tmp_path / "2024" / "ke-hoach.xlsx"
    carry_template(old, new)
    shipped = (ROOT / "input" / "2021" / TEMPLATE_FILE).read_bytes()
    assert new.with_name(TEMPLATE_FILE).read_bytes() == shipped
    old.parent.mkdir()
    old.with_name(TEMPLATE_FILE).write_bytes(b"the officer's")
    carry_template(old, new)
    assert new.with_name(TEMPLATE_FILE).read_bytes() == shipped
    third = tmp_path / "2025" / "ke-hoach.xlsx"
    carry_template(old, third)
    assert third.with_name(TEMPLATE_FILE).read_bytes() == b"the officer's"


def test_properties_are_vietnamese(out: Path) -> None:
    core = docx.Document(io.BytesIO((out / "bao-cao-2021-Q2.docx").read_bytes())).core_properties
    assert core.title == "Báo cáo kết quả thực hiện quý II năm 2021"
    assert core.author == core.last_modified_by == "Sở Thông tin và Truyền thông"
    assert core.created is not None and core.created.date() == date(2021, 6, 25)
