"""What the illustrative units report. Every figure is invented; the unit names are the plan's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from schemas.words import DifficultyState, State

MARK = "Số liệu minh họa"


@dataclass(frozen=True)
class Difficulty:
    unit: str
    task: str
    description: str
    cause: str = ""
    proposal: str = ""
    addressed_to: str = ""
    quarters: tuple[str, ...] = ("Q2",)
    update: Mapping[str, str] = field(default_factory=dict)  # what the unit types in its carried row in Q2


LATE = {"Q1": {"SXD": 2, "HLM": 5}, "Q2": {"SCT": 3}}
MISSING = {"Q1": ("TTT",), "Q2": ("BQLKCN",)}
CORRECTED = {"Q1": (), "Q2": ("HPH",)}
NONE_ARISING = {"Q1": ("BDT",), "Q2": ("BDT",)}
MISTAKEN = {"Q1": (), "Q2": ("SGTVT",)}

# Figures that only one unit reports: indicator → quarter → (numerator, denominator).
PROVINCE: dict[str, dict[str, tuple[Any, Any]]] = {
    "II.3.1": {"Q1": (812, 1870), "Q2": (1012, 1874)},
    "II.3.2": {"Q1": (1105, 13642), "Q2": (4030, 30075)},
    "II.3.3": {"Q1": (96, 640), "Q2": (131, 640)},
    "II.3.4": {"Q1": (21480, 34640), "Q2": (55230, 70808)},
    "II.3.5": {"Q1": (28190, 40271), "Q2": (71866, 81666)},
    "II.3.7": {"Q1": ("Không", None), "Q2": ("Không", None)},
    "II.5.1": {"Q1": ("Không", None), "Q2": ("Có", None)},
    "II.5.2": {"Q1": ("Không", None), "Q2": ("Không", None)},
}

# Communes with the e-copy certification service (II.3.6), of the unit's communes.
COMMUNES: dict[str, dict[str, int]] = {
    "Q1": {"TPVT": 2, "TPNB": 1, "HCTA": 1, "HCT": 1, "HPH": 1, "HVT": 0, "HLM": 0, "TXLM": 0},
    "Q2": {"TPVT": 3, "TPNB": 2, "HCTA": 1, "HCT": 2, "HPH": 1, "HVT": 1, "HLM": 0, "TXLM": 1},
}

RESULTS = {
    "II.1": "Đã tổ chức họp trực tuyến đối với các cuộc họp giao ban, triển khai công tác trong quý.",
    "II.2": "Thực hiện gửi, nhận văn bản điện tử có ký số trên hệ thống quản lý văn bản của tỉnh.",
    "II.3": "Rà soát thủ tục hành chính, cung cấp dịch vụ công trực tuyến mức độ 3, 4 theo lộ trình.",
    "II.4": "Tổng hợp ý kiến, kiến nghị của doanh nghiệp, người dân về quy định liên quan đến hoạt động kinh doanh.",
    "II.5": "Phối hợp cung cấp thông tin, chuẩn hóa dữ liệu phục vụ kết nối hệ thống thông tin báo cáo.",
}

LEAD_RESULTS = {
    (
        "VPUB",
        "II.1",
    ): "Chủ trì 18 phiên họp trực tuyến của UBND tỉnh với cấp huyện; rà soát đường truyền 8/8 điểm cầu cấp huyện.",
    ("STTTT", "II.2"): "Vận hành hệ thống quản lý văn bản liên thông 4 cấp; cấp mới 312 chứng thư số cá nhân.",
    (
        "STTTT",
        "II.3",
    ): "Tích hợp thêm dịch vụ công trực tuyến lên Cổng Dịch vụ công Quốc gia; đồng bộ trạng thái hồ sơ hằng ngày.",
    ("SKHDT", "II.4"): "Tổ chức hội nghị đối thoại doanh nghiệp; tổng hợp kiến nghị gửi các bộ và Văn phòng Chính phủ.",
    (
        "VPUB",
        "II.5",
    ): "Hoàn thành kết nối kỹ thuật với Hệ thống thông tin báo cáo Chính phủ; đang thử nghiệm dữ liệu Trung tâm.",
}

# Where a unit does not say “Đang thực hiện”: (quarter, unit, task) → state.
STATES: dict[tuple[str, str, str], State] = {
    ("Q1", "HLM", "II.3"): State.NOT_STARTED,
    ("Q1", "HVT", "II.4"): State.NOT_STARTED,
    ("Q1", "TXLM", "II.5"): State.NOT_STARTED,
    ("Q2", "SCT", "II.4"): State.NOT_STARTED,
}

_BOTH = ("Q1", "Q2")
DIFFICULTIES: tuple[Difficulty, ...] = (
    Difficulty("HLM", "II.1", "Đường truyền tại một số xã chập chờn, họp trực tuyến hay bị gián đoạn.", "Hạ tầng mạng ở vùng sâu chưa đồng bộ.", "Nâng cấp đường truyền cho các xã vùng sâu.", "Sở Thông tin và Truyền thông", _BOTH, {"state": DifficultyState.UNDERWAY}),
    Difficulty("HVT", "II.1", "Đường truyền ở các xã không ổn định nên họp trực tuyến thường bị gián đoạn.", "Cáp quang chưa đến một số ấp.", "Đề nghị nâng cấp đường truyền số liệu chuyên dùng.", "Sở Thông tin và Truyền thông"),
    Difficulty("TXLM", "II.1", "Họp trực tuyến bị gián đoạn do đường truyền các xã, phường chập chờn.", "", "Nâng băng thông đường truyền.", "Sở Thông tin và Truyền thông"),
    Difficulty("TPNB", "II.1", "Chưa có kinh phí mua thiết bị họp trực tuyến cho cấp xã.", "Dự toán năm 2021 chưa bố trí.", "Bổ sung dự toán mua thiết bị.", "Sở Tài chính", _BOTH, {"state": DifficultyState.RESOLVED}),
    Difficulty("HCT", "II.1", "Thiếu kinh phí trang bị thiết bị họp trực tuyến tại các xã.", "Ngân sách huyện hạn hẹp.", "Đề nghị tỉnh hỗ trợ kinh phí.", "Sở Tài chính"),
    Difficulty("SLDTBXH", "II.2", "Một số công chức chưa được cấp chứng thư số cá nhân nên vẫn ký văn bản giấy.", "Hồ sơ đề nghị cấp chứng thư số xử lý chậm.", "Cấp bổ sung chứng thư số cá nhân.", "Sở Thông tin và Truyền thông", _BOTH),
    Difficulty("SGDDT", "II.2", "Công chức, viên chức chưa được cấp đủ chứng thư số cá nhân, còn ký văn bản giấy.", "Số lượng đơn vị trực thuộc lớn.", "Đề nghị cấp bổ sung chứng thư số.", "Sở Thông tin và Truyền thông"),
    Difficulty("SYT", "II.2", "Hệ thống quản lý văn bản chạy chậm vào đầu giờ làm việc.", "Máy chủ quá tải.", "Nâng cấp máy chủ.", "Sở Thông tin và Truyền thông"),
    Difficulty("STTTT", "II.3", "Cổng Dịch vụ công Quốc gia thay đổi chuẩn kết nối, phải chỉnh sửa lại phần mềm một cửa điện tử.", "Văn bản hướng dẫn kỹ thuật ban hành sau.", "Đề nghị Văn phòng Chính phủ có hướng dẫn sớm.", "Văn phòng Chính phủ"),
    Difficulty("STP", "II.3", "Cán bộ tư pháp cấp xã chưa quen quy trình chứng thực bản sao điện tử.", "Chưa tổ chức tập huấn cho cấp xã.", "Tổ chức tập huấn, hướng dẫn tại chỗ.", "Sở Tư pháp", _BOTH, {"state": DifficultyState.OPEN}),
    Difficulty("HPH", "II.3", "Công chức tư pháp xã chưa được tập huấn quy trình chứng thực bản sao điện tử.", "Chưa có lớp tập huấn.", "Mở lớp tập huấn cho cấp xã.", "Sở Tư pháp"),
    Difficulty("HCTA", "II.3", "Người dân chưa quen thanh toán trực tuyến khi làm thủ tục hành chính.", "Nhiều người chưa có tài khoản ngân hàng.", "Tăng cường tuyên truyền, hỗ trợ tại bộ phận một cửa.", "UBND huyện Châu Thành A"),
    Difficulty("SKHDT", "II.4", "Doanh nghiệp ít phản hồi phiếu lấy ý kiến về quy định kinh doanh.", "Ảnh hưởng của dịch COVID-19.", "Chuyển sang lấy ý kiến trực tuyến.", "Sở Kế hoạch và Đầu tư"),
    Difficulty("STNMT", "II.5", "Cơ sở dữ liệu chuyên ngành chưa theo chuẩn kết nối chung của tỉnh.", "Phần mềm do bộ chủ quản xây dựng.", "Đề nghị bộ chủ quản hỗ trợ kết nối.", "Bộ Tài nguyên và Môi trường", _BOTH, {"state": DifficultyState.UNDERWAY}),
    Difficulty("BQLKCN", "II.4", "Doanh nghiệp trong khu công nghiệp chưa có đầu mối gửi phản ánh, kiến nghị trực tuyến.", "Chưa có chuyên mục tiếp nhận.", "Mở chuyên mục tiếp nhận trên Cổng thông tin điện tử.", "Sở Kế hoạch và Đầu tư", ("Q1",)),
)  # fmt: skip


@dataclass(frozen=True)
class Mistake:
    """One cell typed wrongly, as clerks do: table, key, field, what was typed."""

    table: str
    key: str
    field: str
    typed: Any = None


MISTAKES: tuple[Mistake, ...] = (
    Mistake("tasks", "II.1", "state", "Đã làm xong"),
    Mistake("tasks", "II.2", "state", "dang thuc hien"),
    Mistake("tasks", "II.3", "completed_on", "15/6/2021"),
    Mistake("tasks", "II.4", "state", "Hoàn thành"),
    Mistake("tasks", "II.5", "completed_on", "cuối tháng 6"),
    Mistake("indicators", "II.1.1", "numerator", "85%"),
    Mistake("indicators", "II.1.2", "numerator", "4 phòng"),
    Mistake("indicators", "II.2.1", "numerator", 5230),
    Mistake("indicators", "II.2.1", "denominator", 5130),
    Mistake("indicators", "II.4.1", "numerator", -1),
    Mistake("indicators", "II.4.2", "numerator", "1.234"),
)
