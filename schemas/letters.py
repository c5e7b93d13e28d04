"""The letters to units: which fields each kind may use, and the wording that ships.

The officer changes the wording in the plan's sheet ``Mẫu thư``; a field is its name between braces.
"""

from schemas.words import LetterKind

BATCHES: dict[str, str] = {
    # as typed on the command line, and the folder of the drafts: what is drafted
    "phat-mau": "phát biểu mẫu",
    "nhac": "nhắc đơn vị chưa có báo cáo dùng được",
    "tra-lai": "trả lại bản nộp có lỗi",
    "ket-qua": "gửi kết quả tổng hợp",
}

_COMMON = {
    # field: what it is filled with
    "tên đơn vị": "tên đầy đủ của đơn vị nhận",
    "kỳ báo cáo": "ví dụ: quý II năm 2021",
    "kỳ số liệu": "từ ngày … đến ngày …",
    "hạn gửi": "hạn đơn vị gửi báo cáo",
    "ngày tổng hợp": "ngày tổng hợp của kỳ",
    "kế hoạch": "tên và số kế hoạch",
    "cơ quan ban hành": "cơ quan ban hành kế hoạch",
    "đơn vị tổng hợp": "đơn vị gửi thư",
    "địa chỉ gửi về": "thư điện tử của đơn vị tổng hợp",
    "tệp kèm theo": "tên tệp kèm thư",
}

FIELDS: dict[LetterKind, dict[str, str]] = {
    LetterKind.ISSUE: _COMMON,
    LetterKind.REMIND: _COMMON | {"tình hình nộp": "chưa nhận được gì, hoặc tệp đã nhận và vì sao chưa dùng được"},
    LetterKind.OVERDUE: _COMMON | {"tình hình nộp": "chưa nhận được gì, hoặc tệp đã nhận và vì sao chưa dùng được"},
    LetterKind.RETURN: _COMMON
    | {"số lỗi và cảnh báo": "ví dụ: 8 lỗi và 2 cảnh báo", "danh sách lỗi": "từng lỗi, chỗ sai và cách sửa"},
    LetterKind.RESULT: _COMMON | {"tình hình chung": "tóm tắt tình hình nộp, nhiệm vụ, chỉ tiêu"},
}

_CLOSE = "Tệp kèm theo: {tệp kèm theo}.\n\nTrân trọng./.\n\n{đơn vị tổng hợp}"

WORDING: dict[LetterKind, tuple[str, str]] = {
    # kind: (subject, body)
    LetterKind.ISSUE: (
        "Biểu mẫu báo cáo {kỳ báo cáo} – {tên đơn vị}",
        "Kính gửi: {tên đơn vị}\n\n"
        "Thực hiện {kế hoạch} do {cơ quan ban hành} ban hành, {đơn vị tổng hợp} gửi Quý đơn vị biểu mẫu báo cáo "
        "{kỳ báo cáo}.\n\n"
        "Đề nghị Quý đơn vị điền số liệu {kỳ số liệu} vào tệp kèm theo (cách điền xem ở sheet “Hướng dẫn”, giữ nguyên "
        "biểu mẫu) và gửi về {địa chỉ gửi về} chậm nhất ngày {hạn gửi}.\n\n" + _CLOSE,
    ),
    LetterKind.REMIND: (
        "Nhắc gửi báo cáo {kỳ báo cáo}, hạn ngày {hạn gửi} – {tên đơn vị}",
        "Kính gửi: {tên đơn vị}\n\n"
        "Hạn gửi báo cáo {kỳ báo cáo} là ngày {hạn gửi}. Đến nay, {đơn vị tổng hợp} {tình hình nộp}.\n\n"
        "Đề nghị Quý đơn vị hoàn thành biểu mẫu và gửi về {địa chỉ gửi về} đúng hạn. Nếu Quý đơn vị vừa gửi, xin "
        "bỏ qua thư này.\n\n" + _CLOSE,
    ),
    LetterKind.OVERDUE: (
        "Đôn đốc gửi báo cáo {kỳ báo cáo}, đã quá hạn ngày {hạn gửi} – {tên đơn vị}",
        "Kính gửi: {tên đơn vị}\n\n"
        "Báo cáo {kỳ báo cáo} đã quá hạn gửi (ngày {hạn gửi}). Đến nay, {đơn vị tổng hợp} {tình hình nộp}.\n\n"
        "Đề nghị Quý đơn vị khẩn trương hoàn thành biểu mẫu, gửi ngay về {địa chỉ gửi về} để kịp tổng hợp, trình "
        "{cơ quan ban hành}; nếu có khó khăn, vướng mắc, đề nghị nêu rõ trong biểu mẫu. Nếu Quý đơn vị vừa gửi, xin bỏ "
        "qua thư này.\n\n" + _CLOSE,
    ),
    LetterKind.RETURN: (
        "Đề nghị kiểm tra, sửa báo cáo {kỳ báo cáo} – {tên đơn vị}",
        "Kính gửi: {tên đơn vị}\n\n"
        "{đơn vị tổng hợp} đã nhận báo cáo {kỳ báo cáo} của Quý đơn vị. Qua kiểm tra, bản nộp có "
        "{số lỗi và cảnh báo}:\n\n"
        "{danh sách lỗi}\n\n"
        "Đề nghị Quý đơn vị sửa ngay trong tệp kèm theo (sheet “Cần sửa” dẫn đến từng ô, mỗi ô có ghi cách sửa) và gửi "
        "lại về {địa chỉ gửi về}. Ô có lỗi chưa được tính vào số liệu tổng hợp cho đến khi sửa xong.\n\n" + _CLOSE,
    ),
    LetterKind.RESULT: (
        "Kết quả tổng hợp báo cáo {kỳ báo cáo}",
        "Kính gửi: {tên đơn vị}\n\n"
        "{đơn vị tổng hợp} gửi Quý đơn vị kết quả tổng hợp {kỳ báo cáo}, thực hiện {kế hoạch}.\n\n"
        "{tình hình chung}\n\n"
        "Đề nghị Quý đơn vị đối chiếu phần số liệu của đơn vị mình; nếu có sai khác, phản hồi về {địa chỉ gửi về}.\n\n"
        + _CLOSE,
    ),
}
