"""The private folder of a run: gone afterwards, also the one of a run that was killed."""

import tempfile
from pathlib import Path

import pytest

from pipeline.errors import CannotRun
from pipeline.intake import folder
from pipeline.intake.folder import private_folder, telling_of_disk


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_it_is_gone_afterwards(temporary: Path) -> None:
    with private_folder() as made:
        (made / "1.bin").write_bytes(b"x")
        assert made.parent == temporary
    assert list(temporary.iterdir()) == []


def test_what_a_killed_run_left_is_removed_and_what_another_uses_is_not(temporary: Path) -> None:
    left = temporary / f"{folder.PREFIX}left"
    left.mkdir()
    (left / ".khoa").write_bytes(b"1")
    (left / "1.bin").write_bytes(b"a submission")
    starting = temporary / f"{folder.PREFIX}starting"  # made a moment ago by a run that has not yet locked it
    starting.mkdir()
    (starting / ".khoa").touch()
    elsewhere = temporary / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / ".khoa").write_bytes(b"1")
    (temporary / f"{folder.PREFIX}link").symlink_to(elsewhere)
    with private_folder() as one:
        assert not left.exists()
        with private_folder() as other:
            assert one.exists()
            assert other.exists()
    assert {path.name for path in temporary.iterdir()} == {starting.name, "elsewhere", f"{folder.PREFIX}link"}
    assert (elsewhere / ".khoa").exists()


def test_a_system_without_locks_of_its_own_removes_what_can_be_removed(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows keeps an open file from being removed; that is the lock."""
    monkeypatch.setattr(folder, "fcntl", None)
    left = temporary / f"{folder.PREFIX}left"
    left.mkdir()
    (left / ".khoa").write_bytes(b"1")
    used = temporary / f"{folder.PREFIX}used"
    used.mkdir()
    (used / ".khoa").write_bytes(b"1")
    unlink = Path.unlink

    def held(path: Path, missing_ok: bool = False) -> None:
        if path.parent == used:
            raise PermissionError(13, "Permission denied")
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", held)
    with private_folder():
        assert not left.exists()
        assert used.exists()


def test_a_disk_that_is_full_is_told() -> None:
    with pytest.raises(CannotRun, match="thư mục tạm"), telling_of_disk():
        raise OSError(28, "No space left on device")
