"""What is still to fill and what contradicts itself, sheet by sheet: live formulas and their stored results.

The formulas repeat, in Excel's words, the rules BB01, NV02, NV03, CT01, CT02, CT04, KK01 and KK02 by which the
workbook is judged on return; a unit sees its mistakes before it sends.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.forms import Form
from pipeline.issued import NO_DENOMINATOR
from pipeline.text import is_blank
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
        "Nhiệm vụ": _tasks(grids["tasks"]),
        "Chỉ tiêu": _indicators(form, grids["indicators"]),
        "Khó khăn": _difficulties(grids["answer"], grids["difficulties"]),
    }


def _tasks(grid: Grid) -> Tally:
    if not grid.filled:
        return Tally("0", "0", 0, 0)
    state, day = grid.span("state"), grid.span("completed_on")
    clashes = [
        f'SUMPRODUCT(({state}="{State.DONE}")*({day}=""))',
        f'SUMPRODUCT(({state}<>"")*({state}<>"{State.DONE}")*({day}<>""))',
    ]
    told = list(zip(grid.values["state"], map(is_blank, grid.values["completed_on"]), strict=True))
    blanks = sum(is_blank(word) for word, _ in told)
    stored = sum(undated if word == State.DONE else not (undated or is_blank(word)) for word, undated in told)
    return Tally(f"COUNTBLANK({state})", "+".join(clashes), blanks, stored)


def _indicators(form: Form, grid: Grid) -> Tally:
    if not grid.filled:
        return Tally("0", "0", 0, 0)
    top, bottom, label = (grid.span(name) for name in ("numerator", "denominator", "denominator_label"))
    blanks = f'COUNTBLANK({top})+SUMPRODUCT(({bottom}="")*({label}<>"{NO_DENOMINATOR}"))'
    both = f"ISNUMBER({top})*ISNUMBER({bottom})"
    clashes = f"SUMPRODUCT({both}*({top}>{bottom}))+SUMPRODUCT({both}*({top}>0)*({top}<1)*({bottom}>=1))"
    empty = stored = 0
    for above, below, kind in zip(grid.values["numerator"], grid.values["denominator"], form.kinds, strict=True):
        empty += is_blank(above) + (kind.has_denominator and is_blank(below))
        if _is_number(above) and _is_number(below):
            stored += (above > below) + (0 < above < 1 < below)
    return Tally(blanks, clashes, empty, stored)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _difficulties(question: Grid, grid: Grid) -> Tally:
    answer, text, code = question.span("has_difficulty"), grid.span("description"), grid.span("task_code")
    said, told = f"INDEX({answer},1)", f"COUNTA({text})"
    blanks = f'COUNTBLANK({answer})+SUMPRODUCT(({text}<>"")*({code}=""))'
    clashes = f'({said}="{YesNo.YES}")*({told}=0)+({said}="{YesNo.NO}")*({told}>0)'
    codes = zip(grid.values["description"], grid.values["task_code"], strict=True)
    described = [is_blank(code) for text, code in codes if not is_blank(text)]
    words = question.values["has_difficulty"]
    empty = sum(map(is_blank, words)) + sum(described)
    return Tally(blanks, clashes, empty, int((YesNo.NO if described else YesNo.YES) in words))
