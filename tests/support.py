"""What the tests share: a small plan of another province, and ways to fill, read and run."""

import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import range_boundaries

from pipeline.cli import main
from pipeline.plan.model import Plan, Settings
from pipeline.sample.fill import Filling
from schemas.columns import conform
from schemas.plan import TABLES
from schemas.words import Accumulation, Comparison, IndicatorKind, PeriodKind, Role

MODELS = {table.name: table.model for table in TABLES}
ROOT = Path(__file__).resolve().parent.parent
PLAN_2021 = ROOT / "input" / "2021" / "ke-hoach.xlsx"
SAVED = datetime(2023, 3, 10, 9, 0)


def small_plan(**changes: Sequence[Mapping[str, Any]]) -> Plan:
    """Another province: three units in two groups and one alone, four tasks, every kind of indicator.

    ``changes`` replaces the rows of a table: ``small_plan(targets=[…])``.
    """
    ts = pd.Timestamp
    tables: dict[str, Sequence[Mapping[str, Any]]] = {
        "periods": [
            {
                "period_code": f"2023-Q{n}",
                "period_name": f"Quý {roman} năm 2023",
                "kind": PeriodKind.QUARTER,
                "data_from": ts(start),
                "data_to": ts(end),
                "due_on": ts(due),
                "consolidate_on": ts(consolidate),
            }
            for n, roman, start, end, due, consolidate in (
                (1, "I", "2022-12-15", "2023-03-14", "2023-03-20", "2023-03-27"),
                (2, "II", "2023-03-15", "2023-06-14", "2023-06-20", "2023-06-26"),
            )
        ],
        "groups": [
            {"group_code": "SO", "group_name": "Các sở"},
            {"group_code": "QUAN", "group_name": "Các quận"},
        ],
        "units": [
            {"unit_code": "VP", "unit_name": "Văn phòng", "short_name": "VP", "unit_group": "SO"},
            {
                "unit_code": "STC",
                "unit_name": "Sở Tài chính",
                "short_name": "Sở TC",
                "aliases": "Tài chính; So Tai chinh",
                "unit_group": "SO",
                "email": "stc@example.vn",
            },
            {"unit_code": "Q1", "unit_name": "Quận Một", "short_name": "Quận 1", "unit_group": "QUAN", "communes": 5},
            {"unit_code": "Q2", "unit_name": "Quận Hai", "short_name": "Quận 2", "unit_group": "QUAN", "communes": 7},
        ],
        "tasks": [
            {"task_code": "A", "task_title": "Số hóa hồ sơ", "content": "Số hóa.", "deadline": ts("2023-06-30")},
            {"task_code": "B", "task_title": "Họp trực tuyến", "content": "Họp."},
            {"task_code": "C", "task_title": "Kết nối", "content": "Kết nối.", "deadline": ts("2023-12-31")},
        ],
        "assignments": [
            {"task_code": "A", "assignee": "STC", "role": Role.LEAD},
            {"task_code": "A", "assignee": "SO", "role": Role.COORDINATE},
            {"task_code": "A", "assignee": "QUAN", "role": Role.IMPLEMENT},
            {"task_code": "B", "assignee": "VP", "role": Role.LEAD},
            {"task_code": "B", "assignee": "QUAN", "role": Role.COORDINATE},
            {"task_code": "C", "assignee": "VP", "role": Role.LEAD},
            {"task_code": "C", "assignee": "STC", "role": Role.LEAD},
        ],
        "indicators": [
            _indicator("A.1", "A", "Tỷ lệ hồ sơ số hóa", IndicatorKind.RATIO, "STC"),
            _indicator("A.2", "A", "Số hồ sơ", IndicatorKind.COUNT, "STC"),
            _indicator("A.3", "A", "Tăng thêm", IndicatorKind.RATIO_POINTS, "STC", baseline=0.3, baseline_year=2022),
            _indicator("B.1", "B", "Tăng trưởng", IndicatorKind.RATIO_GROWTH, "VP", baseline=0.4, baseline_year=2022),
            _indicator("C.1", "C", "Đã kết nối", IndicatorKind.MILESTONE, "VP"),
        ],
        "targets": [
            {"indicator_code": "A.1", "assignee": "SO", "target": 1.0, "comparison": Comparison.AT_LEAST},
            {"indicator_code": "A.1", "assignee": "QUAN", "target": 0.8},
            {"indicator_code": "A.1", "assignee": "Q2", "target": 0.5},
            {"indicator_code": "A.2", "assignee": "QUAN", "target": 120.0, "expected_q1": 40.0},
            {"indicator_code": "A.3", "assignee": "STC", "target": 0.2},
            {"indicator_code": "B.1", "assignee": "VP"},
            {"indicator_code": "C.1", "assignee": "VP", "target": 1.0},
        ],
    }
    frames = {name: conform(MODELS[name], changes.get(name, rows)) for name, rows in tables.items()}
    settings = Settings(
        plan_code="KH-2023",
        plan_number="12/KH-UBND",
        title="Kế hoạch số hóa năm 2023",
        year=2023,
        issued_by="UBND thành phố",
        consolidated_by="STC",
        starts_on=date(2023, 1, 1),
        roll_weekends=True,
        place="Thành phố",
    )
    return Plan(settings=settings, **frames)


