"""What a message holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.words import Severity

ERROR, WARNING = Severity.ERROR, Severity.WARNING


@dataclass(frozen=True)
class Message:
    """``fields``: the cells that a rule between cells marks; ``voids``: those that then count as not reported;
    ``example``: what the catalogue of all messages fills in, where “…” would leave nothing to read."""

    code: str
    severity: Severity
    what: str
    rule: str
    remedy: str
    fields: tuple[str, ...] = ()
    voids: tuple[str, ...] = ()
    example: Mapping[str, str] = field(default_factory=dict, compare=False)
