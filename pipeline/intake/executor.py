"""Who does a piece of work: anything that takes a call and gives its result later, as ``concurrent.futures`` does."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

T = TypeVar("T")
Made_co = TypeVar("Made_co", covariant=True)


class Result(Protocol[Made_co]):
    """A call that was handed over."""

    def result(self) -> Made_co:
        """Waits for it. Raises what the call raised."""


class Executor(Protocol):
    """The isolated readers of this machine, a Dask cluster, any ``concurrent.futures.Executor``.

    Where a call has cost the process that had it, the first two raise Unreadable: what it was to read is at fault.
    """

    def submit(self, call: Callable[..., T], /, *arguments: Any) -> Result[T]:
        """Returns at once."""
