"""The plan workbook: nine sheets that hold a year's plan as data (DESIGN: the plan workbook).

A row with ``valid_from`` or ``valid_to`` holds between those days only: a unit merged or renamed, a task added, a
target changed. A period keeps the plan that was in force on the last day of its data.

All columns are inputs, as the whole workbook is authored by the officer.
"""

from functools import partial

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from schemas.columns import column as any_column
from schemas.tables import Table
from schemas.words import Accumulation, Comparison, IndicatorKind, LetterKind, PeriodKind, Role

column = partial(any_column, is_input=True)
measure = partial(column, percent=True, measure=True)
key = partial(any_column, is_input=True, nullable=False, required=True)

CODE = {"str_matches": r"^[\w.\-]{1,20}$"}

SETTINGS: dict[str, tuple[str, str, str]] = {
    # key: (label, kind, prompt); kind is what the value must parse as
    "plan_code": ("Mã kế hoạch", "text", "Mã ngắn, không dấu, dùng để nhận ra biểu mẫu của kế hoạch này."),
    "plan_number": ("Số, ký hiệu kế hoạch", "text?", "Để trống nếu kế hoạch chưa được cấp số."),
    "title": ("Tên kế hoạch", "text", "Trích yếu đầy đủ của kế hoạch."),
    "year": ("Năm", "year", "Năm của kế hoạch."),
    "issued_by": ("Cơ quan ban hành", "text", "Cơ quan ban hành kế hoạch."),
    "consolidated_by": ("Đơn vị tổng hợp", "text", "Mã của đơn vị tổng hợp, có trong sheet “Đơn vị”."),
    "starts_on": ("Ngày bắt đầu", "date", "Ngày bắt đầu tính tiến độ."),
    "roll_weekends": (
        "Dời hạn rơi vào ngày nghỉ",
        "yes_no",
        "“Có”: hạn rơi vào thứ Bảy, Chủ nhật dời đến ngày làm việc kế tiếp (Bộ luật Dân sự 2015, điều 148).",
    ),
    "place": ("Địa danh", "text", "Địa danh ghi trên văn bản."),
    "rate_jump": (
        "Ngưỡng thay đổi tỷ lệ",
        "share?",
        "Tỷ lệ của một đơn vị tăng hoặc giảm quá ngưỡng này (điểm %) so với kỳ trước thì hỏi lại; để trống là 30%.",
    ),
}


class Setting(pa.DataFrameModel):
    """One row is one setting of the plan."""

    key: Series[str] = any_column("Mã", "Tên trường, không sửa.", nullable=False, isin=list(SETTINGS), width=18)
    label: Series[str] = any_column("Nội dung", width=30)
    value: Series[str] = column("Giá trị", width=70)
    prompt: Series[str] = any_column("Cách ghi", width=60)


class Period(pa.DataFrameModel):
    """One row is one reporting period; data windows follow NĐ 09/2019/NĐ-CP, điều 12."""

    period_code: Series[str] = key("Mã kỳ", "Ví dụ 2021-Q1, 2021-NAM, 2021-DX1.", checks=CODE, width=13)
    period_name: Series[str] = key("Tên kỳ báo cáo", "Ví dụ: Quý I năm 2021.", width=28)
    kind: Series[str] = key("Loại kỳ", "Chọn trong danh sách.", isin=PeriodKind, width=12)
    data_from: Series[pd.Timestamp] = key("Số liệu từ ngày", "Ngày đầu của kỳ số liệu.", width=15)
    data_to: Series[pd.Timestamp] = key("Số liệu đến ngày", "Ngày cuối của kỳ số liệu.", width=15)
    due_on: Series[pd.Timestamp] = key("Hạn đơn vị gửi", "Hạn đơn vị gửi báo cáo, đã dời ngày nghỉ.", width=15)
    consolidate_on: Series[pd.Timestamp] = key("Ngày tổng hợp", "Ngày tổng hợp, trình UBND tỉnh.", width=15)


class Group(pa.DataFrameModel):
    """One row is one group of units."""

    group_code: Series[str] = key("Mã nhóm", checks=CODE, width=12)
    group_name: Series[str] = key("Tên nhóm đơn vị", width=40)


