"""What a template does while it is being filled: drop-downs, limits, prompts, colours.

The lists, limits and prompts come from the schema; the formulas repeat, in Excel's words, the rules
BB01, NV02, NV03, NV04, CT01, CT02 and CT04 by which the workbook is judged on return.
"""

from datetime import date
from typing import Any

from xlsxwriter.worksheet import Worksheet

from pipeline.forms import Form
from pipeline.issued import NO_DENOMINATOR
from pipeline.text import number_text
from pipeline.write.book import WARN, Book
from pipeline.write.grid import DECIMAL, Grid, is_open, place
from schemas.columns import Column
from schemas.template import BY_NAME, INFO, INFO_DATES, INFO_LENGTH
from schemas.words import IndicatorKind, State, YesNo

MISSING = "#FFF3C4"
CUMULATIVE_PROMPT = "SỐ LŨY KẾ TỪ ĐẦU NĂM đến hết kỳ, không nhỏ hơn kỳ trước."
_LONGEST_LIST = 255  # characters of a list inside the rule itself; a longer one is a reference


def add_entry_rules(book: Book, sheet: Worksheet, grid: Grid, form: Form) -> None:
    for spec in grid.table.columns:
        if not spec.layout.is_input:
            continue
        texts: dict[str, Any] = {}
        if spec.description:
            texts = {"input_title": spec.title[:32], "input_message": spec.description[:255]}
            texts |= {"error_title": "Chưa đúng", "error_message": _refusal(spec)}
        milestones, others = _rows(grid, form, spec)
        for rows, options in ((milestones, _list(YesNo)), (others, _options(form, spec))):
            for some, more in _prompts(rows, grid, form, spec):
                for first, last in _runs(some):
                    index = grid.columns[spec.name]
                    sheet.data_validation(first, index, last, index, options | texts | more)
    for spec in grid.table.columns:
        if spec.kind == "number" and spec.layout.is_input and grid.count:
            index, cell = grid.columns[spec.name], grid.cell(0, spec.name, absolute_column=True)
            broken = f"=IF(ISNUMBER({cell}),{cell}<>INT({cell}),FALSE)"
            rule = {"type": "formula", "criteria": broken, "format": book.number(DECIMAL)}
            sheet.conditional_format(grid.first, index, grid.last, index, rule)
    for field, formula, fill in _colours(grid):
        index = grid.columns[field]
        style = {"type": "formula", "criteria": f"={formula}", "format": book.fill(fill)}
        sheet.conditional_format(grid.first, index, grid.last, index, style)


def add_info_rules(sheet: Worksheet, grid: Grid, form: Form) -> None:
    """The cover's inputs: the report's date is a date; the others are short texts."""
    index = grid.columns["value"]
    for position, key in enumerate(grid.values["key"]):
        label, hint, is_input = INFO[key]
        if is_input:
            rule = _date(form) if key in INFO_DATES else _length(INFO_LENGTH)
            texts = {"input_title": label[:32], "input_message": hint, "error_title": "Chưa đúng"}
            texts["error_message"] = hint if key in INFO_DATES else _too_long(INFO_LENGTH)
            row = grid.first + position
            sheet.data_validation(row, index, row, index, rule | texts)


def _rows(grid: Grid, form: Form, spec: Column) -> tuple[list[int], list[int]]:
    """The sheet rows where the field is open: those that take Có or Không, and the others."""
    milestones: list[int] = []
    others: list[int] = []
    for position in range(grid.count):
        kind = grid.kind(form, position)
        if is_open(spec, kind):
            is_milestone = spec.name == "numerator" and kind == IndicatorKind.MILESTONE
            (milestones if is_milestone else others).append(grid.first + position)
    return milestones, others


def _prompts(rows: list[int], grid: Grid, form: Form, spec: Column) -> list[tuple[list[int], dict[str, Any]]]:
    """The rows by what their prompt adds: a figure counted since the start of the year says so."""
    if grid.table.name != "indicators" or spec.name not in ("numerator", "denominator"):
        return [(rows, {})]
    counted = [kind != IndicatorKind.MILESTONE and since for kind, since in zip(form.kinds, form.running, strict=False)]
    running = [row for row in rows if counted and counted[row - grid.first]]
    text = f"{CUMULATIVE_PROMPT} {spec.description}"[:255]
    return [(running, {"input_message": text}), ([row for row in rows if row not in running], {})]


