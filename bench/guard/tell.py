"""`python -m bench guard`: the guard on real feeds in the order they came, and on faults put into them."""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from bench.guard.corpora import CORPORA, Corpus, Read
from bench.guard.faults import KEEPS_DISTRIBUTION, NO_OP, SHARES, Fault, faults, invented
from bench.guard.replay import Feed, Judged, measured, replay
from ringback.steps.limits import exceeded, limits

FEEDS = ("us_congress_members", "dotgov_domains", "br_banks", "csse_daily", "es_isciii")
KNOWN = {  # accidents of an earlier file that end or come again here, by the words of drift.csv
    ("br_banks", "2021-05-05T1422.csv"): "the masks of 2021-05-05T1223 are corrected",
    ("es_isciii", "2020-04-04T1031.csv"): "the date form flips again",
}
LEAST_LEARNED = 3  # deliveries before faults are put in
WINDOWS = 4  # deliveries of a feed that faults are put into


def main(arguments: Sequence[str]) -> int:
    """Measure, and print tables."""
    parser = argparse.ArgumentParser(prog="bench guard", description=__doc__)
    parser.add_argument("--feeds", nargs="+", choices=(*FEEDS, "invented"), default=(*FEEDS, "invented"))
    parser.add_argument("--faults", type=int, default=30, help="a delivery and share; 0: none")
    parser.add_argument("--clients", type=int, default=20_000, help="of the invented feed")
    parser.add_argument("--missed", action="store_true", help="list the faults that would be published")
    asked = parser.parse_args(arguments)
    if not CORPORA.is_dir():
        print(f"no corpora at {CORPORA}", file=sys.stderr)
        return 2
    found: list[Fault] = []
    for name in asked.feeds:
        deliveries = list(_invented(asked.clients)) if name == "invented" else list(_real(name))
        _tell_real(name, [judged for judged, _, _ in deliveries])
        for window, (read, feed) in enumerate(_windows(deliveries)):
            found += faults(name, read, feed, count=asked.faults, seed=window)
    _tell_faults([fault for fault in found if fault.changed >= NO_OP])
    if asked.missed:
        _tell_missed(found)
    return 0


Delivery = tuple[Judged, Read | None, Feed]


def _real(name: str) -> Iterator[Delivery]:
    for judged, read, feed in replay(Corpus(name)):
        yield judged, read, Feed(held=feed.held, baseline=list(feed.baseline))


def _invented(clients: int) -> Iterator[Delivery]:
    feed = Feed()
    for read in invented(clients, nights=12):
        measures = measured(read, read.records, feed.planned(read.records, read.contract), feed)
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


def _windows(deliveries: list[Delivery]) -> list[tuple[Read, Feed]]:
    """Ordinary deliveries that pass, spread over the feed's time."""
    fit = [
        (read, feed)
        for judged, read, feed in deliveries
        if read is not None
        and judged.reaction == "ordinary"
        and not (judged.exceeded or judged.header or judged.quarantined)
        and len(feed.baseline) >= LEAST_LEARNED
    ]
    return [fit[place * len(fit) // WINDOWS] for place in range(min(WINDOWS, len(fit)))]


def _tell_real(name: str, deliveries: list[Judged]) -> None:
    judged = [each for each in deliveries if not each.is_first]
    ordinary = [each for each in judged if each.reaction in ("ordinary", "clean")]
    held = [each for each in ordinary if each.exceeded and (name, each.file_name) not in KNOWN]
    print(f"\n{name}: {len(deliveries)} deliveries, {len(ordinary)} ordinary, {len(held)} of them held without cause")
    for each in held:
        print(f"  {each.file_name}  {_words(each)}")
    for each in deliveries:
        if each.reaction == "hold":
            print(f"  accident {each.file_name}  {each.drifts[0].kind}: {_verdict(each)}")


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
    print("\nfaults caught, with the field named (15 or more changed cells)")
    for share in SHARES:
        for keeps, words in ((False, "visible"), (True, "distribution kept")):
            some = [one for one in found if one.share == share and (one.code in KEEPS_DISTRIBUTION) is keeps]
            caught = sum(one.is_caught for one in some)
            if some:
                print(f"  {share:4.0%}  {words:18}  {caught} of {len(some)} ({caught / len(some):.1%})")


def _tell_missed(found: list[Fault]) -> None:
    missed: dict[tuple[float, str], Counter[str]] = defaultdict(Counter)
    for one in found:
        if one.changed >= NO_OP and not one.is_caught:
            missed[one.share, one.code][f"{one.feed}.{'+'.join(one.fields)} {one.file_name} {one.changed}"] += 1
    for (share, code), where in sorted(missed.items(), reverse=True):
        print(f"  {share:4.0%} {code}: {', '.join(where)}")
