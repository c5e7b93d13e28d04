"""The product's vocabulary: every closed list of words that a user can see.

One word per thing. A member's value is the word as it stands on screen (Vietnamese, NFC), and frames
hold that word itself, so that code compares ``frame["state"] == State.DONE`` and no mapping layer exists.
"""

from enum import StrEnum


class YesNo(StrEnum):
    YES = "Có"
    NO = "Không"


class Role(StrEnum):
    """What a unit does in a task (section II of a plan: đơn vị chủ trì, phối hợp, thực hiện)."""

    LEAD = "Chủ trì"
    COORDINATE = "Phối hợp"
    IMPLEMENT = "Thực hiện"


class State(StrEnum):
    """How far a unit says it is with a task."""

    NOT_STARTED = "Chưa triển khai"
    UNDERWAY = "Đang thực hiện"
    DONE = "Hoàn thành"
    NONE_ARISING = "Không phát sinh"


class DifficultyState(StrEnum):
    OPEN = "Chưa giải quyết"
    UNDERWAY = "Đang giải quyết"
    RESOLVED = "Đã giải quyết"


class PeriodKind(StrEnum):
    QUARTER = "Quý"
    YEAR = "Năm"
    AD_HOC = "Đột xuất"


class IndicatorKind(StrEnum):
    RATIO = "Tỷ lệ"
    RATIO_POINTS = "Tỷ lệ tăng thêm (điểm %)"
    RATIO_GROWTH = "Tỷ lệ tăng thêm (tương đối)"
    COUNT = "Số lượng"
    MILESTONE = "Có/không"

    @property
    def has_denominator(self) -> bool:
        return self in _RATIOS

    @property
    def is_increase(self) -> bool:
        """Measured against the baseline of the base year."""
        return self in (IndicatorKind.RATIO_POINTS, IndicatorKind.RATIO_GROWTH)


_RATIOS = (IndicatorKind.RATIO, IndicatorKind.RATIO_POINTS, IndicatorKind.RATIO_GROWTH)


class Accumulation(StrEnum):
    CUMULATIVE = "Lũy kế"
    PERIOD = "Trong kỳ"


class Comparison(StrEnum):
    AT_LEAST = "≥"
    AT_MOST = "≤"


class Status(StrEnum):
    """A task's standing against its deadline."""

    NOT_REPORTED = "Chưa báo cáo"
    ONGOING = "Thường xuyên"
    DONE_ON_TIME = "Hoàn thành đúng hạn"
    DONE_LATE = "Hoàn thành quá hạn"
    UNDERWAY_IN_TIME = "Đang thực hiện (trong hạn)"
    UNDERWAY_OVERDUE = "Đang thực hiện (quá hạn)"


class TargetResult(StrEnum):
    """An indicator's standing against its target."""

    MET = "Đạt"
    NOT_MET = "Chưa đạt"
    NO_TARGET = "Không có chỉ tiêu"
    NONE_ARISING = "Không phát sinh"
    DATA_MISSING = "Thiếu số liệu"


class Alert(StrEnum):
    """Early warnings derived by rule."""

    OVERDUE = "Quá hạn"
    CLAIM_UNMET = "Báo hoàn thành nhưng chưa đạt chỉ tiêu"
    AT_RISK = "Nguy cơ chậm"
    DUE_SOON = "Sắp đến hạn"
    NOT_STARTED = "Chưa triển khai"
    INCOMPLETE = "Số liệu chưa đủ"
    EXPLAIN = "Cần giải trình"


class Timeliness(StrEnum):
    """How a unit's submission stands against the period's due date; LATE takes the days."""

    ON_TIME = "Đúng hạn"
    LATE = "Trễ {days} ngày"
    MISSING = "Chưa nộp"
    UNREADABLE = "Không đọc được"
    WRONG_PERIOD = "Sai kỳ"
    UNKNOWN_DATE = "Không rõ ngày nhận"


class Severity(StrEnum):
    ERROR = "Lỗi"
    WARNING = "Cảnh báo"


class Verdict(StrEnum):
    """What became of one entry of the inbox."""

    USED = "Đã dùng"
    SUPERSEDED = "Bị thay thế"
    OPENED = "Đã mở"
    REJECTED = "Từ chối"
    IGNORED = "Bỏ qua"


class Evidence(StrEnum):
    """What the received date of a submission rests on."""

    MAIL = "Ngày gửi thư"
    MODIFIED = "Ngày lưu ghi trong tệp"
    REPORT_DATE = "Ngày báo cáo ghi trong tệp"
    NONE = "Không rõ"


class Stamp(StrEnum):
    """Whether a workbook is one that the template maker issued, told by the stamp in its ``_meta``."""

    RIGHT = "Đúng dấu"
    WRONG = "Sai dấu"
    ABSENT = "Thiếu dấu"
    UNCHECKED = "Chưa kiểm dấu"


class Remark(StrEnum):
    """What a workbook carries besides its values; nothing of it is run or followed."""

    MACRO = "Có macro"
    LINKS = "Có liên kết tới tệp khác"
    STRICT = "Lưu dạng Strict Open XML"
    HIDDEN = "Có sheet ẩn"


class Update(StrEnum):
    """What a unit did this period with a difficulty that it raised."""

    NEW = "Mới nêu"
    UPDATED = "Có cập nhật"
    SILENT = "Không cập nhật"


class ChangeKind(StrEnum):
    """What a line of ``Thay đổi`` is about."""

    TASK = "Nhiệm vụ"
    INDICATOR = "Chỉ tiêu"
    SUBMISSION = "Nộp báo cáo"
    DIFFICULTY = "Khó khăn"


class Direction(StrEnum):
    """Which way a thing moved since the period before; the sign carries what colour would."""

    BETTER = "▲ Tốt lên"
    WORSE = "▼ Xấu đi"
    OPENED = "□ Mới nêu"
    CLOSED = "√ Đã giải quyết"
    STILL_OPEN = "■ Còn vướng"


class LetterKind(StrEnum):
    """What a draft to a unit is for."""

    ISSUE = "Phát biểu mẫu"
    REMIND = "Nhắc trước hạn"
    OVERDUE = "Đôn đốc quá hạn"
    RETURN = "Trả lại để sửa"
    RESULT = "Gửi kết quả"


class DecisionKind(StrEnum):
    """What the officer may decide in ``xac-nhan.xlsx``."""

    ACCEPT = "Chấp nhận cảnh báo"
    VALUE = "Dùng giá trị này"
    FILE = "Dùng tệp này"
    DUE = "Gia hạn nộp"


NOT_REPORTED = "Chưa báo cáo"
BASELINE_MISSING = "Thiếu số liệu gốc"
NO_DEADLINE = "Thường xuyên"
MONITORED = "Theo dõi"

# Sheets of a template that hold no table.
META_SHEET = "_meta"
GUIDE_SHEET = "Hướng dẫn"
FIX_SHEET = "Cần sửa"
