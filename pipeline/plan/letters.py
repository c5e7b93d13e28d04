"""The letters of a plan: its own wording, the shipped one where it has none, and the rule on fields."""

from collections import defaultdict
from collections.abc import Mapping

import pandas as pd

from pipeline.fields import field_faults
from pipeline.parse.frame import Finding
from schemas.columns import conform, records
from schemas.letters import FIELDS, WORDING
from schemas.plan import Letter
from schemas.words import LetterKind


def complete_letters(own: pd.DataFrame | None = None) -> pd.DataFrame:
    """One row per kind, in the vocabulary's order: :class:`schemas.plan.Letter`."""
    given = {} if own is None else {row["kind"]: (row["subject"], row["body"]) for row in records(own)}
    rows = []
    for kind in LetterKind:
        subject, body = given.get(kind.value, WORDING[kind])
        fields = "\n".join(f"{{{name}}}: {text}" for name, text in FIELDS[kind].items())
        rows.append({"kind": kind.value, "subject": subject, "body": body, "fields": fields})
    return conform(Letter, rows)


def letters_use_their_fields(frames: Mapping[str, pd.DataFrame]) -> dict[str, list[Finding]]:
    """TM01, TM02: a field that the kind of letter does not have; a brace without its pair."""
    found: dict[str, list[Finding]] = defaultdict(list)
    for index, row in frames["letters"].dropna(subset=["kind"]).iterrows():
        if row["kind"] not in set(LetterKind):
            continue
        known = FIELDS[LetterKind(row["kind"])]
        for field in ("subject", "body"):
            for fault in field_faults("" if pd.isna(row[field]) else row[field], known):
                params = fault._asdict() | {"kind": row["kind"], "known": ", ".join(f"{{{name}}}" for name in known)}
                found["letters"].append(
                    Finding(int(str(index)), field, "TM02" if fault.name is None else "TM01", params)
                )
    return found
