"""The workbook that a unit fills: its tables, its hidden identity and the rules between its cells.

The template writer, the reader and the validator all derive from these models, so that the drop-downs, the
limits and the instructions that a unit sees are the rules it is judged by.
"""

from functools import partial

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from schemas.columns import column
from schemas.tables import Table
from schemas.words import DifficultyState, IndicatorKind, State, YesNo

TEMPLATE_VERSION = "1"
STAMPED_KEYS = ("plan_code", "period_code", "unit_code", "template_version")
META_KEYS = (*STAMPED_KEYS, "stamp")
COVER_SHEET = "Thông tin"

LONG_TEXT = {"str_length": {"max_value": 5000}}
entry = partial(column, is_input=True)
required = partial(column, is_input=True, required=True, nullable=False)
rule = partial(pa.dataframe_check, ignore_na=False)  # no row is all blank: looking for one costs more than the rule

INFO: dict[str, tuple[str, str, bool]] = {
    # key: (label, prompt, is an input); the rest is filled from the plan
    "plan_title": ("Kế hoạch", "", False),
    "period_name": ("Kỳ báo cáo", "", False),
    "data_window": ("Kỳ số liệu", "", False),
    "unit_code": ("Mã đơn vị", "", False),
    "unit_name": ("Đơn vị báo cáo", "", False),
    "due_on": ("Hạn gửi", "", False),
    "send_to": ("Gửi về", "", False),
    "report_number": ("Số, ký hiệu báo cáo", "Số, ký hiệu văn bản gửi kèm, nếu có.", True),
    "report_date": ("Ngày báo cáo", "Ngày ký báo cáo, dạng ngày/tháng/năm.", True),
    "prepared_by": ("Người lập biểu", "Họ và tên.", True),
    "contact": ("Điện thoại, thư điện tử", "Để liên hệ khi số liệu cần sửa.", True),
    "signed_by": ("Thủ trưởng đơn vị", "Họ và tên, chức vụ người ký.", True),
}

INFO_DATES = ("report_date",)
INFO_LENGTH = 255


class InfoRow(pa.DataFrameModel):
    """One row is one line of the unit's particulars; ``key`` names it."""

    key: Series[str] = column("Mã", nullable=False, width=4, hidden=True)
    label: Series[str] = column("Nội dung", width=29)
    value: Series[str] = entry("Ghi tại cột này", width=44)
    hint: Series[str] = column("Cách ghi", width=28)


class TaskRow(pa.DataFrameModel):
    """One row is one task that the plan assigns to the unit."""

    task_code: Series[str] = column("Mã", nullable=False, width=8, centre=True)
    task_title: Series[str] = column("Nhiệm vụ", width=38)
    role: Series[str] = column("Vai trò", width=11, centre=True)
    deadline: Series[str] = column("Thời hạn", width=13, centre=True)
    state: Series[str] = required(
        "Tình hình thực hiện",
        "Chọn một trong danh sách. “Không phát sinh” khi trong kỳ không có việc thuộc nhiệm vụ này.",
        isin=State,
        width=18,
        centre=True,
    )
    completed_on: Series[pd.Timestamp] = entry(
        "Ngày hoàn thành", "Chỉ ghi khi đã “Hoàn thành”, dạng ngày/tháng/năm, ví dụ 15/6/2021.", width=14
    )
    result: Series[str] = entry(
        "Kết quả thực hiện", "Nêu ngắn gọn việc đã làm được trong kỳ.", checks=LONG_TEXT, width=50
    )
    product: Series[str] = entry(
        "Sản phẩm, văn bản", "Số, ký hiệu văn bản hoặc sản phẩm chứng minh.", checks=LONG_TEXT, width=24
    )
    previous_result: Series[str] = column("Kỳ trước đã báo cáo", width=40)


class IndicatorRow(pa.DataFrameModel):
    """One row is one indicator that the plan asks the unit to report."""

    indicator_code: Series[str] = column("Mã", nullable=False, width=9, centre=True)
    indicator: Series[str] = column("Chỉ tiêu", width=36)
    target: Series[str] = column("Mục tiêu", width=11, centre=True)
    numerator_label: Series[str] = column("Tử số (hoặc số lượng) là", width=26)
    denominator_label: Series[str] = column("Mẫu số là", width=26)
    previous_rate: Series[str] = column("Kỳ trước", width=12, centre=True)
    numerator: Series[float] = required(
        "Tử số / số lượng",
        "Gõ số, không gõ tỷ lệ %. Chỉ tiêu có/không: chọn Có hoặc Không. Không phát sinh: gõ 0.",
        checks={"ge": 0, "le": 1e15},
        width=15,
        measure=True,
    )
    denominator: Series[float] = entry(
        "Mẫu số",
        "Tổng số để tính tỷ lệ; không nhỏ hơn tử số. Không phát sinh: gõ 0.",
        required=True,  # of ratios only: the rule is CT01
        checks={"ge": 0, "le": 1e15},
        width=15,
    )
    rate: Series[str] = column("Tỷ lệ (tự tính)", width=12, centre=True)
    note: Series[str] = entry("Ghi chú", "Giải thích số liệu, nếu cần.", checks=LONG_TEXT, width=28)


