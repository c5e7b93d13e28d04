"""Due dates and working days."""

from datetime import date, timedelta


def working_day(day: date) -> date:
    """The day itself, or the Monday after a weekend (Bộ luật Dân sự 2015, điều 148, khoản 5)."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)


def shift_years(day: date, years: int) -> date:
    """The same day of another year; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
