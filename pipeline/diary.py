"""A run's diary: what changed since the outputs that were already there.

A consolidated workbook records where the run stood (:class:`Footing`) and what it said had changed. The next
run on the same footing repeats those words, so that its files stay byte-identical; a run on another footing
compares the two. Without an earlier workbook of this layout there is nothing to compare, and nothing is said.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

import pandas as pd

from pipeline.history import Judged
from pipeline.plan.model import Plan
from pipeline.text import clean
from schemas.words import Timeliness, Verdict

_MOST = 12
_MISSING = (Timeliness.MISSING, Timeliness.UNREADABLE, Timeliness.WRONG_PERIOD)
_NOTHING_NEW = "Không có bản nộp mới được tính; không tình trạng, kết quả nào thay đổi"
_OTHERWISE = (
    "Không có bản nộp mới được tính; có số liệu, khó khăn hoặc căn cứ thay đổi theo quyết định của cán bộ, "
    "kế hoạch hoặc kỳ trước"
)
Rows = Iterable[tuple[str, str, str]]


@dataclass(frozen=True)
class Footing:
    """Where a run stood.

    ``files``: how often each SHA-256 lies in the inbox. By unit code ``units`` (the timeliness) and ``used``
    (the SHA-256 of the submission that counts); by task code ``tasks`` (the status); by
    ``indicator_code|scope`` ``results`` (the target result). ``received`` is the newest received date; ``told`` the
    SHA-256 of all that the workbook says of tasks, indicators, units and difficulties: what the officer decided, the
    plan and the earlier periods are in it.
    """

    as_of: date
    received: date | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    used: Mapping[str, str] = field(default_factory=dict)
    tasks: Mapping[str, str] = field(default_factory=dict)
    results: Mapping[str, str] = field(default_factory=dict)
    told: str = ""


_PARTS = ("files", "units", "used", "tasks", "results")


@dataclass(frozen=True)
class Diary:
    """``lines``: what changed since the run before, the first one a heading; none of a first run."""

    footing: Footing
    lines: tuple[str, ...] = ()

    def rows(self) -> list[tuple[str, str, str]]:
        """(part, key, value), as the workbook keeps them."""
        now = self.footing
        kept = [("day", "as_of", now.as_of.isoformat())]
        kept += [("day", "received", now.received.isoformat())] if now.received else []
        kept += [("day", "told", now.told)]
        kept += [(part, key, value) for part in _PARTS for key, value in getattr(now, part).items()]
        return kept + [("line", str(number), text) for number, text in enumerate(self.lines, start=1)]


def diary_of(rows: Rows) -> Diary | None:
    """What :meth:`Diary.rows` wrote; None for rows that are not a diary."""
    parts: dict[str, dict[str, str]] = {name: {} for name in ("day", *_PARTS, "line")}
    for part, key, value in rows:
        parts.get(part, {})[key] = value
    days = parts.pop("day")
    lines = tuple(parts.pop("line").values())
    try:
        as_of, received = date.fromisoformat(days["as_of"]), days.get("received")
        day = date.fromisoformat(received) if received else None
        return Diary(Footing(as_of, day, **parts, told=days.get("told", "")), lines)
    except (KeyError, ValueError):
        return None


def footing_of(judged: Judged) -> Footing:
    assessment, ledger = judged.assessment, judged.ledger
    used = ledger[ledger["verdict"] == Verdict.USED]
    newest = used["received_on"].max() if len(used) else pd.NaT
    hashes = Counter(sorted(ledger["sha256"].dropna()))
    scopes = assessment.results["indicator_code"] + "|" + assessment.results["scope"]
    told = (
        assessment.statuses,
        assessment.results,
        assessment.timeliness,
        judged.facts.difficulties,
        judged.decisions.rows,
    )
    return Footing(
        judged.as_of,
        None if pd.isna(newest) else newest.date(),
        {digest: str(count) for digest, count in hashes.items()},
        _pairs(assessment.timeliness["unit_code"], assessment.timeliness["timeliness"]),
        _pairs(used["unit_code"], used["sha256"].fillna("")),
        _pairs(assessment.statuses["task_code"], assessment.statuses["status"]),
        _pairs(scopes, assessment.results["target_result"]),
        sha256(repr([judged.plan.settings, *(frame.to_dict("list") for frame in told)]).encode()).hexdigest(),
    )


def keep_diary(before: Diary | None, now: Footing, plan: Plan) -> Diary:
    """The diary of this run; ``before`` is what the workbook that it replaces recorded."""
    if before is None:
        return Diary(now)
    if before.footing == now:
        return before
    lines = _compare(before.footing, now, plan)
    return Diary(now, tuple(str(clean(line)) for line in lines))


def _compare(old: Footing, now: Footing, plan: Plan) -> list[str]:
    names = plan.unit_names
    until = f" (nhận đến ngày {old.received:%d/%m/%Y})" if old.received else ""
    came = [code for code in now.used if code not in old.used]
    again = [code for code in now.used if code in old.used and now.used[code] != old.used[code]]
    gone = [code for code in old.used if code not in now.used and code in names]
    lines = _counted("Mới nhận", [names[code] for code in came])
    lines += _counted("Gửi lại, bản mới được tính", [names[code] for code in again])
    lines += _counted("Không còn bản nộp dùng được", [names[code] for code in gone])
    lines += _moved("Nhiệm vụ đổi tình trạng", old.tasks, now.tasks, {code: code for code in now.tasks})
    lines += _moved("Chỉ tiêu đổi kết quả", old.results, now.results, _scopes(now.results, plan))
    if old.as_of != now.as_of:
        lines.append(f"Ngày xét đổi từ {old.as_of:%d/%m/%Y} thành {now.as_of:%d/%m/%Y}")
    missing = [names[code] for code, word in now.units.items() if word in _MISSING]
    lines = lines or [_NOTHING_NEW if old.told == now.told else _OTHERWISE]
    lines += _counted("Còn thiếu", missing) or ["Không còn đơn vị nào thiếu"]
    return [f"So với lần tổng hợp trước{until}:", *(f"{line}." for line in lines)]


def _counted(label: str, things: Sequence[str]) -> list[str]:
    if not things:
        return []
    rest = len(things) - _MOST
    more = f" và {rest} đơn vị khác" if rest > 0 else ""
    return [f"{label}: {len(things)} đơn vị – {'; '.join(things[:_MOST])}{more}"]


def _moved(label: str, old: Mapping[str, str], now: Mapping[str, str], names: Mapping[str, str]) -> list[str]:
    """Only what both runs knew: a task that the plan has gained or lost has not moved."""
    moved = [f"{names[key]} từ “{old[key]}” thành “{word}”" for key, word in now.items() if old.get(key, word) != word]
    rest = len(moved) - _MOST
    more = f" và {rest} mục khác" if rest > 0 else ""
    return [f"{label}: {'; '.join(moved[:_MOST])}{more}"] if moved else []


def _scopes(keys: Iterable[str], plan: Plan) -> dict[str, str]:
    """How an ``indicator_code|scope`` is called on screen."""
    pairs = {key: key.split("|", maxsplit=1) for key in keys}
    return {key: f"{code} – {plan.scope_name(scope)}" for key, (code, scope) in pairs.items()}


def _pairs(keys: Iterable[Any], values: Iterable[Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in zip(keys, values, strict=True)}
