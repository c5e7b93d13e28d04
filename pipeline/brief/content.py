"""Everything that the template may name, made from the facts of one period."""

from collections.abc import Sequence

from pipeline.brief.appendix import appendix_grids
from pipeline.brief.blocks import Block, Paragraph
from pipeline.brief.obstacles import difficulty_blocks, proposal_blocks
from pipeline.brief.phrases import day, period_in_words, plan_in_words
from pipeline.brief.requests import outlook_blocks, request_blocks
from pipeline.brief.situation import situation
from pipeline.brief.tasks import task_blocks
from pipeline.write.consolidated import Report


def report_fields(report: Report) -> dict[str, str]:
    """The values of :data:`schemas.brief.REPORT_FIELDS`."""
    plan, period = report.plan, report.period
    settings = plan.settings
    return {
        "cơ quan chủ quản": settings.issued_by,
        "đơn vị tổng hợp": plan.unit_names[settings.consolidated_by],
        "ký hiệu": f"BC-{settings.consolidated_by}",
        "địa danh": settings.place,
        "năm": str(report.as_of.year),
        "kế hoạch": plan_in_words(plan),
        "kỳ báo cáo": period_in_words(period),
        "kỳ số liệu": f"từ ngày {day(period.data_from)} đến ngày {day(period.data_to)}",
        "ngày xét": day(report.as_of),
    }


def report_blocks(report: Report) -> dict[str, Sequence[Block]]:
    """The paragraphs and tables of :data:`schemas.brief.REPORT_BLOCKS`."""
    texts: dict[str, Sequence[Block]] = {
        "tình hình chung": [Paragraph(f"{n}. {text}") for n, text in enumerate(situation(report), start=1)],
        "kết quả từng nhiệm vụ": task_blocks(report),
        "khó khăn, vướng mắc": difficulty_blocks(report),
        "đề xuất theo cơ quan": proposal_blocks(report),
        "kiến nghị": request_blocks(report),
        "kỳ tới": outlook_blocks(report),
    }
    return texts | {name: [grid] for name, grid in appendix_grids(report).items()}
