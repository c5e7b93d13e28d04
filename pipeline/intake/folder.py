"""A private folder for the copies of one run; what runs that were killed left behind is removed."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from pipeline.ending import if_stopped
from pipeline.errors import CannotRun

try:
    import fcntl
except ImportError:  # Windows itself keeps a file that is open from being removed
    fcntl = None  # type: ignore[assignment]

PREFIX = "tonghop-"
_LOCK = ".khoa"


@contextmanager
def private_folder() -> Iterator[Path]:
    """A folder that is gone afterwards; while it is in use its lock file says so to other runs."""
    _remove_abandoned()
    folder = Path(tempfile.gettempdir(), f"{PREFIX}{secrets.token_hex(8)}")
    with if_stopped(partial(shutil.rmtree, folder, ignore_errors=True)):
        try:
            folder.mkdir(mode=0o700)
            with (folder / _LOCK).open("wb") as lock:
                if fcntl is not None:
                    fcntl.flock(lock, fcntl.LOCK_EX)
                lock.write(b"1")  # only from now on may its being free mean anything
                lock.flush()
                yield folder
        finally:
            _remove(folder)


def _remove(folder: Path) -> None:
    """Where a run ends while a reader still writes here, the lock stays, free, and the next run removes the rest."""
    with suppress(OSError):
        for path in folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != _LOCK:
                path.unlink()
        if [path.name for path in folder.iterdir()] == [_LOCK]:
            shutil.rmtree(folder)


@contextmanager
def telling_of_disk() -> Iterator[None]:
    """A temporary folder that cannot be written to is no fault of the file being read. Raises CannotRun."""
    try:
        yield
    except OSError as error:
        raise CannotRun(
            f"Không ghi được vào thư mục tạm {tempfile.gettempdir()} ({error.strerror}). "
            "Giải phóng dung lượng ổ đĩa, kiểm tra quyền của thư mục rồi chạy lại."
        ) from error


def _remove_abandoned() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):  # in use, or another user's
            if not folder.is_symlink() and _is_free(folder / _LOCK):
                shutil.rmtree(folder)


def _is_free(lock: Path) -> bool:
    """Raises OSError where a run still holds it."""
    if not lock.stat().st_size:
        return False
    if fcntl is None:
        lock.unlink()
    else:
        with lock.open("rb") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return True
