"""XML documents."""

from __future__ import annotations

from contextlib import suppress
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringback.errors import DeliveryRefused
from ringback.model.contract import Source

from .both import Told, read_both

CLIENTS = Source(format="xml", record="export/client")


def read(text: str, source: Source = CLIENTS) -> Told:
    return read_both(text.encode(source.encoding), source)


def test_attributes_and_elements_are_columns_by_their_path() -> None:
    told = read(
        '<export><client no="01"><name>Ada &amp; Co</name><address kind="home"><city>Paris</city></address>'
        "<phone>1</phone><phone>2</phone><note/></client>\n<client><name>Zoë</name></client></export>"
    )

    assert told.rows[0] == {
        "@no": "01",
        "name": "Ada & Co",
        "address/@kind": "home",
        "address/city": "Paris",
        "phone": "1",
        "phone#2": "2",
        "note": "",
    }
    assert told.rows[1]["name"] == "Zoë"
    assert told.lines == [1, 2]


def test_text_between_elements_and_around_comments_is_not_lost() -> None:
    told = read("<export><client>own<name>A<!-- x -->d<?y z?>a</name> text<b>1<c/>2</b></client></export>")

    assert told.rows == [{"name": "Ada", "b/c": "", "b": "12", ".": "own text"}]


def test_white_space_of_a_value_is_kept_for_the_contract_to_judge() -> None:
    told = read("<export><client><name> A\n <![CDATA[<b>]]></name></client></export>")

    assert told.rows == [{"name": " A\n <b>"}]


def test_namespaces_have_the_prefixes_of_the_contract_whatever_the_file_calls_them() -> None:
    source = Source(format="xml", record="e:export/c:client", namespaces={"c": "urn:c", "e": "urn:e"})
    text = (
        '<export xmlns="urn:e" xmlns:x="urn:c" xmlns:y="urn:y"><x:client x:no="1"><x:name>Ada</x:name>'
        '<y:z>2</y:z></x:client><client xmlns="urn:c" xmlns:x="urn:other"><name>Zoë</name></client></export>'
    )

    told = read(text, source)

    assert told.rows[0] == {"@c:no": "1", "c:name": "Ada", "{urn:y}z": "2"}
    assert told.rows[1] == {"@c:no": "", "c:name": "Zoë", "{urn:y}z": ""}


def test_what_stands_beside_the_records_is_counted() -> None:
    told = read("<export><head><client/></head><client><a>1</a></client><branch/></export>")

    assert [row["a"] for row in told.rows] == ["1"]
    assert told.reading.skipped == {"other element": 2}


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "cp1252", "utf-8-sig"])
def test_the_encoding_is_that_of_the_contract_and_the_file_must_agree(encoding: str) -> None:
    name = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{name}"?><export><client><name>Zoë</name></client></export>'

    told = read(text, CLIENTS.model_copy(update={"encoding": encoding}))

    assert told.rows == [{"name": "Zoë"}]
    with pytest.raises(DeliveryRefused, match="another encoding"):
        read_both(b'<?xml version="1.0" encoding="cp850"?><export/>', CLIENTS)


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (f'<!DOCTYPE export [<!ENTITY l0 "lol">{LAUGHS}]><export><client a="&l9;"/></export>', "DOCTYPE"),
        ('<!DOCTYPE export SYSTEM "http://localhost/x.dtd"><export/>', "DOCTYPE"),
        ('<!DOCTYPE export [<!ENTITY x SYSTEM "file:///etc/passwd">]><export><client>&x;</client></export>', "DOCTYPE"),
        ("<export><client>&x;</client></export>", "undefined entity"),
        ("<export><client></export>", "mismatched tag"),
        ("<export><client/>", "no element found"),
        ("", "no element found"),
        ("<export/><export/>", "junk"),
        ("<export>" * 200, "too deeply"),
        ("<other/>", "not the one of the contract"),
        ("<export><client a='1' a='2'/></export>", "duplicate attribute"),
        ("<export><client>\0</client></export>", "invalid token"),
        ("<export><client>&#xD800;</client></export>", "invalid character"),
        ("<export><x:client/></export>", "prefix"),
    ],
)
def test_a_document_that_may_hurt_or_is_not_whole_is_refused_with_its_line(text: str, word: str) -> None:
    with pytest.raises(DeliveryRefused, match=word) as refused:
        read(text)

    assert ", line 1" in refused.value.where
    assert refused.value.mend


def test_a_record_without_an_end_is_given_up_within_bounds() -> None:
    text = "<export><client><name>" + "a" * (20 * 2**20)

    for content in (text, "<export " + "a" * (20 * 2**20)):
        with pytest.raises(DeliveryRefused, match="too long"):
            read(content)


TEXTS = st.text(st.sampled_from("aé <&>'\"]\n"), max_size=6)
NAMES = st.sampled_from(["a", "b", "x:c", "ringback.line"])


@st.composite
def elements(draw: st.DrawFn, depth: int = 0) -> str:
    name = draw(NAMES)
    attributes = "".join(f" {key}={quoteattr(draw(TEXTS))}" for key in draw(st.sets(st.sampled_from(["p", "x:q"]))))
    inner = escape(draw(TEXTS))
    if depth < 2:
        inner += "".join(part + escape(draw(TEXTS)) for part in draw(st.lists(elements(depth + 1), max_size=3)))
    return f"<{name}{attributes}>{inner}</{name}>"


@given(st.lists(st.lists(elements(), max_size=3), max_size=4))
@settings(max_examples=200, deadline=None)
def test_both_readers_read_every_record_alike(records: list[list[str]]) -> None:
    inner = "".join(f"<client>{''.join(parts)}</client>" for parts in records)

    told = read(f'<export xmlns:x="urn:x">{inner}</export>')

    assert len(told.rows) == len(records)


@given(st.text("<>/!?&;#x[]-client export='\"\n", max_size=80), st.booleans())
@settings(max_examples=400, deadline=None)
def test_of_any_text_nothing_comes_but_rows_and_refusals(text: str, inside: bool) -> None:
    with suppress(DeliveryRefused):
        read(f"<export><client>{text}</client></export>" if inside else text)


@given(st.binary(max_size=80), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
@settings(max_examples=200, deadline=None)
def test_of_any_bytes_nothing_comes_but_rows_and_refusals(content: bytes, encoding: str) -> None:
    with suppress(DeliveryRefused):
        read_both(b"<export><client>" + content, CLIENTS.model_copy(update={"encoding": encoding}))
