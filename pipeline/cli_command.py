"""What the console script ``tonghop`` runs."""

import atexit
import os
import sys
from contextlib import suppress


def run_command() -> None:
    """:func:`pipeline.cli.main`, and then an end without ceremony.

    Everything is written by then. Python would go on to take apart a million objects one by one: a tenth of a short
    run, seconds of a long one.

    Each process that is started loads this module again, as the one that was run; what it does, it need not load.
    """
    from pipeline.cli import main

    try:
        main()
    except SystemExit as end:
        atexit._run_exitfuncs()  # the reader processes end here
        with suppress(OSError):  # whoever read what was printed may be gone
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(end.code if isinstance(end.code, int) else 1)
