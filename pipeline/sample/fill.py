"""Fill a template through openpyxl, as a unit's Excel would: by code and column, saved on a given day."""

import re
import zipfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from schemas.template import BY_NAME, TABLES

_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


class Filling:
    """A template open for filling; cells are addressed by table, key and field."""

    def __init__(self, template: Path) -> None:
        self._book = openpyxl.load_workbook(template)
        self._columns: dict[str, dict[str, int]] = {}
        self._rows: dict[str, int] = {}
        for table in TABLES:
            self._rows[table.name], self._columns[table.name] = self._find(table.name)

    def _find(self, name: str) -> tuple[int, dict[str, int]]:
        """The row of field names of a table, and its columns by field."""
        table = BY_NAME[name]
        fields = {spec.name for spec in table.columns}
        for row in self.sheet(name).iter_rows():
            named = {str(cell.value): int(str(cell.column)) for cell in row if cell.value in fields}
            if len(named) == len(fields):
                return int(str(row[0].row)), named
        raise LookupError(name)

    def sheet(self, name: str) -> Worksheet:
        sheet: Worksheet = self._book[BY_NAME[name].sheet]
        return sheet

    def keys(self, name: str) -> dict[str, int]:
        """The table's rows by key, in sheet order."""
        column = self._columns[name][BY_NAME[name].key[0]]
        cells = (
            (self.sheet(name).cell(row, column).value, row)
            for row in range(self._rows[name] + 2, self.sheet(name).max_row + 1)
        )
        return {str(value): row for value, row in cells if value is not None}

    def put(self, name: str, key: str, values: Mapping[str, Any]) -> None:
        """Type values into the row of that key; a date shows as one."""
        self._type(name, self.keys(name)[key], values)

    def answer(self, word: str) -> None:
        self._type("answer", self._rows["answer"] + 2, {"has_difficulty": word})

    def difficulty(self, position: int, values: Mapping[str, Any]) -> None:
        self._type("difficulties", self._rows["difficulties"] + 2 + position, values)

    def _type(self, name: str, row: int, values: Mapping[str, Any]) -> None:
        for field, value in values.items():
            self.sheet(name).cell(row, self._columns[name][field]).value = value

    def save(self, path: Path, saved_at: datetime) -> None:
        """``saved_at`` is local time; the file says so in its own properties, and is the same on every run."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._book.save(path)
        stamp = (saved_at - timedelta(hours=7)).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
        with zipfile.ZipFile(path) as archive:
            members = [(member.filename, archive.read(member)) for member in archive.infolist()]
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for filename, content in members:
                if filename == "docProps/core.xml":
                    content = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", content)
                info = zipfile.ZipInfo(filename, _ZIP_TIME)
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, content)
