"""The command ``tonghop``: the only module that knows click, the clock and exit codes.

Heavy imports wait until a command runs, so that ``--help`` and shell completion answer at once.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline import __version__
from pipeline.cli_words import VietnameseGroup, explain
from pipeline.errors import CannotRun

if TYPE_CHECKING:
    from pipeline.run import Outcome

_PERIOD = re.compile(r"\d{4}-[A-Z]+\d*")
_TELL = "Giữ nguyên thư mục input và báo người phụ trách phần mềm."
INPUT, OUTPUT = Path("input"), Path("output")
PLAN_FILE = "ke-hoach.xlsx"


class Day(click.ParamType[date]):
    name = "NGÀY"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        for pattern in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y"):
            try:
                return datetime.strptime(str(value), pattern).date()
            except ValueError:
                continue
        self.fail(f"“{value}” không phải là ngày; ghi dạng 25/06/2021.", param, ctx)
        return None


class Year(click.ParamType[int]):
    name = "NĂM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if not (str(value).isdecimal() and 1900 <= int(value) <= 9998):
            self.fail(f"“{value}” không phải là năm; ghi bốn chữ số, ví dụ 2022.", param, ctx)
        return int(value)


class LetterBatch(click.ParamType[str]):
    name = "LOẠI"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from schemas.letters import BATCHES

        if value not in BATCHES:
            self.fail(f"không có loại thư “{value}”; các loại: {', '.join(BATCHES)}.", param, ctx)
        return str(value)


PATH = click.Path(path_type=Path)
plan_option = click.option(
    "--plan", "plan_path", type=PATH, metavar="TỆP", help="Kế hoạch; mặc định input/<năm>/ke-hoach.xlsx."
)
inbox_option = click.option("--inbox", type=PATH, metavar="THƯ MỤC", help="Thư mục nhận; mặc định input/<kỳ>.")
out_option = click.option("--out", type=PATH, metavar="THƯ MỤC", help="Thư mục kết quả; mặc định output/<kỳ>.")
as_of_option = click.option("--as-of", type=Day(), help="Ngày xét tình trạng; mặc định ngày tổng hợp của kỳ.")
strict_option = click.option("--strict", is_flag=True, help="Trả mã thoát 1 nếu bản nộp có lỗi.")


@click.group(cls=VietnameseGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="tonghop", message="%(prog)s %(version)s", help="Hiện phiên bản.")
def cli() -> None:
    """Tổng hợp báo cáo quý của các đơn vị: nhận tệp Excel, trả tệp Excel."""


@cli.command()
@click.argument("period", required=False, metavar="[KỲ]")
@plan_option
@inbox_option
@out_option
@as_of_option
@strict_option
def quarter(
    period: str | None, plan_path: Path | None, inbox: Path | None, out: Path | None, as_of: date | None, strict: bool
) -> None:
    """Tổng hợp một quý, ví dụ: tonghop quarter 2021-Q2.

    Không ghi kỳ thì lấy kỳ mới nhất có thư mục trong input/.
    """
    _report(period or _newest(inbox), plan_path, inbox, out, as_of, strict)


@cli.command()
@click.argument("period", metavar="KỲ")
@plan_option
@inbox_option
@out_option
@as_of_option
@strict_option
def report(
    period: str, plan_path: Path | None, inbox: Path | None, out: Path | None, as_of: date | None, strict: bool
) -> None:
    """Tổng hợp một kỳ bất kỳ có trong kế hoạch, ví dụ báo cáo đột xuất 2021-DX1."""
    _report(period, plan_path, inbox, out, as_of, strict)


@cli.command()
@click.argument("period", metavar="KỲ")
@plan_option
@out_option
def templates(period: str, plan_path: Path | None, out: Path | None) -> None:
    """Tạo biểu mẫu cho mọi đơn vị, ví dụ: tonghop templates 2021-Q3."""
    from pipeline.plan.load import load_plan
    from pipeline.run import write_templates

    plan = load_plan(plan_path or _plan_of(period))
    paths = write_templates(plan, plan.period(period), out or OUTPUT / period, _track)
    click.echo(f"Đã tạo {len(paths)} biểu mẫu trong {paths[0].parent}")


@cli.command()
@click.argument("files", nargs=-1, required=True, type=PATH, metavar="TỆP...")
@plan_option
def check(files: Sequence[Path], plan_path: Path | None) -> None:
    """Kiểm tra một hay nhiều bản nộp và liệt kê lỗi; mã thoát 1 nếu có lỗi."""
    from pipeline.check_files import check_files
    from pipeline.summary import issue_lines
    from schemas.words import Severity

    found_error = False
    for file, verdict, issues in check_files(list(files), plan_path, INPUT):
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
    from pipeline.plan.load import load_plan
    from pipeline.plan.roll import roll_plan
    from pipeline.write.plan_book import write_plan

    path = out or INPUT / str(year) / PLAN_FILE
    if path.exists():
        raise CannotRun(f"{path} đã có. Đổi tên hoặc xóa tệp này nếu muốn tạo lại.")
    write_plan(roll_plan(load_plan(source or _newest_plan()), year), path)
    click.echo(f"Đã tạo {path}. Mở bằng Excel, kiểm tra các ngày, mục tiêu và số liệu gốc trước khi dùng.")


@cli.command()
@plan_option
@click.option(
    "--input", "inputs", type=PATH, default=INPUT, metavar="THƯ MỤC", help="Thư mục chứa các kỳ; mặc định input."
)
def sample(plan_path: Path | None, inputs: Path) -> None:
    """Tạo lại bản nộp minh họa của quý I và quý II năm 2021."""
    from pipeline.sample.make import make_sample

    paths = make_sample(plan_path or inputs / "2021" / PLAN_FILE, inputs)
    click.echo(f"Đã tạo {len(paths)} bản nộp minh họa trong {inputs}")


@cli.command()
@click.argument("period", metavar="KỲ")
@click.argument("batch", type=LetterBatch(), metavar="LOẠI")
@plan_option
@inbox_option
@out_option
@click.option("--as-of", type=Day(), help="Ngày soạn thư nhắc; mặc định hôm nay.")
def letters(
    period: str, batch: str, plan_path: Path | None, inbox: Path | None, out: Path | None, as_of: date | None
) -> None:
    """Soạn thư nháp (.eml) gửi đơn vị, ví dụ: tonghop letters 2021-Q2 nhac.

    Loại: phat-mau (phát biểu mẫu), nhac (nhắc đơn vị chưa nộp), tra-lai (trả lại bản nộp có lỗi),
    ket-qua (gửi tệp tổng hợp). Chương trình không gửi thư và không kết nối mạng.
    """
    from pipeline.letters.run import write_letters
    from pipeline.letters.summary import letter_lines

    folders = plan_path or _plan_of(period), inbox or INPUT / period, out or OUTPUT / period
    drafted = write_letters(folders[0], period, batch, *folders[1:], as_of or date.today(), _track)
    click.echo("\n".join(letter_lines(drafted)))
    if drafted.failed or drafted.lacking:
        sys.exit(2)


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point: every failure is one Vietnamese message and exit code 2; never a traceback for the officer."""
    for stream in (sys.stdout, sys.stderr):
        # A log file in an old code page lacks some letters; a “?” in it is better than no run.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
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
        click.echo("Đã dừng. Các tệp đã ghi vẫn nguyên vẹn; chạy lại để làm tiếp.", err=True)
        sys.exit(2)
    except Exception as error:
        # The officer gets one sentence; a developer sets the variable to see where.
        if os.environ.get("TONGHOP_DEBUG"):
            raise
        click.echo(f"Không thể chạy. Lỗi của chương trình ({type(error).__name__}: {error}). {_TELL}", err=True)
        sys.exit(2)
    sys.exit(code if isinstance(code, int) else 0)


