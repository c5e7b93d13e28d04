"""The list of difficulties for the consolidating department, and who must explain (due on day 25, section III.6.b)."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from pipeline.assess.obstacles import obstacles
from pipeline.write.book import IN_MEMORY, Book
from pipeline.write.difficulty_list import LIST_SHEET, write_difficulty_list
from pipeline.write.heading import Heading
from pipeline.write.table import TableSheet, detail, write_table
from schemas.glossary import DIFFICULTY_TOPIC, GENERAL_TERMS, notes
from schemas.records import Difficulty, Explanation, Note, Obstacle

if TYPE_CHECKING:
    from pipeline.write.consolidated import Report


def write_difficulties(report: "Report", path: Path) -> None:
    """Raises NotWritten where the file cannot be put in place."""
    title = f"Danh sách khó khăn, vướng mắc {report.period.period_name}"
    rows, explain = report.facts.difficulties, report.assessment.explanations
    is_large = len(explain) > IN_MEMORY
    book = Book(title, report.created, company=report.owner, subject=report.plan.settings.title, large=is_large)
    units = rows["unit_code"].nunique()
    said = f"{len(rows)} khó khăn, vướng mắc của {units} đơn vị; nguyên văn nội dung đơn vị báo cáo."
    subtitle = f"{report.subtitle} {said}"
    every = TableSheet(
        "Khó khăn",
        Heading(f"Chi tiết {title.lower()}", subtitle, "Phụ lục II", report.attached, LIST_SHEET),
        Difficulty,
        rows,
        "Không đơn vị nào báo cáo khó khăn.",
        colour=("state", "update"),
    )
    write_difficulty_list(book, report, Heading(title, subtitle, "Phụ lục I", report.attached), detail(every))
    write_table(book, every, "bang_kho_khan")
    shared = obstacles(rows, report.plan)
    subtitle = f"{report.subtitle} Cùng một vướng mắc do nhiều đơn vị nêu; nội dung từng đơn vị ở sheet “Khó khăn”."
    heading = Heading("Vướng mắc do nhiều đơn vị cùng nêu", subtitle, "Phụ lục III", report.attached, LIST_SHEET)
    write_table(book, TableSheet("Vướng mắc chung", heading, Obstacle, shared), "bang_vuong_mac_chung")
    subtitle = f"{report.subtitle} Chậm so với mốc hoặc thời hạn mà đơn vị không nêu khó khăn, vướng mắc."
    heading = Heading(
        f"Đơn vị cần giải trình {report.period.period_name}", subtitle, "Phụ lục IV", report.attached, LIST_SHEET
    )
    write_table(
        book,
        TableSheet("Cần giải trình", heading, Explanation, explain, "Không có đơn vị nào."),
        "bang_giai_trinh",
    )
    told = pd.DataFrame(notes())
    told = told[(told["topic"] == DIFFICULTY_TOPIC) | told["term"].isin(GENERAL_TERMS)]
    heading = Heading("Ghi chú", report.subtitle, "Phụ lục V", report.attached, LIST_SHEET)
    write_table(book, TableSheet("Ghi chú", heading, Note, told), "bang_ghi_chu")
    book.save(path)
