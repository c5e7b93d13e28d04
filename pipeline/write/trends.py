"""What the consolidated workbook adds to its tables for the periods before: sparklines, arrows, decisions."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pipeline.assess.trends import VALUES
from pipeline.decisions import in_words
from pipeline.write.book import BAD, HEAD
from pipeline.write.table import FIELDS_ROW
from schemas.columns import Model, names, records
from schemas.decisions import FILE
from schemas.words import IndicatorKind, State, Verdict

if TYPE_CHECKING:
    from pipeline.write.consolidated import Report

UP, DOWN = "▲", "▼"
_ADVANCE = {State.NOT_STARTED: 1, State.NONE_ARISING: 2, State.UNDERWAY: 2, State.DONE: 3}


def change_formats(kinds: Sequence[IndicatorKind]) -> list[str]:
    """A change carries its arrow, so that its sign is read without colour."""
    plain = f'"{UP} "+#,##0.##;"{DOWN} "-#,##0.##;"= "0'
    share = f'"{UP} "+0.00%;"{DOWN} "-0.00%;"= "0.00%'
    return [plain if kind == IndicatorKind.COUNT else share for kind in kinds]


def add_sparklines(sheet: Worksheet, name: str, results: pd.DataFrame, model: Model) -> None:
    """A line over each indicator's quarters, where at least two have a value; the lowest point is marked."""
    order = names(model)
    first, last, at = order.index(VALUES[0]), order.index(VALUES[-1]), order.index("trend")
    for offset, told in enumerate(results[list(VALUES)].notna().sum(axis=1)):
        if told >= 2:
            row = FIELDS_ROW + 2 + offset
            span = f"'{name}'!{xl_rowcol_to_cell(row, first)}:{xl_rowcol_to_cell(row, last)}"
            style = {"markers": True, "series_color": HEAD, "low_point": True, "low_color": BAD, "show_hidden": True}
            sheet.add_sparkline(row, at, {"range": span, "weight": 1.5} | style)


def arrow(now: object, before: object) -> str:
    """▲ where a unit is further with a task than in the last quarter, ▼ where it has fallen back."""
    step = _ADVANCE.get(now, 0) - _ADVANCE.get(before, 0)  # type: ignore[call-overload]
    return UP if step > 0 else DOWN if step < 0 else ""


def ledger_rows(report: "Report") -> pd.DataFrame:
    """The ledger, with a line for each of the officer's decisions in force."""
    decided = [
        {"file": f"{FILE}, hàng {row['row']}", "verdict": Verdict.USED.value, "reason": in_words(row)}
        | {"unit_code": row["unit_code"], "unit_name": report.plan.unit_names.get(row["unit_code"])}
        for row in records(report.decisions.rows)
    ]
    if not decided:
        return report.ledger
    return pd.concat([report.ledger, pd.DataFrame(decided)], ignore_index=True)
