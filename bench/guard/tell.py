"""`python -m bench guard`: the guard on real feeds in the order they came, and on faults put into them."""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence

from bench.guard.corpora import CORPORA, Corpus, Read
from bench.guard.faults import KEEPS_DISTRIBUTION, NO_OP, WHERE, Fault, faults, invented
from bench.guard.replay import Feed, Judged, measured, replay
from ringback.steps.limits import exceeded, limits

FEEDS = ("us_congress_members", "dotgov_domains", "br_banks", "csse_daily", "es_isciii", "de_blz_fixed")
KNOWN = {  # accidents of an earlier file that end or come again here, by the words of drift.csv
    ("br_banks", "2021-05-05T1422.csv"): "the masks of 2021-05-05T1223 are corrected",
    ("es_isciii", "2020-04-04T1031.csv"): "the date form flips again",
}
LEAST_LEARNED = 3  # deliveries before faults are put in
LEARNED = 10  # deliveries that a feed is known from

Delivery = tuple[Judged, Read | None, Feed]


def main(arguments: Sequence[str]) -> int:
    """Measure, and print tables in Markdown."""
    parser = argparse.ArgumentParser(prog="bench guard", description=__doc__)
    parser.add_argument("--feeds", nargs="+", choices=(*FEEDS, "invented"), default=(*FEEDS, "invented"))
    parser.add_argument("--faults", type=int, default=20, help="a delivery and part of its rows; 0: none")
    parser.add_argument("--windows", type=int, default=4, help="deliveries of a feed that faults are put into")
    parser.add_argument("--seed", type=int, default=0, help="draws other faults")
    parser.add_argument("--clients", type=int, default=20_000, help="of the invented feed")
    parser.add_argument("--missed", action="store_true", help="list the faults that would be published")
    asked = parser.parse_args(arguments)
    if not CORPORA.is_dir():
        print(f"no corpora at {CORPORA}", file=sys.stderr)
        return 2
    replayed: dict[str, list[Judged]] = {}
    found: list[Fault] = []
    for name in asked.feeds:
        deliveries = list(invented_deliveries(asked.clients)) if name == "invented" else list(real_deliveries(name))
        replayed[name] = [judged for judged, _, _ in deliveries]
        for window, (read, feed) in enumerate(_windows(deliveries, asked.windows)):
            found += faults(name, read, feed, count=asked.faults, seed=asked.seed * asked.windows + window)
        print(f"{name}: {len(found)} faults so far", file=sys.stderr)
    print(f"`python -m bench guard {' '.join(arguments)}`\n")
    _tell_real(replayed)
    judged = [fault for fault in found if fault.changed >= NO_OP or fault.quarantined]
    _tell_faults(judged)
    _tell_learned(judged)
    if asked.missed:
        _tell_missed(found)
    return 0


def real_deliveries(name: str) -> Iterator[Delivery]:
    for judged, read, feed in replay(Corpus(name)):
        yield judged, read, Feed(held=feed.held, baseline=list(feed.baseline))


def invented_deliveries(clients: int) -> Iterator[Delivery]:
    feed = Feed()
    for read in invented(clients, nights=12):
        measures = measured(read, read.records, feed.planned(read.records, read.contract), feed).measures
        over = exceeded(measures, limits(feed.baseline, read.contract))
        yield (
            Judged(
                file_name=read.path.name,
                drifts=(),
                goes_on=False,
                header=(),
                quarantined=False,
                exceeded=over,
                measures=measures,
                is_first=feed.held is None,
            ),
            read,
            Feed(held=feed.held, baseline=list(feed.baseline)),
        )
        feed.take(read.records, read.contract, measures)


