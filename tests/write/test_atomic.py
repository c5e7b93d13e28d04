"""Outputs appear whole or not at all."""

import errno
import os
import re
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import CannotRun
from pipeline.write.atomic import NotWritten, write_whole


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def failing(error: OSError) -> Any:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    return fail


def test_the_content_lands_in_a_new_folder_and_nothing_else_stays(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "tệp kết quả.xlsx"
    write_whole(path, b"\x00content")
    assert path.read_bytes() == b"\x00content"
    assert names(path.parent) == ["tệp kết quả.xlsx"]


def test_an_earlier_output_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    path.write_bytes(b"a much longer earlier content")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"


def test_what_a_killed_run_left_behind_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    (tmp_path / ".out.xlsx.tmp").write_bytes(b"half of an earlier attempt, longer than the new content")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["out.xlsx"]


def test_the_target_is_renamed_over_whole_from_the_same_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rename is atomic only inside one file system; at that moment the content is already on the disk."""
    path = tmp_path / "out.xlsx"
    path.write_bytes(b"old")
    seen: list[tuple[Path, bytes, bytes, bool]] = []
    synced: list[int] = []
    replace, fsync = os.replace, os.fsync

    def watched(source: Any, target: Any) -> None:
        seen.append((Path(source).parent, Path(source).read_bytes(), path.read_bytes(), bool(synced)))
        replace(source, target)

    monkeypatch.setattr(os, "replace", watched)
    monkeypatch.setattr(os, "fsync", lambda number: (synced.append(number), fsync(number))[1])
    write_whole(path, b"new")
    assert seen == [(tmp_path, b"new", b"old", True)]


@pytest.mark.parametrize("broken", ["replace", "fsync"])
def test_a_failure_keeps_the_old_output_and_no_temporary_file(
    broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.xlsx"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, broken, failing(OSError(errno.EIO, "Input/output error")))
    with pytest.raises(NotWritten, match=re.escape(str(path))):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["out.xlsx"]


def test_a_file_open_in_excel_is_told_so_with_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out.xlsx"
    monkeypatch.setattr(os, "replace", failing(PermissionError(errno.EACCES, "Permission denied")))
    with pytest.raises(NotWritten) as error:
        write_whole(path, b"new")
    text = str(error.value)
    assert text.startswith(f"Không ghi được {path}")
    assert "đang mở trong Excel" in text
    assert "Đóng tệp" in text
    assert "Permission" not in text
    assert isinstance(error.value, CannotRun)
    assert isinstance(error.value.__cause__, PermissionError)


def test_a_directory_in_the_targets_place_stays(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    path.mkdir()
    with pytest.raises(NotWritten, match="Không ghi được"):
        write_whole(path, b"new")
    assert names(tmp_path) == ["out.xlsx"]
    assert path.is_dir()


def test_a_file_in_the_folders_place_stays(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"a file")
    with pytest.raises(NotWritten, match="Không ghi được"):
        write_whole(tmp_path / "out" / "out.xlsx", b"new")
    assert (tmp_path / "out").read_bytes() == b"a file"


@pytest.mark.parametrize(
    ("number", "english"),
    [
        (errno.ENOSPC, "No space left on device"),
        (errno.EROFS, "Read-only file system"),
        (errno.EISDIR, "Is a directory"),
    ],
)
def test_the_reason_is_vietnamese(number: int, english: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "replace", failing(OSError(number, english)))
    with pytest.raises(NotWritten) as error:
        write_whole(tmp_path / "out.xlsx", b"new")
    assert english not in str(error.value)
    assert "chạy lại" in str(error.value)


def test_a_temporary_file_that_cannot_be_removed_is_no_second_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A virus scanner on Windows holds the new file: neither renaming nor deleting works for a while."""
    monkeypatch.setattr(os, "replace", failing(PermissionError(errno.EACCES, "Permission denied")))
    monkeypatch.setattr(Path, "unlink", failing(PermissionError(errno.EACCES, "Permission denied")))
    with pytest.raises(NotWritten, match="Không ghi được"):
        write_whole(tmp_path / "out.xlsx", b"new")
