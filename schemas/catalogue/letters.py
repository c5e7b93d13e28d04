"""Messages about the officer's own wording: the letters of the plan and the Word template of the report."""

from schemas.catalogue.message import ERROR, Message

MESSAGES = (
    Message(
        "TM01",
        ERROR,
        "Không có trường “{{{name}}}”{suggestion}.",
        "Mẫu thư “{kind}” chỉ dùng được các trường: {known}.",
        "Sửa tên trường trong ngoặc nhọn, hoặc gõ thẳng nội dung không dùng ngoặc nhọn.",
    ),
    Message(
        "TM02",
        ERROR,
        "Ngoặc nhọn không đủ cặp ở chỗ “{place}”.",
        "Mỗi tên trường nằm trong một cặp ngoặc nhọn, không lồng nhau.",
        "Thêm hoặc xóa ngoặc nhọn cho đủ cặp.",
    ),
    Message(
        "TM03",
        ERROR,
        "Không có trường “{{{name}}}”{suggestion}, ở đoạn “{place}”.",
        "Mẫu báo cáo chỉ dùng được các trường: {known}.",
        "Sửa tên trường trong ngoặc nhọn, hoặc xóa cả ngoặc.",
    ),
    Message(
        "TM04",
        ERROR,
        "Trường “{{{name}}}” đứng lẫn với chữ khác, ở đoạn “{place}”.",
        "Trường này thay bằng nhiều đoạn văn hoặc bảng nên phải đứng một mình trong một đoạn.",
        "Đặt trường này ở một đoạn riêng.",
    ),
    Message(
        "TM05",
        ERROR,
        "Mẫu báo cáo {file} không mở được.",
        "Mẫu báo cáo là tệp Word dạng .docx, không đặt mật khẩu.",
        "Mở tệp bằng Word và lưu lại dạng “Word Document (*.docx)”; hoặc xóa tệp để dùng mẫu có sẵn của chương trình.",
    ),
)
