"""Data moves one way: plan and inbox → collect → read → validate → merge → assess → write."""

import os

__version__ = "0.1.0"

# Where lxml is installed (python-docx needs it) openpyxl would write other bytes; its files must not depend on that.
os.environ.setdefault("OPENPYXL_LXML", "False")
