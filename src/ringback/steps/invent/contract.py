"""The contract of the invented feed: what `as_delivered` writes, read back as what `invent` made."""

from __future__ import annotations

CONTRACT_YAML = r"""feed: clients
title: Nightly client snapshot from the billing system
key: [client_no]
delivers: snapshot
missing: keep
source:
  files: inbox/clients_*.csv
  issued: clients_%Y-%m-%d.csv
  format: csv
  encoding: utf-8
  delimiter: ";"
target:
  table: clients
fields:
  client_no:
    from: Client No
    type: string
    constraints: {pattern: '\d{8}', required: true}
  first_name:
    from: First Name
    type: string
    constraints: {required: true}
  last_name:
    from: Last Name
    type: string
    constraints: {required: true}
  email:
    from: E-mail
    type: email
  phone:
    from: Phone
    type: phone
    region: GB
  born_on:
    from: Date of Birth
    type: date
    format: "%d/%m/%Y"
    stable: true
    constraints: {required: true}
  client_since:
    from: Client Since
    type: date
    format: "%d/%m/%Y"
    stable: true
    constraints: {required: true}
  address:
    from: Address
    type: string
  postcode:
    from: Postcode
    type: string
  balance:
    from: Balance
    type: decimal
    decimalChar: ","
    groupChar: "."
    scale: 2
    constraints: {required: true}
  credit_limit:
    from: Credit Limit
    type: decimal
    decimalChar: ","
    groupChar: "."
    scale: 2
    constraints: {required: true}
  status:
    from: Status
    type: code
    codes: {A: active, S: suspended, C: closed}
    constraints: {required: true}
"""
