"""Editors get a schema of contracts that fits what ringback reads."""

from __future__ import annotations

import json
from pathlib import Path

from ringback.contracts import json_schema
from ringback.contracts.schema import examples_schema_text, project_schema_text, schema_text
from ringback.model.example import ContractExample, ExamplesFile
from ringback.model.project import ProjectFile
from ringback.steps.interpret import FIELD_TYPES

COMMITTED = Path(__file__).parents[2] / "docs" / "contract.schema.json"


def test_the_published_schema_is_up_to_date() -> None:
    """To renew it, print(schema_text(), end="") into the file."""
    assert COMMITTED.read_text(encoding="utf-8") == schema_text()


def test_the_published_schema_of_the_project_file_is_up_to_date_and_has_each_of_its_keys() -> None:
    """To renew it, print(project_schema_text(), end="") into the file."""
    published = COMMITTED.with_name("project.schema.json").read_text(encoding="utf-8")

    assert published == project_schema_text()
    assert set(json.loads(published)["properties"]) == set(ProjectFile.model_fields)


def test_the_published_schema_of_examples_is_up_to_date_and_has_each_of_their_keys() -> None:
    """To renew it, print(examples_schema_text(), end="") into the file."""
    published = COMMITTED.with_name("examples.schema.json").read_text(encoding="utf-8")

    assert published == examples_schema_text()
    schema = json.loads(published)
    assert set(schema["properties"]) == set(ExamplesFile.model_fields)
    assert set(schema["$defs"]["ContractExample"]["properties"]) == set(ContractExample.model_fields)


def test_every_field_type_and_each_of_its_keys_is_in_the_schema() -> None:
    schema = json_schema()

    for word, kind in FIELD_TYPES.items():
        described = schema["$defs"][f"{word}Field"]
        assert described["properties"]["type"] == {"const": word}
        assert set(described["properties"]) == {field.alias or name for name, field in kind.model_fields.items()}
        assert described["additionalProperties"] is False
    assert len(schema["properties"]["fields"]["additionalProperties"]["allOf"]) == len(FIELD_TYPES)


def test_every_reference_in_the_schema_leads_somewhere() -> None:
    schema = json_schema()
    told = json.dumps(schema)

    names = {part.split('"')[0] for part in told.split('"#/$defs/')[1:]}

    assert names == set(schema["$defs"])
