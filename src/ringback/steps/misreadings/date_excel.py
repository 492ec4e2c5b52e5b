"""Spreadsheets count days: from 1900, or on old Macs from 1904."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ringback.model.field import FieldSpec
from ringback.steps.misreadings.days import on_the_wall, read_local, written
from ringback.steps.misreadings.misreading import AFTER, BEFORE, Misreading, Specificity

_BETWEEN = 1_462  # days from 1900-01-00 to 1904-01-01, as spreadsheets count them
_FIRST = pl.date(1899, 12, 30)  # day 0 from March 1900 on: the 29th of February 1900, which never was, is counted
_FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y%m%d")


class ExcelEpoch(Misreading):
    """Days counted from 1900 taken as counted from 1904, or the reverse."""

    code = "date.excel_1904"
    sentence = "a spreadsheet's days counted from 1904 instead of 1900, or the reverse (1,462 days)"
    specificity = Specificity.FEW
    types = ("date", "datetime")

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        before, after = (on_the_wall(value, spec).cast(pl.Datetime("us")) for value in (BEFORE, AFTER))
        return (after - before).abs() == pl.duration(days=_BETWEEN)

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        local = read_local(text, spec)
        for sign, line in ((1, "counted from 1904 instead of 1900"), (-1, "counted from 1900 instead of 1904")):
            yield line, written(local.dt.offset_by(f"{sign * _BETWEEN}d"), spec)


class ExcelSerial(Misreading):
    """A date replaced by a spreadsheet's count of days."""

    code = "date.excel_serial"
    sentence = "the date replaced by a spreadsheet's count of days"
    specificity = Specificity.FEW
    types = ("date", "datetime", "string")

    def applies(self, spec: FieldSpec) -> bool:
        return spec.type in self.types

    def rule(self, pairs: pl.DataFrame, spec: FieldSpec) -> pl.Expr:
        if spec.type != "string":  # such a text is no date, and rejected
            return pl.lit(value=False)
        serial = pl.coalesce(_FIRST + pl.duration(days=AFTER.str.extract(r"^(\d{5})(?:\.\d+)?$").cast(pl.Int64)))
        days = [BEFORE.str.slice(0, 10).str.to_date(format_, strict=False) for format_ in _FORMATS]
        return pl.any_horizontal(day == serial for day in days)

    def accidents(self, text: pl.Expr, spec: FieldSpec, *, seed: int) -> Iterator[tuple[str, pl.Expr]]:
        if spec.type == "string":
            day = pl.coalesce(text.str.to_date(format_, strict=False) for format_ in _FORMATS)
        else:
            day = read_local(text, spec).cast(pl.Date)
        yield "written as a count of days", (day - _FIRST).dt.total_days().cast(pl.String)
