"""The one catalogue of messages: what is wrong, by which rule, and how to mend it.

An issue's message is assembled as where → what → rule; the remedy stands beside it. ``{…}`` are filled by
:mod:`pipeline.issues`: ``typed`` (the value as typed), ``field`` (the column's header) and what the rule names.
"""

from dataclasses import dataclass

from schemas.words import Severity

ERROR, WARNING = Severity.ERROR, Severity.WARNING


@dataclass(frozen=True)
class Message:
    """``fields``: the cells that a rule between cells marks; ``voids``: those that then count as not reported."""

    code: str
    severity: Severity
    what: str
    rule: str
    remedy: str
    fields: tuple[str, ...] = ()
    voids: tuple[str, ...] = ()


_ALL = (
    # files (tệp)
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
    # numbers
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
    # dates
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
    # choices
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
    # text and blanks
    Message(
        "CH01",
        ERROR,
        "Nội dung dài {length} ký tự.",
        "Ô này nhận tối đa {limit} ký tự.",
        "Rút gọn nội dung, phần còn lại gửi kèm bằng văn bản.",
    ),
    Message(
        "BB01",
        ERROR,
        "Chưa điền.",
        "Cột “{field}” bắt buộc có nội dung.",
        "Điền ô này; nếu trong kỳ không có việc thì chọn “Không phát sinh” hoặc gõ 0.",
    ),
    # rows
    Message(
        "DG01",
        ERROR,
        "Mã “{typed}” không thuộc phần việc của đơn vị trong kế hoạch.",
        "Mỗi dòng mang mã nhiệm vụ hoặc chỉ tiêu mà kế hoạch giao cho đơn vị.",
        "Sửa lại mã như biểu mẫu gốc; dòng này chưa được tính.",
    ),
    Message(
        "DG02",
        ERROR,
        "Mã “{typed}” ghi hai lần (đã có ở hàng {first}).",
        "Mỗi mã chỉ một dòng.",
        "Gộp hai dòng thành một; hiện dòng đầu được tính, dòng này không được tính.",
    ),
    Message(
        "DG03",
        ERROR,
        "Dòng có nội dung nhưng không có mã.",
        "Mỗi dòng mang mã nhiệm vụ hoặc chỉ tiêu của biểu mẫu.",
        "Chuyển nội dung vào dòng có mã tương ứng; dòng này chưa được tính.",
    ),
    Message(
        "DG04",
        ERROR,
        "Thiếu dòng mã “{missing}” ({name}).",
        "Không xóa dòng của biểu mẫu.",
        "Thêm lại dòng mang mã “{missing}” và điền số liệu.",
    ),
    # tasks
    Message(
        "NV02",
        ERROR,
        "Nhiệm vụ “Hoàn thành” nhưng chưa ghi ngày hoàn thành.",
        "Nhiệm vụ đã hoàn thành phải có ngày hoàn thành để xét đúng hạn.",
        "Ghi ngày hoàn thành, ví dụ 15/6/2021, hoặc chọn lại tình hình thực hiện.",
        ("completed_on",),
    ),
    Message(
        "NV03",
        ERROR,
        "Có ngày hoàn thành nhưng tình hình không phải là “Hoàn thành”.",
        "Chỉ ghi ngày hoàn thành khi nhiệm vụ đã hoàn thành.",
        "Xóa ngày hoàn thành hoặc chọn “Hoàn thành”.",
        ("completed_on", "state"),
        ("completed_on",),
    ),
    Message(
        "NV04",
        WARNING,
        "Chưa nêu kết quả thực hiện.",
        "Nhiệm vụ đang thực hiện hoặc đã hoàn thành cần nêu kết quả trong kỳ.",
        "Ghi ngắn gọn việc đã làm được trong kỳ.",
        ("result", "state"),
    ),
    # indicators
    Message(
        "CT01",
        ERROR,
        "Có tử số nhưng chưa có mẫu số.",
        "Chỉ tiêu tỷ lệ cần cả tử số và mẫu số.",
        "Điền mẫu số; nếu không phát sinh thì gõ 0 ở cả hai ô.",
        ("denominator", "numerator"),
        ("numerator", "denominator"),
    ),
    Message(
        "CT02",
        ERROR,
        "Tử số ({numerator}) lớn hơn mẫu số ({denominator}).",
        "Tử số là một phần của mẫu số nên không thể lớn hơn.",
        "Kiểm tra xem có ghi nhầm hai ô cho nhau hoặc gõ thừa chữ số không.",
        ("numerator", "denominator"),
        ("numerator", "denominator"),
    ),
    Message(
        "CT03",
        WARNING,
        "Chỉ tiêu này không có mẫu số nhưng ô mẫu số ghi “{typed}”.",
        "Chỉ tiêu số lượng hoặc có/không chỉ ghi ở cột “Tử số / số lượng”.",
        "Xóa nội dung ô mẫu số; nội dung này không được tính.",
        ("denominator",),
        ("denominator",),
    ),
    Message(
        "CT04",
        ERROR,
        "Ghi “{typed}”, có vẻ là tỷ lệ chứ không phải số lượng.",
        "Ô này nhận số lượng; tỷ lệ do biểu mẫu tự tính.",
        "Gõ số lượng thực tế, không gõ tỷ lệ.",
        ("numerator", "denominator"),
        ("numerator", "denominator"),
    ),
    Message(
        "CT05",
        ERROR,
        "Ghi “{typed}”, không đọc được thành Có hoặc Không.",
        "Chỉ tiêu loại có/không chỉ nhận “Có” hoặc “Không”.",
        "Bấm vào ô và chọn Có hoặc Không.",
    ),
    # difficulties
    Message(
        "KK01",
        ERROR,
        "Trả lời “Có” nhưng chưa ghi khó khăn, vướng mắc nào.",
        "Nếu có khó khăn thì phải ghi ít nhất một dòng.",
        "Ghi nội dung khó khăn vào bảng bên dưới, hoặc trả lời “Không”.",
    ),
    Message(
        "KK02",
        WARNING,
        "Trả lời “Không” nhưng bảng bên dưới có {count} dòng; các dòng này vẫn được tổng hợp.",
        "Câu trả lời phải khớp với bảng.",
        "Trả lời “Có”, hoặc xóa các dòng đã ghi.",
    ),
    # plan
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
        "Nhiệm vụ “{typed}” chưa có đơn vị chủ trì.",
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
        "Chỉ tiêu “{typed}” chưa có đơn vị nào báo cáo.",
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
)

MESSAGES: dict[str, Message] = {message.code: message for message in _ALL}

CHECKS: dict[str, str] = {
    # pandera's own checks → the code of their message
    "not_nullable": "BB01",
    "isin": "LC01",
    "greater_than_or_equal_to": "SO04",
    "less_than_or_equal_to": "SO05",
    "str_length": "CH01",
    "str_matches": "KH09",
}
