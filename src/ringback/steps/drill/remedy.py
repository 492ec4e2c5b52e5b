"""The line of a contract that would catch what would be published: each is tried before it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise

import polars as pl

from ringback.model.contract import Contract
from ringback.model.policy import Limit, Policy, Rule
from ringback.steps.drill.attempts import Attempt, clean
from ringback.steps.drill.ground import Ground
from ringback.steps.drill.passage import Passage, Usual, judged, pass_through
from ringback.steps.drill.promises import promises
from ringback.steps.drill.reading import Taken, take
from ringback.steps.limits import exceeded, limits
from ringback.steps.misreadings.misreading import respecify

LEAST = 0.001  # of the records: a line with a lower limit would hold ordinary nights
TIMES = 2  # what is usual at most


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A line more, and the contract that has it."""

    told: str
    contract: Contract


def remedy(
    attempt: Attempt, taken: Taken, passage: Passage, *, held: pl.DataFrame, ground: Ground, usual: Usual
) -> str | None:
    """The first line with which this attempt would be held, and nothing that is usual; None where no line would."""
    if passage.evidence is None:
        return None
    for line in _allowances(attempt, taken.contract, passage, ground):
        if judged(passage, line.contract, ground).beyond(usual):
            return line.told
    for line in _promised(attempt, ground):
        misread = replace(attempt, contract=line.contract)
        if pass_through(take(misread, ground), held, ground).beyond(usual):
            return line.told
    return None


def _allowances(attempt: Attempt, contract: Contract, passage: Passage, ground: Ground) -> Iterator[_Line]:
    """Lines about how much may change: what was read stays as it is."""
    policy = contract.policy
    for name in (name for name in attempt.fields if name in contract.fields and name not in contract.key):
        usual = _usual_churn(name, ground)
        if usual is None:
            continue
        rule, known = _rule(usual), policy.changed.get(name)
        if known is None or _is_stricter(rule, known):
            told = f"policy.changed.{name}.hold_above: {rule.hold_above}"
            yield _Line(told=told, contract=_with_policy(contract, changed={**policy.changed, name: rule}))
        stable = None if contract.fields[name].stable else respecify(contract, {name: {"stable": True}})
        if stable is not None and usual <= LEAST and _is_stable(name, stable, ground):
            yield _Line(told=f"fields.{name}.stable: true", contract=stable)
    if not passage.measures or not ground.baseline:
        return
    fall, unread = _rule(_usual_fall(ground), least=0.01), _rule(_usual_unread(ground))
    for key, rule, known in (("shrunk", fall, policy.shrunk), ("quarantined", unread, policy.quarantined)):
        if _is_stricter(rule, known):
            told = f"policy.{key}.hold_above: {rule.hold_above}"
            yield _Line(told=told, contract=_with_policy(contract, **{key: rule}))


def _promised(attempt: Attempt, ground: Ground) -> Iterator[_Line]:
    """Lines about values that all of the sample keep as it is."""
    for name in attempt.fields if len(attempt.fields) < len(ground.contract.fields) // 2 else ():
        for promise in promises(name, ground):
            lawful = _constrained(ground.contract, name, promise.key, promise.value)
            misread = _constrained(attempt.contract, name, promise.key, promise.value)
            if lawful is not None and misread is not None and _is_kept(lawful, ground):
                yield _Line(told=f"fields.{name}.constraints.{promise.told}", contract=misread)


def _is_kept(lawful: Contract, ground: Ground) -> bool:
    """Whether the delivery as it is breaks nothing more under this contract."""
    taken = take(replace(clean(ground), contract=lawful), ground)
    return taken.records.height == ground.records.height and not any(taken.summary.repeated.values())


def _constrained(contract: Contract, name: str, key: str, value: object) -> Contract | None:
    constraints = contract.fields[name].constraints.model_copy(update={key: value})
    return respecify(contract, {name: {"constraints": constraints}})


def _with_policy(contract: Contract, **rules: object) -> Contract:
    policy: Policy = contract.policy.model_copy(update=rules)
    return contract.model_copy(update={"policy": policy})


def _usual_churn(name: str, ground: Ground) -> float | None:
    """The highest churn of accepted deliveries; None where none had held records to change."""
    shares = [each.fields[name].changed / each.kept for each in ground.baseline if each.kept and name in each.fields]
    return max(shares, default=None)


def _usual_fall(ground: Ground) -> float:
    """The greatest share of rows by which an accepted delivery was smaller than the one before."""
    rows = [each.rows for each in ground.baseline]
    return max((1 - now / before for before, now in pairwise(rows) if before), default=0.0)


def _usual_unread(ground: Ground) -> float:
    """The greatest share of rows that became no records."""
    return max((1 - (each.records / each.rows) for each in ground.baseline if each.rows), default=0.0)


def _is_stable(name: str, stable: Contract, ground: Ground) -> bool:
    """Whether accepted deliveries that had held records to change would all have passed."""
    told = limits(ground.baseline, stable.model_copy(update={"fields": {**ground.contract.fields, **stable.fields}}))
    kept = [each for each in ground.baseline if each.kept]
    return bool(kept) and not any(over.field == name for each in kept for over in exceeded(each, told))


def _is_stricter(rule: Rule, other: Rule) -> bool:
    own, known = rule.hold_above.share, other.hold_above.share
    return own is not None and known is not None and own < known


def _rule(usual: float, *, least: float = LEAST) -> Rule:
    """Twice what is usual, rounded up to a tenth of a percent."""
    percent = Decimal(f"{100 * max(TIMES * usual, least):.6f}").quantize(Decimal("0.1"), rounding=ROUND_CEILING)
    return Rule(hold_above=Limit(share=min(percent, Decimal(100)) / 100))
