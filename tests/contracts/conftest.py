"""A contract that people could have written."""

from __future__ import annotations

import pytest

CLIENTS = r"""feed: clients
title: Nightly client snapshot from the billing system
key: [client_no]
delivers: snapshot            # every client each time
missing: keep
source:
  files: inbox/clients_*.csv
  issued: clients_%Y-%m-%d.csv
  format: csv
  encoding: utf-8
  delimiter: ";"
  skip:
    - {name: total line, pattern: ^Total}
target:
  table: clients
fields:
  client_no:
    from: Client No
    type: string
    constraints: {pattern: '\d{8}', required: true}
  born_on:
    from: Date of Birth
    type: date
    format: "%d/%m/%Y"
    stable: true
    constraints: {minimum: 01/01/1900, maximum: 31/12/2023}
  phone:
    from: Phone
    type: phone
    region: GB
  balance:
    from: Balance
    type: decimal
    decimalChar: ","
    groupChar: "."
    scale: 2
    constraints: {minimum: "-1.000,00"}
  status:
    from: Status
    type: code
    codes: {A: active, S: suspended, C: closed}
ignored: [Internal Ref]
policy:
  quarantined: {hold_above: 0.5 %}
  removed: {hold_above: 20 rows}
"""


@pytest.fixture(scope="session")
def clients() -> str:
    """The contract of `feeds/clients.yaml`, without a fault."""
    return CLIENTS
