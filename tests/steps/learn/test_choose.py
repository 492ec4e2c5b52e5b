"""What examples come to mean."""

from __future__ import annotations

import pytest

from ringback.model.recipe import Example, Rules
from ringback.steps.learn.choose import choose
from ringback.steps.reformat.reference import agreed

Pair = tuple[str, str]


def learned(*pairs: Pair, others: tuple[str, ...] = ()) -> Rules | None:
    examples = [Example(inputs=(text,), output=output) for text, output in pairs]
    return choose(examples, [*([text] for text, _ in pairs), *([text] for text in others)])


def made(rules: Rules | None, text: str) -> str | None:
    assert rules is not None
    return agreed(rules, (text,))


@pytest.mark.parametrize(
    ("pairs", "asked", "answer"),
    [
        ((("Brook, Ana", "A. BROOK"), ("Cole, Ben", "B. COLE")), "Dane, Zoe", "Z. DANE"),
        ((("ana.brook@mail.example", "ana.brook"), ("b.cole@post.example", "b.cole")), "z.dane@x.example", "z.dane"),
        ((("Payments of the month", "POTM"), ("letters sent to clients", "LSTC")), "calls not taken now", "CNTN"),
        ((("0207 946 0001", "02079460001"), ("01632 960 123", "01632960123")), "0117 496 0456", "01174960456"),
        ((("1,204.50", "1204.5"), ("17.25", "17.25")), "9,000.10", "9000.1"),
        ((("7", "00007"), ("4711", "04711")), "815", "00815"),
        ((("27", "20-30"), ("93", "90-100")), "45", "40-50"),
        ((("3 feet", "0.9144 m"), ("7 feet", "2.1336 m")), "18 feet", "5.4864 m"),
        ((("25/12/2013", "2013-12-25"), ("03/02/2014", "2014-02-03")), "30/07/2014", "2014-07-30"),
        ((("2:30 PM", "14:30"), ("9:05 AM", "09:05")), "11:45 PM", "23:45"),
        ((("10/25/2013", "Friday"), ("03/04/2014", "Tuesday")), "12/25/2013", "Wednesday"),
        ((("09:14", "09:00-09:30"), ("14:45", "14:30-15:00")), "10:31", "10:30-11:00"),
        (
            (("https://a.example/x", "a.example"), ("https://bb.example/y/z", "bb.example")),
            "https://c.example/",
            "c.example",
        ),
    ],
)
def test_two_examples_are_enough_for_an_everyday_column(pairs: tuple[Pair, ...], asked: str, answer: str) -> None:
    assert made(learned(*pairs, others=(asked,)), asked) == answer


@pytest.mark.parametrize(
    "pairs",
    [
        (("France", "Paris"), ("Italy", "Rome")),
        (("583662", "7"), ("429797", "0"), ("413642", "5")),  # a check digit
        (("2007", "common"), ("2008", "leap"), ("2009", "common")),
    ],
)
def test_what_only_knowledge_or_an_algorithm_decides_is_not_learned(pairs: tuple[Pair, ...]) -> None:
    assert learned(*pairs) is None


def test_a_row_of_a_new_shape_on_which_recipes_differ_has_no_answer() -> None:
    rules = learned(("Ana Brook", "Brook"), ("Ben Cole", "Cole"), others=("Zoe Mary Dane",))

    assert made(rules, "Eva Fox") == "Fox"
    assert made(rules, "Zoe Mary Dane") is None


def test_a_third_example_settles_what_two_left_open() -> None:
    rules = learned(("Ana Brook", "Brook"), ("Ben Cole", "Cole"), ("Zoe Mary Dane", "Dane"), others=("Al B. Rae Hill",))

    assert made(rules, "Al B. Rae Hill") == "Hill"


def test_day_and_month_that_no_row_tells_apart_are_not_guessed() -> None:
    rules = learned(("03/04/2014", "April"), others=("05/06/2014",))
    known = learned(("03/04/2014", "April"), ("25/06/2014", "June"), others=("05/06/2014",))

    assert rules is None or made(rules, "05/06/2014") in (None, "June")
    assert made(known, "05/06/2014") == "June"


def test_the_same_examples_always_mean_the_same() -> None:
    pairs = (("Brook, Ana (17)", "Ana 17"), ("Cole, Ben (23)", "Ben 23"))

    assert learned(*pairs, others=("Dane, Zoe (31)",)) == learned(*pairs, others=("Dane, Zoe (31)",))


def test_an_example_that_becomes_nothing_has_no_answer() -> None:
    rules = learned(("Ana B. Brook", "B."), ("Cole C. Rae", "C."), ("Ben Cole", ""))

    assert made(rules, "Eva D. Fox") == "D."
    assert not made(rules, "Ben Cole")
