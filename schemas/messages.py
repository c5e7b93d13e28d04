"""The one catalogue of messages: what is wrong, by which rule, and how to mend it.

An issue's message is assembled as where → what → rule; the remedy stands beside it. ``{…}`` are filled by
:mod:`pipeline.issues`: ``typed`` (the value as typed), ``field`` (the column's header) and what the rule names.
"""

import re

from schemas.catalogue import cells, decisions, files, letters, periods, plan, rows
from schemas.catalogue.message import Message

ALL: tuple[Message, ...] = (
    *files.MESSAGES,
    *cells.MESSAGES,
    *rows.MESSAGES,
    *plan.MESSAGES,
    *periods.MESSAGES,
    *decisions.MESSAGES,
    *letters.MESSAGES,
)
MESSAGES: dict[str, Message] = {message.code: message for message in ALL}

_FILLED = re.compile(r"\{(\w+)\}")

CHECKS: dict[str, str] = {
    # pandera's own checks → the code of their message
    "not_nullable": "BB01",
    "isin": "LC01",
    "greater_than_or_equal_to": "SO04",
    "less_than_or_equal_to": "SO05",
    "str_length": "CH01",
    "str_matches": "KH09",
}


def rules() -> list[dict[str, str]]:
    """The catalogue for a reader: one row per message of a submission, what is filled in shown as “…” or by example."""
    return [
        {
            "code": message.code,
            "severity": message.severity.value,
            "what": ("Ví dụ: " if message.example else "") + _shown(message.what, message),
            "rule": rule_shown(message),
            "remedy": _shown(message.remedy, message),
        }
        for message in ALL
        if message not in (*plan.MESSAGES, *letters.MESSAGES)
    ]


def rule_shown(message: Message) -> str:
    """The rule for a reader."""
    return _shown(message.rule, message)


def _shown(text: str, message: Message) -> str:
    return _FILLED.sub(lambda found: message.example.get(found[1], "…"), text)
