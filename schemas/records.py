"""The frames that flow through the run and, where an output sheet shows them, its columns.

A frame may carry more columns than its model (internal keys); a sheet shows the model's columns only.
"""

from functools import partial

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from schemas.columns import column
from schemas.words import (
    MONITORED,
    NO_DEADLINE,
    NOT_REPORTED,
    ChangeKind,
    DifficultyState,
    Direction,
    Evidence,
    IndicatorKind,
    Role,
    Severity,
    Stamp,
    State,
    Status,
    TargetResult,
    Update,
    Verdict,
    YesNo,
)

DATE = "dd/mm/yyyy"
NUMBER = "#,##0.##"
RATE = "0.0%"
code = partial(column, centre=True)
date = partial(column, format=DATE, centre=True)
whole = partial(column, format="#,##0", centre=True)


class Issue(pa.DataFrameModel):
    """One row is one fault found in a submission or the plan; ``cell`` as the sender's Excel shows it."""

    severity: Series[str] = code("Mức", isin=Severity, width=9)
    unit_code: Series[str] = code("Mã đơn vị", width=10)
    unit_name: Series[str] = column("Đơn vị", width=20)
    file: Series[str] = column("Tệp", width=18)
    sheet: Series[str] = column("Sheet", width=10)
    cell: Series[str] = code("Ô", width=6)
    field: Series[str] = column("Cột", width=14)
    typed: Series[str] = column("Giá trị đã ghi", width=15)
    code: Series[str] = code("Mã lỗi", width=7)
    message: Series[str] = column("Nội dung", width=42)
    remedy: Series[str] = column("Cách sửa", width=34)


class Ledger(pa.DataFrameModel):
    """One row is one entry of the inbox."""

    file: Series[str] = column("Tệp", "Đường dẫn trong thư mục nhận.", nullable=False, width=28)
    verdict: Series[str] = code("Xử lý", isin=Verdict, width=11)
    reason: Series[str] = column("Lý do", width=36)
    unit_code: Series[str] = code("Mã đơn vị", width=10)
    unit_name: Series[str] = column("Đơn vị", width=24)
    period_code: Series[str] = code("Kỳ", width=10)
    template_version: Series[str] = code("Bản mẫu", width=7)
    stamp: Series[str] = code("Dấu biểu mẫu", isin=Stamp, width=9)
    received_on: Series[pd.Timestamp] = date("Ngày nhận", width=11)
    evidence: Series[str] = column("Căn cứ ngày nhận", isin=Evidence, width=14)
    sender: Series[str] = column("Người gửi", width=18)
    remarks: Series[str] = column("Lưu ý", width=16)
    sha256: Series[str] = column("SHA-256", width=70, printed=False)


class Revision(pa.DataFrameModel):
    """One row is one cell that differs between a superseded submission and the one that counts."""

    unit_code: Series[str] = code("Mã đơn vị", width=10)
    unit_name: Series[str] = column("Đơn vị", width=22)
    superseded: Series[str] = column("Bản bị thay thế", width=24)
    used: Series[str] = column("Bản được dùng", width=24)
    sheet: Series[str] = column("Sheet", width=11)
    key: Series[str] = code("Mã, dòng", width=10)
    field: Series[str] = column("Cột", width=18)
    before: Series[str] = column("Trước", width=30)
    after: Series[str] = column("Sau", width=30)


class Rule(pa.DataFrameModel):
    """One row is one message that a check can give."""

    code: Series[str] = code("Mã lỗi", width=8)
    severity: Series[str] = column("Mức", isin=Severity, width=10, centre=True)
    what: Series[str] = column("Nội dung", width=48)
    rule: Series[str] = column("Quy tắc", width=44)
    remedy: Series[str] = column("Cách sửa", width=48)


class Progress(pa.DataFrameModel):
    """One row is one unit × task that the plan expects, reported or not."""

    unit_code: Series[str] = code("Mã đơn vị", nullable=False, width=10)
    unit_name: Series[str] = column("Đơn vị", nullable=False, width=22)
    unit_group: Series[str] = code("Nhóm", width=8)
    task_code: Series[str] = code("Mã nhiệm vụ", nullable=False, width=8)
    task_title: Series[str] = column("Nhiệm vụ", width=24)
    role: Series[str] = code("Vai trò", isin=Role, width=10)
    reported: Series[str] = code("Đã báo cáo", isin=YesNo, width=7)
    state: Series[str] = code("Tình hình thực hiện", isin=State, blank=NOT_REPORTED, width=13)
    completed_on: Series[pd.Timestamp] = date("Ngày hoàn thành", width=11)
    result: Series[str] = column("Kết quả thực hiện", width=44)
    product: Series[str] = column("Sản phẩm, văn bản", width=16)
    decision: Series[str] = column("Quyết định của cán bộ", width=16)
    file: Series[str] = column("Tệp", width=14, printed=False)
    sheet: Series[str] = column("Sheet", width=10, printed=False)
    cell: Series[str] = code("Ô", width=6, printed=False)


