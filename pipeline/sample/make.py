"""Write the sample inboxes: one filled workbook per unit and quarter, the same bytes on every run."""

import random
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pipeline.errors import CannotRun
from pipeline.history import read_history
from pipeline.plan.load import load_plan
from pipeline.plan.model import Period, Plan
from pipeline.read.submission import read_submission
from pipeline.read.tables import TableLayout
from pipeline.run import write_templates
from pipeline.sample import story
from pipeline.sample.fill import Filling
from schemas.template import TABLES
from schemas.words import State, YesNo

QUARTERS = ("Q1", "Q2")
_FIRST = " (bản đầu)"
_SHARE = {"Q1": {"SBN": (0.93, 1.0), "HUYEN": (0.70, 0.82)}, "Q2": {"SBN": (0.985, 1.0), "HUYEN": (0.78, 0.90)}}


def make_sample(plan_path: Path, inputs: Path) -> list[Path]:
    """Fill the templates of 2021-Q1 and 2021-Q2 into ``inputs/<period>/``; returns the files written.

    Raises CannotRun where a workbook of that name lies there that is no sample: a unit may have sent it.
    """
    plan = load_plan(plan_path)
    _refuse_to_overwrite(plan, inputs)
    written = []
    for quarter in QUARTERS:
        period = plan.period(f"{plan.settings.year}-{quarter}")
        folder = inputs / period.period_code
        with TemporaryDirectory() as temporary:
            history = read_history(plan, period, inputs)
            for template in write_templates(plan, period, Path(temporary), history=history):
                written += _submit(plan, period, quarter, template, folder)
    return written


def _refuse_to_overwrite(plan: Plan, inputs: Path) -> None:
    folders = [inputs / f"{plan.settings.year}-{quarter}" for quarter in QUARTERS]
    names = [f"{unit}{more}.xlsx" for unit in plan.units["unit_code"] for more in ("", _FIRST)]
    paths = [folder / name for folder in folders for name in names]
    if real := [str(path) for path in paths if path.exists() and not _is_sample(path)]:
        raise CannotRun(
            f"Không ghi đè bản nộp thật: các tệp sau không mang dấu “{story.MARK}”: {', '.join(real)}. "
            "Chuyển chúng sang thư mục khác hoặc tạo bản minh họa ở thư mục khác."
        )


def _is_sample(path: Path) -> bool:
    content = read_submission(path, [TableLayout.of(table) for table in TABLES])
    cells = [cell for table in content.tables.values() for values in table.values.values() for cell in values]
    return any(story.MARK.lower() in cell.lower() for cell in cells if isinstance(cell, str))


def _submit(plan: Plan, period: Period, quarter: str, template: Path, folder: Path) -> list[Path]:
    """The workbooks that one unit sends for one quarter: none, one, or one and its correction."""
    unit = template.stem
    if unit in story.MISSING[quarter]:
        return []
    days = story.LATE[quarter].get(unit)
    due = datetime(period.due_on.year, period.due_on.month, period.due_on.day)
    chance = random.Random(f"{period.period_code}:{unit}")  # noqa: S311 - figures for show, the same every time
    saved = due + timedelta(
        days=days if days else -chance.randint(1, 6), hours=8 + chance.randint(0, 8), minutes=chance.randint(0, 59)
    )
    filling = Filling(template)
    _fill(filling, plan, period, quarter, unit, saved)
    path = folder / f"{unit}.xlsx"
    if unit not in story.CORRECTED[quarter]:
        filling.save(path, saved)
        return [path]
    # The first version held last quarter's documents; the unit noticed and sent the right ones two days later.
    filling.put("indicators", "II.2.1", {"numerator": 3010, "denominator": 4320})
    first = folder / f"{unit}{_FIRST}.xlsx"
    filling.save(first, due - timedelta(days=5, hours=-9))
    _fill(filling, plan, period, quarter, unit, saved)
    filling.save(path, due - timedelta(days=3, hours=-10))
    return [first, path]


