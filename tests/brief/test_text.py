"""The report's sentences: plain administrative Vietnamese for none, one and many; nothing invented."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.brief.appendix import appendix_grids
from pipeline.brief.blocks import Grid, Heading, Paragraph
from pipeline.brief.content import report_blocks, report_fields
from pipeline.brief.figures import result_sentence
from pipeline.brief.obstacles import UNNAMED, authorities, difficulty_blocks, proposal_blocks
from pipeline.brief.phrases import count, lower_first
from pipeline.brief.requests import next_period, outlook_blocks, request_blocks
from pipeline.brief.situation import difficulties, indicators, situation, submissions, tasks
from pipeline.brief.tasks import quoted, task_blocks
from pipeline.plan.model import Plan
from pipeline.run import run_period
from pipeline.write.consolidated import Report
from pipeline.write.plan_book import write_plan
from schemas.brief import REPORT_BLOCKS, REPORT_FIELDS
from schemas.columns import conform
from schemas.records import Difficulty
from schemas.words import IndicatorKind
from tests.support import PLAN_2021, ROOT, small_plan


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The small plan's first quarter, and nobody has sent anything."""
    folder = tmp_path_factory.mktemp("brief")
    write_plan(small_plan(), folder / "ke-hoach.xlsx")
    (folder / "inbox").mkdir()
    return run_period(folder / "ke-hoach.xlsx", "2023-Q1", folder / "inbox", folder / "out").report


@pytest.fixture(scope="module")
def sample(sample_out: Path) -> Report:
    return run_period(PLAN_2021, "2021-Q2", ROOT / "input" / "2021-Q2", sample_out).report


def with_frames(report: Report, **columns: Mapping[str, Sequence[Any]]) -> Report:
    """The report with columns of its judged frames replaced: ``timeliness={"timeliness": […]}``."""
    frames = {name: getattr(report.assessment, name).assign(**values) for name, values in columns.items()}
    return replace(report, assessment=replace(report.assessment, **frames))


def received(report: Report, words: Sequence[str]) -> Report:
    files = [None if word == "Chưa nộp" else "x.xlsx" for word in words]
    return with_frames(report, timeliness={"timeliness": list(words), "file": files})


def with_difficulties(report: Report, *rows: Mapping[str, Any]) -> Report:
    base = {"task_code": "A", "state": "Chưa giải quyết"}
    made = []
    for number, row in enumerate(rows, start=1):
        name = report.plan.unit_names[row["unit_code"]]
        made.append(base | {"number": number, "unit_name": name} | dict(row))
    return replace(report, facts=replace(report.facts, difficulties=conform(Difficulty, made)))


def said(blocks: Sequence[object]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, (Heading, Paragraph))]


@pytest.mark.parametrize(("number", "text"), [(0, "0"), (1, "01"), (9, "09"), (10, "10"), (1234, "1.234")])
def test_count(number: int, text: str) -> None:
    assert count(number) == text


def test_small_words() -> None:
    assert lower_first("Quý II năm 2021") == "quý II năm 2021"
    assert lower_first("") == ""
    assert quoted("Đã họp.") == "“Đã họp.”"
    assert quoted("Đã họp") == "“Đã họp”."


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (
            ["Chưa nộp"] * 4,
            "Chưa có đơn vị nào trong số 04 đơn vị gửi báo cáo quý I năm 2023 (hạn gửi ngày 20/03/2023).",
        ),
        (["Đúng hạn"] * 4, "Có 4/4 đơn vị gửi báo cáo quý I năm 2023 đúng hạn (hạn gửi ngày 20/03/2023)."),
        (
            ["Đúng hạn", "Trễ 3 ngày", "Chưa nộp", "Đúng hạn"],
            "Có 3/4 đơn vị gửi báo cáo quý I năm 2023 (hạn gửi ngày 20/03/2023), trong đó 02 đơn vị đúng hạn; 01 đơn vị "
            "trễ hạn: Sở Tài chính (trễ 3 ngày). Còn 01 đơn vị chưa có báo cáo dùng được: Quận Một (chưa nộp).",
        ),
        (
            ["Trễ 1 ngày", "Trễ 3 ngày", "Sai kỳ", "Không đọc được"],
            "Có 2/4 đơn vị gửi báo cáo quý I năm 2023 (hạn gửi ngày 20/03/2023), trong đó không có đơn vị nào đúng hạn; "
            "02 đơn vị trễ hạn: Văn phòng (trễ 1 ngày); Sở Tài chính (trễ 3 ngày). Còn 02 đơn vị chưa có báo cáo dùng "
            "được: Quận Một (sai kỳ); Quận Hai (không đọc được).",
        ),
        (
            ["Đúng hạn", "Đúng hạn", "Đúng hạn", "Không rõ ngày nhận"],
            "Có 4/4 đơn vị gửi báo cáo quý I năm 2023 (hạn gửi ngày 20/03/2023), trong đó 03 đơn vị đúng hạn; 01 đơn vị "
            "không rõ ngày nhận: Quận Hai.",
        ),
    ],
)
def test_who_reported(words: list[str], text: str, silent: Report) -> None:
    assert submissions(received(silent, words)) == text


