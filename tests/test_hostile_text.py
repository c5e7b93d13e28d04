"""Text stays text: what a unit or a plan writes, or a file is called, is shown in every output and never runs."""

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from pipeline.plan.load import load_plan
from pipeline.plan.model import Plan
from pipeline.run import Outcome, run_period, write_templates
from pipeline.write.plan_book import write_plan
from tests.corpus import mail, members, pack
from tests.support import fill, small_plan

MARK = "HIEMHOA"  # stands in every hostile text, so that it can be found again
STARTS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", "'=", "＝", "|", "%")
HOSTILE: Mapping[str, str] = {
    **{f"start {start!r}": f'{start}{MARK}("x")&A1' for start in STARTS},
    "dde": f"=cmd|' /C calc'!{MARK}",
    "link": f'=HYPERLINK("http://example.vn/{MARK}","xem")',
    "array": f"{{={MARK}()}}",
    "url": f"http://example.vn/{MARK}",
    "mailto": f"mailto:{MARK}@example.vn",
    "internal": f"internal:'Tổng quan'!A1 {MARK}",
    "sheet name": f"'[{MARK}]Sổ: 1/2*?\\'!A1",
    "markup": f"<b>{MARK}</b> &amp; ]]> <!-- -->",
    "control": f"\x01\x07{MARK}\x0b\x1f\x7f",
    "escape": f"_x005F_x0041_{MARK}_x000D_",  # as the format itself writes “_x0041_” and a line's end
    "not characters": f"\ufffe\uffff{MARK}",
    "directions": f"\u202e{MARK}\u2066\u200f",
    "combining": "1" + "\u0301" * 300 + MARK,
    "astral": f"😀{MARK}𠀀",
    "long": MARK + "x" * 40_000,
    "long and astral": MARK + "😀" * 20_000,
    "number": f"1e309{MARK}",
}
FIELDS = (
    ("info", "report_number", "value"),
    ("info", "prepared_by", "value"),
    ("tasks", "A", "state"),
    ("tasks", "A", "completed_on"),
    ("tasks", "A", "result"),
    ("tasks", "A", "product"),
    ("indicators", "A.1", "numerator"),
    ("indicators", "A.1", "denominator"),
    ("indicators", "A.1", "note"),
    ("difficulties", "0", "task_code"),
    ("difficulties", "0", "description"),
    ("difficulties", "0", "cause"),
    ("difficulties", "0", "proposal"),
    ("difficulties", "0", "addressed_to"),
    ("difficulties", "0", "state"),
)


RUNS = 6


def typed(template: Path, target: Path, texts: list[str]) -> Path:
    """A text in every input cell, whatever Excel would let nobody type: put straight into the workbook's XML."""
    cells: dict[tuple[str, str, str], Any] = {place: f"CHO{number:02}" for number, place in enumerate(FIELDS)}
    fill(template, target, cells | {("answer", "", "has_difficulty"): "Có"})
    raw = [xml_of(text) for text in texts]
    files = members(target)
    for name, data in files.items():
        for number, text in enumerate(raw):
            data = data.replace(f"CHO{number:02}".encode(), text)
        files[name] = data
    return pack(target, files)


def xml_of(text: str) -> bytes:
    """As it stands in XML; a control character by its number, which XML does not allow but readers take."""
    escaped = escape(text, quote=False)
    return "".join(f"&#{ord(letter)};" if ord(letter) < 32 else letter for letter in escaped).encode()


@cache
def cells_of(path: Path) -> list[tuple[str, Any]]:
    """Where every cell of an output stands, and the cell, as openpyxl reads it."""
    book = openpyxl.load_workbook(path)
    cells = ((sheet.title, cell) for sheet in book for row in sheet.iter_rows() for cell in row)
    return [(f"{path.name}!{title}!{cell.coordinate}", cell) for title, cell in cells if cell.value is not None]


