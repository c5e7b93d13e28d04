"""The exceptions of the product: raised only when the run cannot go on, worded for the officer."""

from typing import Any


class CannotRun(Exception):
    """The run stops (exit code 2); the text is Vietnamese and says how to mend it."""


class Unreadable(Exception):
    """One file cannot be used; ``code`` names the message and ``params`` fill it."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params
