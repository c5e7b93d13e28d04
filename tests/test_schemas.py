"""The tables, the catalogue of messages and the vocabulary; and who may import whom."""

import ast
import re
import string
import unicodedata
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pandera.pandas as pa
import pytest
from pandera.typing import Series

from schemas import decisions, plan, records, template, words
from schemas.catalogue.message import Message
from schemas.columns import Layout, column, columns, conform, names, titles
from schemas.columns import records as rows_of
from schemas.glossary import notes
from schemas.messages import ALL, CHECKS, MESSAGES, rules
from schemas.tables import Table
from schemas.words import (
    Accumulation,
    Alert,
    ChangeKind,
    DecisionKind,
    DifficultyState,
    Direction,
    Evidence,
    IndicatorKind,
    Remark,
    Role,
    Severity,
    Stamp,
    State,
    Status,
    TargetResult,
    Timeliness,
    Update,
    Verdict,
    YesNo,
)
from tests.support import ROOT

MODULES = sorted(path for folder in ("pipeline", "schemas") for path in (ROOT / folder).rglob("*.py"))
MODELS = sorted(
    {
        item
        for module in (plan, records, template, decisions)
        for item in vars(module).values()
        if isinstance(item, type) and issubclass(item, pa.DataFrameModel) and item is not pa.DataFrameModel
    },
    key=lambda model: model.__name__,
)


class Sample(pa.DataFrameModel):
    """One row is one of every kind of column."""

    name: Series[str] = column("Tên", "Tên gọi.", nullable=False, is_input=True, required=True, width=20)
    state: Series[str] = column("Tình hình", isin=State)
    offered: Series[str] = column("Gợi ý", choices=("Một", "Hai"))
    text: Series[str] = column("Nội dung", checks={"str_length": {"max_value": 50}})
    amount: Series[float] = column("Số", checks={"ge": 0, "le": 9})
    whole: Series[int] = column("Số nguyên")
    day: Series[pd.Timestamp] = column("Ngày")
    flag: Series[bool] = column("Đúng")


class TestColumns:
    def test_the_sheet_s_view_of_a_model(self) -> None:
        kinds = {
            spec.name: (spec.kind, spec.choices, spec.minimum, spec.maximum, spec.max_length)
            for spec in columns(Sample)
        }
        assert kinds == {
            "name": ("text", (), None, None, None),
            "state": ("text", tuple(State), None, None, None),
            "offered": ("text", ("Một", "Hai"), None, None, None),
            "text": ("text", (), None, None, 50),
            "amount": ("number", (), 0, 9, None),
            "whole": ("integer", (), None, None, None),
            "day": ("date", (), None, None, None),
            "flag": ("bool", (), None, None, None),
        }

    def test_header_description_and_layout(self) -> None:
        name, state, *_ = columns(Sample)
        assert (name.header, name.description) == ("Tên *", "Tên gọi.")
        assert name.layout == Layout(width=20, is_input=True, required=True)
        assert (state.header, state.description, state.layout) == ("Tình hình", "", Layout())
        assert titles(Sample)["amount"] == "Số"

    def test_a_model_without_layout(self) -> None:
        class Bare(pa.DataFrameModel):
            field: Series[str]

        (spec,) = columns(Bare)
        assert (spec.title, spec.layout) == ("field", Layout())

    def test_conform_gives_the_models_columns_order_and_dtypes(self) -> None:
        data = pd.DataFrame({"day": ["2021-06-15"], "stray": [1], "name": [State.DONE], "whole": [2], "flag": [True]})
        frame = conform(Sample, data.astype({"name": object}).set_index(pd.Index([7])))
        assert list(frame.columns) == names(Sample)
        assert [str(dtype) for dtype in frame.dtypes] == [
            "str",
            "str",
            "str",
            "str",
            "float64",
            "int64",
            "datetime64[us]",
            "bool",
        ]
        assert list(frame.index) == [7]
        assert frame.at[7, "name"] == "Hoàn thành"
        assert type(frame.at[7, "name"]) is str
        assert frame.at[7, "day"] == pd.Timestamp(2021, 6, 15)
        assert frame[["state", "amount"]].isna().all(axis=None)

    def test_conform_of_no_rows(self) -> None:
        frame = conform(Sample, [])
        assert (len(frame), list(frame.columns)) == (0, names(Sample))

    @pytest.mark.parametrize("field", ["amount", "whole", "day"])
    def test_conform_refuses_what_does_not_fit(self, field: str) -> None:
        with pytest.raises(ValueError, match=r"\w"):
            conform(Sample, [{"whole": 1, "flag": True} | {field: "không phải số"}])

    def test_records(self) -> None:
        assert rows_of(pd.DataFrame({"a": [1, 2], 3: ["x", "y"]})) == [{"a": 1, "3": "x"}, {"a": 2, "3": "y"}]

    def test_table(self) -> None:
        table = Table("sample", "Mẫu", Sample, ("name",))
        assert table.columns == columns(Sample)
        assert table.inputs == ("name",)
        assert table.column("day").title == "Ngày"
        with pytest.raises(KeyError):
            table.column("lost")


