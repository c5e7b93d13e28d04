"""Named fields in the officer's wording."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.fields import field_faults, fill

KNOWN = ("tên đơn vị", "kỳ báo cáo", "khó khăn, vướng mắc")


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Kính gửi: {tên đơn vị}", "Kính gửi: Sở A"),
        ("{Tên  đơn vị}, { tên đơn vị }.", "Sở A, Sở A."),
        ("không có trường", "không có trường"),
        ("{lạ} {tên đơn vị}", "{lạ} Sở A"),
        ("", ""),
    ],
)
def test_fields_are_filled_whatever_their_case_and_spaces(text: str, made: str) -> None:
    assert fill(text, {"tên đơn vị": "Sở A"}) == made


def test_a_value_is_never_filled_again() -> None:
    assert fill("{tên đơn vị}", {"tên đơn vị": "{kỳ báo cáo}", "kỳ báo cáo": "quý I"}) == "{kỳ báo cáo}"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("Kính gửi {tên đơn vị} {Kỳ báo cáo}", []),
        ("gửi {ten don vi} ngay", [("ten don vi", " (ý bạn là “{tên đơn vị}”?)", "gửi {ten don vi} ngay")]),
        ("gửi {xyz}", [("xyz", "", "gửi {xyz}")]),
        ("{}", [("", "", "{}")]),
        ("gửi {tên đơn vị", [(None, "", "gửi {tên đơn vị")]),
        ("gửi tên} {kỳ báo cáo}", [(None, "", "gửi tên}")]),
        ("{{tên đơn vị}}", [(None, "", "{")]),
        ("{lạ} và {", [("lạ", "", "{lạ} và {"), (None, "", "và {")]),
    ],
)
def test_faults(text: str, faults: list[tuple[str | None, str, str]]) -> None:
    found = [(fault.name, fault.suggestion) for fault in field_faults(text, KNOWN)]
    assert found == [fault[:2] for fault in faults]


@given(st.text(alphabet="{} abđ\n", max_size=30))
def test_a_text_without_faults_holds_no_brace_once_filled(text: str) -> None:
    known = ("a", "ab", "đ")
    if not field_faults(text, known):
        assert not set(fill(text, dict.fromkeys(known, "x"))) & set("{}")
