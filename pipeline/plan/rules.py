"""Rules across the plan's sheets. Each is one function: the typed tables in, findings by table out."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from pipeline.parse.cells import Parsed, parse_date, parse_number, parse_yes_no
from pipeline.parse.frame import Finding
from pipeline.plan.force import DATED, frames_in_force, has_dates, heirs_of
from pipeline.plan.letters import letters_use_their_fields
from pipeline.plan.model import spread
from pipeline.text import closest, fold, is_blank, percent_text
from schemas.plan import MEASURES, REFERENCES, SETTINGS
from schemas.plan import TABLES as PLAN_TABLES
from schemas.words import IndicatorKind, Role

Frames = Mapping[str, pd.DataFrame]
Findings = dict[str, list[Finding]]
Rule = Callable[[Frames], Findings]

_SHEETS = {table.name: table.sheet for table in PLAN_TABLES}
_KEYS = {table.name: table.key for table in PLAN_TABLES}


def keys_are_unique(frames: Frames) -> Findings:
    found: Findings = defaultdict(list)
    for table, key in _KEYS.items():
        frame = frames[table]
        first: dict[tuple[str, ...], int] = {}
        parts = zip(*(frame[name].tolist() for name in key), strict=True)
        for index, row, codes in zip(frame.index.tolist(), frame["row"].tolist(), parts, strict=True):
            if any(is_blank(code) for code in codes):
                continue
            if (told := first.setdefault(tuple(map(fold, codes)), row)) != row:
                found[table].append(Finding(index, key[-1], "KH02", {"first": told}))
    return found


def references_exist(frames: Frames) -> Findings:
    found: Findings = defaultdict(list)
    for table, field, targets in REFERENCES:
        names = targets.split("|")
        known = dict.fromkeys(code for name in names for code in _given(frames[name][_KEYS[name][0]]).values())
        sheets = " hoặc ".join(f"“{_SHEETS[name]}”" for name in names)
        for index, value in _given(frames[table][field]).items():
            if value not in known:
                near = closest(value, list(known))
                suggestion = f" (ý bạn là “{near}”?)" if near else ""
                params = {"sheets": sheets, "suggestion": suggestion}
                found[table].append(Finding(index, field, "KH01", params))
    return found


def _given(column: pd.Series) -> dict[int, Any]:
    """The values that are not blank, by row label; a short column is walked faster than it is masked."""
    return {at: value for at, value in zip(column.index.tolist(), column.tolist(), strict=True) if not is_blank(value)}


def units_and_groups_differ(frames: Frames) -> Findings:
    groups = set(_given(frames["groups"]["group_code"]).values())
    units = _given(frames["units"]["unit_code"])
    return {"units": [Finding(at, "unit_code", "KH10", {}) for at, code in units.items() if code in groups]}


def tasks_have_a_lead(frames: Frames) -> Findings:
    """A lead that reaches no unit (an empty group, or one whose units all have rows of their own) is none."""
    assigned = spread(frames["units"], frames["assignments"], "task_code", ["role"], frames["tasks"]["task_code"])
    led = set(assigned["task_code"][assigned["role"] == Role.LEAD])
    tasks = _given(frames["tasks"]["task_code"])
    return {"tasks": [Finding(at, "task_code", "KH04", {"since": ""}) for at, code in tasks.items() if code not in led]}


def indicators_have_reporters(frames: Frames) -> Findings:
    reached = {*frames["units"]["unit_code"].tolist(), *frames["units"]["unit_group"].tolist()}
    rows = frames["targets"]
    targets = zip(rows["indicator_code"].tolist(), rows["assignee"].tolist(), strict=True)
    reported = {code for code, assignee in targets if assignee in reached}
    codes = _given(frames["indicators"]["indicator_code"])
    silent = [at for at, code in codes.items() if code not in reported]
    return {"indicators": [Finding(at, "indicator_code", "KH08", {"since": ""}) for at in silent]}


def period_dates_in_order(frames: Frames) -> Findings:
    rows = frames["periods"]
    wrong = (rows["data_from"] > rows["data_to"]) | (rows["due_on"] > rows["consolidate_on"])
    wrong |= rows["data_to"] > rows["consolidate_on"]
    return {"periods": [Finding(int(i), "data_to", "KH05", {}) for i in rows.index[wrong]]}


def ratios_name_their_denominator(frames: Frames) -> Findings:
    rows = frames["indicators"]
    wrong = rows["kind"].isin([kind for kind in IndicatorKind if kind.has_denominator])
    wrong &= rows["denominator_label"].isna()
    return {"indicators": [Finding(int(i), "denominator_label", "KH07", {}) for i in rows.index[wrong]]}


def shares_are_at_most_one(frames: Frames) -> Findings:
    """A ratio above 100 % is a percentage typed without its sign."""
    shares = [IndicatorKind.RATIO, IndicatorKind.RATIO_POINTS]
    indicators = frames["indicators"]
    kinds = dict(zip(indicators["indicator_code"], indicators["kind"], strict=True))
    found: Findings = defaultdict(list)
    for table in ("indicators", "targets"):
        rows = frames[table]
        share = rows["indicator_code"].map(kinds).isin(shares)
        for field in MEASURES:
            if field in rows:
                wrong = rows.index[share & (rows[field] > 1)]
                found[table] += [
                    Finding(int(i), field, "KH06", {"typed": percent_text(float(str(rows.at[i, field])))})
                    for i in wrong
                ]
    return found


def validity_dates_in_order(frames: Frames) -> Findings:
    found: Findings = {}
    for table in DATED:
        rows = frames[table]
        wrong = rows.index[rows["valid_from"] > rows["valid_to"]]
        found[table] = [Finding(int(i), "valid_to", "KH12", {}) for i in wrong]
    return found


RULES: tuple[Rule, ...] = (
    keys_are_unique,
    references_exist,
    units_and_groups_differ,
    tasks_have_a_lead,
    indicators_have_reporters,
    period_dates_in_order,
    ratios_name_their_denominator,
    shares_are_at_most_one,
    validity_dates_in_order,
    letters_use_their_fields,
)

_WHO_REPORTS: tuple[Rule, ...] = (tasks_have_a_lead, indicators_have_reporters)


def answering_units_remain(frames: Frames, narrow: Frames) -> Findings:
    """Who answers for an indicator, and who consolidates, is in force in every period, or has a successor that is.

    ``narrow``: the tables as they stand on a day.
    """
    held, heirs = set(narrow["units"]["unit_code"]), heirs_of(frames["units"], narrow["units"])
    rows = narrow["indicators"]["accountable"].dropna()
    owner = frames["settings"].loc[frames["settings"]["key"] == "consolidated_by", "value"].dropna()
    return {
        table: [
            Finding(int(str(index)), field, "KH14", {})
            for index, code in codes.items()
            if code in heirs and heirs[code] not in held
        ]
        for table, field, codes in (("indicators", "accountable", rows), ("settings", "value", owner))
    }


def apply_rules(frames: Frames) -> Findings:
    """Every rule on the plan as it stands on the last day of each period's data, so that a code may come twice
    where its rows follow each other, and a task has a lead in every period; one finding a cell."""
    if not any(has_dates(frames[table]) for table in DATED):
        return _merged([rule(frames) for rule in RULES])
    # What is a fault of the whole plan comes first, as of the same fault found twice the first is told.
    found = [rule(frames) for rule in _WHO_REPORTS]
    for day, code in _last_days(frames["periods"]).items():
        narrow = frames_in_force(frames, day)
        found += [_since(rule(narrow), code) for rule in _WHO_REPORTS]
        found += [rule(narrow) for rule in RULES if rule not in (references_exist, *_WHO_REPORTS)]
        found.append(answering_units_remain(frames, narrow))
    return _merged([*found, *(rule(frames) for rule in (references_exist, validity_dates_in_order))])


def _last_days(periods: pd.DataFrame) -> dict[date, str]:
    """The last days of the periods' data, in order, each with the code of the first period that ends on it."""
    rows = periods.dropna(subset=["data_to"]).sort_values("data_to", kind="stable")
    found: dict[date, str] = {}
    for day, code in zip(rows["data_to"], rows["period_code"], strict=True):
        found.setdefault(day.date(), code)
    return found


