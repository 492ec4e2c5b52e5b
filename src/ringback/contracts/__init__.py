"""YAML <-> Contract. Each fault has its file, line, column, and what to write instead."""

from ringback.contracts.contract import ContractFile, load, parse
from ringback.contracts.differences import differences
from ringback.contracts.fingerprint import fingerprint, software
from ringback.contracts.project import feeds, find_project, load_feed, load_project, with_policy
from ringback.contracts.schema import json_schema

__all__ = [
    "ContractFile",
    "differences",
    "feeds",
    "find_project",
    "fingerprint",
    "json_schema",
    "load",
    "load_feed",
    "load_project",
    "parse",
    "software",
    "with_policy",
]