def _fill(filling: Filling, plan: Plan, period: Period, quarter: str, unit: str, saved: datetime) -> None:
    idle = unit in story.NONE_ARISING[quarter]
    people = {
        "report_number": f"{100 + len(unit) * 7}/BC-{unit}",
        "report_date": f"{saved:%d/%m/%Y}",
        "prepared_by": f"Nguyễn Văn A ({story.MARK.lower()})",
        "contact": "0293 000 0000",
        "signed_by": "Trần Thị B, Phó Thủ trưởng đơn vị",
    }
    for key, value in people.items():
        filling.put("info", key, {"value": value})
    for code in filling.keys("tasks"):
        filling.put("tasks", code, _task(quarter, unit, code, idle))
    chance = random.Random(f"{quarter}-figures:{unit}")  # noqa: S311
    for code in filling.keys("indicators"):
        values = _figure(plan, quarter, unit, code, chance, idle)
        filling.put("indicators", code, values | {"note": story.MARK})
    rows = [row for row in story.DIFFICULTIES if row.unit == unit and quarter in row.quarters]
    filling.answer(YesNo.YES if rows else YesNo.NO)
    carried = [row for row in rows if quarter != row.quarters[0]]
    for position, row in enumerate(carried):
        filling.difficulty(position, {name: str(word) for name, word in row.update.items()})
    for position, row in enumerate((row for row in rows if row not in carried), start=len(carried)):
        filling.difficulty(position, _difficulty(row))
    if unit in story.MISTAKEN[quarter]:
        for mistake in story.MISTAKES:
            filling.put(mistake.table, mistake.key, {mistake.field: mistake.typed})


def _difficulty(row: story.Difficulty) -> dict[str, Any]:
    mark = f"({story.MARK.lower()})"
    return {
        "task_code": row.task,
        "description": row.description,
        "cause": f"{row.cause} {mark}".strip(),
        "proposal": row.proposal or None,
        "addressed_to": row.addressed_to or None,
    }


def _task(quarter: str, unit: str, code: str, idle: bool) -> dict[str, Any]:
    state = State.NONE_ARISING if idle else story.STATES.get((quarter, unit, code), State.UNDERWAY)
    if state != State.UNDERWAY:
        return {"state": state.value}
    result = story.LEAD_RESULTS.get((unit, code), story.RESULTS[code])
    return {"state": State.UNDERWAY.value, "result": f"{result} ({story.MARK.lower()})"}


def _figure(plan: Plan, quarter: str, unit: str, code: str, chance: random.Random, idle: bool) -> dict[str, Any]:
    """Numerator and denominator as the unit types them."""
    place = QUARTERS.index(quarter)
    group = dict(zip(plan.units["unit_code"], plan.units["unit_group"], strict=True))[unit]
    if code in story.PROVINCE:
        top, bottom = story.PROVINCE[code][quarter]
        return {"numerator": top, "denominator": bottom}
    if code == "II.3.6":
        communes = dict(zip(plan.units["unit_code"], plan.units["communes"], strict=True))[unit]
        return {"numerator": story.COMMUNES[quarter][unit], "denominator": int(communes)}
    meetings, documents = chance.randint(18, 64), chance.randint(1400, 9200)
    rooms = random.Random(f"rooms:{unit}").randint(1, 6) + place * chance.randint(0, 2)  # noqa: S311
    online = random.Random(f"online:{unit}").uniform(0.35, 0.6) + place * chance.uniform(0.02, 0.12)  # noqa: S311
    low, high = _SHARE[quarter][group]
    share = 1.0 if group == "SBN" and chance.random() < 0.5 else chance.uniform(low, high)
    made: dict[str, tuple[int, int | None]] = {
        "II.1.1": (round(meetings * online), meetings),
        "II.1.2": (rooms, None),
        "II.2.1": (round(documents * share), documents),
        "II.4.1": (chance.randint(0, 3), None),
        "II.4.2": (chance.randint(0, 14), None),
    }
    top, bottom = made[code]
    if idle:
        top, bottom = 0, None if bottom is None else 0
    return {"numerator": top, "denominator": bottom}