@pytest.mark.parametrize(
    ("statuses", "alerts", "text"),
    [
        (
            ["Chưa báo cáo"] * 3,
            [None] * 3,
            "Kế hoạch có 03 nhiệm vụ, theo tình trạng: 03 chưa báo cáo. Không có nhiệm vụ quá hạn.",
        ),
        (
            ["Đang thực hiện (quá hạn)", "Thường xuyên", "Hoàn thành đúng hạn"],
            ["Quá hạn; Nguy cơ chậm", None, None],
            "Kế hoạch có 03 nhiệm vụ, theo tình trạng: 01 đang thực hiện (quá hạn); 01 thường xuyên; 01 hoàn thành đúng hạn. Nhiệm vụ quá "
            "hạn chưa hoàn thành: A.",
        ),
        (
            ["Hoàn thành đúng hạn", "Thường xuyên", "Hoàn thành đúng hạn"],
            [None] * 3,
            "Kế hoạch có 03 nhiệm vụ, theo tình trạng: 02 hoàn thành đúng hạn; 01 thường xuyên.",
        ),
    ],
)
def test_how_the_tasks_stand(statuses: list[str], alerts: list[Any], text: str, silent: Report) -> None:
    frame = {"status": statuses, "alerts": pd.Series(alerts, dtype="str")}
    assert tasks(with_frames(silent, statuses=frame)) == text


def test_a_plan_of_one_task(silent: Report) -> None:
    one = replace(silent, assessment=replace(silent.assessment, statuses=silent.assessment.statuses.iloc[:1]))
    assert tasks(one).startswith("Kế hoạch có 01 nhiệm vụ, theo tình trạng: 01 chưa báo cáo.")


def test_how_the_indicators_stand(silent: Report, sample: Report) -> None:
    assert indicators(silent) == (
        "Trong 06 kết quả chỉ tiêu có mục tiêu (tính theo từng phạm vi): 06 thiếu số liệu. "
        "Không có chỉ tiêu chậm so với mốc của kỳ."
    )
    assert "02 đạt; 08 chưa đạt; 01 thiếu số liệu. Có 03 kết quả chậm" in indicators(sample)
    none = with_frames(silent, results={"target": [float("nan")] * len(silent.assessment.results)})
    assert indicators(none).startswith("Kế hoạch không giao mục tiêu")


def test_difficulties_of_none_one_and_many(silent: Report) -> None:
    assert difficulties(silent) == "Không có khó khăn, vướng mắc nào được nêu."
    assert said(difficulty_blocks(silent)) == ["Không có khó khăn, vướng mắc nào được nêu."]
    assert said(proposal_blocks(silent)) == ["Không có khó khăn, vướng mắc nào chờ giải quyết."]
    one = with_difficulties(silent, {"unit_code": "VP", "description": "Thiếu máy"})
    assert difficulties(one) == "Có 01 khó khăn, vướng mắc của 01 đơn vị."
    assert said(difficulty_blocks(one)) == [
        "Có 01 khó khăn, vướng mắc của 01 đơn vị (01 chưa giải quyết). Nội dung trong ngoặc kép là nguyên văn "
        "báo cáo của đơn vị.",
        "1. Nhiệm vụ A – Số hóa hồ sơ (01 khó khăn, vướng mắc)",
        "- Văn phòng: “Thiếu máy”.",
    ]
    assert said(proposal_blocks(one)) == [
        f"1. {UNNAMED} (01 nội dung)",
        "- Văn phòng, nhiệm vụ A chưa nêu đề xuất; khó khăn: “Thiếu máy”.",
    ]