def _report(
    period: str, plan_path: Path | None, inbox: Path | None, out: Path | None, as_of: date | None, strict: bool
) -> None:
    from pipeline.run import run_period
    from pipeline.summary import summarise

    outcome = run_period(
        plan_path or _plan_of(period), period, inbox or INPUT / period, out or OUTPUT / period, as_of, _track
    )
    click.echo("\n".join(summarise(outcome)))
    if outcome.failed:
        sys.exit(2)
    if strict and _has_errors(outcome):
        sys.exit(1)


def _has_errors(outcome: Outcome) -> bool:
    from schemas.words import Severity

    return bool((outcome.report.issues["severity"] == Severity.ERROR).any())


def _plan_of(period: str) -> Path:
    return INPUT / period.split("-", maxsplit=1)[0] / PLAN_FILE


def _newest(inbox: Path | None) -> str:
    """The newest period that has a folder of submissions."""
    if inbox is not None:
        raise CannotRun("Đã chỉ --inbox thì phải ghi kỳ, ví dụ: tonghop quarter 2021-Q2 --inbox THƯ_MỤC.")
    periods = sorted(path.name for path in INPUT.glob("*") if path.is_dir() and _PERIOD.fullmatch(path.name))
    if not periods:
        raise CannotRun(
            f"Chưa có thư mục nhận nào trong {INPUT}/, ví dụ {INPUT}/2021-Q2. Tạo thư mục và chép tệp vào đó."
        )
    return periods[-1]


def _newest_plan() -> Path:
    plans = sorted(INPUT.glob(f"[0-9][0-9][0-9][0-9]/{PLAN_FILE}"))
    if not plans:
        raise CannotRun(f"Chưa có kế hoạch nào trong {INPUT}/<năm>/{PLAN_FILE}.")
    return plans[-1]


def _track(things: Sequence[Any], label: str) -> Iterable[Any]:
    """A progress bar on a terminal; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield from things
        return
    with click.progressbar(things, label=label, file=sys.stderr) as bar:
        yield from bar
