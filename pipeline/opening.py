"""What a year takes over from the one before: the difficulties that nobody has resolved."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from pipeline.assess.lives import still_open
from pipeline.errors import CannotRun
from pipeline.history import lives_after, read_history
from pipeline.inbox import has_submissions
from pipeline.means import PLAIN, Means
from pipeline.plan.load import load_plan
from pipeline.plan.model import Opening, Plan
from pipeline.take import take


def with_opening(plan: Plan, folder: Path, means: Means = PLAIN) -> Plan:
    """The plan with what was open when its year began, read from ``folder``; as it is where nothing lies there.

    The plan of the year before is ``folder/<year>/ke-hoach.xlsx``, and its periods are read as the runs of that year
    read them, the annual one last. No further year is read: what was raised before it is known where its unit has sent
    it back since, as templates carry it. A later quarter reads the year before too, since silence closes nothing and
    nothing but the inboxes remembers. Raises CannotRun.
    """
    year = plan.settings.year - 1
    path = folder / str(year) / "ke-hoach.xlsx"
    if not (path.is_file() and any(has_submissions(inbox) for inbox in folder.glob(f"{year}-*"))):
        return plan
    try:
        return _taken_over(plan, path, folder, means)
    except CannotRun as error:
        raise CannotRun(f"Không lấy được khó khăn còn mở của năm trước theo {path}. {error}") from error


def _taken_over(plan: Plan, path: Path, folder: Path, means: Means) -> Plan:
    before = load_plan(path)
    last = before.year_period()
    history = read_history(before, last, folder, means)
    if not history:
        return plan
    code, lives = history[-1].period.period_code, history[-1].lives
    inbox = folder / last.period_code
    if has_submissions(inbox):
        code, lives = last.period_code, lives_after(take(inbox, before, last, means), history)
    return replace(plan, opening=_opening(plan, code, still_open(lives)))


def _opening(plan: Plan, code: str, lives: pd.DataFrame) -> Opening:
    """A task that the plan no longer has is left for the unit to choose anew."""
    known = lives["unit_code"].isin((plan.whole or plan).units["unit_code"])
    kept = lives[known].reset_index(drop=True)
    kept["task_code"] = kept["task_code"].where(kept["task_code"].isin(plan.tasks["task_code"]), None)
    return Opening(code, kept, int((~known).sum()))


def opening_lines(plan: Plan, out: Path) -> list[str]:
    """How many difficulties the year takes over, and where they are listed: in the year's list, if there is one, else
    in that of the last period; nothing where there are none."""
    if plan.opening is None:
        return []
    year, code = plan.settings.year, plan.opening.period_code
    count, left = len(plan.opening.lives), plan.opening.left
    lists = [out / of / f"kho-khan-vuong-mac-{of}.xlsx" for of in (f"{year - 1}-NAM", code)]
    where = next((path for path in lists if path.exists()), lists[-1])
    lines = []
    if count:
        lines.append(
            f"Cuối năm {year - 1} còn {count} khó khăn, vướng mắc chưa giải quyết xong (xem {where}); biểu mẫu của kỳ "
            f"đầu năm {year} điền sẵn các khó khăn này, mã giữ nguyên, để đơn vị cập nhật."
        )
    if left:
        lines.append(
            f"{left} khó khăn, vướng mắc cuối năm {year - 1} là của đơn vị không có trong kế hoạch năm {year} nên "
            f"không được chuyển sang (xem {where}); khó khăn nào còn thì đơn vị kế thừa nêu lại."
        )
    return lines
