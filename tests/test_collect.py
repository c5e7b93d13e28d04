"""The inbox: every file once, in a fixed order, untouched."""

import os
from pathlib import Path

import pytest

from pipeline.collect import Item, collect
from pipeline.errors import CannotRun


def lay(folder: Path, *files: str) -> None:
    for file in files:
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(f"nội dung {file}".encode())


def test_every_file_in_a_fixed_order_whatever_order_it_came_in(tmp_path: Path) -> None:
    files = ["b.xlsx", "a.xlsx", "sub/c.xlsx", "sub/a/d.pdf", "Sở Tài chính.xlsx"]
    lay(tmp_path / "one", *files)
    lay(tmp_path / "two", *reversed(files))
    found = [item.file for item in collect(tmp_path / "one")]
    assert found == ["Sở Tài chính.xlsx", "a.xlsx", "b.xlsx", "sub/a/d.pdf", "sub/c.xlsx"]
    assert [item.file for item in collect(tmp_path / "two")] == found


def test_path_and_nothing_ignored(tmp_path: Path) -> None:
    lay(tmp_path, "a.xlsx")
    (item,) = collect(tmp_path)
    assert item == Item("a.xlsx", tmp_path / "a.xlsx")


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        ("~$VP.xlsx", "Tệp khóa do Excel hoặc LibreOffice tạo khi mở tệp."),
        (".~lock.VP.xlsx#", "Tệp khóa do Excel hoặc LibreOffice tạo khi mở tệp."),
        ("Thumbs.db", "Tệp của hệ thống."),
        ("desktop.ini", "Tệp của hệ thống."),
        (".DS_Store", "Tệp của hệ thống."),
        ("sub/.gitkeep", "Tệp của hệ thống."),
        ("._VP.xlsx", "Tệp của hệ thống."),
        (".khoa", "Khóa đóng dấu biểu mẫu của kỳ."),
    ],
)
def test_lock_and_system_files_are_listed_as_ignored(tmp_path: Path, file: str, reason: str) -> None:
    lay(tmp_path, file, "a.xlsx")
    by_file = {item.file: item for item in collect(tmp_path)}
    assert set(by_file) == {file, "a.xlsx"}
    assert (by_file[file].ignored, by_file[file].sha256) == (reason, "")
    assert by_file["a.xlsx"].ignored == ""


def test_what_is_no_plain_file_stands_in_the_list_and_is_never_entered(tmp_path: Path) -> None:
    inbox, elsewhere = tmp_path / "inbox", tmp_path / "elsewhere"
    lay(elsewhere, "secret.xlsx")
    inbox.mkdir()
    os.mkfifo(inbox / "pipe.xlsx")
    (inbox / "gone.xlsx").symlink_to(tmp_path / "nowhere")
    (inbox / "folder").symlink_to(elsewhere)
    assert [item.file for item in collect(inbox)] == ["folder", "gone.xlsx", "pipe.xlsx"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is closed to root")
def test_a_folder_that_the_machine_refuses_to_open(tmp_path: Path) -> None:
    lay(tmp_path, "closed/a.xlsx", "b.xlsx")
    (tmp_path / "closed").chmod(0)
    try:
        assert [(item.file, item.fault and item.fault[0]) for item in collect(tmp_path)] == [
            ("b.xlsx", None),
            ("closed", "TT01"),
        ]
    finally:
        (tmp_path / "closed").chmod(0o700)


def test_folders_are_no_items_and_an_empty_inbox_is_empty(tmp_path: Path) -> None:
    (tmp_path / "trống").mkdir()
    assert collect(tmp_path) == []


def test_a_name_that_is_not_utf8_can_still_be_shown(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xe1o.xlsx")).write_bytes(b"x")
    except OSError:
        pytest.skip("the file system takes UTF-8 names only")
    (item,) = collect(tmp_path)
    assert item.file == "b?o.xlsx"
    assert item.path.read_bytes() == b"x"


def test_inputs_are_not_touched(tmp_path: Path) -> None:
    lay(tmp_path, "a.xlsx", "sub/b.xlsx")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    collect(tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


@pytest.mark.parametrize("kind", ["missing", "file"])
def test_no_such_folder_stops_the_run(tmp_path: Path, kind: str) -> None:
    inbox = tmp_path / "2023-Q1"
    if kind == "file":
        inbox.write_bytes(b"")
    with pytest.raises(CannotRun, match=r"Không có thư mục .*2023-Q1"):
        collect(inbox)


def test_the_officers_decisions_are_no_submission_but_a_file_of_that_name_elsewhere_may_be(tmp_path: Path) -> None:
    lay(tmp_path, "xac-nhan.xlsx", "sub/xac-nhan.xlsx")
    assert {item.file: item.ignored for item in collect(tmp_path)} == {
        "xac-nhan.xlsx": "Quyết định của cán bộ.",
        "sub/xac-nhan.xlsx": "",
    }
