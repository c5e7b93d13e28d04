"""The fields of the report's Word template: what the officer may write between braces, and what takes its place."""

TEMPLATE_FILE = "mau-bao-cao.docx"

REPORT_FIELDS: dict[str, str] = {
    # field, inside any sentence: what it is filled with
    "cơ quan chủ quản": "cơ quan ban hành kế hoạch, nơi nhận báo cáo",
    "đơn vị tổng hợp": "đơn vị lập báo cáo",
    "ký hiệu": "ví dụ: BC-STTTT",
    "địa danh": "địa danh ghi trên văn bản",
    "năm": "năm của ngày xét",
    "kế hoạch": "tên và số kế hoạch",
    "kỳ báo cáo": "ví dụ: quý II năm 2021",
    "kỳ số liệu": "từ ngày … đến ngày …",
    "ngày xét": "ngày xét tình trạng",
}

REPORT_BLOCKS: dict[str, str] = {
    # field, alone in a paragraph: which paragraphs or table take its place
    "tình hình chung": "tình hình nộp báo cáo, nhiệm vụ, chỉ tiêu, khó khăn",
    "kết quả từng nhiệm vụ": "mỗi nhiệm vụ: tình trạng, kết quả, số liệu so với mục tiêu",
    "khó khăn, vướng mắc": "theo nhiệm vụ, nguyên văn của đơn vị",
    "đề xuất theo cơ quan": "đề xuất của đơn vị, theo cơ quan giải quyết",
    "kiến nghị": "những việc đề nghị cơ quan chủ quản chỉ đạo",
    "kỳ tới": "hạn của kỳ tới, nhiệm vụ và chỉ tiêu cần tập trung",
    "bảng nhiệm vụ": "bảng tình trạng nhiệm vụ",
    "bảng chỉ tiêu": "bảng kết quả chỉ tiêu",
    "bảng tình hình nộp": "bảng tình hình nộp báo cáo",
    "bảng khó khăn": "bảng khó khăn, vướng mắc",
}
