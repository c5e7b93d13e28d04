"""``python -m tests.bench.templates [--units 40] [--turns 5]``: making templates against XlsxWriter's own time.

What our writer asks of XlsxWriter for some units is noted call by call and becomes a plain script that writes the same
cells with the same formats, validations and conditional formats, as one would write it by hand. Both run in turns and
are timed by the CPU time of this process, the forms included on our side; neither is put on the disk.
"""

import argparse
import datetime
import functools
import io
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import CodeType
from typing import Any
from unittest.mock import patch

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from pipeline.forms import Forms
from pipeline.plan.model import Plan
from pipeline.write.sheet import Sheet
from pipeline.write.template import write_template
from tests.bench.generate import PERIOD, plan_of

KEY = b"k" * 32
SCRIPTS = 2  # units whose calls are noted, one of each group; the others differ in a few words


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--units", type=int, default=40)
    parser.add_argument("--turns", type=int, default=5)
    given = parser.parse_args()
    found = measure(given.units, given.turns)
    each = ", ".join(f"{name} {1000 * seconds / given.units:.1f} ms" for name, seconds in found.items())
    print(f"{given.units} templates: {each} each; {found['ours'] / found['XlsxWriter']:.2f} × XlsxWriter's own time")


def measure(units: int, turns: int) -> dict[str, float]:
    """Seconds of CPU time for all units, the median of the turns."""
    plan = plan_of(units)
    scripts = [noted(plan, unit) for unit in list(plan.units["unit_code"])[:SCRIPTS]]
    ways: dict[str, Callable[[], None]] = {"ours": lambda: make(plan), "XlsxWriter": lambda: play(scripts, units)}
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(turns):
        for name, way in ways.items():
            started = time.process_time()
            way()
            times[name].append(time.process_time() - started)
    return {name: statistics.median(values) for name, values in times.items()}


def make(plan: Plan) -> None:
    with patch("pipeline.write.book.write_whole"):
        forms = Forms(plan, plan.period(PERIOD), key=KEY)
        for unit in plan.units["unit_code"]:
            write_template(forms.blank(unit), Path("not-written.xlsx"))


def play(scripts: list[CodeType], units: int) -> None:
    for number in range(units):
        exec(scripts[number % len(scripts)], {"xlsxwriter": xlsxwriter, "datetime": datetime, "io": io})  # noqa: S102


def noted(plan: Plan, unit: str) -> CodeType:
    """The script that asks XlsxWriter for one unit's template just as our writer does."""
    script = _Script()
    with script.noting(), patch("pipeline.write.book.write_whole"):
        write_template(Forms(plan, plan.period(PERIOD), key=KEY).blank(unit), Path("not-written.xlsx"))
    return compile("\n".join(script.lines), f"{unit}.py", "exec")


class _Script:
    """``lines``: the calls of XlsxWriter's public methods from outside, in their order."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._named: dict[int, tuple[str, object]] = {}  # the object is held so that its id stays its own
        self._inside = False

    @contextmanager
    def noting(self) -> Iterator[None]:
        with ExitStack() as stack:
            stack.enter_context(patch.object(Workbook, "__init__", self._wrapped(Workbook.__init__)))
            for owner in (Workbook, Worksheet):
                for name, method in vars(owner).items():
                    if callable(method) and not name.startswith("_"):
                        stack.enter_context(patch.object(owner, name, self._wrapped(method)))
            stack.enter_context(patch.object(Sheet, "put_text", _as_string))
            stack.enter_context(patch.object(Sheet, "put_blank", _as_blank))
            yield

    def _wrapped(self, method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def call(this: Any, *arguments: Any, **named: Any) -> Any:
            if self._inside:
                return method(this, *arguments, **named)
            self._inside = True
            try:
                line = self._call(this, method.__name__, arguments, named)  # before XlsxWriter changes a dict of ours
                made = method(this, *arguments, **named)
            finally:
                self._inside = False
            if method.__name__ in ("add_worksheet", "add_format"):
                line = f"{self._name(made)} = {line}"
            self.lines.append(line)
            return made

        return call

    def _call(self, this: Any, method: str, arguments: tuple[Any, ...], named: dict[str, Any]) -> str:
        if method == "__init__":
            return f"{self._name(this)} = xlsxwriter.Workbook(io.BytesIO(), {self._source(arguments[1])})"
        arguments = arguments[:1] if method == "add_worksheet" else arguments  # without our kind of sheet
        words = [*map(self._source, arguments), *(f"{name}={self._source(value)}" for name, value in named.items())]
        return f"{self._source(this)}.{method}({', '.join(words)})"

    def _name(self, made: object) -> str:
        self._named[id(made)] = name, _ = f"x{len(self._named)}", made
        return name

    def _source(self, value: Any) -> str:
        if id(value) in self._named:
            return self._named[id(value)][0]
        if isinstance(value, dict):
            return "{" + ", ".join(f"{name!r}: {self._source(each)}" for name, each in value.items()) + "}"
        if isinstance(value, (list, tuple)):
            return "[" + ", ".join(map(self._source, value)) + "]"
        return str.__repr__(value) if isinstance(value, str) else repr(value)


def _as_string(sheet: Sheet, row: int, column: int, text: str, style: Format) -> None:
    """What is our own short way is written by hand as XlsxWriter has it."""
    sheet.write_string(row, column, text, style)


def _as_blank(sheet: Sheet, row: int, column: int, style: Format) -> None:
    sheet.write_blank(row, column, None, style)


if __name__ == "__main__":
    main()