def test_difficulties_are_grouped_and_stay_verbatim(silent: Report) -> None:
    text = "  “Lạ”  {hạn}\nhai dòng; 100 %"
    many = with_difficulties(
        silent,
        {"unit_code": "Q1", "description": text, "cause": "Do X.", "proposal": "Mua", "addressed_to": "Sở TC."},
        {"unit_code": "Q2", "description": "b", "addressed_to": "Bộ Y", "state": "Đang giải quyết"},
        {"unit_code": "VP", "description": "c", "addressed_to": "so Tai chinh", "state": "Đã giải quyết"},
        {"unit_code": "VP", "task_code": None, "description": "d", "addressed_to": "Tài chính", "proposal": "Mua!"},
    )
    lines = said(difficulty_blocks(many))
    assert "(02 chưa giải quyết; 01 đang giải quyết; 01 đã giải quyết)" in lines[0]
    assert f"- Quận Một: “{text}”. Nguyên nhân: “Do X.” Đề xuất: “Mua”. Cơ quan giải quyết: Sở TC." in lines
    assert "- Quận Hai: “b”. Cơ quan giải quyết: Bộ Y. Tình trạng: đang giải quyết." in lines
    assert "2. Chưa ghi nhiệm vụ (01 khó khăn, vướng mắc)" in lines
    assert [(one.name, one.unit_code, len(one.rows)) for one in authorities(many)] == [
        ("Sở Tài chính", "STC", 2),
        ("Bộ Y", None, 1),
    ]
    assert "- Văn phòng đề xuất: “Mua!”" in said(proposal_blocks(many))
    asked = said(request_blocks(many))
    assert any("giải quyết nội dung được đề xuất: Sở Tài chính (02 nội dung)." in text for text in asked)
    assert any("ngoài các đơn vị thực hiện Kế hoạch để được giải quyết: Bộ Y (01 nội dung)." in text for text in asked)


