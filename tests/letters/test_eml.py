"""One draft: what a mail program reads from it."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.policy import strict as strict_policy
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.letters.eml import Attachment, Draft

NAME = "Biểu mẫu Quý II năm 2021 - SVHTTDL.xlsx"
SUBJECT = "Đôn đốc gửi báo cáo quý II năm 2021, đã quá hạn ngày 21/06/2021 – Sở Văn hóa, Thể thao và Du lịch"


def parsed(content: bytes) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(content, policy=default))


def draft(**changes: object) -> Draft:
    values = {"sender": "tttt@x.vn", "to": ("a@x.vn", "b@x.vn"), "subject": SUBJECT, "body": "Kính gửi: Sở\n\nChào."}
    return Draft(**(values | changes))  # type: ignore[arg-type]


def test_a_mail_program_reads_back_what_was_written() -> None:
    content = bytes(range(256)) * 40
    message = parsed(draft(attachments=[Attachment(NAME, content), Attachment("b.xlsx", b"")]).as_bytes())
    assert message["X-Unsent"] == "1"
    assert message["From"] == "tttt@x.vn"
    assert [address.addr_spec for address in message["To"].addresses] == ["a@x.vn", "b@x.vn"]
    assert message["Subject"] == SUBJECT
    body = message.get_body()
    assert body is not None
    assert body.get_content() == "Kính gửi: Sở\r\n\r\nChào."
    assert [part.get_filename() for part in message.iter_attachments()] == [NAME, "b.xlsx"]
    first, second = message.iter_attachments()
    assert (first.get_payload(decode=True), second.get_payload(decode=True)) == (content, b"")
    assert first.get_content_type() == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert message.defects == []
    assert list(message_from_bytes(draft().as_bytes(), policy=strict_policy).keys())


def test_nothing_in_it_is_the_clocks_or_beyond_ascii() -> None:
    made = draft(attachments=[Attachment(NAME, b"x")])
    assert made.as_bytes() == made.as_bytes()
    assert made.as_bytes().isascii()
    assert b"\r\n" in made.as_bytes()
    assert b"\n" not in made.as_bytes().replace(b"\r\n", b"")
    message = parsed(made.as_bytes())
    assert message["Date"] is None
    assert message["Message-ID"] is None
    assert all(len(line) <= 998 for line in made.as_bytes().split(b"\r\n"))
    assert not [line for line in made.as_bytes().split(b"\r\n") if line.rstrip().endswith(b":")]


def test_encoded_words_of_the_subject_are_short() -> None:
    words = [word for word in draft().as_bytes().split() if word.startswith(b"=?")]
    assert words
    assert max(map(len, words)) <= 75


def test_a_draft_without_addresses_has_none() -> None:
    message = parsed(draft(sender="", to=()).as_bytes())
    assert (message["From"], message["To"], message["X-Unsent"]) == (None, None, "1")


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=120))
def test_any_subject_and_name_survive(text: str) -> None:
    message = parsed(draft(subject=text, attachments=[Attachment(f"{text}.xlsx", b"x")]).as_bytes())
    assert message["Subject"] == text
    assert [part.get_filename() for part in message.iter_attachments()] == [f"{text}.xlsx"]


@pytest.mark.parametrize("subject", ["Dòng một\nBcc: x@y.vn", "Dòng một\r\nX: 1", "a\tb"])
def test_a_line_break_in_the_subject_makes_no_header(subject: str) -> None:
    message = parsed(draft(subject=subject).as_bytes())
    assert message["Subject"] == " ".join(subject.split())
    assert message["Bcc"] is None
    assert message["X"] is None