class TestTables:
    @pytest.mark.parametrize("tables", [plan.TABLES, template.TABLES], ids=["plan", "template"])
    def test_names_keys_and_sheets(self, tables: tuple[Table, ...]) -> None:
        assert len({table.name for table in tables}) == len(tables)
        for table in tables:
            assert set(table.key) <= set(names(table.model))
            assert 0 < len(table.sheet) <= 31 and not set(table.sheet) & set("[]:*?/\\")

    def test_sheets_of_the_plan(self) -> None:
        assert {table.sheet: " ".join(names(table.model)) for table in plan.TABLES} == {
            "Kế hoạch": "key label value prompt",
            "Kỳ báo cáo": "period_code period_name kind data_from data_to due_on consolidate_on",
            "Nhóm đơn vị": "group_code group_name",
            "Đơn vị": "unit_code unit_name short_name aliases unit_group email communes successor valid_from valid_to",
            "Nhiệm vụ": "task_code task_title content deadline section valid_from valid_to",
            "Phân công": "task_code assignee role valid_from valid_to",
            "Chỉ tiêu": "indicator_code task_code indicator kind measure_unit numerator_label denominator_label "
            "baseline baseline_year accumulation accountable",
            "Mục tiêu": "indicator_code assignee target comparison expected_q1 expected_q2 expected_q3 expected_q4 "
            "valid_from valid_to",
            "Mẫu thư": "kind subject body fields",
        }

    def test_settings_of_the_plan(self) -> None:
        assert " ".join(plan.SETTINGS) == (
            "plan_code plan_number title year issued_by consolidated_by starts_on roll_weekends place rate_jump"
        )

    def test_references_are_between_fields_that_exist(self) -> None:
        by_name = {table.name: table for table in plan.TABLES}
        for table, field, targets in plan.REFERENCES:
            assert field in names(by_name[table].model)
            assert all(by_name[target].key for target in targets.split("|"))

    @pytest.mark.parametrize(
        ("table", "fields", "inputs"),
        [
            ("tasks", "task_code task_title role deadline", "state completed_on result product"),
            (
                "indicators",
                "indicator_code indicator target numerator_label denominator_label previous_rate",
                "numerator denominator note",
            ),
            ("answer", "", "has_difficulty"),
            ("difficulties", "difficulty_id", "task_code description cause proposal addressed_to state"),
        ],
    )
    def test_inputs_of_the_template(self, table: str, fields: str, inputs: str) -> None:
        entry = template.BY_NAME[table]
        assert " ".join(entry.inputs) == inputs
        assert set(fields.split()) <= set(names(entry.model)) - set(entry.inputs)

    @pytest.mark.parametrize("name", list(template.ENTRIES))
    def test_an_entry_is_its_table_s_row(self, name: str) -> None:
        assert issubclass(template.ENTRIES[name], template.BY_NAME[name].model)

    @pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
    def test_every_visible_column_has_its_own_header(self, model: Any) -> None:
        specs = columns(model)
        shown = [unicodedata.normalize("NFC", spec.title).casefold() for spec in specs]
        assert len(set(shown)) == len(shown)
        assert all(spec.title != spec.name for spec in specs)

    @pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
    def test_every_model_says_what_a_row_is(self, model: Any) -> None:
        assert model.__doc__


