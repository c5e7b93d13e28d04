"""Locked cells of a submission against what the plan put there: a changed label may have changed the figure."""

import pandas as pd

from pipeline.entries import Entries
from pipeline.parse.cells import parse_text
from pipeline.parse.frame import Finding
from pipeline.text import fold, is_blank


def altered(entries: Entries, rows: pd.DataFrame, units: pd.Series, issued: pd.DataFrame) -> list[Finding]:
    """DG05 for every locked cell that says something other than the template did.

    ``rows``: the matched rows (with the plan's codes); ``units``: unit_code per row; ``issued``: unit_code, the
    key and the locked fields to compare, one row per unit × key.
    """
    key = entries.table.key[0]
    fields = [name for name in issued.columns if name not in ("unit_code", key)]
    told = {(row[0], row[1]): row[2:] for row in issued[["unit_code", key, *fields]].itertuples(index=False)}
    findings = []
    for place, name in enumerate(fields):
        typed = entries.raw[name]
        for index, code in rows[key].items():
            value = typed.at[index]
            if is_blank(value):
                continue
            expected = told[units.at[index], code][place]
            said = parse_text(value).value
            if said is not None and fold(said) != fold(str(expected)):
                findings.append(Finding(int(str(index)), name, "DG05", {"expected": expected}))
    return findings