def _windows(deliveries: list[Delivery], count: int) -> list[tuple[Read, Feed]]:
    """Ordinary deliveries that pass, spread over the feed's time."""
    fit = [
        (read, feed)
        for judged, read, feed in deliveries
        if read is not None
        and judged.reaction == "ordinary"
        and not judged.is_alarm
        and len(feed.baseline) >= LEAST_LEARNED
    ]
    return [fit[place * len(fit) // count] for place in range(min(count, len(fit)))]


def _tell_real(replayed: dict[str, list[Judged]]) -> None:
    print("| feed | deliveries | ordinary | held without cause | any alarm | accidents | held |")
    print("|---|---|---|---|---|---|---|")
    rows = [_counts(name, deliveries) for name, deliveries in replayed.items()]
    for name, counts in zip(replayed, rows, strict=True):
        print(f"| {name} | {' | '.join(map(str, counts))} |")
    real = [counts for name, counts in zip(replayed, rows, strict=True) if name != "invented"]
    sums = [sum(column) for column in zip(*real, strict=True)]
    print(f"| all real feeds | {' | '.join(map(str, sums))} |\n")
    for name, deliveries in replayed.items():
        for each in _ordinary(name, deliveries):
            if each.is_alarm:
                print(f"- without cause: {name} {each.file_name}: {_verdict(each)}")
        for each in deliveries:
            if each.reaction == "hold":
                print(f"- accident: {name} {each.file_name} ({each.drifts[0].kind}): {_verdict(each)}")


def _counts(name: str, deliveries: list[Judged]) -> tuple[int, ...]:
    ordinary = _ordinary(name, deliveries)
    accidents = [each for each in deliveries if each.reaction == "hold" and not each.is_first]
    return (
        len(deliveries),
        len(ordinary),
        sum(bool(each.exceeded) for each in ordinary),
        sum(each.is_alarm for each in ordinary),
        len(accidents),
        sum(each.is_alarm for each in accidents),
    )


def _ordinary(name: str, deliveries: list[Judged]) -> list[Judged]:
    return [
        each
        for each in deliveries
        if not each.is_first and each.reaction in ("ordinary", "clean") and (name, each.file_name) not in KNOWN
    ]


def _verdict(judged: Judged) -> str:
    if judged.exceeded:
        return f"held by the guard: {_words(judged)}"
    if judged.header:
        return f"held by its header: {', '.join(judged.header)}"
    if judged.quarantined:
        return "held: rows that cannot be read"
    return "nothing to compare with" if judged.is_first else "PASSED"


def _words(judged: Judged) -> str:
    told = [f"{over.field or 'delivery'} {over.measure} {over.seen:.4g} > {over.limit:.4g}" for over in judged.exceeded]
    return "; ".join(told[:3])


def _tell_faults(found: list[Fault]) -> None:
    print("\n| rows | faults | caught | | by the guard | by quarantine alone | cause named first |")
    print("|---|---|---|---|---|---|---|")
    for where in WHERE:
        for keeps, words in ((False, "visible"), (True, "distribution kept")):
            some = [one for one in found if one.where == where and (one.code in KEEPS_DISTRIBUTION) is keeps]
            if some:
                print(f"| {where} | {words} {len(some)} | {' | '.join(_caught(some))} |")


def _tell_learned(found: list[Fault]) -> None:
    """What knowing the feed makes of it."""
    print(f"\n| rows | known from 3 to {LEARNED - 1} deliveries | from {LEARNED} and more |\n|---|---|---|")
    for where in WHERE:
        for keeps, words in ((False, "visible"), (True, "distribution kept")):
            some = [one for one in found if one.where == where and (one.code in KEEPS_DISTRIBUTION) is keeps]
            halves = [[one for one in some if (one.deliveries >= LEARNED) is known] for known in (False, True)]
            if all(halves):
                print(f"| {where}, {words} | {' | '.join(_share_caught(half) for half in halves)} |")


def _share_caught(some: list[Fault]) -> str:
    caught = _count(some, lambda one: one.is_caught)
    return f"{caught} of {len(some)} ({caught / len(some):.1%})"


def _caught(some: list[Fault]) -> tuple[str, ...]:
    named = [one for one in some if one.is_named]
    caught, causes = _count(some, lambda one: one.is_caught), _count(named, lambda one: one.has_cause)
    return (
        f"{caught}",
        f"{caught / len(some):.1%}",
        f"{len(named)}",
        f"{caught - len(named)}",
        f"{causes} of {len(named)} ({causes / max(len(named), 1):.1%})",
    )


def _count(some: list[Fault], holds: Callable[[Fault], bool]) -> int:
    return sum(holds(one) for one in some)


def _tell_missed(found: list[Fault]) -> None:
    print("\nwould be published:")
    missed: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in found:
        if one.changed >= NO_OP and not one.is_caught:
            missed[one.where, one.code][f"{one.feed}.{'+'.join(one.fields)} {one.file_name} {one.changed}"] += 1
    for (where, code), places in sorted(missed.items(), reverse=True):
        print(f"- {where} {code}: {', '.join(places)}")
    print("\ncaught, and another cause or none named first:")
    causes = Counter(
        (one.where, one.code, _told_first(one))
        for one in found
        if one.changed >= NO_OP and one.is_named and not one.has_cause
    )
    for (where, code, told), times in causes.most_common():
        print(f"- {where} {code}: {told or 'nothing'} ({times})")


def _told_first(fault: Fault) -> str:
    return next((each.code for each in fault.diagnoses if set(each.fields) & set(fault.fields)), "")
