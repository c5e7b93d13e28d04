"""Named fields in the officer's own wording: ``{tên đơn vị}`` stands for what a letter or report fills in.

Names are compared as a reader does: case and double spaces do not matter.
"""

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from pipeline.text import closest, fold

FIELD = re.compile(r"\{([^{}]*)\}")
_BRACE = re.compile(r"[{}]")
_AROUND = 20


class FieldFault(NamedTuple):
    """``name`` of an unknown field, with the ``suggestion`` in words; for a brace without its pair, no name."""

    name: str | None
    suggestion: str
    place: str


def fill(text: str, values: Mapping[str, str]) -> str:
    """Every known field replaced by its value; the rest stays as it is."""
    known = {fold(name): value for name, value in values.items()}
    return FIELD.sub(lambda found: known.get(fold(found[1]), found[0]), text)


def field_faults(text: str, known: Collection[str]) -> list[FieldFault]:
    """Unknown fields and braces without their pair, in the order of the text."""
    folded = {fold(name) for name in known}
    faults = []
    for found in FIELD.finditer(text):
        name = found[1].strip()
        if fold(name) not in folded:
            near = closest(name, sorted(known))
            suggestion = f" (ý bạn là “{{{near}}}”?)" if near else ""
            faults.append(FieldFault(name, suggestion, _around(text, found.start(), found.end())))
    # Pairs are blanked rather than removed, so that places stay those of the text.
    rest = FIELD.sub(lambda found: " " * len(found[0]), text)
    stray = _BRACE.search(rest)
    if stray:
        faults.append(FieldFault(None, "", _around(text, stray.start(), stray.end())))
    return faults


def _around(text: str, start: int, end: int) -> str:
    """The words about a place, on one line."""
    return " ".join(text[max(0, start - _AROUND) : end + _AROUND].split())
