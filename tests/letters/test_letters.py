"""The four batches of drafts: to whom, saying what, with which file."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from pipeline.errors import CannotRun
from pipeline.letters.drafts import _issue_fields, return_letters
from pipeline.letters.run import Drafted, addresses, write_letters
from pipeline.letters.summary import letter_lines
from pipeline.plan.load import load_plan
from pipeline.plan.model import Plan
from pipeline.run import run_period, write_templates
from pipeline.write.plan_book import write_plan
from schemas.letters import BATCHES
from tests.letters.test_eml import parsed
from tests.support import PLAN_2021, ROOT, fill
from tests.test_quarter import GOOD, hashes

BEFORE, AFTER = date(2023, 3, 20), date(2023, 3, 21)  # the due date itself, and the day after
WRONG = {("indicators", "A.1", "numerator"): "75%"}


class Desk:
    """The small plan with addresses, its templates, and Sở Tài chính's submission."""

    def __init__(self, folder: Path, plan_file: Path, templates: Path) -> None:
        self.plan, self.inbox, self.out = folder / "ke-hoach.xlsx", folder / "inbox", folder / "out"
        self.templates = templates
        book = openpyxl.load_workbook(plan_file)
        for row, email in ((5, "vp@x.vn; vp2@x.vn"), (6, "stc@x.vn"), (7, "không có"), (8, None)):
            book["Đơn vị"][f"F{row}"] = email
        book.save(self.plan)
        self.send()

    def send(self, unit: str = "STC", **cells: Any) -> None:
        fill(self.templates / f"{unit}.xlsx", self.inbox / f"{unit}.xlsx", GOOD if unit == "STC" else {})
        if cells:
            fill(self.templates / "STC.xlsx", self.inbox / "STC.xlsx", GOOD | cells["typed"])

    def run(self) -> None:
        assert run_period(self.plan, "2023-Q1", self.inbox, self.out).failed == []

    def issue(self) -> None:
        shutil.copytree(self.templates, self.out / "bieu-mau")

    def write(self, batch: str, today: date = BEFORE) -> Drafted:
        return write_letters(self.plan, "2023-Q1", batch, self.inbox, self.out, today)

    def mail(self, batch: str, unit: str) -> EmailMessage:
        return parsed((self.out / "thu" / batch / f"{unit}.eml").read_bytes())


@pytest.fixture
def desk(tmp_path: Path, other_plan_file: Path, other_templates: Path) -> Desk:
    return Desk(tmp_path, other_plan_file, other_templates)


def body_of(mail: EmailMessage) -> str:
    body = mail.get_body()
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def files_of(mail: EmailMessage) -> dict[str | None, Any]:
    return {part.get_filename(): part.get_payload(decode=True) for part in mail.iter_attachments()}


class TestIssue:
    def test_every_unit_gets_its_own_template(self, desk: Desk) -> None:
        desk.issue()
        drafted = desk.write("phat-mau")
        assert drafted.units == ["VP", "STC", "Q1", "Q2"]
        mail = desk.mail("phat-mau", "VP")
        assert mail["To"] == "vp@x.vn, vp2@x.vn"
        assert mail["From"] == "stc@x.vn"
        assert mail["Subject"] == "Biểu mẫu báo cáo quý I năm 2023 – Văn phòng"
        assert files_of(mail) == {"Biểu mẫu Quý I năm 2023 - VP.xlsx": (desk.out / "bieu-mau" / "VP.xlsx").read_bytes()}
        body = body_of(mail)
        assert body.startswith("Kính gửi: Văn phòng\n\n")
        assert "từ ngày 15/12/2022 đến ngày 14/03/2023" in body
        assert "gửi về stc@x.vn chậm nhất ngày 20/03/2023" in body
        assert "Kế hoạch số hóa năm 2023 (số 12/KH-UBND) do UBND thành phố ban hành" in body
        assert not set(body) & set("{}")

    def test_a_unit_without_an_address_still_gets_its_draft_and_the_summary_says_so(self, desk: Desk) -> None:
        desk.issue()
        drafted = desk.write("phat-mau")
        assert desk.mail("phat-mau", "Q1")["To"] is None
        assert letter_lines(drafted) == [
            f"Thư phát biểu mẫu, Quý I năm 2023: 4 thư nháp trong {desk.out / 'thu' / 'phat-mau'}",
            "Gửi: tất cả 4 đơn vị",
            "Chưa có địa chỉ thư điện tử trong kế hoạch: 2 đơn vị – Quận Một; Quận Hai",
            "Địa chỉ chưa đúng trong kế hoạch, đã bỏ ra: Quận Một – “không có”",
            "Chương trình không gửi thư: mở từng tệp .eml, kiểm tra rồi gửi.",
        ]

    def test_without_templates_nothing_is_drafted(self, desk: Desk) -> None:
        drafted = desk.write("phat-mau")
        assert letter_lines(drafted) == [
            "Thư phát biểu mẫu, Quý I năm 2023: chưa soạn được thư nào.",
            "KHÔNG SOẠN ĐƯỢC: thiếu tệp kèm theo của tất cả 4 đơn vị. Gõ make templates QUARTER=2023-Q1 trước.",
        ]
        assert not (desk.out / "thu").exists()

    def test_one_template_that_is_missing_costs_one_draft(self, desk: Desk) -> None:
        desk.issue()
        (desk.out / "bieu-mau" / "Q2.xlsx").unlink()
        drafted = desk.write("phat-mau")
        assert (drafted.units, drafted.lacking) == (["VP", "STC", "Q1"], ["Q2"])
        assert "thiếu tệp kèm theo của 1 đơn vị – Quận Hai" in letter_lines(drafted)[-1]