def assert_text_stays_text(outputs: list[Path]) -> int:
    """No formula and no link holds a hostile text; returns how many cells show one."""
    shown = 0
    for path in outputs:
        for where, cell in cells_of(path):
            if MARK in str(cell.value):
                shown += 1
                assert cell.data_type in ("s", "inlineStr"), where
                assert len(cell.value.encode("utf-16-le")) // 2 <= 32_767, where  # as Excel counts
            if cell.hyperlink is not None:
                assert MARK not in str(cell.hyperlink.target) + str(cell.hyperlink.location), where
        for name, data in members(path).items():
            if name.endswith((".xml", ".rels")):
                assert f"<f>{MARK}".encode() not in data, (path.name, name)
                if name.startswith("xl/worksheets/_rels"):
                    assert MARK.encode() not in data, (path.name, name)
    return shown


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, other_plan_file: Path, other_plan: Plan) -> list[Outcome]:
    """Runs on submissions that hold hostile texts everywhere: each text in several fields, each field with several."""
    folder = tmp_path_factory.mktemp("hostile")
    write_templates(other_plan, other_plan.period("2023-Q1"), folder)
    texts = list(HOSTILE.values())
    outcomes = []
    for run in range(RUNS):
        inbox = folder / str(run)
        inbox.mkdir()
        chosen = [texts[(run * len(FIELDS) + place * 4) % len(texts)] for place in range(len(FIELDS))]
        typed(folder / "bieu-mau" / "STC.xlsx", inbox / "STC.xlsx", chosen)
        outcomes.append(run_period(other_plan_file, "2023-Q1", inbox, folder / f"out-{run}"))
    return outcomes


@pytest.mark.parametrize("number", range(RUNS))
def test_typed_by_a_unit(number: int, runs: list[Outcome]) -> None:
    outcome = runs[number]
    assert outcome.failed == []
    assert list(outcome.report.ledger["verdict"]) == ["Đã dùng"]
    names = [path.name for path in outcome.written]
    assert names == ["tong-hop-2023-Q1.xlsx", "kho-khan-vuong-mac-2023-Q1.xlsx", "STC.xlsx"]
    shown = {path.name: assert_text_stays_text([path]) for path in outcome.written}
    assert min(shown.values()) > 0, shown


@pytest.mark.parametrize("name", HOSTILE)
def test_every_text_is_shown_as_it_was_typed(name: str, runs: list[Outcome]) -> None:
    """Word for word, but for the ends, which are trimmed, and for what no cell can hold."""
    text = HOSTILE[name].replace("_x005F", "").removesuffix("_x000D_").strip()
    if name.startswith("long"):
        text = text[:2000]
    elif name in ("control", "not characters", "combining"):
        text = MARK
    books = [path for outcome in runs for path in outcome.written]
    found = {path.name for path in books for _, cell in cells_of(path) if text in str(cell.value)}
    assert found >= {"tong-hop-2023-Q1.xlsx", "STC.xlsx"}


def test_a_text_too_long_says_so(runs: list[Outcome]) -> None:
    assert "CH01" in {code for outcome in runs for code in outcome.report.issues["code"]}


def file_names() -> list[bytes]:
    """Names that a file system takes and a cell may not."""
    starts = [f"{start}{MARK}.xlsx".encode() for start in ("=", "+", "-", "@", "\t", "\r", "\n=", "'")]
    odd = [
        f"{MARK}\x01\x1f.xlsx",
        f"{MARK}<b>&amp;.xlsx",
        f"[{MARK}]'!A1.xlsx",
        f"{MARK} \u202e.xlsx",
        f"{MARK}😀.xlsx",
    ]
    broken = [MARK.encode() + b"\xff\xfe.xlsx", b"b\xe1o " + MARK.encode() + b".xlsx", b"\xed\xa0\x80" + MARK.encode()]
    return [*starts, *(name.encode() for name in odd), *broken, (MARK + "x" * 240).encode()]


def test_file_names(other_plan_file: Path, other_templates: Path, tmp_path: Path) -> None:
    """Each has its line, also where two names differ only by what cannot be shown."""
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    inbox.mkdir()
    made = 0
    good = fill(other_templates / "STC.xlsx", tmp_path / "STC.xlsx", {("indicators", "A.1", "numerator"): "x"})
    for name in file_names():
        try:
            Path(os.fsdecode(os.fsencode(inbox) + b"/" + name)).write_bytes(good.read_bytes())
        except OSError:
            continue  # this file system takes no such name
        made += 1
    folder = inbox / f"={MARK}()"
    folder.mkdir()
    (folder / "a.xlsx").write_bytes(b"no workbook")
    outcome = run_period(other_plan_file, "2023-Q1", inbox, out)
    assert outcome.failed == []
    assert len(outcome.report.ledger) == made + 1
    outputs = list(out.rglob("*.xlsx"))
    assert len(outputs) == 3
    assert assert_text_stays_text(outputs) > made
    assert set(outcome.report.ledger["verdict"]) == {"Đã dùng", "Bị thay thế", "Từ chối"}


