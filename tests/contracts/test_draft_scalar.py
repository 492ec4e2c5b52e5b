"""Whatever text a header or a value has, the drafted YAML gives it back as it was."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from ringback import contracts
from ringback.contracts.draft.scalar import quoted, scalar, shown, words

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30)

TEMPLATE = """feed: clients
key: [a]
target:
  table: clients
fields:
  a:
    from: {column}
    type: string
ignored: {ignored}
"""


@given(column=TEXTS, ignored=st.lists(TEXTS, unique=True, max_size=3))
@example(column='it\'s: # "so"', ignored=["no", "null", "~", "1", "- a", " padded ", "undecided"])
@example(column="line\nbreak", ignored=["\x85", "\u2028", "\ufeff", "\x7f", "\U0001f600", "*anchor", "&a", "!t", "%d"])
@example(
    column="null", ignored=["<<", "=", "?", "a: b", "a #b", "[a", "{a", "a]", "a,b", "'", '"', "\\", "|", ">", "@", "`"]
)
def test_every_text_comes_back_from_the_contract_as_it_was(column: str, ignored: list[str]) -> None:
    others = [text for text in ignored if text != column]

    text = TEMPLATE.format(column=scalar(column), ignored=words(tuple(others)))
    contract = contracts.parse(text, name="feeds/clients.yaml").contract

    assert contract.fields["a"].column == column
    assert list(contract.ignored) == others


@given(TEXTS)
def test_an_example_value_in_a_comment_cannot_end_the_comment(value: str) -> None:
    told = shown(value)

    assert told.isprintable()
    assert len(told.splitlines()) == 1


def test_a_text_with_quotes_or_backslashes_is_written_without_escapes() -> None:
    assert quoted(r"^\d{8}$") == r"'^\d{8}$'"
    assert quoted('"') == "'\"'"


def test_ordinary_words_are_written_as_they_are() -> None:
    assert [scalar(text) for text in ("Date of Birth", "clients_*.csv", "M")] == ["Date of Birth", "clients_*.csv", "M"]
