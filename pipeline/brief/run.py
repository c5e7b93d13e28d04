"""Write the draft report, from the facts of the consolidated workbook that lies in the outputs."""

from pathlib import Path

from pipeline.brief.content import report_blocks, report_fields
from pipeline.brief.house import make_template
from pipeline.brief.word import fill_template, was_edited
from pipeline.errors import CannotRun
from pipeline.means import PLAIN, Means
from pipeline.run import report_again
from pipeline.write.atomic import write_whole
from schemas.brief import TEMPLATE_FILE


def write_brief(plan_path: Path, period_code: str, inbox: Path, out: Path, means: Means = PLAIN) -> Path:
    """``bao-cao-<period>.docx`` from the template beside the plan, or the shipped one where there is none.

    Raises CannotRun where there is no current consolidated workbook, the template is faulty, the draft that lies
    there holds the officer's own work, or the file cannot be put in place.
    """
    path = out / f"bao-cao-{period_code}.docx"
    if path.exists() and was_edited(path):
        raise CannotRun(f"{path} đã được sửa sau khi soạn. Đổi tên hoặc chuyển tệp này đi rồi chạy lại, để khỏi mất.")
    report = report_again(plan_path, period_code, inbox, out, means)
    means.progress.stage("Soạn báo cáo")
    template = plan_path.with_name(TEMPLATE_FILE)
    fields = report_fields(report)
    properties = {
        "title": f"Báo cáo kết quả thực hiện {fields['kỳ báo cáo']}",
        "subject": report.plan.settings.title,
        "author": fields["đơn vị tổng hợp"],
        "last_modified_by": fields["đơn vị tổng hợp"],
        "language": "vi-VN",
    }
    content = template.read_bytes() if template.is_file() else make_template()
    made = fill_template(content, template.name, fields, report_blocks(report), report.created, properties)
    write_whole(path, made)
    return path


def carry_template(source: Path, target: Path) -> None:
    """The template beside a plan goes with the plan made from it; one that is there stays. Raises NotWritten."""
    old, new = source.with_name(TEMPLATE_FILE), target.with_name(TEMPLATE_FILE)
    if not new.exists():
        write_whole(new, old.read_bytes() if old.is_file() else make_template())
