"""The command ``tonghop``: only this module and those beside it (``cli_*``) know click, the clock and exit codes.

Heavy imports wait until a command runs, so that ``--help`` and shell completion answer at once.
"""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import click

from pipeline import __version__
from pipeline.cli_letters import brief, letters
from pipeline.cli_options import (
    INPUT,
    OUTPUT,
    PATH,
    PLAN_FILE,
    RunOptions,
    Year,
    inbox_option,
    inputs_option,
    newest,
    newest_plan,
    out_option,
    plan_of,
    plan_option,
    run_options,
    scheduler_option,
)
from pipeline.cli_progress import means, read_ahead
from pipeline.cli_words import VietnameseGroup, explain
from pipeline.ending import STOPPED
from pipeline.errors import CannotRun
from pipeline.inbox import DECISIONS_FILE, has_submissions

if TYPE_CHECKING:
    from pipeline.run import Outcome

_TELL = "Giữ nguyên thư mục input và báo người phụ trách phần mềm."


@click.group(cls=VietnameseGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tonghop", message="%(prog)s %(version)s", help="Hiện phiên bản.")
def cli() -> None:
    """Tổng hợp báo cáo quý của các đơn vị: nhận tệp Excel, trả tệp Excel."""


@cli.command()
@click.argument("period", required=False, metavar="[KỲ]")
@run_options
def quarter(period: str | None, **options: Unpack[RunOptions]) -> None:
    """Tổng hợp một quý, ví dụ: tonghop quarter 2021-Q2.

    Không ghi kỳ thì lấy kỳ mới nhất đã có bản nộp trong input/.
    """
    _report(period or newest(options["inbox"]), options)


@cli.command()
@click.argument("period", metavar="KỲ")
@run_options
def report(period: str, **options: Unpack[RunOptions]) -> None:
    """Tổng hợp một kỳ bất kỳ có trong kế hoạch, ví dụ báo cáo đột xuất 2021-DX1."""
    _report(period, options)


@cli.command()
@click.argument("year", type=Year(), metavar="NĂM")
@run_options
def year(year: int, **options: Unpack[RunOptions]) -> None:
    """Tổng hợp cả năm từ các quý và bản nộp báo cáo năm, ví dụ: tonghop year 2021.

    Các quý được đọc từ những thư mục nằm cạnh thư mục nhận của kỳ năm.
    """
    from pipeline.plan.load import load_plan
    from pipeline.run import run

    with means(options["scheduler"]) as how:
        plan = load_plan(options["plan_path"] or INPUT / str(year) / PLAN_FILE)
        period = plan.year_period()
        outcome = run(plan, period, *_folders(period.period_code, options), options["as_of"], how)
    _tell(outcome, options["strict"])


@cli.command()
@click.argument("period", metavar="KỲ")
@plan_option
@inbox_option
@out_option
@inputs_option
@scheduler_option
def templates(
    period: str, plan_path: Path | None, inbox: Path | None, out: Path | None, inputs: Path, scheduler: str | None
) -> None:
    """Tạo biểu mẫu cho mọi đơn vị, kèm số liệu kỳ trước, ví dụ: tonghop templates 2021-Q3.

    Mỗi biểu mẫu mang dấu riêng của đơn vị; khóa của kỳ nằm trong thư mục nhận.
    """
    from pipeline.history import read_history
    from pipeline.opening import opening_lines, with_opening
    from pipeline.plan.load import load_plan
    from pipeline.run import write_templates
    from pipeline.stamp import make_key, read_key

    plan = load_plan(plan_path or plan_of(period))
    coming, folder = plan.period(period), inbox or inputs / period
    # A key made after submissions have come in would refuse them all.
    late = not read_key(folder) and has_submissions(folder)
    with means(scheduler) as how:
        plan = with_opening(plan, inputs, how)
        history = read_history(plan, coming, inputs, how)
        key = b"" if late else make_key(folder)
        paths = write_templates(plan, coming, out or OUTPUT / period, how, key, history)
    click.echo(f"Đã tạo {len(paths)} biểu mẫu trong {paths[0].parent}")
    for line in opening_lines(plan, OUTPUT) if not history else ():
        click.echo(line)
    if late:
        click.echo(f"Biểu mẫu không đóng dấu vì {folder} đã có bản nộp không dấu.")


@cli.command()
@click.argument("period", metavar="KỲ")
@plan_option
@inbox_option
@scheduler_option
def decisions(period: str, plan_path: Path | None, inbox: Path | None, scheduler: str | None) -> None:
    """Tạo hoặc bổ sung tệp xac-nhan.xlsx để ghi quyết định, ví dụ: tonghop decisions 2021-Q2.

    Các dòng đã ghi giữ nguyên; mỗi cảnh báo còn treo thêm một dòng.
    """
    from pipeline.decide import write_decisions

    with means(scheduler) as how:
        path, count = write_decisions(plan_path or plan_of(period), period, inbox or INPUT / period, how)
    click.echo(f"Đã ghi {path}: {count} cảnh báo chờ quyết định. Điền bằng Excel rồi chạy lại tổng hợp.")


@cli.command()
@click.argument("files", nargs=-1, required=True, type=PATH, metavar="TỆP...")
@plan_option
def check(files: Sequence[Path], plan_path: Path | None) -> None:
    """Kiểm tra một hay nhiều bản nộp và liệt kê lỗi; mã thoát 1 nếu có lỗi."""
    from pipeline.check_files import check_files
    from pipeline.summary import issue_lines
    from schemas.words import Severity

    found_error = False
    with means() as how:
        for file, verdict, issues in check_files(list(files), plan_path, INPUT, how):
            how.progress.clear()
            click.echo(f"{file}: {verdict}")
            for line in issue_lines(issues):
                click.echo(f"  {line}")
            found_error = found_error or bool((issues["severity"] == Severity.ERROR).any())
    if found_error:
        sys.exit(1)


@cli.command()
@click.argument("year", type=Year(), metavar="NĂM")
@click.option("--from", "source", type=PATH, metavar="TỆP", help="Kế hoạch làm gốc; mặc định kế hoạch mới nhất.")
@click.option("--out", type=PATH, metavar="TỆP", help="Tệp kế hoạch mới; mặc định input/<năm>/ke-hoach.xlsx.")
def plan(year: int, source: Path | None, out: Path | None) -> None:
    """Tạo kế hoạch của năm mới từ kế hoạch mới nhất, ví dụ: tonghop plan 2022."""
    from pipeline.brief.run import carry_template
    from pipeline.opening import opening_lines, with_opening
    from pipeline.plan.load import load_plan
    from pipeline.plan.roll import roll_plan, texts_of_earlier_years
    from pipeline.write.plan_book import write_plan

    path = out or INPUT / str(year) / PLAN_FILE
    if path.exists():
        raise CannotRun(f"{path} đã có. Đổi tên hoặc xóa tệp này nếu muốn tạo lại.")
    old = source or newest_plan()
    made = roll_plan(load_plan(old), year)
    write_plan(made, path)
    carry_template(old, path)
    click.echo(f"Đã tạo {path}. Mở bằng Excel, kiểm tra các ngày, mục tiêu và số liệu gốc trước khi dùng.")
    for text in texts_of_earlier_years(made):
        click.echo(f"Còn ghi năm cũ, sửa nếu cần: {text}.")
    with means() as how:
        for line in opening_lines(with_opening(made, INPUT, how), OUTPUT):
            click.echo(line)


@cli.command()
@plan_option
@inputs_option
def sample(plan_path: Path | None, inputs: Path) -> None:
    """Tạo lại bản nộp minh họa của quý I và quý II năm 2021."""
    from pipeline.sample.make import make_sample

    paths = make_sample(plan_path or inputs / "2021" / PLAN_FILE, inputs)
    click.echo(f"Đã tạo {len(paths)} bản nộp minh họa trong {inputs}")


for command in (letters, brief):
    cli.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point: every failure is one Vietnamese message and exit code 2; never a traceback for the officer."""
    for stream in (sys.stdout, sys.stderr):
        # The system's old code page lacks letters: a log file has them all in UTF-8, a terminal shows “?” for some.
        if isinstance(stream, io.TextIOWrapper):
            told = stream.isatty() or "PYTHONIOENCODING" in os.environ
            stream.reconfigure(encoding=None if told else "utf-8", errors="replace")
    # A run makes objects by the million and hardly ever a ring of them: looking for rings at Python's own pace would
    # take a tenth of its time.
    gc.set_threshold(200_000, 20, 50)
    # numpy's linear algebra, of which nothing is used, would keep a processor busy with threads that wait for work.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        code = cli.main(
            args=list(arguments) if arguments is not None else None, prog_name="tonghop", standalone_mode=False
        )
    except CannotRun as error:
        click.echo(f"Không thể chạy. {error}", err=True)
        sys.exit(2)
    except click.ClickException as error:
        click.echo(explain(error), err=True)
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo(STOPPED, err=True)
        sys.exit(2)
    except Exception as error:
        # The officer gets one sentence; a developer sets the variable to see where.
        if os.environ.get("TONGHOP_DEBUG"):
            raise
        click.echo(f"Không thể chạy. Lỗi của chương trình ({type(error).__name__}: {error}). {_TELL}", err=True)
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)


def _report(period: str, options: RunOptions) -> None:
    with means(options["scheduler"]) as how:
        inbox, out = _folders(period, options)
        if options["scheduler"] is None:
            read_ahead(inbox, how)
        from pipeline.run import run_period

        outcome = run_period(options["plan_path"] or plan_of(period), period, inbox, out, options["as_of"], how)
    _tell(outcome, options["strict"])


def _folders(period: str, options: RunOptions) -> tuple[Path, Path]:
    """Where the submissions lie, and where the outputs go."""
    return options["inbox"] or INPUT / period, options["out"] or OUTPUT / period


def _tell(outcome: Outcome, strict: bool) -> None:
    from pipeline.summary import summarise

    click.echo("\n".join(summarise(outcome)))
    if outcome.failed:
        sys.exit(2)
    if strict and _has_errors(outcome):
        sys.exit(1)


def _has_errors(outcome: Outcome) -> bool:
    from schemas.words import Severity

    issues = outcome.report.issues
    return bool(((issues["severity"] == Severity.ERROR) & (issues["file"] != DECISIONS_FILE)).any())
