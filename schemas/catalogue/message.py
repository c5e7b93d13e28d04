"""What a message holds."""

from dataclasses import dataclass

from schemas.words import Severity

ERROR, WARNING = Severity.ERROR, Severity.WARNING


@dataclass(frozen=True)
class Message:
    """``fields``: the cells that a rule between cells marks; ``voids``: those that then count as not reported."""

    code: str
    severity: Severity
    what: str
    rule: str
    remedy: str
    fields: tuple[str, ...] = ()
    voids: tuple[str, ...] = ()
