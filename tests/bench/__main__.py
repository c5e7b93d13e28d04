"""``python -m tests.bench [--sizes 27,1000] [--repeat 5] [--json FILE]``: the product against baseline and floor.

Whole processes, imports included, medians of runs that take turns, so that a busy machine slows all alike.
"""

import argparse
import json
import os
import pickle
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from pipeline.write.consolidated import SHEETS
from pipeline.write.heading import DATA_ROW, FIELDS_ROW
from tests.bench import templates
from tests.bench.generate import PERIOD, generate

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sys.executable
TONGHOP = Path(PYTHON).parent / "tonghop"
FIGURES = SHEETS["figures"]
Command = Sequence[object]
MOST_TEMPLATES = 1000
# Where Python may not keep what it compiled, each process would compile the program anew, which no installed one does.
_ENV = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
LARGEST_BASELINE = 1000  # beyond it the baseline is extrapolated: it grows with the number of files


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", default="27,1000")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--keep", type=Path, help="folder of the generated workbooks, used again if they are there")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        results = [measure(int(size), given.keep or Path(temporary), given.repeat) for size in given.sizes.split(",")]
    besides = {"help": answering(4 * given.repeat), "templates": making(max(int(row["workbooks"]) for row in results))}
    if given.json:
        given.json.write_text(json.dumps({"sizes": results} | besides, indent=1), encoding="utf-8")
    show(results)
    print(f"tonghop --help ÷ import click: {besides['help']:.2f}; templates ÷ XlsxWriter: {besides['templates']:.2f}")


def measure(count: int, keep: Path, repeat: int) -> dict[str, float]:
    """Medians in seconds and peaks in MiB for one number of workbooks."""
    folder = keep / str(count)
    inbox, out = folder / "input", folder / "out"
    if not inbox.is_dir():
        folder.mkdir(parents=True)
        generate(count, folder)
    product = [TONGHOP, "quarter", PERIOD, "--plan", folder / "ke-hoach.xlsx", "--inbox", inbox, "--out", out]
    run(product)
    totals = note_cells(out, folder / "cells.pickle")
    commands: dict[str, Command] = {
        "product": product,
        "floor": [PYTHON, "-m", "tests.bench.floor", inbox, folder / "cells.pickle", folder / "floor"],
        "baseline": [PYTHON, "-m", "tests.bench.baseline", inbox, folder / "baseline"],
        "in process": [PYTHON, "-m", "tests.bench.reading", inbox, 0],
        "one worker": [PYTHON, "-m", "tests.bench.reading", inbox, 1],
        "two workers": [PYTHON, "-m", "tests.bench.reading", inbox, 2],
    }
    if count > LARGEST_BASELINE:
        commands = {name: commands[name] for name in ("product", "floor")}
    memory = run(product, watch=True).memory  # a run of its own: looking costs time
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(repeat):
        for name, command in commands.items():
            shutil.rmtree(out, ignore_errors=True)  # a return that did not change would not be written again
            times[name].append(_SECONDS.get(name, whole)(run(command)))
    if "baseline" in commands:
        compare(totals, json.loads((folder / "baseline" / "totals.json").read_text("utf-8")))
    found = {name: statistics.median(values) for name, values in times.items()}
    return {"workbooks": count, "memory": memory} | found


def answering(repeat: int) -> float:
    """How many times as long as importing click alone ``tonghop --help`` takes."""
    commands: dict[str, Command] = {"help": [TONGHOP, "--help"], "click": [PYTHON, "-c", "import click"]}
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(repeat):
        for name, command in commands.items():
            times[name].append(run(command).seconds)
    return statistics.median(times["help"]) / statistics.median(times["click"])


def making(count: int) -> float:
    """How many times as long as XlsxWriter itself making so many templates takes, at most a thousand."""
    found = templates.measure(min(count, MOST_TEMPLATES), 3)
    return found["ours"] / found["XlsxWriter"]


@dataclass(frozen=True)
class Ran:
    """A process that has ended: ``seconds`` in all, ``memory`` in MiB at its tree's peak, what it ``printed``."""

    seconds: float
    memory: float
    printed: str


