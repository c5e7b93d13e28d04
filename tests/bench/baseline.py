"""What a good analyst would write instead: a loop of pandas.read_excel, pandera per file, concat, sums, to_excel.

``python -m tests.bench.baseline INBOX OUT`` writes ``OUT/tong-hop.xlsx``, a copy of each faulty workbook with its
faulty cells marked, and ``OUT/totals.json`` with the sums by indicator. It asks of the cells what the template's own
guide asks, and does less than the product: no ledger, no other format than .xlsx, nothing of the plan (no missing or
altered rows, no judgement against targets), no list of what to mend.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pandera.pandas as pa
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter

SHEETS = {"Thông tin": "key", "Nhiệm vụ": "task_code", "Chỉ tiêu": "indicator_code", "Khó khăn": "difficulty_id"}
STATES = ["Chưa triển khai", "Đang thực hiện", "Hoàn thành", "Không phát sinh"]
STANDING = ["Chưa giải quyết", "Đang giải quyết", "Đã giải quyết"]
RED = PatternFill("solid", fgColor="F6C6AE")
LONG = pa.Check.str_length(max_value=5000)


def text(checks: Any = None) -> pa.Column:
    return pa.Column(object, checks, nullable=True)


def needed(checks: Any = None) -> pa.Column:
    return pa.Column(object, checks, nullable=False)


def amount() -> pa.Column:
    return pa.Column(float, [pa.Check.ge(0), pa.Check.le(1e15)], nullable=True)


def rule(column: str, broken: Callable[[pd.DataFrame], "pd.Series[bool]"]) -> pa.Check:
    """A rule between cells; its name is the column to mark."""
    return pa.Check(lambda df: ~broken(df), name=column, ignore_na=False)


SCHEMAS = {
    "Nhiệm vụ": pa.DataFrameSchema(
        {
            "task_code": needed(),
            "task_title": text(),
            "role": text(),
            "deadline": text(),
            "state": needed(pa.Check.isin(STATES)),
            "completed_on": pa.Column("datetime64[us]", nullable=True),
            "result": text(LONG),
            "product": text(LONG),
            "previous_result": text(),
        },
        checks=[
            rule("completed_on", lambda df: (df["state"] == "Hoàn thành") & df["completed_on"].isna()),
            rule("state", lambda df: (df["state"] != "Hoàn thành") & df["completed_on"].notna()),
            rule("result", lambda df: df["state"].isin(["Đang thực hiện", "Hoàn thành"]) & df["result"].isna()),
        ],
    ),
    "Chỉ tiêu": pa.DataFrameSchema(
        {
            "indicator_code": needed(),
            "indicator": text(),
            "target": text(),
            "numerator_label": text(),
            "denominator_label": text(),
            "previous_rate": text(),
            "numerator": amount(),
            "denominator": amount(),
            "note": text(LONG),
        },
        checks=[
            rule("numerator", lambda df: df["numerator"] > df["denominator"]),
            rule("denominator", lambda df: is_ratio(df) & df["numerator"].notna() & df["denominator"].isna()),
            rule("denominator", lambda df: ~is_ratio(df) & df["denominator"].notna()),
            rule("numerator", lambda df: df["numerator"].between(0, 1, inclusive="neither") & (df["denominator"] > 1)),
        ],
    ),
    "Khó khăn": pa.DataFrameSchema(
        {
            "difficulty_id": text(),
            "task_code": needed(),
            "description": needed(LONG),
            "cause": text(LONG),
            "proposal": text(LONG),
            "addressed_to": text(LONG),
            "state": text(pa.Check.isin(STANDING)),
            "previous_state": text(),
        }
    ),
}


def is_ratio(df: pd.DataFrame) -> "pd.Series[bool]":
    return df["denominator_label"] != "Không cần mẫu số"


def faults(sheet: str, frame: pd.DataFrame) -> set[tuple[str, int]]:
    """The column and the index of each faulty cell."""
    try:
        SCHEMAS[sheet].validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases.dropna(subset=["index"])
        columns = cases["check"].where(cases["check"].isin(list(frame.columns)), cases["column"])
        return set(zip(columns, cases["index"].astype(int), strict=True))
    return set()


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


def dates(values: pd.Series) -> pd.Series:
    return pd.to_datetime(values, errors="coerce", dayfirst=True).astype("datetime64[us]")


def one(path: Path, out: Path) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    sheets = read(path)
    assert not sheets["Thông tin"].empty
    raw = {
        "Nhiệm vụ": sheets["Nhiệm vụ"].dropna(subset=["task_code"]),
        "Chỉ tiêu": sheets["Chỉ tiêu"].dropna(subset=["indicator_code"]),
        "Khó khăn": sheets["Khó khăn"].dropna(how="all"),
    }
    typed = dict(raw)
    typed["Nhiệm vụ"] = raw["Nhiệm vụ"].assign(completed_on=dates(raw["Nhiệm vụ"]["completed_on"]))
    amounts = {name: numbers(raw["Chỉ tiêu"][name]) for name in ("numerator", "denominator")}
    typed["Chỉ tiêu"] = raw["Chỉ tiêu"].assign(**amounts)
    found = {sheet: faults(sheet, frame) for sheet, frame in typed.items()}
    for sheet, name in (("Nhiệm vụ", "completed_on"), ("Chỉ tiêu", "numerator"), ("Chỉ tiêu", "denominator")):
        unread = typed[sheet][name].isna() & raw[sheet][name].notna()
        found[sheet] |= {(name, int(index)) for index in typed[sheet].index[unread]}
    if any(found.values()):
        mark(path, out, found, typed)
    bad = sorted({index for _, index in found["Chỉ tiêu"]})
    typed["Chỉ tiêu"].loc[bad, ["numerator", "denominator"]] = None
    tasks, figures, troubles = (frame.assign(unit_code=path.stem) for frame in typed.values())
    return tasks, figures, troubles


def mark(path: Path, out: Path, found: dict[str, set[tuple[str, int]]], frames: dict[str, pd.DataFrame]) -> None:
    book = openpyxl.load_workbook(path)
    for sheet, cells in found.items():
        for name, index in cells:
            letter = get_column_letter(list(frames[sheet].columns).index(name) + 1)
            book[sheet][f"{letter}{index + 1}"].fill = RED
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
        troubles.to_excel(writer, sheet_name="Khó khăn", index=False)
    (out / "totals.json").write_text(json.dumps(sums["numerator"].to_dict()), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
