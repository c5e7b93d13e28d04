"""The exceptions of the product: raised only when the run cannot go on, worded for the officer."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class CannotRun(Exception):
    """The run stops (exit code 2); the text is Vietnamese and says how to mend it."""


class Unreadable(Exception):
    """One file cannot be used; ``code`` names the message and ``params`` fill it."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


def damaged() -> Unreadable:
    """What a file is that breaks off or contradicts itself."""
    return Unreadable("TT01", detail="tệp hỏng hoặc chưa tải về trọn vẹn")


@contextmanager
def on_sheet(name: str) -> Iterator[None]:
    """A file that turns out to be unreadable meanwhile says on which sheet."""
    try:
        yield
    except Unreadable as error:
        error.params.setdefault("sheet", name)
        raise
