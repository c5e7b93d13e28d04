"""What a good analyst would write instead: a loop of pandas.read_excel, pandera per file, concat, sums, to_excel.

``python -m tests.bench.baseline INBOX OUT`` writes ``OUT/tong-hop.xlsx``, a copy of each faulty workbook with its
faulty cells marked, and ``OUT/totals.json`` with the sums by indicator. It does less than the product: no ledger,
no other format than .xlsx, no addresses, no judgement against targets.
"""

import json
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pandera.pandas as pa
from openpyxl.styles import PatternFill

SHEETS = {"Thông tin": "key", "Nhiệm vụ": "task_code", "Chỉ tiêu": "indicator_code", "Khó khăn": "difficulty_id"}
STATES = ["Chưa triển khai", "Đang thực hiện", "Hoàn thành", "Không phát sinh"]
RED = PatternFill("solid", fgColor="F6C6AE")

TASKS = pa.DataFrameSchema(
    {
        "task_code": pa.Column(object, nullable=False),
        "state": pa.Column(object, pa.Check.isin(STATES), nullable=False),
    }
)
FIGURES = pa.DataFrameSchema(
    {
        "indicator_code": pa.Column(object, nullable=False),
        "numerator": pa.Column(float, pa.Check.ge(0), nullable=True),
        "denominator": pa.Column(float, pa.Check.ge(0), nullable=True),
    },
    checks=pa.Check(
        lambda df: ~(df["numerator"] > df["denominator"].fillna(float("inf"))), name="numerator_within_denominator"
    ),
)
PLACES = {"task_code": "A", "state": "E", "indicator_code": "A", "numerator": "G", "denominator": "H"}


def faults(schema: pa.DataFrameSchema, frame: pd.DataFrame) -> pd.DataFrame:
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        return cases.assign(column=cases["column"].where(cases["column"].isin(PLACES), "numerator"))
    return pd.DataFrame(columns=["column", "index"])


def read(path: Path) -> dict[str, pd.DataFrame]:
    sheets = pd.read_excel(
        path, sheet_name=list(SHEETS), engine="openpyxl", header=None, dtype=object, keep_default_na=False
    )
    made = {}
    for name, first in SHEETS.items():
        frame = sheets[name]
        above = int((frame[0] == first).idxmax())
        names = [str(value) for value in frame.iloc[above]]
        made[name] = frame.iloc[above + 2 :].set_axis(names, axis=1).replace("", None)
    return made


def numbers(values: pd.Series) -> pd.Series:
    words = {"Có": 1.0, "Không": 0.0}
    return pd.to_numeric(values.map(lambda value: words.get(value, value)), errors="coerce").astype(float)


def one(path: Path, out: Path) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    sheets = read(path)
    tasks = sheets["Nhiệm vụ"].dropna(subset=["task_code"])
    figures = sheets["Chỉ tiêu"].dropna(subset=["indicator_code"])
    typed = figures.assign(numerator=numbers(figures["numerator"]), denominator=numbers(figures["denominator"]))
    unread = typed[typed["numerator"].isna() & figures["numerator"].notna()].index
    found = {"Nhiệm vụ": faults(TASKS, tasks), "Chỉ tiêu": faults(FIGURES, typed)}
    bad = set(unread) | set(found["Chỉ tiêu"]["index"].dropna())
    if bad or len(found["Nhiệm vụ"]):
        mark(path, out, found, unread)
    typed.loc[list(bad), ["numerator", "denominator"]] = None
    unit = path.stem
    info, troubles = sheets["Thông tin"], sheets["Khó khăn"]
    assert not info.empty
    return tasks.assign(unit_code=unit), typed.assign(unit_code=unit), troubles.assign(unit_code=unit)


def mark(path: Path, out: Path, found: dict[str, pd.DataFrame], unread: Any) -> None:
    book = openpyxl.load_workbook(path)
    for sheet, cases in found.items():
        for column, index in zip(cases["column"], cases["index"], strict=True):
            if column in PLACES and pd.notna(index):
                book[sheet][f"{PLACES[column]}{int(index) + 1}"].fill = RED
    for index in unread:
        book["Chỉ tiêu"][f"G{index + 1}"].fill = RED
    book.save(out / path.name)


def main(inbox: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    parts = [one(path, out) for path in sorted(inbox.glob("*.xlsx"))]
    tasks, figures, troubles = (pd.concat(frames, ignore_index=True) for frames in zip(*parts, strict=True))
    pairs = figures.dropna(subset=["numerator"])
    sums = pairs.groupby("indicator_code")[["numerator", "denominator"]].sum()
    with pd.ExcelWriter(out / "tong-hop.xlsx", engine="openpyxl") as writer:
        sums.to_excel(writer, sheet_name="Tổng")
        tasks.groupby(["task_code", "state"]).size().unstack(fill_value=0).to_excel(writer, sheet_name="Tình trạng")
        tasks.to_excel(writer, sheet_name="Nhiệm vụ", index=False)
        figures.to_excel(writer, sheet_name="Chỉ tiêu", index=False)
        troubles.dropna(subset=["description"]).to_excel(writer, sheet_name="Khó khăn", index=False)
    (out / "totals.json").write_text(json.dumps(sums["numerator"].to_dict()), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
