"""The least that any such program must do: read every needed sheet, write the same output cells; nothing else.

``python -m tests.bench.floor INBOX CELLS OUT``: calamine in this process over the workbooks of the inbox, then
XlsxWriter's plain writing of the cells that the bench noted from the product's own outputs. Prints the seconds that
loading those took, which are not part of it.
"""

import pickle
import sys
import time
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

SHEETS = ("Thông tin", "Nhiệm vụ", "Chỉ tiêu", "Khó khăn", "_meta")


def read(inbox: Path) -> int:
    count = 0
    for path in sorted(inbox.glob("*.xlsx")):
        with CalamineWorkbook.from_path(str(path)) as book:
            for name in SHEETS:
                count += len(book.get_sheet_by_name(name).to_python(skip_empty_area=False))
    return count


def load(cells: Path) -> dict[str, dict[str, list[list[Any]]]]:
    """By workbook and sheet, the rows."""
    with cells.open("rb") as stream:
        noted: dict[str, dict[str, list[list[Any]]]] = pickle.load(stream)  # noqa: S301 - made by this bench
    return noted


def write(noted: dict[str, dict[str, list[list[Any]]]], out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, sheets in noted.items():
        with xlsxwriter.Workbook(str(out / name), {"in_memory": True, "strings_to_formulas": False}) as book:
            for title, rows in sheets.items():
                sheet = book.add_worksheet(title)
                for row, values in enumerate(rows):
                    for column, value in enumerate(values):
                        if value != "":
                            sheet.write(row, column, value)


if __name__ == "__main__":
    read(Path(sys.argv[1]))
    started = time.perf_counter()
    noted = load(Path(sys.argv[2]))
    print(time.perf_counter() - started)
    write(noted, Path(sys.argv[3]))
