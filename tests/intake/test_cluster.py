"""Reading by a real Dask cluster of two worker processes: the same results, and a worker that dies costs a retry."""

import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from distributed import Client, LocalCluster, Worker, WorkerPlugin

import pipeline.intake.batches as batches_module
import pipeline.intake.cluster as cluster_module
from pipeline.collect import Item, collect
from pipeline.errors import CannotRun
from pipeline.intake.batches import read_in_batches
from pipeline.intake.begun import begin
from pipeline.intake.cluster import cluster
from pipeline.intake.executor import Executor
from pipeline.intake.read_entries import EntryRead
from pipeline.read.tables import TableLayout
from pipeline.receive import read_all
from schemas.template import TABLES
from tests.corpus import flipped, mail, zipped
from tests.intake.faults import let_suffer
from tests.support import run, table_values

LAYOUTS = [TableLayout.of(table) for table in TABLES]


class Suffering(WorkerPlugin):
    """On every worker, also on one that replaces a dead one: files do to their reader, or to the worker, what they
    say."""

    name = "suffering"

    def setup(self, worker: Worker) -> None:
        self.patches = pytest.MonkeyPatch()
        let_suffer(self.patches)

    def teardown(self, worker: Worker) -> None:
        self.patches.undo()


@pytest.fixture(scope="module")
def dask() -> Iterator[LocalCluster]:
    with LocalCluster(n_workers=2, processes=True, threads_per_worker=1, dashboard_address=":0") as made:
        yield made


@pytest.fixture(scope="module")
def machines(dask: LocalCluster) -> Iterator[Executor]:
    with cluster(dask.scheduler_address) as made:
        yield made


@pytest.fixture
def suffering(dask: LocalCluster) -> Iterator[None]:
    with Client(dask.scheduler_address, set_as_default=False) as client:
        client.register_plugin(Suffering())
        yield
        client.unregister_worker_plugin("suffering")


@pytest.fixture
def inbox(tmp_path: Path, filled: Path) -> Path:
    """Of every kind one: workbooks, a mail, archives in an archive, a damaged file, what is no submission."""
    folder = tmp_path / "2023-Q1"
    (folder / "gửi lại").mkdir(parents=True)
    shutil.copy(filled / "VP.xlsx", folder)
    shutil.copy(filled / "Q2.xlsx", folder / "gửi lại")
    (folder / "thư.eml").write_bytes(mail({"Báo cáo.xlsx": (filled / "STC.xlsx").read_bytes()}))
    inner = zipped({"Quận Một.xlsx": (filled / "Q1.xlsx").read_bytes(), "đọc.txt": b"xin chao"})
    (folder / "tất cả.zip").write_bytes(zipped({"trong.zip": inner}))
    flipped(folder / "hỏng.xlsx", filled / "Q2.xlsx", 1)
    (folder / "~$VP.xlsx").write_bytes(b"lock")
    (folder / "lối tắt.xlsx").symlink_to(filled / "VP.xlsx")
    return folder


def faults(groups: list[list[EntryRead]]) -> dict[str, str | None]:
    return {
        read.item.file: read.content.fault[0] if read.content and read.content.fault else None
        for group in groups
        for read in group
    }


def process_ids(made: LocalCluster) -> dict[str, int]:
    with Client(made.scheduler_address, set_as_default=False) as client:
        return dict(client.run(os.getpid))


# --- the same results ---------------------------------------------------------------------------------------------


def test_contents_are_the_same(machines: Executor, inbox: Path) -> None:
    here, contents = read_all(begin(collect(inbox)))
    there, same = read_all(begin(collect(inbox), machines))
    assert len(contents) == 7
    assert same == contents
    assert [(item.file, item.sha256, item.fault, item.sender, item.sent_at, item.opened) for item in there] == [
        (item.file, item.sha256, item.fault, item.sender, item.sent_at, item.opened) for item in here
    ]


