"""What the consolidated workbook adds to its tables for the periods before: sparklines, arrows, decisions."""

from typing import TYPE_CHECKING

import pandas as pd
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from pipeline.assess.trends import VALUES
from pipeline.decisions import in_words
from pipeline.inbox import DECISIONS_FILE
from pipeline.write.book import BAD, HEAD, RULE
from pipeline.write.heading import DATA_ROW
from schemas.columns import Model, names, records
from schemas.words import IndicatorKind, State, Verdict, YesNo

if TYPE_CHECKING:
    from pipeline.write.consolidated import Report

UP, DOWN = "▲", "▼"
# A change carries its arrow, so that its sign is read without colour.
CHANGE_FORMATS = dict.fromkeys(IndicatorKind, f'"{UP} "+0.00%;"{DOWN} "-0.00%;"="') | {
    IndicatorKind.COUNT: f'"{UP} "+#,##0.##;"{DOWN} "-#,##0.##;"="',
    IndicatorKind.MILESTONE: f'[=1]"{UP} {YesNo.YES}";[=-1]"{DOWN} {YesNo.NO}";"="',
}
_ADVANCE = {State.NOT_STARTED: 1, State.NONE_ARISING: 2, State.UNDERWAY: 2, State.DONE: 3}


def add_sparklines(sheet: Worksheet, name: str, results: pd.DataFrame, model: Model) -> None:
    """Columns over each indicator's quarters, where at least two have a value: from zero to the target where there
    is one, so that their height is how much of it is reached; the last in the house colour."""
    order = names(model)
    first, last, at = order.index(VALUES[0]), order.index(VALUES[-1]), order.index("trend")
    targets = results["target"].to_numpy(dtype="float64")
    for offset, values in enumerate(results[list(VALUES)].to_numpy(dtype="float64")):
        told = values[values == values]  # noqa: PLR0124 - only NaN differs from itself
        if len(told) >= 2:
            row = DATA_ROW + offset
            span = f"'{name}'!{xl_rowcol_to_cell(row, first)}:{xl_rowcol_to_cell(row, last)}"
            style = {
                "type": "column",
                "series_color": RULE,
                "last_point": True,
                "last_color": HEAD,
                "negative_points": True,
            }
            highest = float(max([*told, *targets[[offset]][targets[[offset]] > 0]]))
            limits = {"min": 0, "max": highest} if min(told) >= 0 and highest > 0 else {}
            sheet.add_sparkline(row, at, {"range": span, "negative_color": BAD} | style | limits)


def arrow(now: object, before: object) -> str:
    """▲ where a unit is further with a task than in the last quarter, ▼ where it has fallen back."""
    if now not in _ADVANCE or before not in _ADVANCE:
        return ""  # silence is neither
    step = _ADVANCE[State(str(now))] - _ADVANCE[State(str(before))]
    return UP if step > 0 else DOWN if step < 0 else ""


def ledger_rows(report: "Report") -> pd.DataFrame:
    """The ledger, with a line for each of the officer's decisions in force."""
    decided = [
        {"file": f"{DECISIONS_FILE}, hàng {row['row']}", "verdict": Verdict.USED.value, "reason": in_words(row)}
        | {"unit_code": row["unit_code"], "unit_name": report.plan.unit_names.get(row["unit_code"])}
        for row in records(report.decisions.rows)
    ]
    if not decided:
        return report.ledger
    return pd.concat([report.ledger, pd.DataFrame(decided)], ignore_index=True)