class Unit(pa.DataFrameModel):
    """One row is one reporting unit."""

    unit_code: Series[str] = key("Mã đơn vị", "Chữ không dấu; là tên tệp biểu mẫu.", checks=CODE, width=14)
    unit_name: Series[str] = key("Tên đơn vị", "Tên đầy đủ.", width=44)
    short_name: Series[str] = key("Tên gọn", "Dùng trong bảng và biểu đồ.", width=22)
    aliases: Series[str] = column("Tên gọi khác", "Các cách gọi khác, cách nhau bằng dấu chấm phẩy.", width=40)
    unit_group: Series[str] = key("Nhóm", "Mã nhóm có trong sheet “Nhóm đơn vị”.", width=12)
    email: Series[str] = column("Thư điện tử", "Để trống nếu chưa có; nhiều địa chỉ cách nhau dấu ;", width=30)
    communes: Series[float] = column("Số đơn vị cấp xã", "Chỉ UBND cấp huyện.", checks={"ge": 0}, format="0", width=12)
    successor: Series[str] = column(
        "Đơn vị kế thừa", "Mã đơn vị nhận số liệu và khó khăn khi đơn vị này hết hiệu lực (sáp nhập).", width=14
    )
    valid_from: Series[pd.Timestamp] = column("Hiệu lực từ", "Trống: từ đầu năm.", width=13)
    valid_to: Series[pd.Timestamp] = column("Hiệu lực đến", "Trống: đến hết năm.", width=13)


class Task(pa.DataFrameModel):
    """One row is one task of the plan's section II; a blank deadline means thường xuyên."""

    task_code: Series[str] = key("Mã nhiệm vụ", checks=CODE, width=13)
    task_title: Series[str] = key("Nhiệm vụ", "Tên gọn của nhiệm vụ.", width=44)
    content: Series[str] = key("Nội dung", "Nguyên văn nội dung trong kế hoạch.", width=90)
    deadline: Series[pd.Timestamp] = column("Thời hạn", "Để trống nếu là nhiệm vụ thường xuyên.", width=14)
    section: Series[str] = column("Căn cứ", "Mục, khoản trong kế hoạch.", width=20)
    valid_from: Series[pd.Timestamp] = column("Hiệu lực từ", "Trống: từ đầu năm.", width=13)
    valid_to: Series[pd.Timestamp] = column("Hiệu lực đến", "Trống: đến hết năm.", width=13)


class Assignment(pa.DataFrameModel):
    """One row is one task × (unit or group); a unit's own row outranks its group's."""

    task_code: Series[str] = key("Mã nhiệm vụ", width=13)
    assignee: Series[str] = key("Đơn vị hoặc nhóm", "Mã đơn vị hoặc mã nhóm.", width=18)
    role: Series[str] = key("Vai trò", "Chọn trong danh sách.", isin=Role, width=14)
    valid_from: Series[pd.Timestamp] = column("Hiệu lực từ", "Trống: từ đầu năm.", width=13)
    valid_to: Series[pd.Timestamp] = column("Hiệu lực đến", "Trống: đến hết năm.", width=13)


class Indicator(pa.DataFrameModel):
    """One row is one indicator. ``baseline`` in the indicator's own unit (a ratio as a fraction)."""

    indicator_code: Series[str] = key("Mã chỉ tiêu", checks=CODE, width=13)
    task_code: Series[str] = key("Mã nhiệm vụ", width=13)
    indicator: Series[str] = key("Chỉ tiêu", "Tên chỉ tiêu.", width=60)
    kind: Series[str] = key("Loại chỉ tiêu", "Chọn trong danh sách.", isin=IndicatorKind, width=26)
    measure_unit: Series[str] = key("Đơn vị tính", width=14)
    numerator_label: Series[str] = key("Tử số (hoặc số lượng) là gì", width=48)
    denominator_label: Series[str] = column("Mẫu số là gì", "Chỉ với chỉ tiêu loại tỷ lệ.", width=48)
    baseline: Series[float] = column(
        "Số liệu gốc", "Giá trị của năm gốc, ví dụ 32,5%. Để trống nếu chưa có.", percent=True, measure=True, width=13
    )
    baseline_year: Series[float] = column("Năm gốc", format="0", width=10)
    accumulation: Series[str] = key("Cách cộng dồn", "Chọn trong danh sách.", isin=Accumulation, width=14)
    accountable: Series[str] = key("Đơn vị chịu trách nhiệm", "Mã đơn vị.", width=18)


