"""Messages about whole files, sheets and tables."""

from schemas.catalogue.message import ERROR, Message

MESSAGES = (
    Message(
        "TT01",
        ERROR,
        "Không mở được tệp: {detail}.",
        "Bản nộp phải là tệp Excel mở được.",
        "Mở tệp trên máy, chọn Lưu thành (Save As) “Excel Workbook (*.xlsx)”, không đặt mật khẩu, rồi gửi lại.",
    ),
    Message(
        "TT02",
        ERROR,
        "Tệp không phải là bảng tính Excel: {detail}.",
        "Chỉ nhận biểu mẫu Excel do cơ quan tổng hợp gửi.",
        "Điền vào biểu mẫu Excel đã nhận và gửi lại tệp đó.",
    ),
    Message(
        "TT03",
        ERROR,
        "Tệp không có sheet nào của biểu mẫu; các sheet tìm thấy: {found}.",
        "Bản nộp phải dùng biểu mẫu của kỳ này, giữ nguyên tên sheet.",
        "Chép số liệu vào biểu mẫu đã nhận, không tạo tệp mới.",
    ),
    Message(
        "TT04",
        ERROR,
        "Biểu mẫu thuộc kế hoạch “{found}”, cần kế hoạch “{expected}”.",
        "Bản nộp phải thuộc kế hoạch đang tổng hợp.",
        "Dùng biểu mẫu của kế hoạch “{expected}” và gửi lại.",
    ),
    Message(
        "TT05",
        ERROR,
        "Biểu mẫu thuộc kỳ “{found}”, cần kỳ “{expected}”.",
        "Bản nộp phải đúng kỳ báo cáo.",
        "Điền vào biểu mẫu của kỳ “{expected}” và gửi lại; nếu đây là báo cáo kỳ trước thì chuyển tệp về thư mục kỳ trước.",
    ),
    Message(
        "TT06",
        ERROR,
        "Không nhận ra đơn vị gửi: {found}.",
        "Mã hoặc tên đơn vị trong tệp phải có trong kế hoạch.",
        "Dùng biểu mẫu mang mã của đơn vị, hoặc bổ sung đơn vị vào sheet “Đơn vị” của kế hoạch.",
    ),
    Message(
        "TT07",
        ERROR,
        "Đơn vị có {count} bản nộp khác nhau cùng thời điểm nhận ({date}): {files}; đang dùng “{used}”.",
        "Bản nhận sau cùng được dùng; hai bản không phân được trước sau thì cán bộ phải quyết định.",
        "Hỏi đơn vị bản nào đúng rồi chuyển tệp còn lại ra khỏi thư mục.",
    ),
    Message(
        "TT08",
        ERROR,
        "Không tìm thấy bảng “{table}” trên sheet “{sheet}”.",
        "Mỗi sheet của biểu mẫu giữ nguyên hàng tiêu đề cột.",
        "Chép số liệu vào biểu mẫu gốc, giữ nguyên tên sheet và hàng tiêu đề.",
    ),
    Message(
        "TT09",
        ERROR,
        "Bảng “{table}” thiếu cột “{column}”.",
        "Không xóa cột của biểu mẫu.",
        "Thêm lại cột “{column}” như biểu mẫu gốc, hoặc chép số liệu vào biểu mẫu gốc.",
    ),
)