class TestMessages:
    @pytest.mark.parametrize("message", MESSAGES.values(), ids=list(MESSAGES))
    def test_each_says_what_which_rule_and_how_to_mend_it(self, message: Message) -> None:
        assert re.fullmatch(r"[A-Z]{2}\d\d", message.code)
        for text in (message.what, message.rule, message.remedy):
            assert text[0].isupper() or text[0] in "“{"
            assert text.endswith(".") and not text.endswith("..")
            assert text == text.strip() and "  " not in text
            assert text.count("“") == text.count("”")

    @pytest.mark.parametrize("message", MESSAGES.values(), ids=list(MESSAGES))
    def test_voided_cells_are_among_those_marked(self, message: Message) -> None:
        assert set(message.voids) <= set(message.fields)
        assert not (message.severity == Severity.WARNING and message.voids) or message.code == "CT03"

    @pytest.mark.parametrize("message", MESSAGES.values(), ids=list(MESSAGES))
    def test_an_example_fills_every_place_of_its_message(self, message: Message) -> None:
        places = set(re.findall(r"\{(\w+)\}", message.what + message.rule + message.remedy))
        assert not message.example or set(message.example) == places

    def test_the_catalogue_leaves_something_to_read(self) -> None:
        """What is filled in is most of what a rule between periods says, so that it is shown by example."""
        told = {rule["code"]: rule["what"] for rule in rules()}
        assert told["LK01"] == "Ví dụ: Quý I: 120, Quý II: 95."
        assert told["SO04"] == "Ghi “…”, nhỏ hơn …."
        assert not any("…" in what for code, what in told.items() if code.startswith("LK"))

    def test_codes_are_unique(self) -> None:
        assert len(ALL) == len(MESSAGES) > 40

    def test_every_code_of_a_check_exists(self) -> None:
        assert set(CHECKS.values()) <= set(MESSAGES)

    def test_every_check_of_a_model_has_its_message(self) -> None:
        """pandera's own checks through CHECKS; a rule between cells by its name."""
        for model in (*template.ENTRIES.values(), decisions.Decision, *(table.model for table in plan.TABLES)):
            schema = model.to_schema()
            for spec in schema.columns.values():
                assert {check.name for check in spec.checks} <= set(CHECKS)
            assert {check.name for check in schema.checks} <= set(MESSAGES)

    def test_every_code_in_the_program_exists_and_every_message_is_used(self) -> None:
        catalogue = ("schemas.messages", "schemas.catalogue")
        named = {
            code
            for path in MODULES
            if not _name(path).startswith(catalogue)
            for code in re.findall(r'"([A-Z]{2}\d\d)"', path.read_text(encoding="utf-8"))
        }
        assert named - set(MESSAGES) == set()
        assert set(MESSAGES) - named - set(CHECKS.values()) == set()

    def test_placeholders_are_plain_names(self) -> None:
        for message in MESSAGES.values():
            for text in (message.what, message.rule, message.remedy):
                for _, field, spec, conversion in string.Formatter().parse(text):
                    assert field is None or (field.isidentifier() and not spec and not conversion)


class TestGlossary:
    VOCABULARY = (
        Status,
        TargetResult,
        Alert,
        Timeliness,
        Verdict,
        Evidence,
        Stamp,
        Remark,
        Severity,
        Role,
        State,
        DifficultyState,
        IndicatorKind,
        Accumulation,
        Update,
        ChangeKind,
        Direction,
        DecisionKind,
    )

    @pytest.mark.parametrize("vocabulary", VOCABULARY, ids=lambda vocabulary: vocabulary.__name__)
    def test_every_word_stands_in_the_notes(self, vocabulary: type[StrEnum]) -> None:
        by_topic: dict[str, list[str]] = {}
        for row in notes():
            by_topic.setdefault(row["topic"], []).append(row["term"])
        wanted = [str(word).replace("{days}", "n") for word in vocabulary]
        assert sorted(wanted) in [sorted(terms) for terms in by_topic.values()]

    def test_notes_are_rows_of_their_table(self) -> None:
        rows = notes()
        assert all(set(row) == set(names(records.Note)) for row in rows)
        assert all(row["text"].endswith(".") for row in rows)
        assert len({(row["topic"], row["term"]) for row in rows}) == len(rows)
        assert rows[0]["topic"] == "Phương pháp"

    def test_what_decides_a_figure_is_said(self) -> None:
        text = " ".join(row["text"] for row in notes())
        for rule in ("26/75", "không lấy trung bình", "09/2019", "điều 148", "đường thẳng"):
            assert rule in text


@pytest.mark.parametrize(
    ("vocabulary", "spelt"),
    [
        (YesNo, "Có · Không"),
        (Role, "Chủ trì · Phối hợp · Thực hiện"),
        (State, "Chưa triển khai · Đang thực hiện · Hoàn thành · Không phát sinh"),
        (
            Status,
            "Chưa báo cáo · Thường xuyên · Hoàn thành đúng hạn · Hoàn thành quá hạn · Đang thực hiện (trong hạn) · "
            "Đang thực hiện (quá hạn)",
        ),
        (TargetResult, "Đạt · Chưa đạt · Không có chỉ tiêu · Không phát sinh · Thiếu số liệu"),
        (
            Alert,
            "Quá hạn · Báo hoàn thành nhưng chưa đạt chỉ tiêu · Nguy cơ chậm · Sắp đến hạn · Chưa triển khai · "
            "Số liệu chưa đủ · Cần giải trình",
        ),
        (Timeliness, "Đúng hạn · Trễ {days} ngày · Chưa nộp · Không đọc được · Sai kỳ · Không rõ ngày nhận"),
        (Severity, "Lỗi · Cảnh báo"),
    ],
)
def test_words_are_spelt_as_the_design_lists_them(vocabulary: type[StrEnum], spelt: str) -> None:
    assert sorted(vocabulary) == sorted(spelt.split(" · "))


