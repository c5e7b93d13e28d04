"""Whatever a unit's program saved it as and however it came, a submission gives the same figures."""

import random
import shutil
import subprocess
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from pipeline.plan.model import Plan
from pipeline.receive import receive as load
from pipeline.run import write_templates
from pipeline.stamp import KEY_FILE
from schemas.columns import records
from schemas.words import Evidence, Remark, Stamp, Verdict
from tests.corpus import PNG, mail, zipped
from tests.intake.conftest import COMMON, PERIOD, Judged, judge
from tests.ole import write_msg
from tests.support import fill, soffice
from tests.xlsb import from_xlsx, write_xlsb

KEY = bytes(range(32))
UNIT = "STC"
CELLS: Mapping[tuple[str, str, str], Any] = {
    **COMMON,
    ("tasks", "A", "result"): "Số hóa 1.250 hồ sơ; đạt “khá”.\nĐã báo cáo & gửi < 5 đơn vị.",
    ("tasks", "C", "state"): "Hoàn thành",
    ("tasks", "C", "completed_on"): date(2023, 3, 5),
    ("tasks", "C", "product"): "12/QĐ-STC",
    ("indicators", "A.3", "numerator"): "1.234",
    ("indicators", "A.3", "denominator"): 4321.5,
    ("indicators", "A.1", "note"): "30 trên 40",
}
SENT = datetime(2023, 3, 10, 9, 30)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory, other_plan: Plan) -> Path:
    """A stamped template, filled."""
    folder = tmp_path_factory.mktemp("stamped")
    write_templates(other_plan, other_plan.period(PERIOD), folder, key=KEY)
    return fill(folder / "bieu-mau" / f"{UNIT}.xlsx", folder / "Báo cáo quý.xlsx", CELLS)


