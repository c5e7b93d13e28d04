"""How a table is defined: one pandera model per table, one :func:`column` per field.

Everything that a workbook shows about a column (header, width, prompt, input or locked, drop-down, limits,
number format) and everything that the reader and the validator ask of it is derived from that one place.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any, Literal

import pandas as pd
import pandera.pandas as pa

Kind = Literal["text", "number", "integer", "date", "bool"]
Model = type[pa.DataFrameModel]

_KEY = "tonghop"
_KINDS: dict[str, Kind] = {
    "string": "text",
    "str": "text",
    "float64": "number",
    "int64": "integer",
    "bool": "bool",
}
_DTYPES: dict[Kind, str] = {
    "text": "str",
    "number": "float64",
    "integer": "int64",
    "date": "datetime64[us]",
    "bool": "bool",
}


@dataclass(frozen=True)
class Layout:
    """What only the sheet needs to know of a column; it is the ``metadata`` of the pandera field."""

    width: float = 14
    is_input: bool = False
    required: bool = False
    percent: bool = False
    measure: bool = False  # takes Có or Không where the indicator is a milestone
    format: str = ""
    hidden: bool = False
    centre: bool = False
    printed: bool = True  # columns at the end that only the screen shows are left out of the print area
    choices: tuple[str, ...] = ()
    blank: str = "–"  # what an output says where there is no value


@dataclass(frozen=True)
class Column:
    """A field as the rest of the program sees it, derived from the pandera model."""

    name: str
    title: str
    description: str
    kind: Kind
    layout: Layout = field(default_factory=Layout)
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    max_length: int | None = None

    @property
    def header(self) -> str:
        """The visible header; a required input carries a star."""
        return f"{self.title} *" if self.layout.is_input and self.layout.required else self.title


def column(
    title: str,
    description: str = "",
    *,
    nullable: bool = True,
    isin: type[StrEnum] | Sequence[str] | None = None,
    checks: Mapping[str, Any] | None = None,
    **layout: Any,
) -> Any:
    """A pandera field with its sheet layout.

    ``isin`` closes the list of words (and makes a drop-down); ``choices`` among the layout only offers one.
    ``checks`` are pandera's own (``ge``, ``le``, ``str_length`` …); the rest goes to :class:`Layout`.
    """
    kwargs: dict[str, Any] = dict(checks or {})
    if isin is not None:
        kwargs["isin"] = [str(word) for word in isin]
    return pa.Field(
        nullable=nullable,
        title=title,
        description=description,
        metadata={_KEY: Layout(**layout)},
        **kwargs,
    )


@cache
def columns(model: Model) -> tuple[Column, ...]:
    """The model's columns in sheet order."""
    return tuple(_column(name, spec) for name, spec in model.to_schema().columns.items())


def _column(name: str, spec: Any) -> Column:
    limits = {key: value for check in spec.checks for key, value in check.statistics.items()}
    layout = (spec.metadata or {}).get(_KEY, Layout())
    dtype = str(spec.dtype)
    kind: Kind = "date" if dtype.startswith("datetime") else _KINDS[dtype.split("[", maxsplit=1)[0]]
    return Column(
        name=name,
        title=spec.title or name,
        description=spec.description or "",
        kind=kind,
        layout=layout,
        choices=tuple(limits.get("allowed_values", ())) or layout.choices,
        minimum=limits.get("min_value") if kind != "text" else None,
        maximum=limits.get("max_value") if kind != "text" else None,
        max_length=limits.get("max_value") if kind == "text" else None,
    )


def names(model: Model) -> list[str]:
    return [spec.name for spec in columns(model)]


def titles(model: Model) -> dict[str, str]:
    return {spec.name: spec.title for spec in columns(model)}


def conform(model: Model, data: pd.DataFrame | Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """A frame with exactly the model's columns, order and dtypes; absent columns and values are missing.

    The index of a given frame is kept. Raises ValueError where a value does not fit its column's dtype.
    """
    frame = data if isinstance(data, pd.DataFrame) else pd.DataFrame(list(data))
    made = {}
    for spec in columns(model):
        values = frame[spec.name] if spec.name in frame else pd.Series(None, index=frame.index, dtype="object")
        made[spec.name] = _as_dtype(values, spec.kind)
    return pd.DataFrame(made, index=frame.index)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as dicts by column name."""
    names = [str(name) for name in frame.columns]
    values = [column.tolist() for _, column in frame.items()]
    return [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]


def _as_dtype(values: pd.Series, kind: Kind) -> pd.Series:
    if kind == "date":
        return pd.to_datetime(values).astype("datetime64[us]")
    if kind == "text" and values.dtype == object:
        values = values.map(lambda value: str(value) if isinstance(value, StrEnum) else value)
    dtype: Any = _DTYPES[kind]
    typed: pd.Series = values.astype(dtype)
    return typed
