"""The one catalogue of messages: what is wrong, by which rule, and how to mend it.

An issue's message is assembled as where → what → rule; the remedy stands beside it. ``{…}`` are filled by
:mod:`pipeline.issues`: ``typed`` (the value as typed), ``field`` (the column's header) and what the rule names.
"""

from schemas.catalogue import cells, files, letters, plan, rows
from schemas.catalogue.message import Message

ALL: tuple[Message, ...] = (*files.MESSAGES, *cells.MESSAGES, *rows.MESSAGES, *plan.MESSAGES, *letters.MESSAGES)
MESSAGES: dict[str, Message] = {message.code: message for message in ALL}

CHECKS: dict[str, str] = {
    # pandera's own checks → the code of their message
    "not_nullable": "BB01",
    "isin": "LC01",
    "greater_than_or_equal_to": "SO04",
    "less_than_or_equal_to": "SO05",
    "str_length": "CH01",
    "str_matches": "KH09",
}
