"""Difficulties by task, in the units' own words, and what is proposed, by the authority that must resolve it."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.brief.blocks import Block, Heading, Paragraph
from pipeline.brief.phrases import count, lower_first, units_in_words
from pipeline.brief.tasks import quoted
from pipeline.plan.model import Plan
from pipeline.text import fold
from pipeline.write.consolidated import Report
from schemas.columns import records
from schemas.words import DifficultyState, Update

_CARRIED = (Update.UPDATED, Update.SILENT)
UNNAMED = "Đơn vị chưa nêu cơ quan giải quyết"


@dataclass(frozen=True)
class Authority:
    """Who must resolve, as the units first wrote it; ``unit_code`` where it is one of the plan's own units."""

    name: str
    unit_code: str | None
    rows: list[dict[str, Any]]


def difficulty_blocks(report: Report) -> list[Block]:
    rows = report.facts.difficulties
    if rows.empty:
        return [Paragraph("Không có khó khăn, vướng mắc nào được nêu.")]
    units = rows["unit_code"].nunique()
    told = f"Có {count(len(rows))} khó khăn, vướng mắc của {units_in_words(units)} ({_states(rows)})"
    carried = int(rows["update"].isin(_CARRIED).sum())
    told += f", trong đó {count(carried)} khó khăn nêu từ kỳ trước. " if carried else ". "
    blocks: list[Block] = [Paragraph(f"{told}Nội dung trong ngoặc kép là nguyên văn báo cáo của đơn vị.")]
    titles = report.plan.task_titles
    by_task = dict(list(rows.groupby(rows["task_code"].fillna(""), sort=False)))
    places = {code: place for place, code in enumerate(titles)}
    for number, code in enumerate(sorted(by_task, key=lambda code: places.get(code, len(places))), start=1):
        mine = by_task[code]
        name = f"Nhiệm vụ {code} – {titles[code]}" if code in titles else "Chưa ghi nhiệm vụ"
        blocks.append(Heading(f"{number}. {name} ({count(len(mine))} khó khăn, vướng mắc)"))
        blocks += [Paragraph(f"- {_difficulty(row, report.plan)}") for row in records(mine)]
    return blocks


def _states(rows: pd.DataFrame) -> str:
    counts = rows["state"].value_counts()
    return "; ".join(f"{count(int(counts[s]))} {lower_first(s.value)}" for s in DifficultyState if s in counts.index)


def _difficulty(row: dict[str, Any], plan: Plan) -> str:
    parts = [f"{row['unit_name']}: {quoted(row['description'])}"]
    for label, field in (("Nguyên nhân", "cause"), ("Đề xuất", "proposal")):
        if isinstance(row[field], str):
            parts.append(f"{label}: {quoted(row[field])}")
    if isinstance(row["addressed_to"], str):
        parts.append(f"Cơ quan giải quyết: {row['addressed_to'].rstrip('.')}.")
    if row["state"] != DifficultyState.OPEN:
        parts.append(f"Tình trạng: {lower_first(row['state'])}.")
    if row["update"] in _CARRIED:
        names = dict(zip(plan.periods["period_code"], plan.periods["period_name"], strict=True))
        silent = "; kỳ này đơn vị chưa cập nhật" if row["update"] == Update.SILENT else ""
        parts.append(f"Nêu từ {lower_first(names.get(row['first_period'], row['first_period']))}{silent}.")
    return " ".join(parts)


def authorities(report: Report) -> list[Authority]:
    """Of the difficulties not yet resolved: the plan's units in its order, then others, then those not named."""
    rows = report.facts.difficulties
    found: dict[str, Authority] = {}
    codes = _unit_codes(report.plan)
    for row in records(rows[rows["state"] != DifficultyState.RESOLVED]):
        named = row["addressed_to"].strip().rstrip(".") if isinstance(row["addressed_to"], str) else ""
        code = codes.get(fold(named))
        name = report.plan.unit_names[code] if code else named or UNNAMED
        found.setdefault(fold(name), Authority(name, code, [])).rows.append(row)
    places = {code: place for place, code in enumerate(report.plan.units["unit_code"])}
    last = len(places)
    return sorted(
        found.values(),
        key=lambda one: places[one.unit_code] if one.unit_code else last + (one.name == UNNAMED),
    )


def _unit_codes(plan: Plan) -> dict[str, str]:
    """Codes by the names that a unit goes by."""
    found = {}
    for unit in records(plan.units):
        aliases = unit["aliases"].split(";") if isinstance(unit["aliases"], str) else []
        for name in (*aliases, unit["short_name"], unit["unit_name"]):
            found[fold(name)] = unit["unit_code"]
    return found


def proposal_blocks(report: Report) -> list[Block]:
    groups = authorities(report)
    if not groups:
        return [Paragraph("Không có khó khăn, vướng mắc nào chờ giải quyết.")]
    blocks: list[Block] = []
    for number, authority in enumerate(groups, start=1):
        blocks.append(Heading(f"{number}. {authority.name} ({count(len(authority.rows))} nội dung)"))
        blocks += [Paragraph(f"- {_proposal(row)}") for row in authority.rows]
    return blocks


def _proposal(row: dict[str, Any]) -> str:
    task = f", nhiệm vụ {row['task_code']}" if isinstance(row["task_code"], str) else ""
    if isinstance(row["proposal"], str):
        return f"{row['unit_name']}{task} đề xuất: {quoted(row['proposal'])}"
    return f"{row['unit_name']}{task} chưa nêu đề xuất; khó khăn: {quoted(row['description'])}"
