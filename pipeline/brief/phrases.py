"""Counts, lists and days as administrative Vietnamese writes them."""

from collections.abc import Sequence
from datetime import date

from pipeline.plan.model import Period, Plan
from pipeline.text import number_text


def count(number: int) -> str:
    """01 … 09, then plain: so that no digit can be added before it."""
    return f"{number:02d}" if 0 < number < 10 else number_text(number)


def listed(names: Sequence[str]) -> str:
    """Names may hold commas and “và”, so that only a semicolon divides them."""
    return "; ".join(names)


def lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def day(value: date) -> str:
    return f"{value:%d/%m/%Y}"


def period_in_words(period: Period) -> str:
    """The period's name inside a sentence: quý II năm 2021."""
    return lower_first(period.period_name)


def plan_in_words(plan: Plan) -> str:
    number = f" (số {plan.settings.plan_number})" if plan.settings.plan_number else ""
    return f"{plan.settings.title}{number}"


def units_in_words(number: int) -> str:
    return f"{count(number)} đơn vị"
