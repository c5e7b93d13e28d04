"""What the officer reads in the terminal after a batch of drafts."""

from pipeline.letters.run import Drafted
from schemas.letters import BATCHES

_MOST = 12


def letter_lines(drafted: Drafted) -> list[str]:
    """How many drafts lie where, to whom, which still lack an address, and that nothing was sent."""
    what = f"Thư {BATCHES[drafted.batch]}, {drafted.period_name}"
    if not drafted.units:
        lines = (
            [f"{what}: không có thư nào cần gửi."]
            if not (drafted.failed or drafted.lacking)
            else [f"{what}: chưa soạn được thư nào."]
        )
        return lines + _failed(drafted)
    lines = [
        f"{what}: {len(drafted.units)} thư nháp trong {drafted.folder}",
        f"Gửi: {_named(drafted, drafted.units)}",
    ]
    if drafted.unaddressed:
        lines.append(f"Chưa có địa chỉ thư điện tử trong kế hoạch: {_named(drafted, drafted.unaddressed)}")
    for code, wrong in drafted.misaddressed.items():
        lines.append(f"Địa chỉ chưa đúng trong kế hoạch, đã bỏ ra: {drafted.unit_names[code]} – “{wrong}”")
    lines.append("Chương trình không gửi thư: mở từng tệp .eml, kiểm tra rồi gửi.")
    return lines + _failed(drafted)


def _named(drafted: Drafted, codes: list[str]) -> str:
    if len(codes) == len(drafted.unit_names):
        return f"tất cả {len(codes)} đơn vị"
    rest = len(codes) - _MOST
    more = f" và {rest} đơn vị khác" if rest > 0 else ""
    return f"{len(codes)} đơn vị – {'; '.join(drafted.unit_names[code] for code in codes[:_MOST])}{more}"


def _failed(drafted: Drafted) -> list[str]:
    lines = [f"KHÔNG SOẠN ĐƯỢC: {text}" for text in drafted.failed]
    if drafted.lacking:
        named = _named(drafted, drafted.lacking)
        lines.append(f"KHÔNG SOẠN ĐƯỢC: thiếu tệp kèm theo của {named}. {drafted.remedy}")
    return lines