def _options(form: Form, spec: Column) -> dict[str, Any]:
    if spec.name == "task_code":
        tasks = place(BY_NAME["tasks"], form.tables["tasks"])
        codes = tasks.values["task_code"]
        if len(",".join(codes)) > _LONGEST_LIST:
            return {"validate": "list", "source": f"={tasks.span('task_code')}"}
        return _list(codes) if codes else {"validate": "any"}
    if spec.choices:
        return _list(spec.choices)
    if spec.kind == "number":
        return {"validate": "decimal", "criteria": "between", "minimum": spec.minimum, "maximum": spec.maximum}
    if spec.kind == "date":
        return _date(form)
    return _length(spec.max_length) if spec.max_length else {"validate": "any"}


def _refusal(spec: Column) -> str:
    """Of a text only its length is refused."""
    if spec.kind == "text" and spec.max_length and not spec.choices and spec.name != "task_code":
        return _too_long(spec.max_length)
    return spec.description[:255]


def _too_long(most: int) -> str:
    return f"Không dài quá {number_text(most)} ký tự."


def _date(form: Form) -> dict[str, Any]:
    first, last = date(form.settings.year - 1, 1, 1), date(form.settings.year + 1, 12, 31)
    return {"validate": "date", "criteria": "between", "minimum": first, "maximum": last}


def _length(most: int) -> dict[str, Any]:
    return {"validate": "length", "criteria": "<=", "value": most}


def _list(words: Any) -> dict[str, Any]:
    return {"validate": "list", "source": [str(word) for word in words]}


def _runs(rows: list[int]) -> list[tuple[int, int]]:
    """Consecutive rows as (first, last) pairs."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1] = runs[-1][0], row
        else:
            runs.append((row, row))
    return runs


def _colours(grid: Grid) -> list[tuple[str, str, str]]:
    """(field, formula for the first row, fill): contradictions before blanks, as the first that holds wins."""

    def cell(field: str) -> str:
        return grid.cell(0, field, absolute_column=True)

    if grid.table.name == "tasks":
        state, day, result = cell("state"), cell("completed_on"), cell("result")
        wants_day = f'AND({state}="{State.DONE}",ISBLANK({day}))'
        no_day = f'AND({state}<>"",{state}<>"{State.DONE}",NOT(ISBLANK({day})))'
        at_work = f'OR({state}="{State.UNDERWAY}",{state}="{State.DONE}")'
        return [
            ("completed_on", f"OR({wants_day},{no_day})", WARN),
            ("state", f"ISBLANK({state})", MISSING),
            ("result", f"AND(ISBLANK({result}),{at_work})", MISSING),
        ]
    if grid.table.name == "indicators":
        top, bottom, label = cell("numerator"), cell("denominator"), cell("denominator_label")
        both = f"ISNUMBER({top}),ISNUMBER({bottom})"
        clash = f"AND({both},{top}>{bottom})"
        is_rate = f"AND({both},{top}>0,{top}<1,{bottom}>=1)"
        blank = f'AND(ISBLANK({bottom}),{label}<>"{NO_DENOMINATOR}")'
        return [
            ("numerator", clash, WARN),
            ("denominator", clash, WARN),
            ("numerator", is_rate, WARN),
            ("numerator", f"ISBLANK({top})", MISSING),
            ("denominator", blank, MISSING),
        ]
    if grid.table.name == "answer":
        return [("has_difficulty", f"ISBLANK({cell('has_difficulty')})", MISSING)]
    if grid.table.name == "difficulties":
        code, text, last = cell("task_code"), cell("description"), cell("addressed_to")
        carried = f'AND({cell("difficulty_id")}<>"",ISBLANK({cell("state")}))'
        return [
            ("state", carried, MISSING),
            ("task_code", f"AND(ISBLANK({code}),NOT(ISBLANK({text})))", MISSING),
            ("description", f"AND(ISBLANK({text}),COUNTA({code},{cell('cause')}:{last})>0)", MISSING),
        ]
    return []
