"""A change set in numbers and a few examples."""

from __future__ import annotations

from hypothesis import given, settings

from ringback.steps.plan import plan
from ringback.steps.summarise import EXAMPLE_COUNT, summarise

from .records import CLIENTS, Clients, contract, delivered, held


@settings(deadline=None)
@given(CLIENTS, CLIENTS)
def test_the_numbers_are_those_of_the_change_set_and_examples_are_true(now: Clients, before: Clients) -> None:
    of = contract(missing="delete")
    changes = plan(delivered(now, of), held(before, of), of)

    told = summarise([changes], of, held_count=len(before))

    both = now.keys() & before.keys()
    changed = {key for key in both if now[key][0] != before[key][0]}
    assert (told.added, told.changed, told.unchanged) == (len(now) - len(both), len(changed), len(both) - len(changed))
    assert (told.removed, told.missing, told.held) == (len(before) - len(both), len(before) - len(both), len(before))
    names = [key for key in changed if now[key][0][0] != before[key][0][0]]
    assert told.changed_by_field.get("name", 0) == len(names)
    assert len(told.examples.get("name", ())) == min(len(names), EXAMPLE_COUNT)
    for example in told.examples.get("name", ()):
        key = (int(example.key[0]), example.key[1])
        assert (example.before, example.after) == (before[key][0][0], now[key][0][0])
        assert example.line == 2 + list(now).index(key)
