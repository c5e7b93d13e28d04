"""The notes sheet: how every figure is made, and what every word of the vocabulary means."""

from schemas.words import (
    NO_DEADLINE,
    Accumulation,
    Alert,
    DifficultyState,
    Evidence,
    IndicatorKind,
    Role,
    Severity,
    State,
    Status,
    TargetResult,
    Timeliness,
    Verdict,
)

DASH, FORMULAS, DIFFICULTY_TOPIC = "Dấu “–”", "Công thức kiểm tra", "Tình trạng khó khăn"
GENERAL_TERMS = (DASH, FORMULAS)  # of every workbook
_METHOD = (
    ("Nguồn số liệu", "Số liệu lấy nguyên từ biểu mẫu Excel do đơn vị gửi; mỗi con số ghi kèm tệp, sheet và ô."),
    (
        "Tổng hợp tỷ lệ",
        "Tỷ lệ chung = tổng tử số / tổng mẫu số của các đơn vị có số liệu; không lấy trung bình các tỷ lệ.",
    ),
    (DASH, "Không có giá trị: đơn vị không ghi, hoặc cột không áp dụng cho dòng đó (như mẫu số của số lượng)."),
    (
        FORMULAS,
        "Tổng, tỷ lệ, số đơn vị là công thức tính trên các sheet chi tiết để người đọc kiểm lại; việc so sánh với mục tiêu làm trên số liệu gốc, trước khi làm tròn.",
    ),
    ("Thiếu số liệu", "Ô trống hoặc ô có lỗi không tính là 0; số đơn vị có số liệu ghi bên cạnh mỗi tổng."),
    ("So sánh với mục tiêu", "So sánh trước khi làm tròn: 26/75 không đạt 35 %, 27/75 đạt."),
    (
        "Mốc kỳ này",
        "Giá trị phải đạt đến hết kỳ: mốc ghi trong kế hoạch; nếu không có thì tính theo đường thẳng từ số liệu gốc "
        "(đầu kế hoạch) đến mục tiêu (thời hạn). Nhiệm vụ thường xuyên: mốc là chính mục tiêu.",
    ),
    ("Thiếu số liệu gốc", "Chỉ tiêu tăng thêm cần số liệu của năm gốc trong kế hoạch; chưa có thì không tính được."),
    (
        "Tỷ lệ hoàn thành đúng theo dõi",
        "Số nhiệm vụ đã hoàn thành ÷ (số đã hoàn thành + số quá hạn chưa hoàn thành), theo cách tính của Văn phòng Chính phủ.",
    ),
    ("Nhiệm vụ có nhiều đơn vị chủ trì", "Tình trạng lấy theo đơn vị chủ trì có tiến độ thấp nhất."),
    ("Hạn gửi", "Hạn rơi vào ngày nghỉ dời đến ngày làm việc kế tiếp (Bộ luật Dân sự 2015, điều 148)."),
    ("Kỳ số liệu", "Theo Nghị định 09/2019/NĐ-CP: quý tính từ ngày 15 tháng trước quý đến ngày 14 tháng cuối quý."),
)

