"""An indicator's result as one sentence; every number is one of the row's own, written as the workbook shows it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.assess.results import distinct_text
from pipeline.brief.phrases import lower_first
from pipeline.issued import target_text
from pipeline.measures import exact, measure_text
from pipeline.text import number_text
from schemas.words import Alert, IndicatorKind, TargetResult

_JUDGED = (TargetResult.MET, TargetResult.NOT_MET)  # of the others the value has said it already
_NBSP = "\u00a0"  # a number and its sign stay on one line


def result_sentence(row: Mapping[str, Any], comparison: Any) -> str:
    """``row``: one of the results; ``comparison``: the plan's, of the same indicator and scope."""
    kind = IndicatorKind(row["kind"])
    parts = [_value(row, kind)]
    if not pd.isna(row["target"]):
        parts.append(f"mục tiêu {_quoted(target_text(row['target'], comparison, kind), kind)}")
        if not pd.isna(row["expected"]) and row["expected"] != row["target"]:
            parts.append(f"mốc kỳ này {measure_text(row['expected'], kind)}")
        parts += [_standing(row)] if row["target_result"] in _JUDGED else []
    if row["units_reported"] < row["units_expected"]:
        parts.append(f"số liệu của {row['units_reported']}/{row['units_expected']} đơn vị")
    sentence = f"{row['indicator']} ({row['scope_name']}): {'; '.join(parts)}."
    return sentence.replace(" %", f"{_NBSP}%")


def _standing(row: Mapping[str, Any]) -> str:
    """The target result in words, and whether it keeps up."""
    word = lower_first(row["target_result"])
    alerts = row["alerts"] if isinstance(row["alerts"], str) else ""
    if row["behind"]:
        return f"{word}, đã quá thời hạn" if Alert.OVERDUE in alerts.split("; ") else f"{word}, chậm so với mốc"
    if row["target_result"] == TargetResult.NOT_MET and not pd.isna(row["expected"]):
        return f"{word}, kịp mốc"
    return word


def _value(row: Mapping[str, Any], kind: IndicatorKind) -> str:
    if pd.isna(row["numerator"]):
        return "chưa có số liệu"
    top = number_text(row["numerator"])
    if kind == IndicatorKind.COUNT:
        return f"{top} {row['measure_unit']}"
    over = f"{top}/{number_text(row['denominator'])}"
    if row["denominator"] == 0:
        return "không phát sinh"
    if pd.isna(row["value"]):
        return f"chưa tính được mức tăng vì thiếu số liệu gốc (kỳ này {over})"
    text = value_text(row, kind)
    if kind == IndicatorKind.MILESTONE:
        return f"kết quả {_quoted(text, kind)}" if row["value"] in (0, 1) else f"{text} ({over})"
    return f"tăng {text} (kỳ này {over})" if kind.is_increase else f"{text} ({over})"


def _quoted(text: str, kind: IndicatorKind) -> str:
    return f"“{text}”" if kind == IndicatorKind.MILESTONE else text


def value_text(row: Mapping[str, Any], kind: IndicatorKind) -> str:
    """Two decimals, or as many as it takes not to look like a target that it misses."""
    if kind == IndicatorKind.COUNT:
        return number_text(row["value"])
    goal = None if pd.isna(row["target"]) else exact(row["target"])
    return distinct_text(exact(row["value"]), goal, kind)
