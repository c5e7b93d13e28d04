"""XlsxWriter's worksheet as the product needs it: rows that fit what they hold, and formulas that cost little.

Both override methods that XlsxWriter does not promise to keep; its version is pinned and the tests compare workbooks.
"""

from typing import Any

from xlsxwriter.worksheet import Worksheet

_FIXED = ("customHeight", 1)


class FittedSheet(Worksheet):  # type: ignore[misc]
    """XlsxWriter marks every height that is set as fixed by the user, so that a long text typed later stays hidden;
    without the mark Excel and LibreOffice show the height that is set and fit the row once it is edited."""

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = ()) -> None:
        super()._xml_start_tag_unencoded(tag, _fitting(tag, attributes))

    def _xml_empty_tag_unencoded(self, tag: str, attributes: Any = ()) -> None:
        super()._xml_empty_tag_unencoded(tag, _fitting(tag, attributes))

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """The formula without its ``=``. XlsxWriter looks here for each of 27 functions younger than Excel 2010, to
        mark them: 0.1 ms a formula, a third of a template. No formula of ours uses one (tested), as not every unit
        has so young an Excel."""
        return formula.removeprefix("=")


def _fitting(tag: str, attributes: Any) -> Any:
    return [each for each in attributes if each != _FIXED] if tag == "row" else attributes
