"""Messages of the rules between periods: warnings that ask, as the sender may well be right."""

from schemas.catalogue.message import WARNING, Message

MESSAGES = (
    Message(
        "LK01",
        WARNING,
        "{before_period}: {before}, {period}: {now}.",
        "Số lũy kế không thể giảm; đề nghị kiểm tra.",
        "Kiểm tra số của hai kỳ; nếu kỳ trước sai thì ghi chú và báo cơ quan tổng hợp.",
        example={"before_period": "Quý I", "before": "120", "period": "Quý II", "now": "95"},
    ),
    Message(
        "LK02",
        WARNING,
        "{before_period}: “Hoàn thành”, {period}: “{now}”.",
        "Nhiệm vụ đã hoàn thành thì không trở lại chưa hoàn thành; đề nghị kiểm tra.",
        "Chọn lại “Hoàn thành”, hoặc nêu lý do ở cột “Kết quả thực hiện”.",
        example={"before_period": "Quý I", "period": "Quý II", "now": "Đang thực hiện"},
    ),
    Message(
        "LK03",
        WARNING,
        "Ngày hoàn thành {typed} không thuộc năm {year}.",
        "Ngày hoàn thành nằm trong năm của kế hoạch; đề nghị kiểm tra.",
        "Kiểm tra xem có gõ nhầm năm không.",
        example={"typed": "15/06/2020", "year": "2021"},
    ),
    Message(
        "LK04",
        WARNING,
        "Ngày hoàn thành {typed} sau ngày báo cáo {day}.",
        "Việc đã hoàn thành thì ngày hoàn thành không sau ngày báo cáo; đề nghị kiểm tra.",
        "Kiểm tra ngày; nếu việc chưa xong thì chọn “Đang thực hiện” và xóa ngày.",
        example={"typed": "15/07/2021", "day": "15/06/2021"},
    ),
    Message(
        "LK05",
        WARNING,
        "{before_period}: {before}, {period}: {now}, thay đổi {change}.",
        "Tỷ lệ của đơn vị thay đổi quá {limit} so với kỳ trước; đề nghị kiểm tra.",
        "Kiểm tra tử số, mẫu số; nếu đúng thì giải thích ở cột “Ghi chú”.",
        example={
            "before_period": "Quý I",
            "before": "42 %",
            "period": "Quý II",
            "now": "85 %",
            "change": "43 điểm %",
            "limit": "30 điểm %",
        },
    ),
    Message(
        "LK06",
        WARNING,
        "Khó khăn ghi “Đã giải quyết” nhưng chưa kỳ nào nêu.",
        "Khó khăn được nêu trước rồi mới giải quyết; đề nghị kiểm tra.",
        "Nếu là khó khăn đã nêu, cập nhật ở dòng mang mã của nó.",
    ),
    Message(
        "LK07",
        WARNING,
        "Mã khó khăn “{typed}” không có trong các kỳ trước của đơn vị.",
        "Mã do hệ thống cấp; dòng mới để trống; đề nghị kiểm tra.",
        "Dùng dòng điền sẵn của biểu mẫu; dòng này được tính là khó khăn mới.",
        example={"typed": "2021-Q1-HLM-1"},
    ),
    Message(
        "LK08",
        WARNING,
        "Báo cáo năm: {now}; cộng các quý: {before}.",
        "Số cả năm của chỉ tiêu trong kỳ bằng tổng các quý; đề nghị kiểm tra.",
        "Kiểm tra số của năm và của từng quý.",
        example={"now": "450", "before": "430"},
    ),
)
