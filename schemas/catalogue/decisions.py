"""Messages about the officer's decisions (``xac-nhan.xlsx``)."""

from schemas.catalogue.message import ERROR, WARNING, Message

MESSAGES = (
    Message(
        "QD01",
        ERROR,
        "Dòng “Dùng giá trị này” chưa đủ mã, cột và giá trị.",
        "Thay giá trị phải nêu rõ mã nhiệm vụ hoặc chỉ tiêu, cột và giá trị mới.",
        "Điền đủ ba ô; quyết định này chưa có hiệu lực.",
        ("value", "kind", "item_code", "field"),
    ),
    Message(
        "QD02",
        ERROR,
        "Dòng “Chấp nhận cảnh báo” chưa ghi mã cảnh báo.",
        "Mỗi quyết định chấp nhận đúng một cảnh báo.",
        "Ghi mã cảnh báo như ở sheet “Lỗi dữ liệu”; quyết định này chưa có hiệu lực.",
        ("warning", "kind"),
    ),
    Message(
        "QD03",
        ERROR,
        "Dòng “Dùng tệp này” chưa ghi tệp.",
        "Phải nêu tên tệp như ở sheet “Nguồn dữ liệu”.",
        "Ghi tên tệp; quyết định này chưa có hiệu lực.",
        ("file", "kind"),
    ),
    Message(
        "QD04",
        ERROR,
        "Dòng “Gia hạn nộp” chưa ghi ngày gia hạn.",
        "Gia hạn phải nêu ngày.",
        "Ghi ngày ở cột “Giá trị, hạn mới”; quyết định này chưa có hiệu lực.",
        ("value", "kind"),
    ),
    Message(
        "QD05",
        ERROR,
        "Mã đơn vị “{typed}” không có trong kế hoạch.",
        "Quyết định phải nêu đơn vị của kế hoạch.",
        "Chọn mã đơn vị trong danh sách; quyết định này chưa có hiệu lực.",
    ),
    Message(
        "QD06",
        ERROR,
        "Mã “{typed}” không thuộc phần việc của đơn vị, hoặc không có cột “{column}”.",
        "Chỉ thay được giá trị mà đơn vị phải báo cáo.",
        "Sửa mã hoặc cột; quyết định này chưa có hiệu lực.",
    ),
    Message(
        "QD07",
        WARNING,
        "Quyết định không khớp với cảnh báo hoặc tệp nào đang có của đơn vị, hoặc khớp với nhiều cảnh báo khác nhau.",
        "Mỗi quyết định chỉ có tác dụng với một cảnh báo (hoặc các cảnh báo cùng mã, cùng chỗ) hoặc một tệp.",
        "Ghi thêm mã nhiệm vụ, chỉ tiêu và cột; nếu đơn vị đã gửi bản mới thì xóa dòng này.",
    ),
    Message(
        "QD08",
        ERROR,
        "Trùng với quyết định ở hàng {first}.",
        "Mỗi việc chỉ có một quyết định.",
        "Xóa bớt một dòng; hiện dòng đầu có hiệu lực.",
    ),
    Message(
        "QD09",
        WARNING,
        "Sau khi thay giá trị, {why}.",
        "Số liệu sau quyết định phải đủ và không mâu thuẫn.",
        "Thêm dòng “Dùng giá trị này” cho ô còn lại, hoặc sửa giá trị.",
    ),
)
