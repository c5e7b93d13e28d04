"""What the report's text is made of, before anyone knows of Word."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Heading:
    """A heading below the template's own."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """One paragraph; a line break in it stays one."""

    text: str


@dataclass(frozen=True)
class Grid:
    """A table: ``widths`` are relative; ``centred`` are column numbers from 0."""

    titles: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    centred: frozenset[int] = frozenset()


Block = Heading | Paragraph | Grid