class Figure(pa.DataFrameModel):
    """One row is one unit × indicator that the plan expects; ``rate`` = numerator / denominator."""

    unit_code: Series[str] = code("Mã đơn vị", nullable=False, width=10)
    unit_name: Series[str] = column("Đơn vị", nullable=False, width=22)
    unit_group: Series[str] = code("Nhóm", width=8)
    task_code: Series[str] = code("Mã nhiệm vụ", nullable=False, width=8)
    indicator_code: Series[str] = code("Mã chỉ tiêu", nullable=False, width=8)
    indicator: Series[str] = column("Chỉ tiêu", width=32)
    scope_name: Series[str] = column("Phạm vi", width=13)
    kind: Series[str] = column("Loại chỉ tiêu", isin=IndicatorKind, width=13)
    measure_unit: Series[str] = code("Đơn vị tính", width=9)
    reported: Series[str] = code("Đã báo cáo", isin=YesNo, width=7)
    numerator: Series[float] = column("Tử số / số lượng", format=NUMBER, width=11)
    denominator: Series[float] = column("Mẫu số", format=NUMBER, width=11)
    rate: Series[float] = column("Tỷ lệ", format=RATE, width=9)
    target: Series[float] = column("Mục tiêu", blank=MONITORED, width=9)
    note: Series[str] = column("Ghi chú", width=16)
    decision: Series[str] = column("Quyết định của cán bộ", width=16)
    file: Series[str] = column("Tệp", width=14, printed=False)
    sheet: Series[str] = column("Sheet", width=9, printed=False)
    cell: Series[str] = code("Ô", width=6, printed=False)


class Difficulty(pa.DataFrameModel):
    """One row is one difficulty, from the period in which a unit raised it; texts verbatim, the unit's last word.

    ``group`` numbers the obstacle that several units share. ``file``, ``sheet`` and ``cell`` say where the last
    word stands; the file of an earlier period is led by that period's code.
    """

    number: Series[int] = whole("STT", width=5)
    group: Series[str] = column("Vướng mắc chung", "Nhóm các đơn vị cùng nêu.", width=14)
    task_code: Series[str] = code("Mã nhiệm vụ", width=8)
    unit_code: Series[str] = code("Mã đơn vị", width=10)
    unit_name: Series[str] = column("Đơn vị", width=20)
    description: Series[str] = column("Khó khăn, vướng mắc", width=38)
    cause: Series[str] = column("Nguyên nhân", width=24)
    proposal: Series[str] = column("Đề xuất, kiến nghị", width=26)
    addressed_to: Series[str] = column("Cơ quan giải quyết", width=16)
    state: Series[str] = code("Tình trạng", isin=DifficultyState, width=12)
    update: Series[str] = code("Cập nhật kỳ này", isin=Update, width=11)
    first_period: Series[str] = code("Nêu từ kỳ", width=9)
    periods_open: Series[float] = column("Số kỳ còn vướng", format="0", centre=True, width=8)
    difficulty_id: Series[str] = code("Mã khó khăn", width=13)
    file: Series[str] = column("Tệp", width=14, printed=False)
    sheet: Series[str] = column("Sheet", width=10, printed=False)
    cell: Series[str] = code("Ô", width=6, printed=False)


class DifficultyItem(pa.DataFrameModel):
    """One row is one difficulty as the appendix to the report prints it."""

    number: Series[int] = whole("STT", width=6)
    unit_name: Series[str] = column("Đơn vị", width=22)
    task_code: Series[str] = code("Nhiệm vụ", blank="Chưa rõ", width=9)
    description: Series[str] = column("Nội dung khó khăn, vướng mắc", width=46)
    cause: Series[str] = column("Nguyên nhân", blank="Không nêu", width=26)
    proposal: Series[str] = column("Đề xuất, kiến nghị", blank="Không nêu", width=30)
    addressed_to: Series[str] = column("Cơ quan giải quyết", blank="Không nêu", width=19)
    first_period: Series[str] = code("Kỳ phát sinh", width=13)
    state: Series[str] = code("Tình trạng", isin=DifficultyState, width=14)


class TaskStatus(pa.DataFrameModel):
    """One row is one task, with its status and the reason for it."""

    task_code: Series[str] = code("Mã", nullable=False, width=7)
    task_title: Series[str] = column("Nhiệm vụ", width=28)
    lead: Series[str] = column("Chủ trì", width=12)
    deadline: Series[pd.Timestamp] = date("Thời hạn", blank=NO_DEADLINE, width=12)
    status: Series[str] = code("Tình trạng", isin=Status, width=15)
    alerts: Series[str] = column("Cảnh báo tiến độ", width=17)
    lead_result: Series[str] = column("Kết quả do đơn vị chủ trì báo cáo", width=38)
    units_reported: Series[int] = whole("Đơn vị đã báo cáo", width=8)
    units_expected: Series[int] = whole("Đơn vị phải báo cáo", width=8)
    difficulties: Series[int] = whole("Số khó khăn", width=8)
    basis: Series[str] = column("Căn cứ", width=36)