def _since(found: Findings, period_code: str) -> Findings:
    """The findings with the period from which on they hold."""
    since = {"since": "" if is_blank(period_code) else f" từ kỳ {period_code}"}
    return {table: [one._replace(params=since) for one in findings] for table, findings in found.items()}


def _merged(parts: list[Findings]) -> Findings:
    merged: dict[str, dict[tuple[int, str, str], Finding]] = defaultdict(dict)
    for part in parts:
        for table, findings in part.items():
            for finding in findings:
                merged[table].setdefault((finding.at, finding.field, finding.code), finding)
    return {table: list(findings.values()) for table, findings in merged.items()}


def settings_refer_to_units(frames: Frames) -> list[Finding]:
    """The consolidating unit is one of the plan's units."""
    rows = frames["settings"]
    owner = rows.loc[rows["key"] == "consolidated_by", "value"].dropna()
    known = list(frames["units"]["unit_code"].dropna())
    params = {"sheets": f"“{_SHEETS['units']}”"}
    return [Finding(int(str(i)), "value", "KH01", params) for i, code in owner.items() if code not in known]


def _parse_year(value: Any) -> Parsed:
    parsed = parse_number(value)
    if parsed.value is None or (parsed.value.is_integer() and 1900 <= parsed.value <= 9998):
        return parsed
    return Parsed(None, "KH11")


def _parse_share(value: Any) -> Parsed:
    parsed = parse_number(value, percent=True)
    if parsed.value is None or 0 < parsed.value <= 1:
        return parsed
    return Parsed(None, "KH13")


_PARSERS = {"year": _parse_year, "date": parse_date, "yes_no": parse_yes_no, "share?": _parse_share}


def read_settings(frame: pd.DataFrame) -> tuple[dict[str, Any], list[Finding], list[str]]:
    """The settings parsed by the kind each has, the findings at their cells and the keys that are absent.

    ``frame``: typed rows of the sheet ``Kế hoạch``. An optional setting that is blank is an empty text.
    """
    values: dict[str, Any] = {}
    findings: list[Finding] = []
    rows = {row["key"]: (int(str(index)), row["value"]) for index, row in frame.dropna(subset=["key"]).iterrows()}
    for key, (_, kind, _) in SETTINGS.items():
        if key not in rows:
            continue
        index, value = rows[key]
        if pd.isna(value):
            if kind != "share?":
                values[key] = ""
            if not kind.endswith("?"):
                findings.append(Finding(index, "value", "BB01", {}))
            continue
        parse = _PARSERS.get(kind)
        parsed = parse(value) if parse else None
        if parsed is not None and parsed.code:
            findings.append(Finding(index, "value", parsed.code, {"choices": "Có · Không"} | parsed.params))
        values[key] = parsed.value if parsed is not None else value
        if isinstance(values[key], date):
            values[key] = date(values[key].year, values[key].month, values[key].day)
    return values, findings, [key for key in SETTINGS if key not in rows and SETTINGS[key][1] != "share?"]
