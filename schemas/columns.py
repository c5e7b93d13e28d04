"""How a table is defined: one pandera model per table, one :func:`column` per field.

Everything that a workbook shows about a column (header, width, prompt, input or locked, drop-down, limits,
number format) and everything that the reader and the validator ask of it is derived from that one place.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from types import NoneType
from typing import Any, Literal

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandas.api.extensions import take
from pandas.api.types import pandas_dtype

Kind = Literal["text", "number", "integer", "date", "bool"]
Model = type[pa.DataFrameModel]

_KEY = "tonghop"
_KINDS: dict[type, Kind] = {str: "text", float: "number", int: "integer", bool: "bool", pd.Timestamp: "date"}
_DTYPES: dict[Kind, Any] = {
    "text": pandas_dtype("str"),
    "number": pandas_dtype("float64"),
    "integer": pandas_dtype("int64"),
    "date": pandas_dtype("datetime64[us]"),
    "bool": pandas_dtype("bool"),
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
    """The model's columns in sheet order; read off its fields, as building a pandera schema costs 1.5 ms a model."""
    fields: Mapping[str, tuple[Any, Any]] = model.__fields__
    return tuple(_column(name, _KINDS[annotation.arg], spec) for name, (annotation, spec) in fields.items())


def _column(name: str, kind: Kind, spec: Any) -> Column:
    limits = {key: value for check in spec.checks for key, value in check.statistics.items()}
    layout = (spec.metadata or {}).get(_KEY, Layout())
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
    if isinstance(data, pd.DataFrame):
        index = data.index
        given = {spec.name: data[spec.name].array for spec in columns(model) if spec.name in data}
    else:
        rows = list(data)
        index = pd.RangeIndex(len(rows))
        given = {spec.name: as_objects([row.get(spec.name) for row in rows]) for spec in columns(model)}
    made = {}
    for spec in columns(model):
        values = given.get(spec.name)
        made[spec.name] = blanks(spec.kind, len(index)) if values is None else as_kind(values, spec.kind)
    return pd.DataFrame(made, index=index, copy=False)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as dicts by column name."""
    names = [str(name) for name in frame.columns]
    values = [column.tolist() for _, column in frame.items()]
    return [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]


def as_objects(values: "Sequence[Any] | pd.Index[Any]") -> "np.ndarray[Any, Any]":
    """The values as they are in an array; numpy and pandas, left to themselves, would guess at types."""
    if isinstance(values, pd.Index):
        return values.to_numpy(dtype="object")
    return np.fromiter(values, dtype="object", count=len(values))


def as_kind(values: Any, kind: Kind) -> Any:
    """An array in the dtype of its kind; members of a StrEnum become text. Raises ValueError where one does not fit."""
    dtype = _DTYPES[kind]
    if values.dtype == dtype:
        return values
    objects = np.asarray(values, dtype="object")
    if kind == "date":
        return pd.to_datetime(objects).astype(dtype).array
    if kind == "text":
        words = objects.tolist()
        if not set(map(type, words)) <= {str, NoneType}:
            words = [_plain(word) for word in words]
        return pd.array(words, dtype=dtype)
    return objects.astype(dtype)


def _plain(value: Any) -> str | None:
    return None if value is None or value is pd.NaT or value != value else str(value)  # noqa: PLR0124 - NaN


def blanks(kind: Kind, count: int) -> Any:
    """A column without values."""
    if kind in ("text", "date"):
        return take_or_blank(pd.array([], dtype=_DTYPES[kind]), np.full(count, -1))
    return np.full(count, None, dtype="object").astype(_DTYPES[kind])


def take_or_blank(values: Any, codes: "np.ndarray[Any, Any]") -> Any:
    """The values at those places; missing where the place is −1."""
    return take(values, codes, allow_fill=True)