@pytest.fixture(scope="module")
def saved(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The same workbook opened and saved by LibreOffice, by kind."""
    program = soffice()
    if program is None:
        pytest.skip("LibreOffice is not installed")
    folder = tmp_path_factory.mktemp("saved")
    for kind in ("xlsx", "xls", "ods"):
        command = [program, f"-env:UserInstallation=file://{folder / 'profile'}", "--headless"]
        command += ["--convert-to", kind, "--outdir", str(folder), str(original)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
    return {kind: folder / f"{original.stem}.{kind}" for kind in ("xlsx", "xls", "ods")}


class Receive:
    """Runs on an inbox of the given files, with the period's key."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        self._plan, self._folder, self._runs = plan, folder, 0

    def __call__(self, files: Mapping[str, bytes]) -> Judged:
        self._runs += 1
        folder = self._folder / str(self._runs)
        (folder / "inbox").mkdir(parents=True)
        (folder / "inbox" / KEY_FILE).write_text(KEY.hex(), encoding="ascii")
        for name, data in files.items():
            (folder / "inbox" / name).write_bytes(data)
        return judge(self._plan, folder / "inbox")


@pytest.fixture
def receive(other_plan: Plan, tmp_path: Path) -> Receive:
    return Receive(other_plan, tmp_path)


@pytest.fixture(scope="module")
def expected(original: Path, other_plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Judged:
    receive = Receive(other_plan, tmp_path_factory.mktemp("expected"))
    return receive({"a.xlsx": original.read_bytes()})


def used(outcome: Judged) -> dict[str, Any]:
    (row,) = [row for row in outcome.lines.values() if row["verdict"] == Verdict.USED]
    return row


def assert_same_figures(outcome: Judged, expected: Judged) -> None:
    for name in ("progress", "figures", "difficulties"):
        frames = [getattr(each.facts, name).drop(columns="file") for each in (outcome, expected)]
        pd.testing.assert_frame_equal(*frames)
    columns = ["code", "sheet", "cell", "typed", "message"]
    assert records(outcome.issues[columns]) == records(expected.issues[columns])


def test_the_original_says_what_was_typed(expected: Judged) -> None:
    """So that the comparisons below compare something."""
    figures = expected.facts.figures
    row = figures[(figures["unit_code"] == UNIT) & (figures["indicator_code"] == "A.3")].iloc[0]
    assert (row["numerator"], row["denominator"]) == (1234, 4321.5)
    progress = expected.facts.progress
    task = progress[(progress["unit_code"] == UNIT) & (progress["task_code"] == "C")].iloc[0]
    assert task["completed_on"] == pd.Timestamp(2023, 3, 5)
    assert list(expected.issues["code"]) == ["SO03", "NV04"]
    assert used(expected)["stamp"] == Stamp.RIGHT


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_saved_by_libreoffice(kind: str, saved: Mapping[str, Path], receive: Receive, expected: Judged) -> None:
    outcome = receive({f"a.{kind}": saved[kind].read_bytes()})
    assert_same_figures(outcome, expected)
    row = used(outcome)
    assert (row["stamp"], row["unit_code"], row["period_code"]) == (Stamp.RIGHT, UNIT, PERIOD)
    assert row["template_version"] == "1"


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_the_content_decides_and_not_the_name(
    kind: str, saved: Mapping[str, Path], receive: Receive, expected: Judged
) -> None:
    wrong = {"xlsx": "a.xls", "xls": "a.xlsx", "ods": "báo cáo.docx"}[kind]
    assert_same_figures(receive({wrong: saved[kind].read_bytes()}), expected)


def test_saved_as_xlsb(original: Path, tmp_path: Path, receive: Receive, expected: Judged) -> None:
    path = from_xlsx(tmp_path / "a.xlsb", original)
    outcome = receive({"a.xlsb": path.read_bytes()})
    assert_same_figures(outcome, expected)
    assert used(outcome)["stamp"] == Stamp.RIGHT


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
@pytest.mark.parametrize("wrap", ["eml", "msg", "zip"])
def test_saved_by_libreoffice_and_wrapped(
    kind: str, wrap: str, saved: Mapping[str, Path], receive: Receive, expected: Judged, tmp_path: Path
) -> None:
    name, data = f"Báo cáo của Sở.{kind}", saved[kind].read_bytes()
    sent = datetime(2023, 3, 10, 2, 30)
    wrapped = {
        "eml": lambda: mail({name: data, "chữ ký.png": PNG}),
        "msg": lambda: write_msg(tmp_path / "a.msg", "stc@example.vn", sent, {name: data}).read_bytes(),
        "zip": lambda: zipped({name: data, "ảnh.png": PNG}),
    }[wrap]()
    outcome = receive({f"thu.{wrap}": wrapped})
    assert_same_figures(outcome, expected)
    row = used(outcome)
    assert row["file"] == f"thu.{wrap} › {name}"
    assert row["stamp"] == Stamp.RIGHT
    assert outcome.lines[f"thu.{wrap}"]["verdict"] == Verdict.OPENED
    if wrap == "zip":
        assert row["evidence"] != Evidence.MAIL
    else:
        assert (row["sender"], row["evidence"]) == ("stc@example.vn", Evidence.MAIL)
        assert row["received_at"] == pd.Timestamp(SENT)
        assert row["received_on"] == pd.Timestamp(2023, 3, 10)
    others = {file for file in outcome.lines if file.endswith(".png")}
    assert {outcome.lines[file]["verdict"] for file in others} <= {Verdict.IGNORED}
    assert len(others) == (0 if wrap == "msg" else 1)


def test_an_unknown_sender_is_a_warning(original: Path, receive: Receive, expected: Judged) -> None:
    outcome = receive({"thu.eml": mail({"a.xlsx": original.read_bytes()}, "Ai đó <la@khac.vn>")})
    new = outcome.issues[outcome.issues["code"] == "TT23"].iloc[0]
    assert (new["severity"], "la@khac.vn" in new["message"], "stc@example.vn" in new["message"]) == (
        "Cảnh báo",
        True,
        True,
    )
    assert used(outcome)["sender"] == "la@khac.vn"


def test_a_mail_inside_exchange_names_its_sender_elsewhere(original: Path, receive: Receive, tmp_path: Path) -> None:
    """Outlook keeps the address of a colleague as a path of the directory; the real one stands in another property."""
    files = {"a.xlsx": original.read_bytes()}
    for address, sender in (("stc@example.vn", "stc@example.vn"), ("", None)):
        path = write_msg(tmp_path / "a.msg", "/O=SO/OU=EXCHANGE/CN=STC", datetime(2023, 3, 10), files, address)
        found = used(receive({"a.msg": path.read_bytes()}))["sender"]
        assert found == sender or (sender is None and pd.isna(found))


@pytest.mark.parametrize(
    ("date_header", "received"),
    [
        ("Fri, 10 Mar 2023 09:30:00 +0700", "2023-03-10 09:30"),
        ("Thu, 9 Mar 2023 20:15:00 +0000", "2023-03-10 03:15"),  # past midnight in Hà Nội
        ("Thu, 09 Mar 2023 20:15:00 GMT", "2023-03-10 03:15"),
    ],
)
def test_the_mails_own_date_in_local_time(date_header: str, received: str, original: Path, receive: Receive) -> None:
    message = EmailMessage()
    message["From"], message["Date"] = "stc@example.vn", date_header
    message.set_content("x")
    message.add_attachment(original.read_bytes(), maintype="application", subtype="x", filename="a.xlsx")
    row = used(receive({"thu.eml": message.as_bytes()}))
    assert (row["received_at"], row["evidence"]) == (pd.Timestamp(received), Evidence.MAIL)


@pytest.mark.parametrize(
    "broken", ["", "hôm qua", "Fri, 99 Foo 2023 99:99:99 +9999", "Fri, 10 Mar 99999 09:30:00 +0700"]
)
def test_a_mail_without_a_date_falls_back_on_the_workbook(broken: str, original: Path, receive: Receive) -> None:
    lines = ["From: stc@example.vn", "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b"]
    lines += [f"Date: {broken}"] if broken else []
    message = EmailMessage()
    message.add_attachment(original.read_bytes(), maintype="application", subtype="x", filename="a.xlsx")
    (part,) = message.iter_attachments()
    raw = "\r\n".join([*lines, "", "--b", part.as_string().replace("\n", "\r\n"), "--b--", ""]).encode()
    row = used(receive({"thu.eml": raw}))
    assert (row["evidence"], row["received_on"]) == (Evidence.MODIFIED, pd.Timestamp(2023, 3, 10))


def test_a_forwarded_mail_in_a_mail_in_a_zip(original: Path, receive: Receive, expected: Judged) -> None:
    """The mail that the unit itself sent tells when, and from whom."""
    inner = mail({"a.xlsx": original.read_bytes()})
    outer = EmailMessage()
    outer["From"], outer["Date"], outer["Subject"] = "vanthu@example.vn", "Mon, 13 Mar 2023 08:00:00 +0700", "Chuyển"
    outer.set_content("Chuyển tiếp")
    from email import message_from_bytes, policy

    outer.add_attachment(message_from_bytes(inner, policy=policy.default))
    outcome = receive({"tất cả.zip": zipped({"thư/chuyển.eml": outer.as_bytes()})})
    assert_same_figures(outcome, expected)
    row = used(outcome)
    assert row["file"] == "tất cả.zip › thư/chuyển.eml › Báo cáo quý.eml › a.xlsx"
    assert (row["sender"], row["received_at"]) == ("stc@example.vn", pd.Timestamp(SENT))


def unflagged(data: bytes) -> bytes:
    """The zip file without the flag that says its names are UTF-8."""
    raw = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        raw[raw.index(mark) + offset] &= ~0x08
    return bytes(raw)


@pytest.mark.parametrize("change", [bytes, unflagged], ids=["UTF-8", "UTF-8 not flagged"])
def test_vietnamese_names_in_a_zip(
    change: Callable[[bytes], bytes], original: Path, receive: Receive, expected: Judged
) -> None:
    outcome = receive({"a.zip": change(zipped({"Sở Tài chính/Báo cáo quý I.xlsx": original.read_bytes()}))})
    assert_same_figures(outcome, expected)
    assert used(outcome)["file"] == "a.zip › Sở Tài chính/Báo cáo quý I.xlsx"


def test_the_officer_may_type_a_name_as_the_keyboard_composes_it(
    other_plan: Plan, filled: Path, tmp_path: Path
) -> None:
    """A name that came from a Mac is composed otherwise, and Windows does not tell capitals apart."""
    name = "Báo cáo của Sở.xlsx"
    shutil.copy(filled / "STC.xlsx", tmp_path / unicodedata.normalize("NFD", name))
    fill(filled / "STC.xlsx", tmp_path / "sau.xlsx", {("indicators", "A.3", "numerator"): 9}, datetime(2023, 3, 15))
    received = load(tmp_path, other_plan, other_plan.period(PERIOD), use=[("STC", name.upper())])
    used = received.ledger[received.ledger["verdict"] == Verdict.USED]
    assert [unicodedata.normalize("NFC", file) for file in used["file"]] == [name]
    assert used["reason"].iloc[0] == "Bản nộp được tính, do cán bộ chọn."
    assert received.issues.empty


def test_names_in_an_old_code_page(original: Path, receive: Receive, expected: Judged) -> None:
    """They cannot be told for sure, but the file is read all the same."""
    data = zipped({"B_o c_o.xlsx": original.read_bytes()}).replace(b"B_o c_o.xlsx", "Báo cáo.xlsx".encode("cp437"))
    outcome = receive({"a.zip": data})
    assert_same_figures(outcome, expected)
    assert used(outcome)["file"] == "a.zip › Báo cáo.xlsx"


def test_the_same_workbook_by_mail_and_by_zip_counts_once(original: Path, receive: Receive, expected: Judged) -> None:
    data = original.read_bytes()
    outcome = receive({"a.zip": zipped({"a.xlsx": data}), "b.eml": mail({"a.xlsx": data}), "c.xlsx": data})
    assert_same_figures(outcome, expected)
    found = outcome.lines
    assert found["b.eml › a.xlsx"]["verdict"] == Verdict.USED
    for file in ("a.zip › a.xlsx", "c.xlsx"):
        assert found[file]["verdict"] == Verdict.SUPERSEDED
        assert "Trùng nội dung" in found[file]["reason"]
    assert "TT07" not in set(outcome.issues["code"])


# --- what looks blank and is not, in every format -----------------------------------------------------------------

ERROR_CELL, UNCOMPUTED = ("indicators", "A.1", "numerator"), ("indicators", "A.1", "denominator")


def codes(outcome: Judged) -> dict[str, list[str]]:
    """The messages by cell."""
    found: dict[str, list[str]] = {}
    for row in records(outcome.issues[["cell", "code"]]):
        found.setdefault(str(row["cell"]), []).append(row["code"])
    return found


@pytest.fixture(scope="module")
def failing(tmp_path_factory: pytest.TempPathFactory, original: Path) -> Mapping[str, Path]:
    """An error cell in G6 and a formula never computed in H6, by format, as far as each can hold them."""
    folder = tmp_path_factory.mktemp("failing")
    book = openpyxl.load_workbook(original)
    sheet = book["Chỉ tiêu"]
    (row,) = [cell.row for cell in sheet["A"] if cell.value == "A.1"]
    assert row == 6
    sheet["G6"], sheet["H6"] = "=1/0", "=SUM(1,2)"
    sheet["G6"].data_type = "f"
    book.save(folder / "uncomputed.xlsx")
    sheet["G6"], sheet["H6"] = "#REF!", 5
    sheet["G6"].data_type = "e"
    book.save(folder / "error.xlsx")
    values = {each.title: [[cell.value for cell in cells] for cells in each.iter_rows()] for each in book}
    write_xlsb(folder / "error.xlsb", values, "_meta")
    return {path.name: path for path in folder.iterdir()} | {"folder": folder}


def test_error_cell_and_uncomputed_formula_in_xlsx(failing: Mapping[str, Path], receive: Receive) -> None:
    found = codes(receive({"a.xlsx": failing["uncomputed.xlsx"].read_bytes()}))
    assert "SO06" in found["G6"]
    assert "SO06" in found["H6"]
    assert "SO06" in codes(receive({"a.xlsx": failing["error.xlsx"].read_bytes()}))["G6"]


def test_error_cell_in_xlsb(failing: Mapping[str, Path], receive: Receive) -> None:
    outcome = receive({"a.xlsb": failing["error.xlsb"].read_bytes()})
    assert "SO06" in codes(outcome)["G6"]
    assert "#REF!" in " ".join(outcome.issues["message"])


def test_error_cell_in_xls_and_ods(failing: Mapping[str, Path], receive: Receive, tmp_path: Path) -> None:
    """LibreOffice computes =1/0 as it opens the workbook and saves the error."""
    program = soffice()
    if program is None:
        pytest.skip("LibreOffice is not installed")
    for kind in ("xls", "ods"):
        command = [program, f"-env:UserInstallation=file://{tmp_path / 'profile'}", "--headless"]
        command += ["--convert-to", kind, "--outdir", str(tmp_path), str(failing["uncomputed.xlsx"])]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        outcome = receive({f"a.{kind}": (tmp_path / f"uncomputed.{kind}").read_bytes()})
        found = codes(outcome)
        assert "SO06" in found["G6"], kind
        assert "H6" not in found, kind
        figures = outcome.facts.figures
        row = figures[(figures["unit_code"] == UNIT) & (figures["indicator_code"] == "A.1")].iloc[0]
        assert row["reported"] == "Không"
    ods = tmp_path / "uncomputed.ods"
    made = tmp_path / "a.ods"
    with zipfile.ZipFile(ods) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "content.xml":
                start = data.index(b'table:formula="of:=SUM(')
                end = data.index(b"</table:table-cell>", start)
                formula = data[start : data.index(b'"', start + 15) + 1]
                data = data[:start] + formula + b">" + data[end:]
            new.writestr(name, data)
    assert "SO06" in codes(receive({"a.ods": made.read_bytes()}))["H6"]


def test_a_stray_cell_far_away_in_an_xls(original: Path, receive: Receive, tmp_path: Path) -> None:
    program = soffice()
    if program is None:
        pytest.skip("LibreOffice is not installed")
    book = openpyxl.load_workbook(original)
    book["Nhiệm vụ"]["IV65536"] = "x"
    book.save(tmp_path / "far.xlsx")
    command = [program, f"-env:UserInstallation=file://{tmp_path / 'profile'}", "--headless"]
    command += ["--convert-to", "xls", "--outdir", str(tmp_path), str(tmp_path / "far.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    row = receive({"far.xls": (tmp_path / "far.xls").read_bytes()}).lines["far.xls"]
    assert row["code"] == "TT17"
    assert "“Nhiệm vụ”" in row["reason"]
    assert "IV65536" in row["reason"]


def test_hidden_sheets_and_second_copies_are_told(original: Path, receive: Receive, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(original)
    book.copy_worksheet(book["Nhiệm vụ"]).title = "Nhiệm vụ (2)"
    extra = book.create_sheet("Ghi riêng")
    extra["A1"] = "Số liệu bổ sung: 12"
    extra.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    outcome = receive({"a.xlsx": (tmp_path / "a.xlsx").read_bytes()})
    found = {row["code"]: row["sheet"] for row in records(outcome.issues[["code", "sheet"]])}
    assert (found["TT26"], found["TT27"]) == ("Nhiệm vụ (2)", "Ghi riêng")
    assert used(outcome)["remarks"] == Remark.HIDDEN


def test_an_xls_with_a_password_is_told_from_a_damaged_one(saved: Mapping[str, Path], receive: Receive) -> None:
    data = saved["xls"].read_bytes()
    start = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")  # the record that begins the workbook
    after = start + 4 + 16
    locked = data[:after] + b"\x2f\x00" + data[after + 2 :]
    found = receive({"a.xls": locked, "cut.xls": data[: len(data) // 3], "cut2.xls": data[: len(data) - 3000]}).lines
    assert {file: found[file]["code"] for file in found if file != KEY_FILE} == {
        "a.xls": "TT11",
        "cut.xls": "TT01",
        "cut2.xls": "TT01",
    }


def test_any_flipped_byte_of_an_xls_is_a_message_or_another_value(saved: Mapping[str, Path], receive: Receive) -> None:
    """An .xls has no checksum: what can be asked is that every file ends in one line, and no reader hangs."""
    data = saved["xls"].read_bytes()
    chance = random.Random(5)  # noqa: S311
    files = {}
    for number in range(60):
        raw = bytearray(data)
        for _ in range(1 + number % 4):
            raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
        files[f"{number:02}.xls"] = bytes(raw)
    found = receive(files).lines
    assert set(found) == {*files, KEY_FILE}
    assert {row["code"] for row in found.values()} <= {
        "",
        "TT01",
        "TT02",
        "TT03",
        "TT04",
        "TT05",
        "TT06",
        "TT10",
        "TT11",
        "TT18",
        "TT20",
    }