class Result(pa.DataFrameModel):
    """One row is one indicator × scope (the unit or group whose target it is).

    ``value`` is Σ numerator / Σ denominator (a ratio as a fraction), or the sum of a count; the increase over
    the baseline for the two kinds that measure one. ``gap`` = value − target.
    """

    task_code: Series[str] = code("Mã nhiệm vụ", nullable=False, width=8)
    indicator_code: Series[str] = code("Mã chỉ tiêu", nullable=False, width=8)
    scope_name: Series[str] = column("Phạm vi", width=12)
    indicator: Series[str] = column("Chỉ tiêu", width=30)
    measure_unit: Series[str] = code("Đơn vị tính", width=8)
    numerator: Series[float] = column("Tổng tử số / số lượng", format=NUMBER, width=11)
    denominator: Series[float] = column("Tổng mẫu số", format=NUMBER, width=11)
    value: Series[float] = column("Kết quả", width=9)
    target: Series[float] = column("Mục tiêu", blank=MONITORED, width=9)
    gap: Series[float] = column("Chênh lệch", width=10)
    expected: Series[float] = column("Mốc kỳ này", width=9)
    change: Series[float] = column("So với kỳ trước", width=10)
    value_q1: Series[float] = column("Quý I", blank="", width=8)
    value_q2: Series[float] = column("Quý II", blank="", width=8)
    value_q3: Series[float] = column("Quý III", blank="", width=8)
    value_q4: Series[float] = column("Quý IV", blank="", width=8)
    trend: Series[str] = column("Diễn biến", blank="", width=12)
    units_reported: Series[int] = whole("Đơn vị có số liệu", width=8)
    units_expected: Series[int] = whole("Đơn vị phải báo cáo", width=8)
    target_result: Series[str] = code("Kết quả chỉ tiêu", isin=TargetResult, width=12)
    alerts: Series[str] = column("Cảnh báo tiến độ", width=15)
    accountable: Series[str] = column("Đơn vị chịu trách nhiệm", width=12)
    basis: Series[str] = column("Căn cứ", width=36)


class UnitTimeliness(pa.DataFrameModel):
    """One row is one unit, with the standing of its submission against the due date."""

    unit_code: Series[str] = code("Mã đơn vị", nullable=False, width=10)
    unit_name: Series[str] = column("Đơn vị", nullable=False, width=34)
    unit_group: Series[str] = code("Nhóm", width=9)
    due_on: Series[pd.Timestamp] = date("Hạn gửi", width=11)
    received_on: Series[pd.Timestamp] = date("Nhận lần đầu", width=11)
    timeliness: Series[str] = code("Tình hình nộp", width=16)
    versions: Series[int] = whole("Số bản nộp", width=7)
    errors: Series[int] = whole("Số lỗi", width=7)
    warnings: Series[int] = whole("Số cảnh báo", width=8)
    file: Series[str] = column("Tệp đã dùng", width=20)
    decision: Series[str] = column("Quyết định của cán bộ", width=16)
    basis: Series[str] = column("Căn cứ", width=58)


class Change(pa.DataFrameModel):
    """One row is one thing that is not as it was in the period before."""

    topic: Series[str] = code("Loại", isin=ChangeKind, width=12)
    reference: Series[str] = code("Mã", width=12)
    subject: Series[str] = column("Đối tượng", width=38)
    direction: Series[str] = code("Chiều thay đổi", isin=Direction, width=15)
    before: Series[str] = column("Kỳ trước", width=26)
    after: Series[str] = column("Kỳ này", width=26)
    basis: Series[str] = column("Căn cứ", width=46)


class Obstacle(pa.DataFrameModel):
    """One row is one obstacle that several units raise; the heading is the oldest unit's own words."""

    group: Series[str] = code("Vướng mắc chung", width=11)
    task_code: Series[str] = code("Mã nhiệm vụ", width=8)
    heading: Series[str] = column("Nội dung (nguyên văn của đơn vị nêu trước nhất)", width=46)
    units: Series[int] = whole("Số đơn vị", width=8)
    unit_names: Series[str] = column("Các đơn vị", width=36)
    addressed_to: Series[str] = column("Cơ quan giải quyết", width=24)
    first_period: Series[str] = code("Nêu từ kỳ", width=10)
    periods_open: Series[float] = column("Số kỳ còn vướng", format="0", centre=True, width=9)
    states: Series[str] = column("Tình trạng", width=24)


class Explanation(pa.DataFrameModel):
    """One row is one unit × task that is behind while the unit reported no difficulty for it (Cần giải trình)."""

    task_code: Series[str] = code("Mã nhiệm vụ", width=9)
    unit_code: Series[str] = code("Mã đơn vị", width=11)
    unit_name: Series[str] = column("Đơn vị", width=34)
    indicator_code: Series[str] = code("Mã chỉ tiêu", width=9)
    basis: Series[str] = column("Căn cứ", width=70)


class Note(pa.DataFrameModel):
    """One row is one note on method or vocabulary."""

    topic: Series[str] = column("Mục", width=20)
    term: Series[str] = column("Thuật ngữ, quy tắc", width=32)
    text: Series[str] = column("Giải thích", width=90)
