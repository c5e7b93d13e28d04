"""The least that any such program must do: read every needed sheet, write the same output cells; nothing else.

``python -m tests.bench.floor INBOX CELLS OUT``: calamine in this process over the workbooks of the inbox, then
XlsxWriter's plain writing of the cells that ``tests.bench.cells`` noted from the product's own outputs.
"""

import pickle
import sys
from pathlib import Path

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


def write(cells: Path, out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, sheets in pickle.loads(cells.read_bytes()).items():  # noqa: S301 - made by this bench
        with xlsxwriter.Workbook(str(out / name), {"in_memory": True, "strings_to_formulas": False}) as book:
            for title, rows in sheets.items():
                sheet = book.add_worksheet(title)
                for row, values in enumerate(rows):
                    for column, value in enumerate(values):
                        if value != "":
                            sheet.write(row, column, value)


if __name__ == "__main__":
    read(Path(sys.argv[1]))
    write(Path(sys.argv[2]), Path(sys.argv[3]))
