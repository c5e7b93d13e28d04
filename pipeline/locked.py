"""Locked cells of a submission against what the plan put there: a changed label may have changed the figure."""

import numpy as np
import pandas as pd

from pipeline.entries import Entries
from pipeline.parse.cells import parse_text
from pipeline.parse.distinct import distinct
from pipeline.parse.frame import Finding
from pipeline.text import fold


def altered(entries: Entries, rows: pd.DataFrame, issued: pd.DataFrame) -> list[Finding]:
    """DG05 for every locked cell that says something other than the template did.

    ``rows``: the matched rows, with their ``place`` in ``issued``; ``issued``: the locked fields to compare. Cells
    and words are numbered: of thousands of rows each pair of what stands there and what stood there is compared once.
    """
    findings = []
    for name in issued.columns:
        typed = distinct(entries.raw[name].to_numpy()[rows.index])
        told = distinct(issued[name])
        expected = told.codes[rows["place"]]
        pairs = typed.codes * (len(told.values) + 1) + expected + 1
        pairs[typed.codes < 0] = -1
        changed = {}
        for pair in pd.unique(pairs).tolist():
            at, word = divmod(pair, len(told.values) + 1)
            said = parse_text(typed.values[at]).value if pair >= 0 else None
            wanted = told.values[word - 1] if word else np.nan
            if said is not None and fold(said) != fold(str(wanted)):
                changed[pair] = {"expected": wanted}
        if changed:
            for at in np.flatnonzero(np.isin(pairs, list(changed))).tolist():
                findings.append(Finding(int(rows.index[at]), name, "DG05", changed[pairs[at]]))
    return findings