class TestRemind:
    @pytest.mark.parametrize(
        ("today", "subject", "words"),
        [
            (BEFORE, "Nhắc gửi báo cáo quý I năm 2023, hạn ngày 20/03/2023 – Quận Hai", "đúng hạn"),
            (AFTER, "Đôn đốc gửi báo cáo quý I năm 2023, đã quá hạn ngày 20/03/2023 – Quận Hai", "khẩn trương"),
        ],
    )
    def test_only_those_missing_before_and_after_the_due_date(
        self, today: date, subject: str, words: str, desk: Desk
    ) -> None:
        drafted = desk.write("nhac", today)
        assert drafted.units == ["VP", "Q1", "Q2"]
        mail = desk.mail("nhac", "Q2")
        assert mail["Subject"] == subject
        assert words in body_of(mail)
        assert "Sở Tài chính chưa nhận được báo cáo quý I năm 2023 của Quý đơn vị." in body_of(mail)
        assert files_of(mail) == {}
        assert "Tệp kèm theo: không có." in body_of(mail)

    def test_the_template_goes_along_where_it_has_been_made(self, desk: Desk) -> None:
        desk.issue()
        desk.write("nhac")
        assert list(files_of(desk.mail("nhac", "Q2"))) == ["Biểu mẫu Quý I năm 2023 - Q2.xlsx"]

    def test_a_file_that_could_not_be_used_is_named(self, desk: Desk) -> None:
        (desk.inbox / "Q2 báo cáo.xlsx").write_bytes(b"%PDF-1.4")
        desk.write("nhac", AFTER)
        body = body_of(desk.mail("nhac", "Q2"))
        assert "đã nhận nhưng chưa dùng được tệp của Quý đơn vị (Q2 báo cáo.xlsx: " in body
        assert "Theo tên tệp" not in body
        assert ".)" not in body

    def test_a_draft_to_a_unit_that_has_sent_since_is_removed(self, desk: Desk) -> None:
        desk.write("nhac")
        desk.send("Q1")
        (desk.out / "thu" / "nhac" / "ghi chú.txt").write_text("của cán bộ", encoding="utf-8")
        assert desk.write("nhac").units == ["VP", "Q2"]
        assert sorted(path.name for path in (desk.out / "thu" / "nhac").iterdir()) == [
            "Q2.eml",
            "VP.eml",
            "ghi chú.txt",
        ]

    def test_no_one_is_missing(self, desk: Desk) -> None:
        for unit in ("VP", "Q1", "Q2"):
            desk.send(unit)
        lines = letter_lines(desk.write("nhac"))
        assert lines == ["Thư nhắc đơn vị chưa có báo cáo dùng được, Quý I năm 2023: không có thư nào cần gửi."]


