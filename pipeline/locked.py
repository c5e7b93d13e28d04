"""Locked cells of a submission against what the plan put there: a changed label may have changed the figure."""

import numpy as np
import pandas as pd

from pipeline.entries import Entries
from pipeline.parse.cells import parse_text
from pipeline.parse.frame import Finding
from pipeline.text import fold


def altered(entries: Entries, rows: pd.DataFrame, issued: pd.DataFrame) -> list[Finding]:
    """DG05 for every locked cell that says something other than the template did.

    ``rows``: the matched rows, with their ``place`` in ``issued``; ``issued``: the locked fields to compare.
    Columns are compared as they stand, and only cells that differ are looked at one by one.
    """
    findings = []
    for name in issued.columns:
        typed = entries.raw[name].to_numpy()[rows.index]
        told = issued[name].to_numpy(dtype="object")[rows["place"]]
        for at in np.flatnonzero(typed != told).tolist():
            said = parse_text(typed[at]).value
            if said is not None and fold(said) != fold(str(told[at])):
                findings.append(Finding(int(rows.index[at]), name, "DG05", {"expected": told[at]}))
    return findings
