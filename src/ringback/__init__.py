"""ringback: imports files of client records that keep coming, and keeps a customer database true to them."""

from ringback.api import (
    approve,
    check,
    drill,
    explain,
    import_file,
    init,
    learn,
    plan,
    quarantine,
    release,
    repair,
    runs,
    show,
    trial,
    undo,
)
from ringback.errors import ContractError, RingbackError
from ringback.model.run import Receipt, Run
from ringback.report.as_json import as_json

__all__ = [
    "ContractError",
    "Receipt",
    "RingbackError",
    "Run",
    "approve",
    "as_json",
    "check",
    "drill",
    "explain",
    "import_file",
    "init",
    "learn",
    "plan",
    "quarantine",
    "release",
    "repair",
    "runs",
    "show",
    "trial",
    "undo",
]
