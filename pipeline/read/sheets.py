"""What a workbook is once it has been read: sheets of plain values, and what stands beside the values."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from schemas.words import Remark

Place = tuple[int, int]  # zero-based row and column
LOCAL = timedelta(hours=7)  # Hà Nội; document dates are kept in UTC
MAX_SHEETS = 200
MAX_CELLS = 5_000_000


@dataclass(frozen=True)
class Fault:
    """A cell that holds an error value, or a formula without a stored result."""

    text: str


@dataclass(frozen=True)
class Area:
    """A rectangle of cells, zero-based, its last row and column included."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def label(self) -> str:
        """As Excel writes it: ``C5:D7``."""
        return f"{column_letters(self.left)}{self.top + 1}:{column_letters(self.right)}{self.bottom + 1}"


@dataclass
class Sheet:
    """``rows[r][c]`` is the cell at row r+1, column c+1; a blank cell is ``""``.

    ``merges`` are the merged areas; ``fonts`` the legacy Vietnamese font of each cell that has one.
    """

    name: str
    visible: bool
    rows: list[list[Any]]
    merges: list[Area] = field(default_factory=list)
    fonts: dict[Place, str] = field(default_factory=dict)


@dataclass
class Workbook:
    """``created`` and ``modified``: the document's own properties in UTC, where it has them."""

    sheets: list[Sheet] = field(default_factory=list)
    created: datetime | None = None
    modified: datetime | None = None
    remarks: tuple[Remark, ...] = ()


@dataclass
class Parts:
    """What the values of a workbook do not show, by sheet name: cells that only look blank, and legacy fonts."""

    faults: dict[str, dict[Place, Fault]] = field(default_factory=dict)
    fonts: dict[str, dict[Place, str]] = field(default_factory=dict)
    created: datetime | None = None
    modified: datetime | None = None
    remarks: list[Remark] = field(default_factory=list)


def column_index(letters: str) -> int:
    """Zero-based: A → 0, AA → 26."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def column_letters(index: int) -> str:
    """The inverse of :func:`column_index`."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
