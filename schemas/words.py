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
    REJECTED = "Từ chối"
    IGNORED = "Bỏ qua"


class Evidence(StrEnum):
    """What the received date of a submission rests on."""

    MAIL = "Ngày gửi thư"
    MODIFIED = "Ngày lưu ghi trong tệp"
    REPORT_DATE = "Ngày báo cáo ghi trong tệp"
    NONE = "Không rõ"


NOT_REPORTED = "Chưa báo cáo"
BASELINE_MISSING = "Thiếu số liệu gốc"
NO_DEADLINE = "Thường xuyên"
MONITORED = "Theo dõi"
