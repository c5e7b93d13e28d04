"""How a run goes about it, which changes nothing of what it finds: who is told of it, and who reads the files."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from pipeline.intake.executor import Executor

if TYPE_CHECKING:
    from pipeline.helper import Helper
    from pipeline.intake.begun import Begun

T = TypeVar("T")


class Progress(Protocol):
    """Is told what the run does, in Vietnamese."""

    def stage(self, name: str) -> None:
        """This begins now."""

    def each(self, things: Sequence[T], name: str) -> Iterable[T]:
        """This begins now, one file a thing; one is done when the next is asked for."""

    def clear(self) -> None:
        """Make room for what is printed now."""


class Untold:
    """Shows nothing."""

    def stage(self, name: str) -> None:
        return

    def each(self, things: Sequence[T], name: str) -> Iterable[T]:
        return things

    def clear(self) -> None:
        return


@dataclass(frozen=True)
class Means:
    """``machines``: who reads the files in place of this machine's own reader processes, if anyone does.

    ``begun``: inboxes whose reading was begun before they are asked for; who needs one takes it out.
    ``helper``: who writes beside this process.
    """

    progress: Progress = field(default_factory=Untold)
    machines: Executor | None = None
    begun: "dict[Path, Begun]" = field(default_factory=dict)
    helper: "Helper | None" = None


PLAIN = Means()
