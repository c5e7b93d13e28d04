"""What lies in the folder of a period: one rule for every command."""

from pathlib import Path

DECISIONS_FILE = "xac-nhan.xlsx"  # the officer's


def has_submissions(folder: Path) -> bool:
    """A folder with nothing in it but a key, decisions, or what the system hides there, is still to be filled."""
    return folder.is_dir() and any(path.name != DECISIONS_FILE and path.name[0] != "." for path in folder.iterdir())
