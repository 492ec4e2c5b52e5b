"""How high a rate of change may be: a Beta-binomial predictive limit.

A field's rate differs from delivery to delivery as a Beta with mean `m` and form `a` (the smaller, the more the field
changes in bursts). Both are unknown; what is believed of them is kept on a grid, from a prior by the field's nature and
from what accepted deliveries did. One delivery in BURSTS may be of another kind altogether, and then teaches next to
nothing: a field that was written anew once is not thought to be so every night.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

BURSTS = 25  # us_congress, dotgov: of 100 deliveries about 4 rewrite a field
SPREAD = 0.7  # standard deviation of log m before anything is known: a factor of 2 either way
NEWEST = 2  # deliveries in a row that make a new habit
UNUSUAL = 1e-3  # chance of a rate that is one
UNKNOWN = 0.05  # means from here on are those of natures of which little is known, as of amounts ...
QUIET = 1.5e-3  # ... and what is believed of them when they turn out to hardly change
UNTOLD = 5.0  # odds that such a field changes a lot
MISJUDGED = 50.0  # odds that a field is of the nature that its type and the contract tell
FORM, STEADIER, BURSTIER = 0.6, 1.2, 0.4  # of a before anything is known, and deviations of log a to either side
MOST_COUNTED = 400.0  # changes in one delivery that count: beyond, a rate is known well enough

LUCK = 0.05  # chance of more changes than a rate, which is itself hardly ever so high, would make

_ODDS = np.linspace(math.log(1e-7), math.log(1e4), 360)  # rates, on the log-odds scale
_MEANS = np.geomspace(2e-6, 0.95, 36)
_FORMS = np.geomspace(0.25, 32.0, 10)


@dataclass(frozen=True, slots=True)
class Rate:
    """What is believed of the next delivery's rate: for each of a grid of rates its chance to be exceeded."""

    expected: float  # the median
    exceeded: Numbers

    def limit(self, chance: float) -> float:
        """The rate that is exceeded with this chance."""
        place = int(np.searchsorted(-self.exceeded, -chance))
        return float(_rates()[min(place, len(_ODDS) - 1)])


def allowed_count(limit: float, kept: int) -> float:
    """How many of `kept` may change where the rate is at its limit: some more, by luck. (Bernstein's inequality.)"""
    luck = -math.log(LUCK)
    return min(float(kept), kept * limit + math.sqrt(2 * luck * kept * limit * (1 - limit)) + luck / 3)


def predicted(counts: Sequence[tuple[int, int]], prior_mean: float) -> Rate:
    """The next delivery's rate, after these (changed, kept) of accepted deliveries.

    Where they say that the field changes far more than was thought of its nature, they alone are believed; and the
    newest alone, where they are unusual after all others: a new habit.
    """
    found = _rate(_weight(counts, prior_mean))
    newest = counts[-NEWEST:]
    if len(counts) > NEWEST and all(part > found.limit(UNUSUAL) * whole for part, whole in newest):
        return _rate(_weight(newest, prior_mean))
    return found


def _rate(weight: Numbers) -> Rate:
    believed = np.exp(weight - weight.max())
    chances = (believed / believed.sum()) @ _betas()
    exceeded = 1.0 - np.cumsum(chances)
    return Rate(expected=float(_rates()[int(np.searchsorted(-exceeded, -0.5))]), exceeded=exceeded)


def _weight(counts: Sequence[tuple[int, int]], prior_mean: float) -> Numbers:
    """What is believed of mean and form."""
    seen = _seen(counts)
    by_nature = _log_prior(prior_mean) + seen
    others = [_log_livelier(prior_mean) + seen - math.log(MISJUDGED)]
    if prior_mean >= UNKNOWN:
        others.append(_log_prior(QUIET) + seen - math.log(UNTOLD))
    likelier = max(others, key=np.logaddexp.reduce)
    return likelier if np.logaddexp.reduce(likelier) > np.logaddexp.reduce(by_nature) else by_nature


def _seen(counts: Sequence[tuple[int, int]]) -> Numbers:
    return sum((_log_seen(changed, kept) for changed, kept in counts if kept), np.zeros(len(_grid()[0])))


@cache
def _rates() -> Numbers:
    return 1.0 / (1.0 + np.exp(-_ODDS))


@cache
def _grid() -> tuple[Numbers, Numbers]:
    means, forms = np.meshgrid(_MEANS, _FORMS, indexing="ij")
    return means.ravel(), forms.ravel()


@cache
def _betas() -> Numbers:
    """One row a pair of mean and form: the chances of the rates."""
    means, forms = _grid()
    alpha = forms[:, None]
    beta = alpha * (1 - means[:, None]) / means[:, None]
    log_chance = alpha * np.log(_rates()) + beta * np.log1p(-_rates())
    chance = np.exp(log_chance - log_chance.max(axis=1, keepdims=True))
    return np.asarray(chance / chance.sum(axis=1, keepdims=True), dtype=np.float64)


def _log_prior(mean: float) -> Numbers:
    means, _ = _grid()
    return _normal(_log_form() - (np.log(means / mean) / SPREAD) ** 2 / 2)


def _log_livelier(mean: float) -> Numbers:
    """Any mean that is far above is as likely as another."""
    means, _ = _grid()
    return _normal(np.where(means > mean * math.exp(3 * SPREAD), _log_form(), -math.inf))


def _log_form() -> Numbers:
    _, forms = _grid()
    off = np.log(forms / FORM)
    return -((off / np.where(off > 0, STEADIER, BURSTIER)) ** 2) / 2


def _normal(weight: Numbers) -> Numbers:
    return np.asarray(weight - np.logaddexp.reduce(weight), dtype=np.float64)


@lru_cache(maxsize=2048)
def _log_seen(changed: int, kept: int) -> Numbers:
    scale = min(1.0, MOST_COUNTED / max(changed, 1))
    hits, others = changed * scale, (kept - changed) * scale
    log_chance = hits * np.log(_rates()) + others * np.log1p(-_rates())
    chance = np.exp(log_chance - log_chance.max())
    usual = _betas() @ chance
    burst = chance.mean()
    return np.asarray(np.log((1 - 1 / BURSTS) * usual + burst / BURSTS), dtype=np.float64)