def _indicator(code: str, task: str, name: str, kind: IndicatorKind, accountable: str, **more: Any) -> dict[str, Any]:
    return {
        "indicator_code": code,
        "task_code": task,
        "indicator": name,
        "kind": kind,
        "measure_unit": "%" if kind.has_denominator else "hồ sơ",
        "numerator_label": "Tử số",
        "denominator_label": "Mẫu số" if kind.has_denominator else None,
        "accumulation": Accumulation.CUMULATIVE,
        "accountable": accountable,
    } | more


def fill(template: Path, target: Path, cells: Mapping[tuple[str, str, str], Any], saved: datetime = SAVED) -> Path:
    """Type values by (table, key, field) into a template; for the difficulties the key is the row's position, and
    ``("answer", "", "has_difficulty")`` answers the question."""
    filling = Filling(template)
    for (table, key, field), value in cells.items():
        if table == "answer":
            filling.answer(value)
        elif table == "difficulties":
            filling.difficulty(int(key), {field: value})
        else:
            filling.put(table, key, {field: value})
    filling.save(target, saved)
    return target


def sheet_values(path: Path, sheet: str) -> list[list[Any]]:
    """Every row of a sheet as openpyxl reads it (formulas as text)."""
    return [list(row) for row in openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)]


def table_values(path: Path, sheet: str) -> list[dict[str, Any]]:
    """The rows of an output table by field name, formulas as their stored results; the row of field names is hidden
    directly above the header of the sheet's Excel table."""
    found = openpyxl.load_workbook(path, data_only=True)[sheet]
    (table,) = found.tables.values()
    left, top, right, bottom = range_boundaries(table.ref)
    rows = [list(row) for row in found.iter_rows(top - 1, bottom, left, right, values_only=True)]
    names = [str(name) for name in rows[0]]
    return [dict(zip(names, row, strict=True)) for row in rows[2:] if any(value is not None for value in row)]


def soffice() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


def writer() -> bool:
    """Whether the LibreOffice that is there opens Word documents."""
    program = soffice()
    return bool(program) and (Path(str(program)).resolve().parent / "libswlo.so").exists()


def convert(path: Path, kind: str, folder: Path) -> Path:
    """Open in LibreOffice and save as another kind (xlsx, xls, ods, pdf), as a second client would."""
    program = soffice()
    assert program
    folder.mkdir(parents=True, exist_ok=True)
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = [program, profile, "--headless", "--convert-to", kind, "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / f"{path.stem}.{kind}"


_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>
"""


def recalculated(paths: Sequence[Path], folder: Path) -> dict[Path, Path]:
    """Every workbook as LibreOffice saves it after computing all formulas anew: the copies that it opens store wrong
    results, so that none of them can pass for computed. One start of the program for all."""
    program = soffice()
    assert program
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_ALWAYS_RECALCULATE, encoding="utf-8")
    sent, made = folder / "sent", folder / "made"
    sent.mkdir()
    copies = {path: sent / f"{number}.xlsx" for number, path in enumerate(paths)}
    for path, copy in copies.items():
        _forget_results(path, copy)
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = [
        program,
        profile,
        "--headless",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(made),
        *map(str, copies.values()),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return {path: made / copy.name for path, copy in copies.items()}


def _forget_results(path: Path, copy: Path) -> None:
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if "worksheets/sheet" in name:
                content = re.sub(rb"(<f>[^<]*</f><v>)[^<]*(</v>)", rb"\g<1>987654321\2", content)
            target.writestr(name, content)


def run(*arguments: str) -> int:
    """The exit code of the command."""
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    code = stop.value.code
    assert isinstance(code, int)
    return code
