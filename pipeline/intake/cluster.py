"""A Dask cluster as an executor. Imported only where a run is given the address of one."""

import logging
import os
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from distributed import Client, KilledWorker

from pipeline.errors import CannotRun, Unreadable
from pipeline.intake.executor import Executor

T = TypeVar("T")
_GREETING = 1 << 16  # bytes, at most
PATIENCE = 10  # seconds for a scheduler to answer, or for a worker to come


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """The cluster whose scheduler answers there; what it has not done by the end is dropped. Raises CannotRun."""
    if not os.environ.get("TONGHOP_DEBUG"):
        logging.disable()  # Dask's own words, for its administrator
    try:
        with _connected(address) as client:
            _await_workers(client, address)
            yield _Cluster(client, address)
    finally:
        logging.disable(logging.NOTSET)


def _connected(address: str) -> Client:
    try:
        _greeted(address)
        return Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise CannotRun(
            f"Không có máy điều phối Dask nào trả lời ở {address}. "
            "Kiểm tra địa chỉ, và xem “dask scheduler” có đang chạy không."
        ) from error


def _greeted(address: str) -> None:
    """Dask's client may wait for ever, or run out of memory, where another kind of server answers: one that does not
    greet as a scheduler does, with eight bytes that give the length of its first message. Raises OSError."""
    kind, _, place = address.partition("://")
    host, _, port = place.rpartition(":")
    with socket.create_connection((host.strip("[]"), int(port)), PATIENCE) as line:
        if kind == "tcp" and not 0 < int.from_bytes(line.recv(8), "little") < _GREETING:
            raise ConnectionError


def _await_workers(client: Client, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError as error:
        raise CannotRun(
            f"Cụm {address} không có máy nào đọc tệp. Chạy “dask worker {address}” trên các máy của cụm rồi chạy lại."
        ) from error


class _Cluster:
    def __init__(self, client: Client, address: str) -> None:
        self._client, self._executor, self._address = client, client.get_executor(pure=False), address

    def submit(self, call: Callable[..., T], /, *arguments: Any) -> "_Handed[T]":
        return _Handed(self._executor.submit(call, *arguments), self)

    def check(self) -> None:
        """Raises CannotRun where nobody works any more."""
        _await_workers(self._client, self._address)


@dataclass
class _Handed(Generic[T]):
    future: "Future[T]"
    cluster: _Cluster

    def result(self) -> T:
        """Dask hands the calls of a dead worker to another, and gives up one that has killed several. Raises
        Unreadable (TT20), CannotRun."""
        while not wait([self.future], timeout=PATIENCE).done:
            self.cluster.check()
        try:
            return self.future.result()
        except (CannotRun, Unreadable):
            raise
        except KilledWorker as error:
            raise Unreadable("TT20", detail="máy đọc dừng nhiều lần") from error
        except CancelledError as error:
            raise CannotRun("Mất liên lạc với cụm máy. Kiểm tra “dask scheduler” rồi chạy lại.") from error
        except Exception as error:
            raise CannotRun(
                f"Máy của cụm không chạy được phần đọc tệp ({type(error).__name__}: {error}). "
                "Cài cùng phiên bản Python và tonghop trên mọi máy của cụm."
            ) from error
