"""Click's own words in Vietnamese: headings of the help, and mistakes on the command line."""

import re
from typing import Any

import click
from click.exceptions import NoArgsIsHelpError

_QUOTED = re.compile(r"['(]([^')]*)[')]")


class _Vietnamese(click.Command):
    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="Cách dùng: ")

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        words = {"[OPTIONS]": "[TÙY CHỌN]", "COMMAND [ARGS]...": "LỆNH [THAM SỐ]..."}
        return [words.get(piece, piece) for piece in super().collect_usage_pieces(ctx)]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Hiện hướng dẫn này."
        return option

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [
            record
            for param in self.get_params(ctx)
            if isinstance(param, click.Option) and (record := param.get_help_record(ctx))
        ]
        with formatter.section("Tùy chọn"):
            formatter.write_dl(rows)


class VietnameseCommand(_Vietnamese):
    """A command whose help is Vietnamese throughout."""


class VietnameseGroup(_Vietnamese, click.Group):
    """A group whose help is Vietnamese throughout, and whose commands are."""

    command_class = VietnameseCommand

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        rows = []
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None:
                rows.append((name, command.get_short_help_str(90)))
        with formatter.section("Lệnh"):
            formatter.write_dl(rows)


def explain(error: click.ClickException) -> str:
    """A mistake on the command line, in words that say how to go on."""
    hint = "Gõ “tonghop --help” để xem các lệnh."
    if isinstance(error, click.NoSuchOption):
        return f"Không có tùy chọn “{error.option_name}”. {hint}"
    if isinstance(error, click.MissingParameter):
        return f"Thiếu {_name(error.param)}. {hint}"
    if isinstance(error, click.BadParameter):
        return f"{_name(error.param)} chưa đúng: {error.message}"
    if isinstance(error, NoArgsIsHelpError):
        return str(error.message)
    if isinstance(error, click.BadOptionUsage):
        return f"Tùy chọn “{error.option_name}” ghi chưa đúng hoặc thiếu giá trị. {hint}"
    named = _QUOTED.search(error.message)
    return f"Lệnh chưa đúng: không hiểu “{named[1] if named else ''}”. {hint}"


def _name(param: Any) -> str:
    if param is None:
        return "Tham số"
    return str(param.opts[0] if isinstance(param, click.Option) else param.metavar or param.name)