def run(command: Command, *, watch: bool = False) -> Ran:
    started, peak = time.perf_counter(), 0.0
    with subprocess.Popen(list(map(str, command)), cwd=ROOT, stdout=subprocess.PIPE, text=True, env=_ENV) as process:
        while watch and process.poll() is None:
            peak = max(peak, tree_memory(process.pid))
            time.sleep(0.05)
        printed = process.communicate()[0]
    if process.returncode:
        raise SystemExit(f"{command}: {process.returncode}")
    return Ran(time.perf_counter() - started, peak, printed)


def whole(ran: Ran) -> float:
    return ran.seconds


def told(ran: Ran) -> float:
    """What the process measured itself: the start of Python and of the library is no part of it."""
    return float(ran.printed)


def without_told(ran: Ran) -> float:
    return ran.seconds - float(ran.printed)


_SECONDS: dict[str, Callable[[Ran], float]] = {
    "floor": without_told,
    "in process": told,
    "one worker": told,
    "two workers": told,
}


def tree_memory(root: int) -> float:
    """Proportional memory of a process and all below it, in MiB; 0 where the system does not tell."""
    total, waiting = 0.0, [root]
    while waiting:
        pid = waiting.pop()
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
            total += int(text.partition("Pss:")[2].split()[0]) / 1024
            for task in Path(f"/proc/{pid}/task").iterdir():
                waiting += map(int, (task / "children").read_text("ascii").split())
        except (OSError, ValueError, IndexError):
            continue
    return total


def note_cells(out: Path, target: Path) -> dict[str, float]:
    """Note the cells of every output, so that the floor can write the same. Returns the sums by indicator."""
    noted: dict[str, dict[str, list[list[Any]]]] = {}
    texts: dict[str, str] = {}  # each is one object, so that the notes stay small
    for number, path in enumerate(sorted(out.rglob("*.xlsx"))):
        with CalamineWorkbook.from_path(str(path)) as book:
            noted[f"{number}.xlsx"] = {
                name: [
                    [texts.setdefault(value, value) if isinstance(value, str) else value for value in row]
                    for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                ]
                for name in book.sheet_names
            }
    with target.open("wb") as stream:
        pickle.dump(noted, stream)
    return totals_of(next(sheets for sheets in noted.values() if FIGURES in sheets))


def totals_of(sheets: dict[str, list[list[Any]]]) -> dict[str, float]:
    totals: dict[str, float] = {}
    for name, rows in sheets.items():
        if name.startswith(FIGURES):
            fields = rows[FIELDS_ROW]
            code, numerator = fields.index("indicator_code"), fields.index("numerator")
            for row in rows[DATA_ROW:]:
                if isinstance(row[numerator], float):
                    totals[row[code]] = totals.get(row[code], 0.0) + row[numerator]
    return totals


def compare(product: dict[str, float], baseline: dict[str, float]) -> None:
    """Raises SystemExit where the two do not come to the same sums: then the bench would measure nothing."""
    differing = [code for code in product.keys() | baseline.keys() if product.get(code) != baseline.get(code)]
    if differing:
        raise SystemExit(f"product and baseline differ in the sums of {sorted(differing)[:5]}")


def show(results: list[dict[str, float]]) -> None:
    base = next((row["baseline"] / row["workbooks"] for row in reversed(results) if "baseline" in row), None)
    print(
        f"{'workbooks':>9} {'product s':>10} {'× baseline':>11} {'÷ floor':>8} {'MiB':>6} {'ms/file':>8}"
        f" {'1 worker ÷ in process':>22} {'2 workers ÷ in process':>23}"
    )
    for row in results:
        product, count = row["product"], int(row["workbooks"])
        baseline = row.get("baseline") or (base * count if base else None)
        faster = f"{baseline / product:.1f}{'' if 'baseline' in row else '*'}" if baseline else "–"
        print(
            f"{count:>9} {product:>10.2f} {faster:>11} {product / row['floor']:>8.2f}"
            f" {row['memory']:>6.0f} {1000 * product / count:>8.2f}"
            + "".join(
                f"{row[name] / row['in process']:>{width}.2f}"
                for name, width in (("one worker", 23), ("two workers", 24))
                if name in row
            )
        )
    print("× baseline: how many times faster; * baseline extrapolated. Medians of whole processes in one run.")


if __name__ == "__main__":
    main()
