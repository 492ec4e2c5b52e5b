"""Great Expectations: a suite estimated from the accepted deliveries, as its onboarding assistant did.

Release 1 has no assistant; the rules are those that earlier releases document for `OnboardingDataAssistant` with its
default "exact" estimator: each metric between its least and its greatest value so far. Written anew here, without its
list of common regular expressions.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
from pandas.api import types

from bench.guard.peers.side import Judge

PACKAGES = ("great-expectations",)
FEW = 100  # different values: the assistant's limit for a categorical column
QUANTILES = [0.25, 0.5, 0.75]

logging.getLogger("great_expectations").setLevel(logging.ERROR)


def learn(accepted: Sequence[Path], key: Sequence[str]) -> Judge:
    """A suite; keys make no difference."""
    del key
    frames = [_frame(path) for path in accepted]
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    whole = (
        context.data_sources.add_pandas("accepted")
        .add_dataframe_asset("delivery")
        .add_batch_definition_whole_dataframe("all")
    )
    suite = context.suites.add(gx.ExpectationSuite("learned", expectations=list(_expectations(frames))))

    def judge(path: Path) -> set[str]:
        batch = whole.get_batch({"dataframe": pd.read_parquet(path)})
        told = batch.validate(suite, result_format="BOOLEAN_ONLY")
        return {_name(result.expectation_config) for result in told.results if not result.success}

    return judge


@cache
def _frame(path: Path) -> pd.DataFrame:
    return pd.read_parquet(path)


def _name(config: gx.ExpectationConfiguration) -> str:
    return f"{config.kwargs.get('column', 'delivery')} {config.type}"


def _expectations(frames: Sequence[pd.DataFrame]) -> Iterator[gxe.Expectation]:
    least, greatest = _between([len(frame) for frame in frames])
    yield gxe.ExpectTableRowCountToBeBetween(min_value=least, max_value=greatest)
    yield gxe.ExpectTableColumnsToMatchSet(column_set=list(frames[-1].columns), exact_match=False)
    for name in frames[-1].columns:
        columns = [frame[name].dropna() for frame in frames]
        yield from _any(name, [frame[name] for frame in frames])
        if any(len(column) for column in columns):
            yield from _typed(name, [column for column in columns if len(column)])


def _any(name: str, columns: Sequence[pd.Series]) -> Iterator[gxe.Expectation]:
    if all(column.notna().all() for column in columns):
        yield gxe.ExpectColumnValuesToNotBeNull(column=name)
    if all(column.isna().all() for column in columns):
        yield gxe.ExpectColumnValuesToBeNull(column=name)
    if all(column.dropna().is_unique for column in columns):
        yield gxe.ExpectColumnValuesToBeUnique(column=name)


def _typed(name: str, columns: Sequence[pd.Series]) -> Iterator[gxe.Expectation]:
    kind = columns[-1].dtype
    if types.is_bool_dtype(kind):
        yield from _categories(name, columns)
    elif types.is_numeric_dtype(kind):
        yield from _extremes(name, columns)
        yield from _moments(name, columns)
    elif types.is_datetime64_any_dtype(kind):
        yield from _extremes(name, columns)
    else:
        least, greatest = _between(
            [length for column in columns for length in (column.str.len().min(), column.str.len().max())]
        )
        yield gxe.ExpectColumnValueLengthsToBeBetween(column=name, min_value=int(least), max_value=int(greatest))
        yield from _categories(name, columns)


def _extremes(name: str, columns: Sequence[pd.Series]) -> Iterator[gxe.Expectation]:
    lows, highs = [column.min() for column in columns], [column.max() for column in columns]
    (low, low_most), (high_least, high) = _between(lows), _between(highs)
    yield gxe.ExpectColumnMinToBeBetween(column=name, min_value=low, max_value=low_most)
    yield gxe.ExpectColumnMaxToBeBetween(column=name, min_value=high_least, max_value=high)
    yield gxe.ExpectColumnValuesToBeBetween(column=name, min_value=low, max_value=high)


def _moments(name: str, columns: Sequence[pd.Series]) -> Iterator[gxe.Expectation]:
    least, greatest = _between([column.mean() for column in columns])
    yield gxe.ExpectColumnMeanToBeBetween(column=name, min_value=least, max_value=greatest)
    least, greatest = _between([column.median() for column in columns])
    yield gxe.ExpectColumnMedianToBeBetween(column=name, min_value=least, max_value=greatest)
    if all(len(column) > 1 for column in columns):
        least, greatest = _between([column.std() for column in columns])
        yield gxe.ExpectColumnStdevToBeBetween(column=name, min_value=least, max_value=greatest)
    found = [column.quantile(QUANTILES, interpolation="nearest") for column in columns]
    ranges = [list(_between([quantiles[share] for quantiles in found])) for share in QUANTILES]
    yield gxe.ExpectColumnQuantileValuesToBeBetween(
        column=name, quantile_ranges={"quantiles": QUANTILES, "value_ranges": ranges}
    )


def _categories(name: str, columns: Sequence[pd.Series]) -> Iterator[gxe.Expectation]:
    values = set().union(*(column.unique() for column in columns))
    if len(values) > FEW:
        return
    counts = [column.nunique() for column in columns]
    yield gxe.ExpectColumnValuesToBeInSet(column=name, value_set=sorted(values))
    least, greatest = _between(counts)
    yield gxe.ExpectColumnUniqueValueCountToBeBetween(column=name, min_value=least, max_value=greatest)
    least, greatest = _between([count / len(column) for count, column in zip(counts, columns, strict=True)])
    yield gxe.ExpectColumnProportionOfUniqueValuesToBeBetween(column=name, min_value=least, max_value=greatest)


def _between(values: Sequence[object]) -> tuple[object, object]:
    """The "exact" estimator."""
    least, greatest = min(values), max(values)  # type: ignore[type-var]
    return tuple(each.item() if hasattr(each, "item") else each for each in (least, greatest))  # type: ignore[return-value]
