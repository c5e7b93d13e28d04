"""What is still to fill and what contradicts itself, sheet by sheet: live formulas and their stored results.

The formulas repeat, in Excel's words, the rules BB01, NV02, NV03, CT01, CT02, CT04, KK01 and KK02 by which the
workbook is judged on return; a unit sees its mistakes before it sends.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.forms import Form
from pipeline.issued import NO_DENOMINATOR
from pipeline.write.grid import Grid
from schemas.words import State, YesNo


@dataclass(frozen=True)
class Tally:
    """Of one sheet: the formulas without their ``=``, and their results for the form as it is written."""

    blanks: str
    clashes: str
    stored_blanks: int
    stored_clashes: int


def tallies(form: Form, grids: Mapping[str, Grid]) -> dict[str, Tally]:
    """By sheet name, in the order of filling."""
    return {
        "Nhiệm vụ": _tasks(form.tables["tasks"], grids["tasks"]),
        "Chỉ tiêu": _indicators(form, grids["indicators"]),
        "Khó khăn": _difficulties(form, grids["answer"], grids["difficulties"]),
    }


def _tasks(rows: pd.DataFrame, grid: Grid) -> Tally:
    if rows.empty:
        return Tally("0", "0", 0, 0)
    state, day = grid.span("state"), grid.span("completed_on")
    clashes = [
        f'SUMPRODUCT(({state}="{State.DONE}")*({day}=""))',
        f'SUMPRODUCT(({state}<>"")*({state}<>"{State.DONE}")*({day}<>""))',
    ]
    done, dated = rows["state"] == State.DONE, rows["completed_on"].notna()
    stored = (done & ~dated).sum() + (~done & rows["state"].notna() & dated).sum()
    return Tally(f"COUNTBLANK({state})", "+".join(clashes), int(rows["state"].isna().sum()), int(stored))


def _indicators(form: Form, grid: Grid) -> Tally:
    rows = form.tables["indicators"]
    if rows.empty:
        return Tally("0", "0", 0, 0)
    top, bottom, label = (grid.span(name) for name in ("numerator", "denominator", "denominator_label"))
    blanks = f'COUNTBLANK({top})+SUMPRODUCT(({bottom}="")*({label}<>"{NO_DENOMINATOR}"))'
    both = f"ISNUMBER({top})*ISNUMBER({bottom})"
    clashes = f"SUMPRODUCT({both}*({top}>{bottom}))+SUMPRODUCT({both}*({top}>0)*({top}<1)*({bottom}>1))"
    ratio = pd.Series([kind.has_denominator for kind in form.kinds], index=rows.index, dtype="bool")
    empty = rows["numerator"].isna().sum() + (rows["denominator"].isna() & ratio).sum()
    numbers = rows[["numerator", "denominator"]].map(_is_number).all(axis=1)
    pairs = rows.loc[numbers, ["numerator", "denominator"]].astype("float64")
    above = (pairs["numerator"] > pairs["denominator"]).sum()
    rates = (pairs["numerator"].between(0, 1, inclusive="neither") & (pairs["denominator"] > 1)).sum()
    return Tally(blanks, clashes, int(empty), int(above + rates))


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _difficulties(form: Form, question: Grid, grid: Grid) -> Tally:
    answer, text, code = question.span("has_difficulty"), grid.span("description"), grid.span("task_code")
    said, told = f"INDEX({answer},1)", f"COUNTA({text})"
    blanks = f'COUNTBLANK({answer})+SUMPRODUCT(({text}<>"")*({code}=""))'
    clashes = f'({said}="{YesNo.YES}")*({told}=0)+({said}="{YesNo.NO}")*({told}>0)'
    rows, word = form.tables["difficulties"], form.tables["answer"]["has_difficulty"]
    described = rows["description"].notna()
    empty = word.isna().sum() + (described & rows["task_code"].isna()).sum()
    is_yes, is_no = bool((word == YesNo.YES).any()), bool((word == YesNo.NO).any())
    return Tally(blanks, clashes, int(empty), int(is_no if described.any() else is_yes))
