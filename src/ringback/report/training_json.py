"""A training as the one object that machines read."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, TypeAlias

from ringback.model.training import Begun, Hint, Noted, Result, Training, Trainings, Words

Json = dict[str, Any]
OfTraining: TypeAlias = Begun | Training | Trainings | Words | Hint | Noted


def training_json(told: OfTraining) -> Json:
    """The shapes are the command line's contract."""
    match told:
        case Training():
            return _training(told)
        case Begun():
            return _begun(told)
        case Trainings():
            return {"feed": told.feed, "trainings": [_training(each) for each in told.trainings]}
        case Words():
            return {"feed": told.feed, "misreadings": [asdict(word) for word in told.words]}
        case Hint():
            return {**_training(told.training), "hint": told.text, "cost": told.cost, "left": told.left}
        case Noted():
            return {**_training(told.training), "seconds": told.seconds}


def _training(training: Training) -> Json:
    """One training; of one that has not ended, nothing that tells what it is."""
    result, answer = training.result, training.answer
    told: Json = {
        "training": training.id,
        "feed": training.feed,
        "by": training.by,
        "state": str(training.state),
        "begun_at": training.begun_at.isoformat(),
        "run": f"R{training.run}",
        "hints": training.hints,
        "answer": {"field": answer.field, "misreading": answer.code} if answer else None,
    }
    return told if result is None else {**told, **_result_json(training, result)}


def _begun(begun: Begun) -> Json:
    """A training that begins."""
    told = {"folder": str(begun.folder), "clients": begun.clients, "caller": list(begun.caller)}
    return {**_training(begun.training), **told}


def _result_json(training: Training, result: Result) -> Json:
    got, wrong, accident = result.points, result.left, result.accident
    return {
        "ended_at": result.at.isoformat(),
        "seed": training.seed,
        "accident": {
            "fields": list(accident.fields),
            "misreading": accident.code,
            "kind": str(accident.kind),
            "told": accident.told,
            "wrong": accident.wrong,
        },
        "right": {"field": result.is_field, "misreading": result.is_misreading, "exact": wrong.is_exact},
        "left": {
            "false": wrong.false,
            "new": wrong.new,
            "stale": wrong.stale,
            "absent": wrong.absent,
            "strangers": wrong.strangers,
        },
        "seconds": {"found": result.found_seconds, "taken_back": result.taken_back_seconds},
        "points": {
            "total": got.total,
            "field": got.field,
            "misreading": got.misreading,
            "exact": got.exact,
            "time": got.time,
            "hints": got.hints,
        },
    }
