"""The commands that write letters and the report from what a run has found."""

import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from pipeline.cli_options import (
    INPUT,
    OUTPUT,
    Day,
    inbox_option,
    newest,
    out_option,
    plan_of,
    plan_option,
    scheduler_option,
)
from pipeline.cli_progress import means
from pipeline.cli_words import VietnameseCommand


class LetterBatch(click.ParamType[str]):
    name = "LOẠI"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from schemas.letters import BATCHES

        if value not in BATCHES:
            self.fail(f"không có loại thư “{value}”; các loại: {', '.join(BATCHES)}.", param, ctx)
        return str(value)


@click.command(cls=VietnameseCommand)
@click.argument("period", metavar="KỲ")
@click.argument("batch", type=LetterBatch(), metavar="LOẠI")
@plan_option
@inbox_option
@out_option
@click.option("--as-of", type=Day(), help="Ngày soạn thư nhắc; mặc định hôm nay.")
@scheduler_option
def letters(
    period: str,
    batch: str,
    plan_path: Path | None,
    inbox: Path | None,
    out: Path | None,
    as_of: date | None,
    scheduler: str | None,
) -> None:
    """Soạn thư nháp (.eml) gửi đơn vị, ví dụ: tonghop letters 2021-Q2 nhac.

    Loại: phat-mau (phát biểu mẫu), nhac (nhắc đơn vị chưa nộp), tra-lai (trả lại bản nộp có lỗi),
    ket-qua (gửi tệp tổng hợp). Chương trình không gửi thư và không kết nối mạng.
    """
    from pipeline.letters.run import write_letters
    from pipeline.letters.summary import letter_lines

    folders = plan_path or plan_of(period), inbox or INPUT / period, out or OUTPUT / period
    with means(scheduler) as how:
        drafted = write_letters(folders[0], period, batch, *folders[1:], as_of or date.today(), how)
    click.echo("\n".join(letter_lines(drafted)))
    if drafted.failed or drafted.lacking:
        sys.exit(2)


@click.command(cls=VietnameseCommand)
@click.argument("period", required=False, metavar="[KỲ]")
@plan_option
@inbox_option
@out_option
@scheduler_option
def brief(
    period: str | None, plan_path: Path | None, inbox: Path | None, out: Path | None, scheduler: str | None
) -> None:
    """Soạn dự thảo báo cáo (.docx) theo tệp tổng hợp đã ghi, ví dụ: tonghop brief 2021-Q2."""
    from pipeline.brief.run import write_brief

    period = period or newest(inbox)
    folders = inbox or INPUT / period, out or OUTPUT / period
    with means(scheduler) as how:
        path = write_brief(plan_path or plan_of(period), period, *folders, how)
    click.echo(f"Đã soạn {path}. Mở bằng Word, đọc lại, thêm số, ngày và người ký.")