class Target(pa.DataFrameModel):
    """One row is one indicator × (unit or group) that reports it; a blank target is monitored only.

    ``target`` and ``expected_q*`` in the indicator's own unit: a ratio as a fraction, a milestone as 1 (Có).
    """

    indicator_code: Series[str] = key("Mã chỉ tiêu", width=13)
    assignee: Series[str] = key("Đơn vị hoặc nhóm báo cáo", "Mã đơn vị hoặc mã nhóm.", width=20)
    target: Series[float] = column(
        "Mục tiêu", "Ví dụ 80%, 120 hoặc Có. Trống: chỉ theo dõi.", percent=True, measure=True, width=12
    )
    comparison: Series[str] = column("So sánh", "Trống là ≥ (ít nhất).", isin=Comparison, width=10)
    expected_q1: Series[float] = column(
        "Mốc quý I", "Giá trị phải đạt đến hết quý I.", percent=True, measure=True, width=11
    )
    expected_q2: Series[float] = measure("Mốc quý II", width=11)
    expected_q3: Series[float] = measure("Mốc quý III", width=11)
    expected_q4: Series[float] = measure("Mốc quý IV", width=11)
    valid_from: Series[pd.Timestamp] = column("Hiệu lực từ", "Trống: từ đầu năm.", width=13)
    valid_to: Series[pd.Timestamp] = column("Hiệu lực đến", "Trống: đến hết năm.", width=13)


class Letter(pa.DataFrameModel):
    """One row is the wording of one kind of letter to a unit; ``{…}`` names what is filled in for each unit."""

    kind: Series[str] = key("Loại thư", "Mỗi loại một dòng.", isin=LetterKind, width=17)
    subject: Series[str] = key("Tiêu đề thư", "Tên trường trong ngoặc nhọn được thay khi soạn thư.", width=34)
    body: Series[str] = key("Nội dung thư", "Xuống dòng trong ô: Alt+Enter. Dùng các trường ở cột bên phải.", width=84)
    fields: Series[str] = any_column("Trường dùng được", width=44)


MEASURES = ("baseline", "target", "expected_q1", "expected_q2", "expected_q3", "expected_q4")

TABLES: tuple[Table, ...] = (
    Table("settings", "Kế hoạch", Setting, ("key",), "Thông tin chung của kế hoạch"),
    Table("periods", "Kỳ báo cáo", Period, ("period_code",), "Các kỳ báo cáo"),
    Table("groups", "Nhóm đơn vị", Group, ("group_code",), "Nhóm đơn vị"),
    Table("units", "Đơn vị", Unit, ("unit_code",), "Đơn vị báo cáo"),
    Table("tasks", "Nhiệm vụ", Task, ("task_code",), "Nhiệm vụ của kế hoạch"),
    Table("assignments", "Phân công", Assignment, ("task_code", "assignee"), "Phân công thực hiện nhiệm vụ"),
    Table("indicators", "Chỉ tiêu", Indicator, ("indicator_code",), "Chỉ tiêu của nhiệm vụ"),
    Table("targets", "Mục tiêu", Target, ("indicator_code", "assignee"), "Mục tiêu theo đơn vị hoặc nhóm"),
    Table("letters", "Mẫu thư", Letter, ("kind",), "Mẫu thư gửi các đơn vị", optional=True),
)

REFERENCES: tuple[tuple[str, str, str], ...] = (
    # (table, field, tables whose key it must be in)
    ("units", "unit_group", "groups"),
    ("units", "successor", "units"),
    ("assignments", "task_code", "tasks"),
    ("assignments", "assignee", "units|groups"),
    ("indicators", "task_code", "tasks"),
    ("indicators", "accountable", "units"),
    ("targets", "indicator_code", "indicators"),
    ("targets", "assignee", "units|groups"),
)