class TestReturn:
    def test_the_return_goes_with_its_issues_in_words(self, desk: Desk) -> None:
        desk.send(typed=WRONG)
        desk.run()
        assert desk.write("tra-lai").units == ["STC"]
        mail = desk.mail("tra-lai", "STC")
        assert mail["To"] == "stc@x.vn"
        assert files_of(mail) == {"Cần sửa Quý I năm 2023 - STC.xlsx": (desk.out / "tra-lai" / "STC.xlsx").read_bytes()}
        body = body_of(mail)
        assert "bản nộp có 01 lỗi:\n\n1. Sheet “Chỉ tiêu”, ô G6 (Tử số / số lượng): Ghi tỷ lệ “75%”." in body
        assert " Cách sửa: " in body

    def test_a_long_list_of_issues_is_cut_and_says_so(self) -> None:
        rows = [{"severity": "Lỗi" if n else "Cảnh báo", "sheet": "Chỉ tiêu", "cell": f"G{n + 6}"} for n in range(33)]
        fields = _issue_fields(pd.DataFrame(rows).assign(field="Tử số", message="Sai.", remedy="Sửa."))
        assert fields["số lỗi và cảnh báo"] == "32 lỗi và 01 cảnh báo"
        lines = fields["danh sách lỗi"].split("\n")
        assert lines[29] == "30. Sheet “Chỉ tiêu”, ô G35 (Tử số): Sai. Cách sửa: Sửa."
        assert lines[30:] == ["… và 3 lỗi, cảnh báo khác; xem sheet “Cần sửa” của tệp kèm theo."]

    def test_no_unit_has_issues(self, desk: Desk) -> None:
        desk.run()
        assert letter_lines(desk.write("tra-lai"))[0].endswith("không có thư nào cần gửi.")

    def test_a_return_that_was_deleted_is_not_sent_empty(self, desk: Desk) -> None:
        desk.send(typed=WRONG)
        desk.run()
        (desk.out / "tra-lai" / "STC.xlsx").unlink()
        drafted = desk.write("tra-lai")
        assert (drafted.units, drafted.lacking) == ([], ["STC"])


class TestResult:
    def test_the_consolidated_workbook_goes_to_every_unit(self, desk: Desk) -> None:
        desk.run()
        drafted = desk.write("ket-qua")
        assert len(drafted.units) == 4
        mail = desk.mail("ket-qua", "VP")
        assert files_of(mail) == {"Tổng hợp Quý I năm 2023.xlsx": (desk.out / "tong-hop-2023-Q1.xlsx").read_bytes()}
        assert "- Có 1/4 đơn vị gửi báo cáo quý I năm 2023 (hạn gửi ngày 20/03/2023)" in body_of(mail)

    @pytest.mark.parametrize("batch", ["tra-lai", "ket-qua"])
    def test_without_a_run_there_is_nothing_to_send(self, batch: str, desk: Desk) -> None:
        with pytest.raises(CannotRun, match=r"Chưa có .*tong-hop-2023-Q1.xlsx.*make quarter QUARTER=2023-Q1"):
            desk.write(batch)

    @pytest.mark.parametrize("batch", ["tra-lai", "ket-qua"])
    def test_a_run_that_is_out_of_date_is_not_sent(self, batch: str, desk: Desk) -> None:
        desk.run()
        desk.send("Q1")
        with pytest.raises(CannotRun, match="đã thay đổi sau khi ghi"):
            desk.write(batch)
        desk.run()
        desk.write(batch)

    def test_letters_speak_of_the_day_that_the_workbook_was_judged_on(self, desk: Desk) -> None:
        run_period(desk.plan, "2023-Q1", desk.inbox, desk.out, date(2023, 7, 15))
        desk.write("ket-qua")
        assert "Nhiệm vụ quá hạn chưa hoàn thành: A." in body_of(desk.mail("ket-qua", "VP"))


def test_nothing_else_is_written_and_again_gives_the_same_bytes(desk: Desk) -> None:
    desk.issue()
    desk.send(typed=WRONG)
    desk.run()
    outputs, inputs = hashes(desk.out), hashes(desk.inbox)
    for batch in BATCHES:
        desk.write(batch)
    first = hashes(desk.out)
    assert {name: digest for name, digest in first.items() if not name.startswith("thu/")} == outputs
    for batch in BATCHES:
        desk.write(batch)
    assert hashes(desk.out) == first
    assert hashes(desk.inbox) == inputs


