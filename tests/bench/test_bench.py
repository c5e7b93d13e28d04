"""The bench runs where the officer's program does, which has none of the development tools."""

import subprocess
import sys

from tests.support import ROOT


def test_nothing_of_it_needs_the_development_tools() -> None:
    code = (
        "import sys\n"
        "sys.modules |= dict.fromkeys(('pytest', 'hypothesis', 'distributed'))\n"
        "import tests.bench.__main__, tests.bench.baseline, tests.bench.floor, tests.bench.reading\n"
        "print('đủ')\n"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert (done.stdout, done.stderr) == ("đủ\n", "")
