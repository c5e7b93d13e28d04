"""Messages about one cell: numbers, dates, choices, texts, blanks."""

from schemas.catalogue.message import ERROR, WARNING, Message

MESSAGES = (
    Message(
        "SO01",
        ERROR,
        "Ghi “{typed}”, không đọc được thành số.",
        "Ô này chỉ nhận số.",
        "Gõ lại bằng chữ số, ví dụ 1234 hoặc 98,5; lời giải thích ghi ở cột “Ghi chú”.",
    ),
    Message(
        "SO02",
        ERROR,
        "Ghi tỷ lệ “{typed}”.",
        "Ô này nhận số lượng, không nhận tỷ lệ %; tỷ lệ do biểu mẫu tự tính.",
        "Gõ số lượng thực tế ở tử số và tổng số ở mẫu số.",
    ),
    Message(
        "SO03",
        WARNING,
        "Ghi “{typed}”, có thể hiểu hai cách; đã đọc là {read}.",
        "Dấu chấm là dấu phân cách hàng nghìn, dấu phẩy là dấu thập phân.",
        "Nếu đọc sai, gõ lại không có dấu phân cách, ví dụ 1234.",
    ),
    Message(
        "SO04",
        ERROR,
        "Ghi “{typed}”, nhỏ hơn {limit}.",
        "Số ở ô này không được nhỏ hơn {limit}.",
        "Kiểm tra và gõ lại số đúng.",
    ),
    Message(
        "SO05",
        ERROR,
        "Ghi “{typed}”, lớn hơn {limit}.",
        "Số ở ô này không được lớn hơn {limit}.",
        "Kiểm tra xem có gõ thừa chữ số không và gõ lại.",
    ),
    Message(
        "SO06",
        ERROR,
        "Ô có lỗi công thức hoặc công thức chưa được tính ({typed}).",
        "Ô này phải chứa một số hoặc nội dung đọc được.",
        "Xóa công thức và gõ trực tiếp kết quả vào ô.",
    ),
    Message(
        "NG01",
        ERROR,
        "Ghi “{typed}”, không đọc được thành ngày.",
        "Ngày ghi dạng ngày/tháng/năm.",
        "Gõ lại, ví dụ 15/6/2021.",
    ),
    Message(
        "NG02",
        WARNING,
        "Ghi số “{typed}”; đã đọc là ngày {read}.",
        "Ngày ghi dạng ngày/tháng/năm.",
        "Nếu đọc sai, gõ lại, ví dụ 15/6/2021.",
    ),
    Message(
        "LC01",
        ERROR,
        "Ghi “{typed}”, không có trong danh sách{suggestion}.",
        "Chỉ chọn một trong: {choices}.",
        "Bấm vào ô và chọn trong danh sách thả xuống.",
    ),
    Message(
        "LC02",
        WARNING,
        "Ghi “{typed}”; đã đọc là “{read}”.",
        "Chỉ chọn một trong: {choices}.",
        "Nếu đọc sai, chọn lại trong danh sách thả xuống.",
    ),
    Message(
        "CH01",
        ERROR,
        "Nội dung dài {length} ký tự.",
        "Ô này nhận tối đa {limit} ký tự.",
        "Rút gọn nội dung, phần còn lại gửi kèm bằng văn bản.",
    ),
    Message(
        "CH02",
        WARNING,
        "Chữ gõ bằng phông cũ {font}; đã chuyển thành “{read}”.",
        "Chữ tiếng Việt dùng bảng mã Unicode.",
        "Nếu chuyển chưa đúng, gõ lại bằng phông Times New Roman với bảng mã Unicode.",
    ),
    Message(
        "BB01",
        ERROR,
        "Chưa điền.",
        "Cột “{field}” bắt buộc có nội dung.",
        "Điền ô này; nếu trong kỳ không có việc thì chọn “Không phát sinh” hoặc gõ 0.",
    ),
)