def test_outputs_are_the_same(
    dask: LocalCluster, other_plan_file: Path, inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte for byte, ledger and issues included; the inbox is named from the folder above it."""
    monkeypatch.chdir(tmp_path)
    for name, more in (("here", []), ("there", ["--scheduler", dask.scheduler_address])):
        arguments = ["quarter", "2023-Q1", "--plan", str(other_plan_file), "--inbox", inbox.name, "--out", name]
        assert run(*arguments, *more) == 0
    here = {path.relative_to(tmp_path / "here"): path.read_bytes() for path in (tmp_path / "here").rglob("*.xlsx")}
    there = {path.relative_to(tmp_path / "there"): path.read_bytes() for path in (tmp_path / "there").rglob("*.xlsx")}
    assert len(here) > 2
    assert there == here
    ledger = table_values(tmp_path / "there" / "tong-hop-2023-Q1.xlsx", "Nguồn dữ liệu")
    assert len(ledger) == 11
    assert sum(row["verdict"] == "Đã dùng" for row in ledger) == 4


def test_any_executor_of_the_standard_library_will_do(inbox: Path) -> None:
    with ThreadPoolExecutor(2) as threads:
        _, same = read_all(begin(collect(inbox), threads))
    assert same == read_all(begin(collect(inbox)))[1]


def test_an_empty_inbox(machines: Executor) -> None:
    assert read_all(begin([], machines)) == ([], {})


# --- what dies ----------------------------------------------------------------------------------------------------


def many(folder: Path, original: Path, count: int) -> list[Item]:
    for number in range(count):
        shutil.copy(original, folder / f"{number:03}.xlsx")
    return collect(folder)


def test_a_killed_worker_costs_its_retry(dask: LocalCluster, machines: Executor, filled: Path, tmp_path: Path) -> None:
    items = many(tmp_path, filled / "Q1.xlsx", 150)
    before = process_ids(dask)
    groups = read_in_batches(items, LAYOUTS, machines)
    found = [next(groups)]
    os.kill(next(iter(before.values())), signal.SIGKILL)
    found += list(groups)
    assert faults(found) == {item.file: None for item in items}
    assert all(len(read.content.tables) == len(TABLES) for group in found for read in group if read.content)
    until = time.monotonic() + 10
    while set(before.values()) == set((after := process_ids(dask)).values()) and time.monotonic() < until:
        time.sleep(0.1)
    assert set(before.values()) != set(after.values())


@pytest.mark.usefixtures("suffering")
def test_a_file_that_kills_its_reader_is_one_line(
    dask: LocalCluster, machines: Executor, filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The workers themselves live on: each file is read by a process below them."""
    monkeypatch.setattr(batches_module, "SPREAD", 2)
    many(tmp_path, filled / "Q1.xlsx", 8)
    (tmp_path / "a.xlsx").write_bytes(b"ABORT")
    (tmp_path / "b.zip").write_bytes(zipped({"1.xlsx": b"EXIT", "2.xlsx": (filled / "Q2.xlsx").read_bytes()}))
    before = process_ids(dask)
    found = faults(list(read_in_batches(collect(tmp_path), LAYOUTS, machines)))
    assert {file: fault for file, fault in found.items() if fault} == {"a.xlsx": "TT20", "b.zip › 1.xlsx": "TT20"}
    assert len(found) == 12
    assert process_ids(dask) == before


@pytest.mark.usefixtures("suffering")
def test_a_file_that_kills_worker_after_worker_is_one_line(
    dask: LocalCluster, machines: Executor, filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its batch is lost with it, and read again entry by entry."""
    monkeypatch.setattr(batches_module, "SPREAD", 1)
    monkeypatch.setattr(dask.scheduler, "allowed_failures", 0)  # the retries of Dask itself, each a start of a worker
    many(tmp_path, filled / "Q1.xlsx", 3)
    (tmp_path / "001b.xlsx").write_bytes(b"KILL")
    found = list(read_in_batches(collect(tmp_path), LAYOUTS, machines))
    assert faults(found) == {"000.xlsx": None, "001.xlsx": None, "001b.xlsx": "TT20", "002.xlsx": None}


# --- what keeps a run from starting, or from going on -------------------------------------------------------------


def test_a_worker_that_does_not_see_the_inbox(machines: Executor, tmp_path: Path) -> None:
    items = [Item(f"{number}.xlsx", tmp_path / "đâu" / f"{number}.xlsx") for number in range(200)]
    with pytest.raises(CannotRun, match=r"Máy .* của cụm không thấy .*/đâu/0\.xlsx\. .* ổ đĩa chung"):
        list(read_in_batches(items, LAYOUTS, machines))


def test_a_worker_of_another_version(machines: Executor, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches_module, "__version__", "99.0")
    with pytest.raises(CannotRun, match=r"máy này có 99\.0\. Cài cùng một phiên bản"):
        list(read_in_batches(collect(inbox), LAYOUTS, machines))


def test_a_worker_that_cannot_do_it(machines: Executor) -> None:
    """As one without tonghop, which cannot load what it is handed."""
    with pytest.raises(CannotRun, match="ModuleNotFoundError"):
        machines.submit(_lacking).result()


def _lacking() -> None:
    raise ModuleNotFoundError("No module named 'pipeline'")


def test_a_fault_of_the_machine_names_it(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise CannotRun("Không ghi được vào thư mục tạm /tmp.")

    monkeypatch.setattr(batches_module, "read_entries", full)
    with ThreadPoolExecutor(1) as threads, pytest.raises(CannotRun, match=r"^Máy .* của cụm: Không ghi được"):
        list(read_in_batches(collect(inbox), LAYOUTS, threads))


@pytest.mark.parametrize("address", ["10.0.0.5:8786", "http://10.0.0.5:8786", "tcp://10.0.0.5", "tcp://a/b:1"])
def test_a_malformed_address(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("quarter", "2021-Q2", "--scheduler", address) == 2
    assert capsys.readouterr().err == (
        f"--scheduler chưa đúng: “{address}” không phải là địa chỉ cụm máy; ghi dạng tcp://10.0.0.5:8786.\n"
    )


@pytest.mark.parametrize("said", [None, b"", b"HTTP/1.0 400 Bad request\r\n"], ids=["nobody", "silent", "another"])
def test_nobody_answers_as_a_scheduler(
    said: bytes | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cluster_module, "PATIENCE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        if said is None:
            server.close()
        with ThreadPoolExecutor(1) as threads:
            if said is not None:
                threads.submit(_say, server, said)
            assert run("quarter", "2021-Q2", "--scheduler", address) == 2
    assert capsys.readouterr().err.startswith(
        f"Không thể chạy. Không có máy điều phối Dask nào trả lời ở {address}. Kiểm tra địa chỉ"
    )


def _say(server: Any, said: bytes) -> None:
    line, _ = server.accept()
    with line:
        line.sendall(said)
        line.recv(1)  # until the other leaves


def test_a_cluster_without_workers(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(cluster_module, "PATIENCE", 0.5)
    with LocalCluster(n_workers=0, dashboard_address=":0") as empty:
        assert run("quarter", "2021-Q2", "--scheduler", empty.scheduler_address) == 2
        said = capsys.readouterr().err
        assert f"Cụm {empty.scheduler_address} không có máy nào đọc tệp. Chạy “dask worker" in said


def test_workers_that_all_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    """The run ends instead of waiting for them for ever."""
    monkeypatch.setattr(cluster_module, "PATIENCE", 1)
    made = LocalCluster(n_workers=1, processes=False, protocol="tcp://", threads_per_worker=1, dashboard_address=":0")
    with made as small, cluster(small.scheduler_address) as machines:
        waiting = machines.submit(time.sleep, 3)
        small.scale(0)
        with pytest.raises(CannotRun, match="không có máy nào đọc tệp"):
            waiting.result()


def test_a_scheduler_that_is_lost(machines: Executor) -> None:
    lost: Future[None] = Future()
    lost.cancel()
    lost.set_running_or_notify_cancel()
    handed = machines.submit(time.sleep, 0)
    handed.future = lost  # type: ignore[attr-defined]
    with pytest.raises(CannotRun, match="Mất liên lạc với cụm máy"):
        handed.result()


def test_dask_is_not_installed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "pipeline.intake.cluster")
    assert run("quarter", "2021-Q2", "--scheduler", "tcp://127.0.0.1:8786") == 2
    assert "pip install --require-hashes -r .requirements-cluster.lock" in capsys.readouterr().err
