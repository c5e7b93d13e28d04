"""XlsxWriter's worksheet as the product needs it: rows that fit what they hold, and cells that cost little.

What is overridden here XlsxWriter does not promise to keep: its version is pinned, and a test compares what it writes
itself, byte by byte.
"""

from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import CellBlankTuple, CellNumberTuple, CellStringTuple, Worksheet

_FIXED = ("customHeight", 1)
_PLAIN = (CellStringTuple, CellBlankTuple, CellNumberTuple)


class FittedSheet(Worksheet):  # type: ignore[misc]
    """XlsxWriter marks every height that is set as fixed by the user, so that a long text typed later stays hidden;
    without the mark Excel and LibreOffice show the height that is set and fit the row once it is edited."""

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = ()) -> None:
        super()._xml_start_tag_unencoded(tag, _fitting(tag, attributes))

    def _xml_empty_tag_unencoded(self, tag: str, attributes: Any = ()) -> None:
        super()._xml_empty_tag_unencoded(tag, _fitting(tag, attributes))

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        """The innermost loop. Of nearly all our cells it is known what they hold and that nothing in their tags needs
        to be escaped; XlsxWriter looks at each attribute again, three times the work."""
        kind = type(cell)
        if kind not in _PLAIN or cell.format is None:
            super()._write_cell(row, col, cell)
            return
        head = f'<c r="{xl_rowcol_to_cell_fast(row, col)}" s="{cell.format._get_xf_index()}"'
        if kind is CellStringTuple:
            self.fh.write(f'{head} t="s"><v>{cell.string}</v></c>')
        elif kind is CellBlankTuple:
            self.fh.write(f"{head}/>")
        else:
            self.fh.write(f"{head}><v>{cell.number:.16G}</v></c>")

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """The formula without its ``=``. XlsxWriter looks here for each of 27 functions younger than Excel 2010, to
        mark them: 0.1 ms a formula, a third of a template. No formula of ours uses one (tested), as not every unit
        has so young an Excel."""
        return formula.removeprefix("=")


def _fitting(tag: str, attributes: Any) -> Any:
    return [each for each in attributes if each != _FIXED] if tag == "row" else attributes