def test_words_that_are_no_list() -> None:
    assert words.NOT_REPORTED == Status.NOT_REPORTED
    assert words.NO_DEADLINE == Status.ONGOING
    assert words.BASELINE_MISSING == "Thiếu số liệu gốc"
    ratios = {kind for kind in IndicatorKind if kind.has_denominator}
    assert ratios == {IndicatorKind.RATIO, IndicatorKind.RATIO_POINTS, IndicatorKind.RATIO_GROWTH}
    assert {kind for kind in IndicatorKind if kind.is_increase} == ratios - {IndicatorKind.RATIO}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_text_in_the_source_is_nfc(path: Path) -> None:
    """Every text that anyone can see, as it stands in the file; invisible characters only as escapes."""
    source = path.read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", source)
    assert not set(source) & set("\u00a0\u200b\u200c\u200d\u2060\ufeff")


class TestDirections:
    """schemas knows no pipeline; data moves one way; each library has its one place."""

    def test_schemas_never_import_the_pipeline(self) -> None:
        assert _importers("pipeline") & {_name(path) for path in MODULES if _name(path).startswith("schemas")} == set()

    def test_only_the_command_line_knows_click(self) -> None:
        assert {name for name in _importers("click") if not name.startswith("pipeline.cli")} == set()
        assert "pipeline.cli" in _importers("click")

    def test_nothing_imports_the_command_line(self) -> None:
        assert {name for name in _importers("pipeline.cli") if not name.startswith("pipeline.cli")} == set()

    def test_one_module_reads_workbooks(self) -> None:
        assert _importers("python_calamine") == {"pipeline.read.workbooks"}

    @pytest.mark.parametrize(
        ("library", "packages"),
        [
            ("xlsxwriter", ("pipeline.write.",)),
            # The sample is filled with it; reading takes the second look that only it can (fonts, comments).
            ("openpyxl", ("pipeline.sample.", "pipeline.read.")),
            ("docx", ("pipeline.brief.",)),
            ("email", ("pipeline.letters.", "pipeline.intake.mail")),
        ],
    )
    def test_one_package_writes_them(self, library: str, packages: tuple[str, ...]) -> None:
        importers = _importers(library)
        assert importers
        assert {name for name in importers if not name.startswith(packages)} == set()

    def test_assess_has_no_input_and_no_output(self) -> None:
        banned = (
            "pipeline.read",
            "pipeline.write",
            "pipeline.cli",
            "click",
            "openpyxl",
            "xlsxwriter",
            "python_calamine",
        )
        found = {
            (_name(path), module)
            for path in MODULES
            if _name(path).startswith("pipeline.assess")
            for module in _imports(path)
            if module.startswith(banned) or module.split(".")[0] in {"pathlib", "os", "io", "time"}
        }
        assert found == set()

    def test_only_the_command_line_looks_at_the_clock(self) -> None:
        found = {_name(path) for path in MODULES if _attributes(path) & {"now", "today", "utcnow"}}
        found |= _importers("time") - {"pipeline.intake.examine"}  # which looks at its processor time only
        assert found <= {"pipeline.cli", "pipeline.cli_letters", "pipeline.cli_progress"}

    def test_reading_and_writing_meet_only_in_the_schemas(self) -> None:
        for package, other in (("pipeline.read", "pipeline.write"), ("pipeline.write", "pipeline.read")):
            assert {name for name in _importers(other) if name.startswith(package)} == set()

    @pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
    def test_no_module_is_long(self, path: Path) -> None:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def _imports(path: Path) -> list[str]:
    """Every module that a file imports, wherever the import stands; ``from a import b`` gives ``a`` and ``a.b``."""
    found: list[str] = []
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            found += [str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)]
    return found


def _importers(module: str) -> set[str]:
    return {
        _name(path)
        for path in MODULES
        if any(name == module or name.startswith(f"{module}.") for name in _imports(path))
    }


def _attributes(path: Path) -> set[str]:
    return {node.attr for node in ast.walk(_tree(path)) if isinstance(node, ast.Attribute)}