class DifficultyAnswer(pa.DataFrameModel):
    """The one row that says whether the unit has any difficulty."""

    difficulty_question: Series[str] = column("Câu hỏi", width=12)
    has_difficulty: Series[str] = required("Trả lời", "Chọn Có hoặc Không.", isin=YesNo, width=10, centre=True)


class DifficultyRow(pa.DataFrameModel):
    """One row is one difficulty; a row without ``difficulty_id`` is new."""

    difficulty_id: Series[str] = column("Mã", "Mã do hệ thống cấp; dòng mới để trống.", width=13, centre=True)
    task_code: Series[str] = required("Nhiệm vụ", "Chọn mã nhiệm vụ.", width=12, centre=True)
    description: Series[str] = required(
        "Khó khăn, vướng mắc", "Mô tả cụ thể: việc gì, ở đâu, từ khi nào.", checks=LONG_TEXT, width=48
    )
    cause: Series[str] = entry("Nguyên nhân", "Vì sao vướng.", checks=LONG_TEXT, width=30)
    proposal: Series[str] = entry("Đề xuất, kiến nghị", "Đề nghị ai làm gì.", checks=LONG_TEXT, width=34)
    addressed_to: Series[str] = entry(
        "Cơ quan giải quyết", "Cơ quan có thẩm quyền giải quyết.", checks=LONG_TEXT, width=22
    )
    state: Series[str] = entry(
        "Tình trạng",
        "Dòng điền sẵn: chọn tình trạng hiện nay, để trống là không cập nhật. Dòng mới: để trống là Chưa giải quyết.",
        isin=DifficultyState,
        width=16,
        centre=True,
    )
    previous_state: Series[str] = column("Kỳ trước", width=18, centre=True)


TABLES: tuple[Table, ...] = (
    Table("info", "Thông tin", InfoRow, ("key",), "Thông tin báo cáo"),
    Table("tasks", "Nhiệm vụ", TaskRow, ("task_code",), "Tiến độ thực hiện nhiệm vụ"),
    Table("indicators", "Chỉ tiêu", IndicatorRow, ("indicator_code",), "Số liệu chỉ tiêu"),
    Table("answer", "Khó khăn", DifficultyAnswer, (), "Khó khăn, vướng mắc"),
    Table("difficulties", "Khó khăn", DifficultyRow, (), "Khó khăn, vướng mắc", carried=("difficulty_id",)),
)
BY_NAME = {table.name: table for table in TABLES}


class TaskEntry(TaskRow):
    """A unit's task row as received, with what the plan knows of it; carries the rules between cells.

    A frame check's name is the code of the message that it raises (:mod:`schemas.messages`).
    """

    @rule(name="NV02")
    def done_has_date(cls, df: pd.DataFrame) -> "pd.Series[bool]":
        """A completed task states the day it was completed; the deadline is judged by it."""
        return ~((df["state"] == State.DONE) & df["completed_on"].isna())

    @rule(name="NV03")
    def date_means_done(cls, df: pd.DataFrame) -> "pd.Series[bool]":
        return ~(df["completed_on"].notna() & df["state"].notna() & (df["state"] != State.DONE))

    @rule(name="NV04")
    def work_states_its_result(cls, df: pd.DataFrame) -> "pd.Series[bool]":
        return ~(df["state"].isin([State.UNDERWAY, State.DONE]) & df["result"].isna())


class IndicatorEntry(IndicatorRow):
    """A unit's indicator row as received, with the indicator's ``kind`` from the plan."""

    kind: Series[str] = column("Loại chỉ tiêu", isin=IndicatorKind)

    @rule(name="CT01")
    def ratio_has_denominator(cls, df: pd.DataFrame) -> "pd.Series[bool]":
        return ~(_is_ratio(df) & df["denominator"].isna() & df["numerator"].notna())

    @rule(name="CT02")
    def numerator_within_denominator(cls, df: pd.DataFrame) -> "pd.Series[bool]":
        return ~(_is_ratio(df) & (df["numerator"] > df["denominator"]))

    @rule(name="CT03")
    def denominator_only_for_ratios(cls, df: pd.DataFrame) -> "pd.Series[bool]":
        return ~(~_is_ratio(df) & df["denominator"].notna())

    @rule(name="CT04")
    def numerator_is_no_rate(cls, df: pd.DataFrame) -> "pd.Series[bool]":
        """A fraction below one over a denominator of one (100 %) or more is a rate typed where a number belongs."""
        return ~(_is_ratio(df) & df["numerator"].between(0, 1, inclusive="neither") & (df["denominator"] >= 1))


class DifficultyEntry(DifficultyRow):
    """A difficulty row as received."""


ENTRIES: dict[str, type[pa.DataFrameModel]] = {
    "info": InfoRow,
    "tasks": TaskEntry,
    "indicators": IndicatorEntry,
    "answer": DifficultyAnswer,
    "difficulties": DifficultyEntry,
}


def _is_ratio(df: pd.DataFrame) -> "pd.Series[bool]":
    return df["kind"].isin([kind for kind in IndicatorKind if kind.has_denominator])