RESULT = {
    "indicator": "Tỷ lệ X",
    "scope_name": "Các sở",
    "kind": IndicatorKind.RATIO.value,
    "measure_unit": "%",
    "numerator": 26.0,
    "denominator": 75.0,
    "value": 26 / 75,
    "target": 0.35,
    "expected": 0.2,
    "units_reported": 3,
    "units_expected": 3,
    "target_result": "Chưa đạt",
    "alerts": None,
    "behind": False,
}
NAN = float("nan")


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "34,67 % (26/75); mục tiêu ≥ 35 %; mốc kỳ này 20 %; chưa đạt, kịp mốc."),
        ({"expected": 0.35, "behind": True}, "34,67 % (26/75); mục tiêu ≥ 35 %; chưa đạt, chậm so với mốc."),
        ({"behind": True, "alerts": "Quá hạn; Cần giải trình", "expected": NAN}, "34,67 % (26/75); mục tiêu ≥ 35 %; chưa đạt, đã quá thời hạn."),
        ({"target": NAN, "expected": NAN, "target_result": "Không có chỉ tiêu"}, "34,67 % (26/75)."),
        ({"numerator": 99999.0, "denominator": 100000.0, "value": 0.99999, "target": 1.0}, "99,999 % (99.999/100.000); mục tiêu 100 %; mốc kỳ này 20 %; chưa đạt, kịp mốc."),
        ({"numerator": NAN, "value": NAN, "units_reported": 0, "target_result": "Thiếu số liệu", "expected": NAN}, "chưa có số liệu; mục tiêu ≥ 35 %; số liệu của 0/3 đơn vị."),
        ({"numerator": 0.0, "denominator": 0.0, "value": NAN, "target_result": "Không phát sinh", "expected": NAN}, "không phát sinh; mục tiêu ≥ 35 %."),
        ({"kind": "Số lượng", "numerator": 1234.5, "denominator": NAN, "value": 1234.5, "target": 2000.0, "measure_unit": "hồ sơ", "expected": NAN}, "1.234,5 hồ sơ; mục tiêu ≥ 2.000; chưa đạt."),
        ({"kind": "Có/không", "numerator": 1.0, "denominator": 1.0, "value": 1.0, "target": 1.0, "expected": NAN, "target_result": "Đạt"}, "kết quả “Có”; mục tiêu “Có”; đạt."),
        ({"kind": "Có/không", "numerator": 1.0, "denominator": 2.0, "value": 0.5, "target": 1.0, "expected": NAN}, "50 % đơn vị (1/2); mục tiêu “Có”; chưa đạt."),
        ({"kind": "Tỷ lệ tăng thêm (điểm %)", "value": 0.05, "target": 0.2, "expected": NAN}, "tăng 5 điểm % (kỳ này 26/75); mục tiêu tăng 20 điểm %; chưa đạt."),
        ({"kind": "Tỷ lệ tăng thêm (điểm %)", "value": NAN, "target": 0.2, "expected": NAN, "target_result": "Thiếu số liệu"}, "chưa tính được mức tăng vì thiếu số liệu gốc (kỳ này 26/75); mục tiêu tăng 20 điểm %."),
    ],
)  # fmt: skip
def test_a_result_as_a_sentence(changes: dict[str, Any], text: str) -> None:
    sentence = result_sentence(RESULT | changes, None)
    assert sentence.replace("\u00a0", " ") == f"Tỷ lệ X (Các sở): {text}"
    assert " %" not in sentence


def test_tasks_say_who_leads_what_was_reported_and_who_is_silent(silent: Report, sample: Report) -> None:
    lines = said(task_blocks(silent))
    assert lines[0] == "1. Số hóa hồ sơ (nhiệm vụ A)"
    assert lines[1].startswith("Đơn vị chủ trì: Sở Tài chính. Thời hạn: 30/06/2023. Có 0/4 đơn vị báo cáo.")
    assert lines[2] == "Sở Tài chính chưa báo cáo về nhiệm vụ này."
    assert "Đơn vị phối hợp, thực hiện chưa có báo cáo được tính: Văn phòng; Quận Một; Quận Hai." in lines
    assert "Đơn vị chủ trì: Văn phòng; Sở Tài chính. Thời hạn: 31/12/2023." in "\n".join(lines)
    own = sample.facts.progress.set_index(["unit_code", "task_code"])["result"]
    text = "\n".join(said(task_blocks(sample)))
    for unit, task in (("VPUB", "II.1"), ("STTTT", "II.2"), ("SKHDT", "II.4")):
        assert f"{sample.plan.unit_names[unit]} báo cáo: “{own[unit, task]}”" in text
    assert "Tình trạng: nhiệm vụ thường xuyên. Cần lưu ý: nguy cơ chậm; số liệu chưa đủ; cần giải trình." in text


def test_a_lead_that_reports_no_result_and_many_silent_units(sample: Report) -> None:
    progress = sample.facts.progress
    lead = (progress["unit_code"] == "VPUB") & (progress["task_code"] == "II.1")
    changed = progress.assign(result=progress["result"].mask(lead), reported=progress["reported"].where(lead, "Không"))
    lines = said(task_blocks(replace(sample, facts=replace(sample.facts, progress=changed))))
    assert "Văn phòng UBND tỉnh báo cáo “Đang thực hiện”, chưa nêu kết quả thực hiện." in lines
    assert any(line.endswith(" và 16 đơn vị khác.") for line in lines)


