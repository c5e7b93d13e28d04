"""``python -m tests.bench [--sizes 27,1000] [--repeat 5] [--json FILE]``: the product against baseline and floor.

Whole processes, imports included, medians of runs that take turns, so that a busy machine slows all alike.
"""

import argparse
import json
import pickle
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from python_calamine import CalamineWorkbook

from tests.bench.generate import PERIOD, generate

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sys.executable
TONGHOP = Path(PYTHON).parent / "tonghop"
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
    if given.json:
        given.json.write_text(json.dumps(results, indent=1), encoding="utf-8")
    show(results)


def measure(count: int, keep: Path, repeat: int) -> dict[str, float]:
    """Medians in seconds and peaks in MiB for one number of workbooks."""
    folder = keep / str(count)
    inbox, out = folder / "input", folder / "out"
    if not inbox.is_dir():
        folder.mkdir(parents=True)
        generate(count, folder)
    product = [TONGHOP, "quarter", PERIOD, "--plan", folder / "ke-hoach.xlsx", "--inbox", inbox, "--out", out]
    run(product)
    note_cells(out, folder / "cells.pickle")
    commands = {
        "product": product,
        "floor": [PYTHON, "-m", "tests.bench.floor", inbox, folder / "cells.pickle", folder / "floor"],
        "baseline": [PYTHON, "-m", "tests.bench.baseline", inbox, folder / "baseline"],
        "in process": [PYTHON, "-m", "tests.bench.reading", inbox, 0],
        "one worker": [PYTHON, "-m", "tests.bench.reading", inbox, 1],
        "two workers": [PYTHON, "-m", "tests.bench.reading", inbox, 2],
    }
    if count > LARGEST_BASELINE:
        del commands["baseline"]
    times: dict[str, list[float]] = {name: [] for name in commands}
    memory = run(product, watch=True)[1]  # a run of its own: looking costs time
    for _ in range(repeat):
        for name, command in commands.items():
            shutil.rmtree(out, ignore_errors=True)  # a return that did not change would not be written again
            times[name].append(run(command)[0])
    found = {name: statistics.median(values) for name, values in times.items()}
    return {"workbooks": count, "memory": memory} | found


def run(arguments: Sequence[object], *, watch: bool = False) -> tuple[float, float]:
    """Seconds of a whole process (for ``reading``, what it says itself), and the peak of its tree in MiB."""
    command = list(map(str, arguments))
    started, peak = time.perf_counter(), 0.0
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        while watch and process.poll() is None:
            peak = max(peak, tree_memory(process.pid))
            time.sleep(0.05)
        printed = process.communicate()[0]
    if process.returncode:
        raise SystemExit(f"{command}: {process.returncode}")
    seconds = time.perf_counter() - started
    return (float(printed) if "tests.bench.reading" in command else seconds), peak


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


def note_cells(out: Path, target: Path) -> None:
    """The cells of every output, so that the floor can write the same."""
    noted = {}
    for number, path in enumerate(sorted(out.rglob("*.xlsx"))):
        with CalamineWorkbook.from_path(str(path)) as book:
            rows = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
            noted[f"{number}.xlsx"] = rows
    target.write_bytes(pickle.dumps(noted))


def show(results: list[dict[str, float]]) -> None:
    base = next((row["baseline"] / row["workbooks"] for row in reversed(results) if "baseline" in row), None)
    print(
        f"{'workbooks':>9} {'product s':>10} {'× baseline':>11} {'÷ floor':>8} {'MiB':>6} {'ms/file':>8}"
        f" {'1 worker ÷ in process':>22} {'2 workers ÷ in process':>23}"
    )
    for row in results:
        product, count = row["product"], int(row["workbooks"])
        baseline = row.get("baseline") or (base or 0) * count
        mark = "" if "baseline" in row else "*"
        print(
            f"{count:>9} {product:>10.2f} {f'{baseline / product:.1f}{mark}':>11} {product / row['floor']:>8.2f}"
            f" {row['memory']:>6.0f} {1000 * product / count:>8.2f}"
            f" {row['one worker'] / row['in process']:>22.2f} {row['two workers'] / row['in process']:>23.2f}"
        )
    print("× baseline: how many times faster; * baseline extrapolated. Medians of whole processes in one run.")


if __name__ == "__main__":
    main()
