"""Messages about a plan workbook."""

from schemas.catalogue.message import ERROR, Message

MESSAGES = (
    Message(
        "KH01",
        ERROR,
        "Mã “{typed}” không có trong sheet {sheets}{suggestion}.",
        "Mã dùng trong kế hoạch phải được khai báo.",
        "Sửa mã, hoặc thêm mã vào sheet {sheets}.",
    ),
    Message(
        "KH02", ERROR, "“{typed}” ghi hai lần (đã có ở hàng {first}).", "Mỗi mã chỉ một dòng.", "Xóa bớt một dòng."
    ),
    Message(
        "KH03",
        ERROR,
        "Thiếu “{label}” ({key}).",
        "Sheet “Kế hoạch” phải có đủ các dòng.",
        "Thêm dòng “{key}” và điền giá trị.",
    ),
    Message(
        "KH04",
        ERROR,
        "Nhiệm vụ “{typed}” chưa có đơn vị chủ trì{since}.",
        "Mỗi nhiệm vụ có ít nhất một đơn vị chủ trì.",
        "Thêm một dòng vai trò “Chủ trì” cho nhiệm vụ này ở sheet “Phân công”.",
    ),
    Message(
        "KH05",
        ERROR,
        "Các ngày của kỳ không theo thứ tự.",
        "Số liệu từ ngày ≤ số liệu đến ngày ≤ ngày tổng hợp, và hạn gửi ≤ ngày tổng hợp.",
        "Kiểm tra và sửa lại các ngày của kỳ.",
        ("data_to", "data_from", "due_on", "consolidate_on"),
    ),
    Message(
        "KH06",
        ERROR,
        "Giá trị {typed} lớn hơn 100 %.",
        "Chỉ tiêu loại tỷ lệ ghi theo phần trăm.",
        "Gõ kèm dấu %, ví dụ 80%.",
    ),
    Message(
        "KH07",
        ERROR,
        "Chỉ tiêu loại tỷ lệ chưa nêu mẫu số là gì.",
        "Chỉ tiêu tỷ lệ phải có tên mẫu số.",
        "Điền cột “Mẫu số là gì”.",
        ("denominator_label",),
    ),
    Message(
        "KH08",
        ERROR,
        "Chỉ tiêu “{typed}” chưa có đơn vị nào báo cáo{since}.",
        "Mỗi chỉ tiêu có ít nhất một dòng ở sheet “Mục tiêu”.",
        "Thêm dòng cho chỉ tiêu này ở sheet “Mục tiêu” (để trống mục tiêu nếu chỉ theo dõi).",
    ),
    Message(
        "KH09",
        ERROR,
        "Mã “{typed}” không hợp lệ.",
        "Mã gồm chữ, số, dấu chấm, gạch ngang, gạch dưới; tối đa 20 ký tự, không có dấu cách.",
        "Đặt lại mã.",
    ),
    Message(
        "KH10",
        ERROR,
        "“{typed}” vừa là mã đơn vị vừa là mã nhóm.",
        "Mã đơn vị và mã nhóm không được trùng nhau.",
        "Đổi một trong hai mã.",
    ),
    Message(
        "KH11",
        ERROR,
        "Năm “{typed}” không hợp lệ.",
        "Năm của kế hoạch là số nguyên bốn chữ số.",
        "Gõ lại năm, ví dụ 2021.",
    ),
    Message(
        "KH12",
        ERROR,
        "Ngày hết hiệu lực trước ngày bắt đầu hiệu lực.",
        "Hiệu lực từ ngày ≤ hiệu lực đến ngày.",
        "Sửa lại một trong hai ngày.",
        ("valid_to", "valid_from"),
    ),
    Message(
        "KH13",
        ERROR,
        "Ghi “{typed}”, không phải là ngưỡng từ 0 % đến 100 %.",
        "Ngưỡng thay đổi tỷ lệ ghi theo điểm %.",
        "Gõ lại, ví dụ 30%.",
    ),
    Message(
        "KH14",
        ERROR,
        "Đơn vị “{typed}” hết hiệu lực giữa năm mà chưa nêu đơn vị kế thừa.",
        "Đơn vị chịu trách nhiệm chỉ tiêu và đơn vị tổng hợp phải có trong mọi kỳ, hoặc có đơn vị kế thừa.",
        "Ghi mã đơn vị mới ở cột “Đơn vị kế thừa” của sheet “Đơn vị”.",
    ),
)
