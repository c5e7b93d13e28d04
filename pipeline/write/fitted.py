"""A worksheet whose row heights are what they need now, and fit themselves again when a cell is edited."""

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


def _fitting(tag: str, attributes: Any) -> Any:
    return [each for each in attributes if each != _FIXED] if tag == "row" else attributes
