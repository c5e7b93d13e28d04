"""The officer's decisions: ``xac-nhan.xlsx`` in a period's inbox, one row per decision.

A decision without its reason, its author and its day has no effect; what was decided shows in every output.
"""

from functools import partial

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from schemas.columns import column
from schemas.tables import Table
from schemas.template import BY_NAME
from schemas.words import DecisionKind

FIELDS: dict[str, tuple[str, str]] = {
    # the header of a template's column: (table, field)
    spec.title: (name, spec.name)
    for name in ("tasks", "indicators")
    for spec in BY_NAME[name].columns
    if spec.layout.is_input
}

entry = partial(column, is_input=True)
required = partial(column, is_input=True, required=True, nullable=False)


class Decision(pa.DataFrameModel):
    """One row is one decision. A frame check's name is the code of its message."""

    kind: Series[str] = required("Quyết định", "Chọn trong danh sách.", isin=DecisionKind, width=20)
    unit_code: Series[str] = required("Mã đơn vị", "Mã đơn vị trong kế hoạch.", width=12, centre=True)
    warning: Series[str] = entry("Mã cảnh báo", "Chấp nhận cảnh báo: mã ở sheet “Lỗi dữ liệu”, ví dụ LK01.", width=11)
    item_code: Series[str] = entry("Mã nhiệm vụ, chỉ tiêu", "Mã nhiệm vụ, chỉ tiêu hoặc khó khăn.", width=14)
    field: Series[str] = entry("Cột", "Dùng giá trị này: cột của biểu mẫu.", isin=list(FIELDS), width=20)
    value: Series[str] = entry("Giá trị, hạn mới", "Giá trị dùng thay, hoặc ngày gia hạn.", width=18)
    file: Series[str] = entry("Tệp", "Dùng tệp này: tên tệp như ở sheet “Nguồn dữ liệu”.", width=26)
    about: Series[str] = column("Cảnh báo nói gì", width=48)
    reason: Series[str] = required("Lý do", "Căn cứ của quyết định.", width=44)
    decided_by: Series[str] = required("Người quyết định", "Họ và tên.", width=20)
    decided_on: Series[pd.Timestamp] = required("Ngày", "Ngày quyết định, dạng ngày/tháng/năm.", width=12)

    @pa.dataframe_check(name="QD01")
    def value_says_which_and_what(cls, df: pd.DataFrame) -> "pd.Series[bool]":
        blank = df[["item_code", "field", "value"]].isna().any(axis=1)
        return ~((df["kind"] == DecisionKind.VALUE) & blank)

    @pa.dataframe_check(name="QD02")
    def acceptance_names_its_warning(cls, df: pd.DataFrame) -> "pd.Series[bool]":
        return ~((df["kind"] == DecisionKind.ACCEPT) & df["warning"].isna())

    @pa.dataframe_check(name="QD03")
    def file_is_named(cls, df: pd.DataFrame) -> "pd.Series[bool]":
        return ~((df["kind"] == DecisionKind.FILE) & df["file"].isna())

    @pa.dataframe_check(name="QD04")
    def extension_has_a_day(cls, df: pd.DataFrame) -> "pd.Series[bool]":
        return ~((df["kind"] == DecisionKind.DUE) & df["value"].isna())


DECISIONS = Table("decisions", "Quyết định", Decision, (), "Quyết định của cán bộ tổng hợp")
