"""The live table in plain SQL, and how the delivered text becomes its values."""

from __future__ import annotations

COLUMNS = {
    "client_no": "text",
    "first_name": "text",
    "last_name": "text",
    "email": "text",
    "phone": "text",
    "born_on": "date",
    "client_since": "date",
    "address": "text",
    "postcode": "text",
    "balance": "numeric(38, 2)",
    "credit_limit": "numeric(38, 2)",
    "status": "text",
}
DEFINITION = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
TEXT_DEFINITION = ", ".join(f"{name} text" for name in COLUMNS)


def from_text(name: str) -> str:
    """What somebody who knows the file would write in the SELECT (phones stay as they were sent)."""
    if COLUMNS[name] == "date":
        return f"to_date({name}, 'DD/MM/YYYY')"
    if COLUMNS[name].startswith("numeric"):
        return f"replace(replace({name}, '.', ''), ',', '.')::{COLUMNS[name]}"
    if name == "status":
        return "CASE status WHEN 'A' THEN 'active' WHEN 'S' THEN 'suspended' WHEN 'C' THEN 'closed' END"
    return name
