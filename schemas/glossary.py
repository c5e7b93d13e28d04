"""The notes sheet: how every figure is made, and what every word of the vocabulary means."""

from schemas.words import (
    NO_DEADLINE,
    Accumulation,
    Alert,
    ChangeKind,
    DecisionKind,
    DifficultyState,
    Direction,
    Evidence,
    IndicatorKind,
    Remark,
    Role,
    Severity,
    Stamp,
    State,
    Status,
    TargetResult,
    Timeliness,
    Update,
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
        "Tổng, tỷ lệ, số đơn vị là công thức tính trên các sheet chi tiết để người đọc kiểm lại; việc so sánh với mục tiêu làm trên số liệu gốc, trước khi làm tròn. Bảng chi tiết hàng vạn dòng: tổng ghi bằng số đã tính sẵn, để tệp mở nhanh.",
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
    (
        "So với kỳ trước",
        "Kỳ trước là quý liền trước trong cùng kế hoạch, đọc lại từ bản nộp của kỳ đó theo kế hoạch có hiệu lực khi ấy.",
    ),
    (
        "Báo cáo năm",
        "Chỉ tiêu lũy kế lấy số của quý sau cùng có báo cáo; chỉ tiêu trong kỳ cộng các quý; bản nộp báo cáo năm của đơn vị, "
        "nếu có, được dùng thay. Đơn vị thiếu quý nào ghi ở cột “Ghi chú”.",
    ),
    (
        "Vướng mắc chung",
        "Các khó khăn của nhiều đơn vị trong cùng nhiệm vụ có nội dung giống nhau từ 68/100 trở lên (so theo từ, không phân "
        "biệt dấu, thứ tự) xếp vào một nhóm; nội dung từng đơn vị giữ nguyên văn.",
    ),
    (
        "Cảnh báo liên kỳ",
        "So với kỳ trước: số lũy kế giảm; nhiệm vụ đã hoàn thành nay chưa; ngày hoàn thành ngoài năm kế hoạch hoặc sau "
        "ngày báo cáo; tỷ lệ thay đổi quá ngưỡng ghi trong kế hoạch; khó khăn báo xong mà chưa từng nêu.",
    ),
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
        Timeliness.ON_TIME: "Bản đầu tiên dùng được nhận trong hạn; bản sửa lại theo yêu cầu có thể nhận sau.",
        Timeliness.LATE.replace("{days}", "n"): "Bản đầu tiên dùng được nhận sau hạn n ngày.",
        Timeliness.MISSING: "Không có bản nộp nào của đơn vị.",
        Timeliness.UNREADABLE: "Đơn vị có gửi (theo dấu biểu mẫu, địa chỉ gửi thư hoặc tên tệp) nhưng tệp không đọc được hoặc bị từ chối.",
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
        Verdict.SUPERSEDED: "Có bản nhận sau thay thế, hoặc trùng với bản được dùng.",
        Verdict.OPENED: "Thư hoặc tệp nén: các tệp bên trong ghi ở dòng riêng.",
        Verdict.REJECTED: "Không dùng được; lý do ghi bên cạnh.",
        Verdict.IGNORED: "Không phải bản nộp.",
    },
    "Dấu biểu mẫu": {
        Stamp.RIGHT: "Biểu mẫu do cơ quan tổng hợp phát cho đúng đơn vị, đúng kỳ.",
        Stamp.WRONG: "Dấu không khớp với đơn vị, kỳ ghi trong tệp; không nhận.",
        Stamp.ABSENT: "Kỳ có khóa nhưng tệp không mang dấu; không nhận.",
        Stamp.UNCHECKED: "Kỳ không có khóa nên không kiểm.",
    },
    "Lưu ý về tệp": {
        Remark.MACRO: "Tệp chứa macro; không macro nào được chạy.",
        Remark.LINKS: "Tệp có ô lấy số từ tệp khác; số được đọc theo giá trị lưu lần cuối.",
        Remark.STRICT: "Một dạng .xlsx ít dùng; đọc được bình thường.",
        Remark.HIDDEN: "Sheet ẩn của biểu mẫu vẫn được đọc.",
    },
    "Cập nhật khó khăn": {
        Update.NEW: "Đơn vị nêu lần đầu trong kỳ này.",
        Update.UPDATED: "Đơn vị nêu từ kỳ trước và đã ghi tình trạng hoặc sửa nội dung trong kỳ này.",
        Update.SILENT: "Đơn vị nêu từ kỳ trước nhưng kỳ này không nhắc lại, hoặc để nguyên dòng điền sẵn; "
        "vẫn tính là chưa giải quyết xong.",
    },
    "Loại thay đổi": {
        ChangeKind.TASK: "Tình trạng hoặc cảnh báo của nhiệm vụ khác kỳ trước.",
        ChangeKind.INDICATOR: "Chỉ tiêu vượt lên hoặc tụt xuống dưới mục tiêu hay mốc của kỳ.",
        ChangeKind.SUBMISSION: "Đơn vị chuyển giữa gửi đúng hạn và không đúng hạn.",
        ChangeKind.DIFFICULTY: "Khó khăn, vướng mắc mới nêu, đã giải quyết hoặc còn vướng.",
    },
    "Chiều thay đổi": {
        Direction.BETTER: "Tốt hơn kỳ trước.",
        Direction.WORSE: "Xấu hơn kỳ trước.",
        Direction.OPENED: "Khó khăn nêu lần đầu trong kỳ.",
        Direction.CLOSED: "Khó khăn đơn vị báo đã giải quyết trong kỳ.",
        Direction.STILL_OPEN: "Khó khăn nêu từ kỳ trước, chưa giải quyết xong.",
    },
    "Quyết định của cán bộ": {
        DecisionKind.ACCEPT: "Cảnh báo đã được xác minh, không liệt kê ở sheet lỗi; lý do ghi ở sheet nguồn dữ liệu.",
        DecisionKind.VALUE: "Giá trị ghi trong quyết định được tính thay giá trị trong bản nộp.",
        DecisionKind.FILE: "Tệp ghi trong quyết định được tính cho đơn vị dù có bản khác nhận sau.",
        DecisionKind.DUE: "Hạn nộp của đơn vị dời đến ngày ghi trong quyết định.",
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
