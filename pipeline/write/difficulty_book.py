"""The list of difficulties for the consolidating department, and who must explain (due on day 25, section III.6.b)."""

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.assess.obstacles import obstacles
from pipeline.write.book import Book
from pipeline.write.table import TableSheet, write_table
from schemas.records import Difficulty, Explanation, Obstacle

if TYPE_CHECKING:
    from pipeline.write.consolidated import Report


def write_difficulties(report: "Report", path: Path) -> None:
    """Raises NotWritten where the file cannot be put in place."""
    title = f"Danh sách khó khăn, vướng mắc {report.period.period_name}"
    company = report.plan.unit_names[report.plan.settings.consolidated_by]
    book = Book(title, report.created, company=company, subject=report.plan.settings.title)
    rows = report.facts.difficulties
    units = rows["unit_code"].nunique()
    subtitle = (
        f"{report.subtitle} {len(rows)} khó khăn, vướng mắc của {units} đơn vị; nguyên văn nội dung đơn vị báo cáo."
    )
    write_table(
        book,
        TableSheet(
            "Khó khăn", title, Difficulty, rows, subtitle, "Không đơn vị nào báo cáo khó khăn.", colour=("update",)
        ),
        "bang_kho_khan",
    )
    shared = obstacles(rows, report.plan)
    subtitle = f"{report.subtitle} Cùng một vướng mắc do nhiều đơn vị nêu; nội dung từng đơn vị ở sheet “Khó khăn”."
    write_table(
        book,
        TableSheet("Vướng mắc chung", "Vướng mắc do nhiều đơn vị cùng nêu", Obstacle, shared, subtitle),
        "bang_vuong_mac_chung",
    )
    explain = report.assessment.explanations
    subtitle = f"{report.subtitle} Chậm so với mốc hoặc thời hạn mà đơn vị không nêu khó khăn, vướng mắc."
    write_table(
        book,
        TableSheet("Cần giải trình", "Đơn vị cần giải trình", Explanation, explain, subtitle, "Không có đơn vị nào."),
        "bang_giai_trinh",
    )
    book.save(path)
