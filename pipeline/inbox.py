"""Whether anything has come in: one rule for every command."""

from pathlib import Path


def has_submissions(folder: Path) -> bool:
    """A folder with nothing in it but a key, or what the system hides there, is still to be filled."""
    return folder.is_dir() and any(not path.name.startswith(".") for path in folder.iterdir())