def test_what_is_asked_follows_from_the_facts(silent: Report, sample: Report) -> None:
    asked = said(request_blocks(sample))
    assert asked[0] == ("Sở Thông tin và Truyền thông kính đề nghị Ủy ban nhân dân tỉnh Hậu Giang xem xét, chỉ đạo:")
    assert [text.split(". ")[0] for text in asked[1:]] == ["1", "2", "3", "4", "5", "6"]
    assert asked[1].endswith("khẩn trương gửi báo cáo: Ban Quản lý các khu công nghiệp.")
    assert "II.3.6 (UBND cấp huyện; Sở Tư pháp chịu trách nhiệm)" in asked[2]
    overdue = with_frames(silent, statuses={"alerts": pd.Series(["Quá hạn", None, None], dtype="str")})
    assert "nhiệm vụ quá hạn: nhiệm vụ A (Sở TC, hạn 30/06/2023)." in "\n".join(said(request_blocks(overdue)))
    calm = received(silent, ["Đúng hạn"] * 4)
    calm = with_frames(calm, results={"target_result": ["Đạt"] * len(calm.assessment.results)})
    assert said(request_blocks(calm)) == ["Trong kỳ, không có nội dung nào cần xin ý kiến chỉ đạo của UBND thành phố."]


def test_the_next_period(silent: Report, plan_2021: Plan) -> None:
    lines = said(outlook_blocks(silent))
    assert lines == [
        "- Kỳ báo cáo tiếp theo: quý II năm 2023, số liệu từ ngày 15/03/2023 đến ngày 14/06/2023. Đơn vị gửi báo cáo "
        "chậm nhất ngày 20/06/2023; Sở Tài chính tổng hợp, trình UBND thành phố ngày 26/06/2023.",
        "- Tiếp tục thực hiện nhiệm vụ có thời hạn: A (hạn 30/06/2023); C (hạn 31/12/2023).",
        "- Duy trì nhiệm vụ thường xuyên: B.",
    ]
    following = {code: next_period(plan_2021, plan_2021.period(code)) for code in plan_2021.periods["period_code"]}
    assert {code: period and period.period_code for code, period in following.items()} == {
        "2021-Q1": "2021-Q2",
        "2021-Q2": "2021-Q3",
        "2021-Q3": "2021-Q4",
        "2021-Q4": "2021-NAM",
        "2021-NAM": None,
    }


def test_tasks_that_fall_due_and_the_last_period(silent: Report) -> None:
    last = replace(silent, period=silent.plan.period("2023-Q2"), as_of=date(2023, 6, 26))
    assert said(outlook_blocks(last))[0] == "- Kế hoạch không còn kỳ báo cáo nào sau kỳ này."
    due = silent.assessment.statuses.assign(
        deadline=pd.to_datetime(["2023-05-01", None, "2023-12-31"]).astype("datetime64[us]")
    )
    near = replace(silent, assessment=replace(silent.assessment, statuses=due))
    assert "- Nhiệm vụ đến hạn trước ngày tổng hợp kỳ tới: A (hạn 01/05/2023)." in said(outlook_blocks(near))


def test_every_field_and_block_is_made_and_explained(silent: Report) -> None:
    assert list(report_fields(silent)) == list(REPORT_FIELDS)
    assert list(report_blocks(silent)) == list(REPORT_BLOCKS)
    for name, blocks in report_blocks(silent).items():
        assert blocks, name
    assert report_fields(silent)["ký hiệu"] == "BC-STC"


def test_appendix_tables_are_as_wide_as_their_titles_and_say_when_they_are_empty(
    silent: Report, sample: Report
) -> None:
    for grids in (appendix_grids(silent), appendix_grids(sample)):
        for grid in grids.values():
            assert isinstance(grid, Grid)
            assert {len(row) for row in grid.rows} == {len(grid.titles)} == {len(grid.widths)}
    assert appendix_grids(silent)["bảng khó khăn"].rows == [["Không có.", "", "", "", "", "", "", ""]]


def test_sentences_end_once_and_hold_no_double_space(silent: Report, sample: Report) -> None:
    for report in (silent, sample):
        lines = situation(report)
        lines += [text for blocks in report_blocks(report).values() for text in said(blocks)]
        for line in lines:
            assert "  " not in line
            assert ".." not in line
            assert "nan" not in line.split()
            assert "None" not in line
