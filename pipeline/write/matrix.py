"""The sheet ``Đơn vị × Nhiệm vụ``: how far every unit says it is with every task, at a glance."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import compress
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from pipeline.write.book import BAD, GOOD, MUTED, QUIET, RULE, WARN, Book, safe_text
from pipeline.write.formulas import Detail, count_where, quoted
from pipeline.write.heading import APPENDIX_ROW, DATA_ROW, FIELDS_ROW, Heading, write_heading
from pipeline.write.rows import row_height
from pipeline.write.sheet import ROW, Cells, Sheet, TableRows, number_cell
from pipeline.write.table import add_table
from pipeline.write.trends import DOWN, UP, arrow
from schemas.columns import records
from schemas.words import NOT_REPORTED, Role, State, YesNo

if TYPE_CHECKING:
    from pipeline.write.consolidated import Report

SIGNS: dict[str, tuple[str, str]] = {
    # state: (sign and letters, fill); the letters carry the meaning, the colour only helps
    State.DONE: ("● HT", GOOD),
    State.UNDERWAY: ("◐ ĐTH", "#FFFFFF"),
    State.NOT_STARTED: ("○ CTK", WARN),
    State.NONE_ARISING: ("– KPS", QUIET),
    NOT_REPORTED: ("✕ CBC", BAD),
}
LEAD_SIGN = "★"
NOT_ASSIGNED = "·"
_ONE_PAGE = 45  # units that still read well on one A4 page
_TITLED = 8  # tasks whose titles fit above their columns; more show their codes only
_LONGEST_HEADER = 255  # characters of a column's name in an Excel table
_UNIT, _CODE = 1, 2  # columns of the unit's name and code; the group stands before them


def write_matrix(book: Book, report: "Report", name: str, heading: Heading, progress: Detail) -> None:
    """One Excel table of units by tasks; the sums below and beside it are formulas over ``progress``."""
    sheet = book.sheet(name)
    plan, tasks = report.plan, list(report.plan.tasks["task_code"])
    titles = dict(zip(plan.tasks["task_code"], plan.tasks["task_title"], strict=True))
    full = [" ".join(f"{code} {titles[code]}".split()) for code in tasks]
    titled = len(tasks) <= _TITLED and max(map(len, full), default=0) <= _LONGEST_HEADER
    headers = ["Nhóm", "Đơn vị", "Mã đơn vị", *(full if titled else tasks)]
    headers += ["Đã báo cáo", "Phải báo cáo"]
    widths = [19.0, 38.0, 11.0, *([22.0 if titled else 9.0] * len(tasks)), 9.0, 9.0]
    write_heading(book, sheet, heading, widths, 2)
    sheet.set_row(FIELDS_ROW, None, None, {"hidden": True})
    for index, (field, width) in enumerate(zip(_fields(tasks), widths, strict=True)):
        sheet.set_column(index, index, width)
        sheet.write_string(FIELDS_ROW, index, field)
    before = _before(report)
    _write_units(book, sheet, report, tasks, before, widths, progress)
    last_unit = DATA_ROW + max(len(plan.units), 1) - 1
    add_table(book, sheet, "bang_matrix", headers, widths, last_unit)
    last = _write_sums(book, sheet, report, tasks, last_unit + 1, progress)
    last = _write_legend(book, sheet, titled, bool(before), last)
    sheet.freeze_panes(DATA_ROW, 2)
    sheet.repeat_rows(DATA_ROW - 1)
    sheet.print_area(APPENDIX_ROW, 0, last, len(headers) - 1)
    book.fit(sheet, widths, 2)
    if len(plan.units) <= _ONE_PAGE and titled:
        sheet.fit_to_pages(1, 1)


def _fields(tasks: Sequence[str]) -> list[str]:
    return ["unit_group", "unit_name", "unit_code", *tasks, "units_reported", "units_expected"]


def _before(report: "Report") -> dict[tuple[str, str], object]:
    """The state of every unit × task in the last quarter, by the unit that answers for it now."""
    earlier = report.before
    if earlier is None:
        return {}
    rows, heirs = earlier.facts.progress, report.plan.heirs
    keys = zip(rows["unit_code"].map(heirs).fillna(rows["unit_code"]), rows["task_code"], strict=True)
    return dict(zip(keys, rows["state"].where(rows["state"].notna(), None), strict=True))


def _write_units(
    book: Book,
    sheet: Sheet,
    report: "Report",
    tasks: Sequence[str],
    before: Mapping[tuple[str, str], object],
    widths: Sequence[float],
    progress: Detail,
) -> None:
    """A row for every unit; a cell that looks like another of its column is the same finished element."""
    plan, rows = report.plan, report.facts.progress
    codes = list(zip(rows["unit_code"].tolist(), rows["task_code"].tolist(), strict=True))
    states = rows["state"].fillna(NOT_REPORTED).tolist()
    mine = dict(zip(codes, zip(states, rows["role"].tolist(), strict=True), strict=True))
    expected = Counter(unit for unit, _ in codes)
    reported = Counter(compress((unit for unit, _ in codes), (rows["reported"] == YesNo.YES).tolist()))
    groups, units = plan.group_names, records(plan.units[["unit_code", "unit_name", "unit_group"]])
    looks = _Looks(book, sheet, len(tasks), progress)
    columns: list[list[str]] = [[] for _ in range(_CODE + len(tasks) + 3)]
    above = None  # a heavier line parts the groups
    for unit in units:
        code, is_first = unit["unit_code"], unit["unit_group"] != above
        above = unit["unit_group"]
        told = [
            looks.name(0, groups[above], True, True, is_first),
            looks.name(_UNIT, unit["unit_name"], False, True, is_first),
            looks.name(_CODE, code, True, False, is_first),
        ]
        for index, task in enumerate(tasks, start=_CODE + 1):
            key = (code, task)
            state, role = mine.get(key, (NOT_ASSIGNED, ""))
            moved = arrow(state, before[key]) if key in before else ""
            told.append(looks.state(index, state, role == Role.LEAD, moved, is_first))
        told += [looks.sum(0, reported[code]), looks.sum(1, expected[code])]
        for column, cell in zip(columns, told, strict=True):
            column.append(cell)
    heights = [row_height([groups[unit["unit_group"]], unit["unit_name"]], widths[:2], least=15) for unit in units]
    sheet.add_rows(TableRows(DATA_ROW, heights, [_slices(column) for column in columns]))


def _slices(made: list[str]) -> Cells:
    return lambda start, stop: made[start:stop]


class _Looks:
    """The matrix's cell elements, each made once."""

    def __init__(self, book: Book, sheet: Sheet, tasks: int, progress: Detail) -> None:
        self._book, self._sheet = book, sheet
        self._states: dict[tuple[int, str, bool, str, bool], str] = {}
        style = book.format(align="center", num_format="0", border=1, border_color=RULE)
        unit = (progress.span("unit_code"), f"${xl_col_to_name(_CODE)}{ROW}")
        counts = count_where(unit, (progress.span("reported"), quoted(YesNo.YES))), count_where(unit)
        is_live = progress.carries(2 * progress.count)
        self._sums = [
            number_cell(_CODE + tasks + at, style, formula if is_live else "") for at, formula in enumerate(counts, 1)
        ]

    def name(self, index: int, text: str, is_muted: bool, is_wrapped: bool, is_first: bool) -> str:
        muted = {"font_color": MUTED} if is_muted else {}
        wrapped = {"text_wrap": True} if is_wrapped else {}
        return self._sheet.text_cell(index, self._book.format(**muted, **wrapped, **_edge(is_first)), safe_text(text))

    def state(self, index: int, state: str, is_lead: bool, moved: str, is_first: bool) -> str:
        key = (index, state, is_lead, moved, is_first)
        if key not in self._states:
            self._states[key] = self._made(*key)
        return self._states[key]

    def _made(self, index: int, state: str, is_lead: bool, moved: str, is_first: bool) -> str:
        sign, fill = SIGNS.get(state, (NOT_ASSIGNED, ""))
        look: dict[str, Any] = {"bg_color": fill, "bold": is_lead} if fill else {"font_color": MUTED}
        text = " ".join(part for part in (sign, LEAD_SIGN if is_lead else "", moved) if part)
        return self._sheet.text_cell(index, self._book.format(align="center", **look, **_edge(is_first)), text)

    def sum(self, which: int, count: int) -> str:
        before, after = self._sums[which]
        return f"{before}{count}{after}"


