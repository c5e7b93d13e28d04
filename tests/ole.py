"""A writer of OLE2 compound files for the tests, as small as readers allow: old Office files and Outlook mails."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_NOBODY = 0xFFFFFFFF
_EPOCH = datetime(1601, 1, 1)


@dataclass
class _Node:
    name: str
    data: bytes | None = None
    kids: dict[str, "_Node"] = field(default_factory=dict)
    right: int = _NOBODY
    child: int = _NOBODY
    start: int = _END
    size: int = 0


def write_ole(path: Path, streams: Mapping[str, bytes]) -> Path:
    """Streams by name; a slash puts one into a storage."""
    nodes = _tree(streams)
    small = [node for node in nodes if node.data is not None and len(node.data) < _CUTOFF]
    large = [node for node in nodes if node.data is not None and len(node.data) >= _CUTOFF]
    mini, mini_fat = b"", []
    for node in small:
        node.size, count = len(node.data or b""), -(-len(node.data or b"") // _MINI)
        node.start = len(mini_fat) if count else _END
        mini_fat += _chain(len(mini_fat), count)
        mini += (node.data or b"").ljust(count * _MINI, b"\0")
    sectors, fat = b"", []

    def put(data: bytes) -> int:
        nonlocal sectors
        count, first = -(-len(data) // _SECTOR), len(fat)
        fat.extend(_chain(first, count))
        sectors += data.ljust(count * _SECTOR, b"\0")
        return first if count else _END

    for node in large:
        node.start, node.size = put(node.data or b""), len(node.data or b"")
    nodes[0].start, nodes[0].size = put(mini), len(mini)
    mini_start = put(_longs(mini_fat))
    directory = put(b"".join(_entry(node, at) for at, node in enumerate(nodes)))
    first_fat, count = len(fat), 0
    while count * _SECTOR // 4 < len(fat) + count:
        count += 1
    fat += [_FAT] * count
    sectors += _longs(fat).ljust(count * _SECTOR, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, count, directory, 0, _CUTOFF)
    header += struct.pack("<IIII", mini_start, -(-len(mini_fat) * 4 // _SECTOR), _END, 0)
    header += _longs([*range(first_fat, first_fat + count), *[_FREE] * (109 - count)])
    path.write_bytes(header + sectors)
    return path


def _tree(streams: Mapping[str, bytes]) -> list[_Node]:
    """The directory entries, the root first; siblings hang in one line, in the order that the format asks for."""
    root = _Node("Root Entry")
    for name, data in streams.items():
        *folders, last = name.split("/")
        node = root
        for folder in folders:
            node = node.kids.setdefault(folder, _Node(folder))
        node.kids[last] = _Node(last, data)
    nodes = [root]
    for node in nodes:
        kids = sorted(node.kids.values(), key=lambda kid: (len(kid.name), kid.name.upper()))
        for place, kid in enumerate(kids):
            at = len(nodes)
            if place == 0:
                node.child = at
            if place + 1 < len(kids):
                kid.right = at + 1
            nodes.append(kid)
    return nodes


def _entry(node: _Node, at: int) -> bytes:
    name = node.name.encode("utf-16-le") + b"\0\0"
    kind = 5 if at == 0 else 2 if node.data is not None else 1
    head = name.ljust(64, b"\0") + struct.pack("<HBBIII", len(name), kind, 1, _NOBODY, node.right, node.child)
    return head + bytes(36) + struct.pack("<IQ", node.start if kind != 1 else 0, node.size)


def _chain(first: int, count: int) -> list[int]:
    return [*range(first + 1, first + count), _END] if count else []


def _longs(values: list[int]) -> bytes:
    return struct.pack(f"<{len(values)}I", *values)


def write_msg(path: Path, sender: str, sent: datetime, attachments: Mapping[str, bytes], smtp: str = "") -> Path:
    """An Outlook mail ([MS-OXMSG]); ``sent`` in UTC; ``smtp``: the sender's address where ``sender`` is a name."""
    ticks = int((sent - _EPOCH).total_seconds()) * 10_000_000
    fixed = [(0x0039, 0x0040, struct.pack("<Q", ticks)), (0x340D, 0x0003, struct.pack("<I4x", 0x40000))]
    texts = {0x001A: "IPM.Note", 0x0037: "Báo cáo quý", 0x0C1F: sender, 0x1000: "Kính gửi"} | (
        {0x5D01: smtp} if smtp else {}
    )
    head = struct.pack("<8x4I8x", 0, len(attachments), 0, len(attachments))
    streams = _properties("", head, fixed, {(pid, 0x001F): text.encode("utf-16-le") for pid, text in texts.items()})
    for number, (name, data) in enumerate(attachments.items()):
        values = {(0x3707, 0x001F): name.encode("utf-16-le"), (0x3701, 0x0102): data}
        method = [(0x3705, 0x0003, struct.pack("<I4x", 1))]
        streams |= _properties(f"__attach_version1.0_#{number:08X}/", bytes(8), method, values)
    return write_ole(path, streams)


def _properties(
    folder: str, head: bytes, fixed: list[tuple[int, int, bytes]], values: Mapping[tuple[int, int], bytes]
) -> dict[str, bytes]:
    """The property stream of one object, and a stream for each value of variable length."""
    entries = [struct.pack("<HHI", kind, pid, 6) + value for pid, kind, value in fixed]
    streams = {}
    for (pid, kind), value in values.items():
        size = len(value) + (2 if kind == 0x001F else 0)
        entries.append(struct.pack("<HHIII", kind, pid, 6, size, 0))
        streams[f"{folder}__substg1.0_{pid:04X}{kind:04X}"] = value
    return {f"{folder}__properties_version1.0": head + b"".join(entries)} | streams
