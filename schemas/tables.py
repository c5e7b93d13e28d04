"""A table on a sheet: its name in code, its sheet, its model and its key."""

from dataclasses import dataclass

from schemas.columns import Column, Model, columns


@dataclass(frozen=True)
class Table:
    """``name`` in code; ``sheet`` on screen; ``key``: the fields that identify a row; ``note``: under the title.

    ``carried``: locked fields that are read back, as they tie a row to an earlier period.
    An ``optional`` table may be absent from a workbook.
    """

    name: str
    sheet: str
    model: Model
    key: tuple[str, ...] = ()
    title: str = ""
    note: str = ""
    carried: tuple[str, ...] = ()
    optional: bool = False

    @property
    def columns(self) -> tuple[Column, ...]:
        return columns(self.model)

    @property
    def inputs(self) -> tuple[str, ...]:
        return tuple(spec.name for spec in self.columns if spec.layout.is_input)

    def column(self, name: str) -> Column:
        """Raises KeyError for a name that the table does not have."""
        for spec in self.columns:
            if spec.name == name:
                return spec
        raise KeyError(name)
