"""What a consolidated workbook records of its own run, on a sheet that only the program reads."""

import pandera.pandas as pa
from pandera.typing import Series

from schemas.columns import column
from schemas.tables import Table

DIARY_SHEET = "_nhat_ky"


class DiaryRow(pa.DataFrameModel):
    """One row is one thing recorded: the ``part`` it belongs to, its ``key`` there and what stood for it."""

    part: Series[str] = column("Phần", nullable=False, width=12)
    key: Series[str] = column("Khóa", nullable=False, width=66)
    value: Series[str] = column("Giá trị", width=90)


DIARY = Table("diary", DIARY_SHEET, DiaryRow, title="Nhật ký tổng hợp")