_WORDS: dict[str, dict[str, str]] = {
    "Vai trò": {
        Role.LEAD: "Đơn vị chủ trì nhiệm vụ; tình trạng nhiệm vụ xét theo báo cáo của đơn vị này.",
        Role.COORDINATE: "Đơn vị phối hợp thực hiện.",
        Role.IMPLEMENT: "Đơn vị trực tiếp thực hiện.",
    },
    "Tình hình thực hiện": {
        State.NOT_STARTED: "Đơn vị chưa bắt đầu.",
        State.UNDERWAY: "Đơn vị đang làm.",
        State.DONE: "Đơn vị báo đã xong, kèm ngày hoàn thành.",
        State.NONE_ARISING: "Trong kỳ không có việc thuộc nhiệm vụ; xét như đang thực hiện.",
    },
    "Tình trạng nhiệm vụ": {
        Status.NOT_REPORTED: "Đơn vị chủ trì chưa báo cáo, hoặc ô báo cáo có lỗi.",
        Status.ONGOING: f"Nhiệm vụ không có thời hạn ({NO_DEADLINE.lower()}).",
        Status.DONE_ON_TIME: "Hoàn thành trong thời hạn và các chỉ tiêu có mục tiêu đều đạt.",
        Status.DONE_LATE: "Hoàn thành sau thời hạn và các chỉ tiêu có mục tiêu đều đạt.",
        Status.UNDERWAY_IN_TIME: "Chưa hoàn thành, chưa đến thời hạn.",
        Status.UNDERWAY_OVERDUE: "Chưa hoàn thành, đã qua thời hạn.",
    },
    "Kết quả chỉ tiêu": {
        TargetResult.MET: "Giá trị đạt mục tiêu.",
        TargetResult.NOT_MET: "Giá trị chưa đạt mục tiêu.",
        TargetResult.NO_TARGET: "Chỉ theo dõi, kế hoạch không giao mục tiêu.",
        TargetResult.NONE_ARISING: "Mẫu số bằng 0: trong kỳ không phát sinh.",
        TargetResult.DATA_MISSING: "Chưa có số liệu, hoặc thiếu số liệu gốc.",
    },
    "Cảnh báo tiến độ": {
        Alert.OVERDUE: "Đã qua thời hạn mà chưa hoàn thành.",
        Alert.CLAIM_UNMET: "Đơn vị chủ trì báo hoàn thành nhưng có chỉ tiêu chưa đạt hoặc thiếu số liệu.",
        Alert.AT_RISK: "Giá trị thấp hơn mốc kỳ này.",
        Alert.DUE_SOON: "Còn không quá 30 ngày đến thời hạn.",
        Alert.NOT_STARTED: "Đơn vị chủ trì chưa triển khai.",
        Alert.INCOMPLETE: "Còn đơn vị chưa có số liệu.",
        Alert.EXPLAIN: "Chậm so với mốc hoặc thời hạn mà đơn vị không nêu khó khăn, vướng mắc.",
    },
    "Tình hình nộp": {
        Timeliness.ON_TIME: "Nhận trong hạn.",
        Timeliness.LATE.replace("{days}", "n"): "Nhận sau hạn n ngày.",
        Timeliness.MISSING: "Không có bản nộp nào của đơn vị.",
        Timeliness.UNREADABLE: "Có tệp mang mã đơn vị trong tên nhưng không mở được.",
        Timeliness.WRONG_PERIOD: "Đơn vị gửi biểu mẫu của kỳ khác hoặc kế hoạch khác.",
        Timeliness.UNKNOWN_DATE: "Đã nhận, nhưng không có căn cứ về ngày nhận.",
    },
    DIFFICULTY_TOPIC: {
        DifficultyState.OPEN: "Chưa được giải quyết.",
        DifficultyState.UNDERWAY: "Cơ quan có thẩm quyền đang giải quyết.",
        DifficultyState.RESOLVED: "Đã giải quyết xong.",
    },
    "Loại chỉ tiêu": {
        IndicatorKind.RATIO: "Tổng tử số / tổng mẫu số.",
        IndicatorKind.RATIO_POINTS: "Tỷ lệ hiện tại trừ tỷ lệ của năm gốc, tính bằng điểm %.",
        IndicatorKind.RATIO_GROWTH: "Mức tăng so với năm gốc chia cho tỷ lệ của năm gốc.",
        IndicatorKind.COUNT: "Tổng số lượng.",
        IndicatorKind.MILESTONE: "Có hoặc Không; nhiều đơn vị thì tính tỷ lệ đơn vị đã có.",
    },
    "Cách cộng dồn": {
        Accumulation.CUMULATIVE: "Số lũy kế từ đầu kế hoạch.",
        Accumulation.PERIOD: "Số phát sinh trong kỳ.",
    },
    "Căn cứ ngày nhận": {
        Evidence.MAIL: "Ngày ghi trong thư điện tử.",
        Evidence.MODIFIED: "Ngày giờ lưu tệp do Excel ghi bên trong tệp.",
        Evidence.REPORT_DATE: "Ngày báo cáo đơn vị ghi ở sheet “Thông tin”.",
        Evidence.NONE: "Không có căn cứ nào.",
    },
    "Xử lý tệp": {
        Verdict.USED: "Bản nộp được tính.",
        Verdict.SUPERSEDED: "Có bản nhận sau thay thế.",
        Verdict.REJECTED: "Không dùng được; lý do ghi bên cạnh.",
        Verdict.IGNORED: "Không phải bản nộp.",
    },
    "Mức lỗi": {
        Severity.ERROR: "Ô không được tính cho đến khi sửa.",
        Severity.WARNING: "Ô vẫn được tính; đề nghị kiểm tra lại.",
    },
}


def notes() -> list[dict[str, str]]:
    """Rows of :class:`schemas.records.Note`."""
    rows = [{"topic": "Phương pháp", "term": term, "text": text} for term, text in _METHOD]
    rows += [
        {"topic": topic, "term": str(word), "text": text}
        for topic, words in _WORDS.items()
        for word, text in words.items()
    ]
    return rows
