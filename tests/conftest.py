"""Fixtures: the shipped plan, a small plan of another province with its templates, LibreOffice where it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.plan.load import load_plan
from pipeline.plan.model import Plan
from pipeline.run import run_period, write_templates
from pipeline.write.plan_book import write_plan
from tests.support import PLAN_2021, ROOT, small_plan, soffice


@pytest.fixture(scope="session")
def plan_2021() -> Plan:
    return load_plan(PLAN_2021)


@pytest.fixture(scope="session")
def other_plan() -> Plan:
    """The small plan of :func:`tests.support.small_plan`."""
    return small_plan()


@pytest.fixture(scope="session")
def other_plan_file(tmp_path_factory: pytest.TempPathFactory, other_plan: Plan) -> Path:
    path = tmp_path_factory.mktemp("plan") / "ke-hoach.xlsx"
    write_plan(other_plan, path)
    return path


@pytest.fixture(scope="session")
def other_templates(tmp_path_factory: pytest.TempPathFactory, other_plan: Plan) -> Path:
    """The folder of the small plan's blank templates for 2023-Q1, one ``<unit code>.xlsx`` each."""
    out = tmp_path_factory.mktemp("templates")
    write_templates(other_plan, other_plan.period("2023-Q1"), out)
    return out / "bieu-mau"


@pytest.fixture(scope="session")
def sample_out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The outputs of the sample's second quarter: read them, do not change them."""
    out = tmp_path_factory.mktemp("sample-out")
    assert run_period(PLAN_2021, "2021-Q2", ROOT / "input" / "2021-Q2", out).failed == []
    return out


@pytest.fixture
def office() -> Iterator[None]:
    if soffice() is None:
        pytest.skip("LibreOffice is not installed")
    yield
