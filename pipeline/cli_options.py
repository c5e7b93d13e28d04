"""What the commands share: their options, and where things lie by default."""

import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypedDict, TypeVar

import click

from pipeline.errors import CannotRun
from pipeline.inbox import has_submissions

Command = TypeVar("Command", bound=Callable[..., None])
_SCHEDULER = re.compile(r"(tcp|tls)://[^\s/]+:\d{1,5}")
_PERIOD = re.compile(r"\d{4}-[A-Z]+\d*")
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


class Scheduler(click.ParamType[str]):
    name = "ĐỊA CHỈ"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not _SCHEDULER.fullmatch(str(value)):
            self.fail(f"“{value}” không phải là địa chỉ cụm máy; ghi dạng tcp://10.0.0.5:8786.", param, ctx)
        return str(value)


PATH = click.Path(path_type=Path)
plan_option = click.option(
    "--plan", "plan_path", type=PATH, metavar="TỆP", help="Kế hoạch; mặc định input/<năm>/ke-hoach.xlsx."
)
inbox_option = click.option("--inbox", type=PATH, metavar="THƯ MỤC", help="Thư mục nhận; mặc định input/<kỳ>.")
out_option = click.option("--out", type=PATH, metavar="THƯ MỤC", help="Thư mục kết quả; mặc định output/<kỳ>.")
as_of_option = click.option("--as-of", type=Day(), help="Ngày xét tình trạng; mặc định ngày tổng hợp của kỳ.")
inputs_option = click.option(
    "--input", "inputs", type=PATH, default=INPUT, metavar="THƯ MỤC", help="Thư mục chứa các kỳ; mặc định input."
)
scheduler_option = click.option(
    "--scheduler", type=Scheduler(), help="Cụm Dask đọc tệp, dạng tcp://máy:cổng; mặc định đọc trên máy này."
)
strict_option = click.option("--strict", is_flag=True, help="Trả mã thoát 1 nếu bản nộp có lỗi.")


class RunOptions(TypedDict):
    """What every command that makes a period's outputs takes."""

    plan_path: Path | None
    inbox: Path | None
    out: Path | None
    as_of: date | None
    scheduler: str | None
    strict: bool


def run_options(command: Command) -> Command:
    """The options of :class:`RunOptions`."""
    for option in (strict_option, scheduler_option, as_of_option, out_option, inbox_option, plan_option):
        command = option(command)
    return command


def plan_of(period: str) -> Path:
    return INPUT / period.split("-", maxsplit=1)[0] / PLAN_FILE


def newest(inbox: Path | None) -> str:
    """The newest period whose folder holds submissions."""
    if inbox is not None:
        raise CannotRun("Đã chỉ --inbox thì phải ghi kỳ, ví dụ: tonghop quarter 2021-Q2 --inbox THƯ_MỤC.")
    folders = [path for path in INPUT.glob("*") if path.is_dir() and _PERIOD.fullmatch(path.name)]
    periods = sorted(path.name for path in folders if has_submissions(path)) or sorted(path.name for path in folders)
    if not periods:
        raise CannotRun(
            f"Chưa có thư mục nhận nào trong {INPUT}/, ví dụ {INPUT}/2021-Q2. Tạo thư mục và chép tệp vào đó."
        )
    return periods[-1]


def newest_plan() -> Path:
    plans = sorted(INPUT.glob(f"[0-9][0-9][0-9][0-9]/{PLAN_FILE}"))
    if not plans:
        raise CannotRun(f"Chưa có kế hoạch nào trong {INPUT}/<năm>/{PLAN_FILE}.")
    return plans[-1]