def test_no_connection_is_opened(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr("socket.socket.connect", refuse)
    desk.run()
    assert desk.write("ket-qua").failed == []


def test_the_officers_own_wording_is_used(desk: Desk) -> None:
    book = openpyxl.load_workbook(desk.plan)
    book["Mẫu thư"]["B5"], book["Mẫu thư"]["C5"] = "Gửi {TÊN ĐƠN VỊ}", "Hạn {hạn gửi}"
    book.save(desk.plan)
    desk.issue()
    desk.write("phat-mau")
    mail = desk.mail("phat-mau", "Q2")
    assert (mail["Subject"], body_of(mail)) == ("Gửi Quận Hai", "Hạn 20/03/2023")


def test_a_draft_open_in_the_mail_program_does_not_keep_the_others_from_landing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = desk.out / "thu" / "nhac" / "Q1.eml"
    blocked.mkdir(parents=True)
    drafted = desk.write("nhac")
    assert drafted.units == ["VP", "Q2"]
    assert str(blocked) in drafted.failed[0]
    stale = desk.out / "thu" / "nhac" / "CU.eml"
    stale.write_bytes(b"x")
    unlink: Callable[..., None] = Path.unlink

    def locked(path: Path, missing_ok: bool = False) -> None:
        if path == stale:
            raise PermissionError(13, "Permission denied")
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", locked)
    assert str(stale) in letter_lines(desk.write("nhac"))[-1]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (None, ([], "")),
        (float("nan"), ([], "")),
        ("a@x.vn", (["a@x.vn"], "")),
        ("a@x.vn; b.c+d@y.gov.vn ,", (["a@x.vn", "b.c+d@y.gov.vn"], "")),
        ("a@x; b@x.vn; ông A <c@x.vn>; <d@x.vn", (["b@x.vn"], "a@x; ông A <c@x.vn>; <d@x.vn")),
        ("a@x.vn\nBcc: z@x.vn", ([], "a@x.vn\nBcc: z@x.vn")),
    ],
)
def test_addresses(cell: object, found: tuple[list[str], str]) -> None:
    assert addresses(cell) == found


def test_the_sample_returns_the_mistaken_unit_s_workbook(sample_out: Path, tmp_path: Path) -> None:
    shutil.copytree(sample_out, tmp_path / "out")
    drafted = write_letters(
        PLAN_2021, "2021-Q2", "tra-lai", ROOT / "input" / "2021-Q2", tmp_path / "out", date(2021, 6, 28)
    )
    assert drafted.units == drafted.unaddressed == ["SGTVT"]
    mail = parsed((tmp_path / "out" / "thu" / "tra-lai" / "SGTVT.eml").read_bytes())
    assert "bản nộp có 08 lỗi và 02 cảnh báo:" in body_of(mail)
    assert "\n10. Sheet" in body_of(mail)
    assert list(files_of(mail).values()) == [(sample_out / "tra-lai" / "SGTVT.xlsx").read_bytes()]


def test_a_unit_that_is_no_longer_in_force_gets_no_letter(tmp_path: Path, other_plan: Plan) -> None:
    ended = other_plan.units["unit_code"] == "Q2"
    units = other_plan.units.assign(valid_to=other_plan.units["valid_to"].mask(ended, pd.Timestamp("2023-03-31")))
    write_plan(replace(other_plan, units=units), tmp_path / "ke-hoach.xlsx")
    plan = load_plan(tmp_path / "ke-hoach.xlsx")
    (tmp_path / "inbox").mkdir()
    for code, concerned in (("2023-Q1", ["VP", "STC", "Q1", "Q2"]), ("2023-Q2", ["VP", "STC", "Q1"])):
        out = tmp_path / code
        write_templates(plan, plan.period(code), out)
        for batch in ("phat-mau", "nhac"):
            drafted = write_letters(tmp_path / "ke-hoach.xlsx", code, batch, tmp_path / "inbox", out, BEFORE)
            assert (drafted.units, drafted.lacking) == (concerned, [])


def test_a_years_return_letters_are_of_its_own_submissions(tmp_path: Path) -> None:
    """The quarters' files and faults stand in a year's report too; their units had their letters then."""
    report = run_period(PLAN_2021, "2021-NAM", ROOT / "input" / "2021-NAM", tmp_path / "out").report
    assert (report.ledger.index < 0).any()
    assert return_letters(report) == []


def test_templates_of_a_period_named_with_a_slash(tmp_path: Path, other_plan_file: Path) -> None:
    book = openpyxl.load_workbook(other_plan_file)
    book["Kỳ báo cáo"]["B5"] = "Quý I/2023"
    book.save(tmp_path / "ke-hoach.xlsx")
    plan = load_plan(tmp_path / "ke-hoach.xlsx")
    write_templates(plan, plan.period("2023-Q1"), tmp_path / "out")
    write_letters(tmp_path / "ke-hoach.xlsx", "2023-Q1", "phat-mau", tmp_path, tmp_path / "out", BEFORE)
    mail = parsed((tmp_path / "out" / "thu" / "phat-mau" / "STC.eml").read_bytes())
    assert list(files_of(mail)) == ["Biểu mẫu Quý I-2023 - STC.xlsx"]
