"""What the console script ``tonghop`` runs."""

from pipeline.ending import end, end_when_stopped


def run_command() -> None:
    """:func:`pipeline.cli.main`, with an end that is orderly when it is stopped, and without ceremony when it is not.

    Each process that is started loads this module again, as the one that was run; what it does, it need not load.
    """
    end_when_stopped()
    from pipeline.cli import main

    try:
        main()
    except SystemExit as ended:
        end(ended.code if isinstance(ended.code, int) else 1)