def test_names_inside_mails_and_archives(other_plan_file: Path, other_templates: Path, tmp_path: Path) -> None:
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    inbox.mkdir()
    good = fill(other_templates / "STC.xlsx", tmp_path / "STC.xlsx", {("indicators", "A.1", "numerator"): "x"})
    data = good.read_bytes()
    (inbox / "thu.eml").write_bytes(mail({f"={MARK}().xlsx": data}, f'"={MARK}()" <={MARK}@example.vn>'))
    names = [f"={MARK}.xlsx", f"thư mục/@{MARK}.xlsx", f"{MARK}\x07.xlsx", f"+{MARK}\\b.xlsx"]
    pack(inbox / "nop.zip", dict.fromkeys(names, data))
    outcome = run_period(other_plan_file, "2023-Q1", inbox, out)
    assert outcome.failed == []
    assert len(outcome.report.ledger) == 2 + 1 + len(names)
    assert assert_text_stays_text(list(out.rglob("*.xlsx"))) > 0


def test_sheet_names_of_a_submission(other_plan_file: Path, other_templates: Path, tmp_path: Path) -> None:
    """A sheet of the unit's own is named in an issue."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    fill(other_templates / "STC.xlsx", tmp_path / "a.xlsx", {})
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    book.create_sheet("CHO")["A1"] = "1"
    book.save(tmp_path / "a.xlsx")
    files = members(tmp_path / "a.xlsx")
    name = f"={MARK}() &amp; '[x]".encode()
    pack(inbox / "a.xlsx", files | {"xl/workbook.xml": files["xl/workbook.xml"].replace(b'"CHO"', b'"' + name + b'"')})
    outcome = run_period(other_plan_file, "2023-Q1", inbox, tmp_path / "out")
    assert "TT27" in set(outcome.report.issues["code"])
    assert assert_text_stays_text(list((tmp_path / "out").rglob("*.xlsx"))) > 0


def hostile_plan(start: str) -> Plan:
    """The small plan, every name of it hostile."""
    plan = small_plan()

    def spoil(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
        changed = frame.copy()
        for column in columns:
            told = changed[column].notna()
            changed.loc[told, column] = start + MARK + " " + changed.loc[told, column].astype("str")
        return changed

    return replace(
        plan,
        settings=replace(
            plan.settings, title=f"{start}{MARK} kế hoạch", issued_by=f"{start}{MARK} UBND", place=f"{start}{MARK}"
        ),
        groups=spoil(plan.groups, "group_name"),
        units=spoil(plan.units, "unit_name", "short_name"),
        tasks=spoil(plan.tasks, "task_title", "content"),
        indicators=spoil(plan.indicators, "indicator", "measure_unit", "numerator_label", "denominator_label"),
        periods=spoil(plan.periods, "period_name"),
    )


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "{=", "http://"])
def test_names_of_a_plan(start: str, tmp_path: Path) -> None:
    """Through the plan's own workbook to templates, submissions and every output."""
    path = tmp_path / "ke-hoach.xlsx"
    write_plan(hostile_plan(start), path)
    assert assert_text_stays_text([path]) > 0
    plan = load_plan(path)
    assert plan.unit_names["STC"] == f"{start}{MARK} Sở Tài chính"
    templates = write_templates(plan, plan.period("2023-Q1"), tmp_path)
    assert all(assert_text_stays_text([template]) > 0 for template in templates)
    inbox = tmp_path / "inbox"
    cells = {("indicators", "A.1", "numerator"): "x", ("tasks", "A", "state"): "Đang thực hiện"}
    fill(tmp_path / "bieu-mau" / "STC.xlsx", inbox / "STC.xlsx", cells)
    outcome = run_period(path, "2023-Q1", inbox, tmp_path / "out")
    assert outcome.failed == []
    assert list(outcome.report.ledger["verdict"]) == ["Đã dùng"]
    assert "DG05" not in set(outcome.report.issues["code"])
    assert assert_text_stays_text(list((tmp_path / "out").rglob("*.xlsx"))) > 0