def _edge(is_first: bool) -> dict[str, Any]:
    return {"border": 1, "border_color": RULE} | ({"top": 2} if is_first else {})


def _write_sums(book: Book, sheet: Sheet, report: "Report", tasks: Sequence[str], row: int, progress: Detail) -> int:
    """How many units stand in each state, per task and in all. Returns the row after."""
    facts = report.facts.progress
    states = facts["state"].fillna(NOT_REPORTED)
    counts = states.groupby([facts["task_code"], states]).size().to_dict()
    is_live = progress.carries(len(SIGNS) * len(tasks))
    for state, (sign, fill) in SIGNS.items():
        style = {"bold": True, "top": 1, "bottom": 1, "border_color": RULE, "bg_color": fill}
        number = book.format(align="center", num_format="0", **style)
        sheet.write_string(row, 0, "Cộng", book.format(**style))
        sheet.write_string(row, _UNIT, f"{sign}: {state}", book.format(**style))
        sheet.write_blank(row, _CODE, None, book.format(**style))
        where = (progress.span("state"), quoted(state))
        for index, code in enumerate(tasks, start=_CODE + 1):
            count = counts.get((code, str(state)), 0)
            if is_live:
                formula = count_where((progress.span("task_code"), quoted(code)), where)
                sheet.write_formula(row, index, f"={formula}", number, count)
            else:
                sheet.write_number(row, index, count, number)
        first, last = (xl_rowcol_to_cell(row, _CODE + at) for at in (1, len(tasks)))
        total = sum(counts.get((code, str(state)), 0) for code in tasks)
        sheet.write_formula(row, _CODE + len(tasks) + 1, f"=SUM({first}:{last})", number, total)
        sheet.write_blank(row, _CODE + len(tasks) + 2, None, number)
        row += 1
    return row


def _write_legend(book: Book, sheet: Sheet, titled: bool, compared: bool, row: int) -> int:
    """What the signs mean, in words. Returns the last row."""
    signs = "; ".join(f"{sign}: {state.lower()}" for state, (sign, _) in SIGNS.items())
    lines = [f"Chú giải: {signs}; {LEAD_SIGN}: đơn vị chủ trì; {NOT_ASSIGNED}: không được giao."]
    if compared:
        lines[0] += f" {UP}: tiến thêm, {DOWN}: lùi so với quý trước."
    if not titled:
        lines.append("Tên nhiệm vụ theo mã: xem sheet “Nhiệm vụ”.")
    for offset, line in enumerate(lines):
        sheet.write_string(row + offset, 0, line, book.format(italic=True, font_color=MUTED))
    return row + len(lines) - 1
