"""Locked cells of a submission against what the plan put there: a changed label may have changed the figure."""

import pandas as pd

from pipeline.entries import Entries
from pipeline.parse.cells import parse_text
from pipeline.parse.frame import Finding
from pipeline.text import fold


def altered(entries: Entries, rows: pd.DataFrame, units: pd.Series, issued: pd.DataFrame) -> list[Finding]:
    """DG05 for every locked cell that says something other than the template did.

    ``rows``: the matched rows (with the plan's codes); ``units``: unit_code per row; ``issued``: unit_code, the
    key and the locked fields to compare, one row per unit × key.
    """
    key = entries.table.key[0]
    fields = [name for name in issued.columns if name not in ("unit_code", key)]
    told = issued.set_index(["unit_code", key])[fields]
    expected = told.reindex(pd.MultiIndex.from_arrays([units.loc[rows.index], rows[key]]))
    findings = []
    for name in fields:
        typed = entries.raw.loc[rows.index, name]
        wanted = pd.Series(expected[name].to_numpy(), index=rows.index, dtype="object")
        for index, value in typed[typed.notna() & (typed != wanted)].items():
            said = parse_text(value).value
            if said is not None and fold(said) != fold(str(wanted[index])):
                findings.append(Finding(int(str(index)), name, "DG05", {"expected": wanted[index]}))
    return findings
