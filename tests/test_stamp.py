"""The key of a period and the stamp that it makes."""

from pathlib import Path

import pytest

from pipeline.errors import CannotRun
from pipeline.stamp import KEY_FILE, check_stamp, make_key, read_key, stamp
from schemas.template import STAMPED_KEYS
from schemas.words import Stamp

KEY = bytes(range(32))
VALUES = ("KH-2023", "2023-Q1", "Q1", "1")


def test_a_key_is_made_once_and_read_again(tmp_path: Path) -> None:
    inbox = tmp_path / "2023-Q1"
    assert read_key(inbox) == b""
    key = make_key(inbox)
    assert len(key) == 32
    assert make_key(inbox) == read_key(inbox) == key
    assert make_key(tmp_path / "2023-Q2") != key


@pytest.mark.parametrize("content", ["", "xyz", "ab" * 31])
def test_a_broken_key_stops_the_run(tmp_path: Path, content: str) -> None:
    (tmp_path / KEY_FILE).write_text(content, encoding="utf-8")
    with pytest.raises(CannotRun, match="hỏng"):
        read_key(tmp_path)


def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(CannotRun, match="Không ghi được tệp khóa"):
        make_key(tmp_path / "file" / "2023-Q1")


def test_without_a_key_there_is_no_stamp() -> None:
    assert stamp(b"", VALUES) == ""
    assert check_stamp(b"", {}) == Stamp.UNCHECKED


@pytest.mark.parametrize("changed", [None, *STAMPED_KEYS])
def test_every_value_counts(changed: str | None) -> None:
    meta = dict(zip(STAMPED_KEYS, VALUES, strict=True)) | {"stamp": stamp(KEY, VALUES)}
    if changed:
        meta[changed] += "0"
    assert check_stamp(KEY, meta) == (Stamp.WRONG if changed else Stamp.RIGHT)


@pytest.mark.parametrize(
    ("given", "expected"), [("", Stamp.ABSENT), ("không phải dấu", Stamp.WRONG), ("0" * 64, Stamp.WRONG)]
)
def test_absent_or_wrong(given: str, expected: Stamp) -> None:
    assert check_stamp(KEY, dict(zip(STAMPED_KEYS, VALUES, strict=True)) | {"stamp": given}) == expected
