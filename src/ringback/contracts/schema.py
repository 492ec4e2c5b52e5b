"""JSON Schemas of contracts, examples and the project file, for editors. What only `check` sees is not in them."""

from __future__ import annotations

import json
from typing import Any

from ringback.model.contract import NAME_PATTERN, Contract
from ringback.model.example import ExamplesFile
from ringback.model.project import ProjectFile
from ringback.steps.interpret import FIELD_TYPES

# Editors give plain scalars a type (0123 is a number to them); ringback takes any scalar as the text that it is.
_TEXT = {"type": ["string", "number", "boolean", "null"], "description": "Any text, as it stands."}


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of `feeds/*.yaml`."""
    schema = Contract.model_json_schema(by_alias=True)
    schema.pop("description", None)
    kinds = {f"{word}Field": _field_schema(word, schema["$defs"]) for word in sorted(FIELD_TYPES)}
    schema["$defs"] = dict(sorted({**schema["$defs"], **kinds}.items()))
    schema["$defs"].pop("FieldSpec")
    schema["properties"]["fields"] = {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": NAME_PATTERN},
        "additionalProperties": _by_type(sorted(FIELD_TYPES)),
    }
    schema["$defs"]["Text"] = _TEXT
    shaped = {key: _shape(part) for key, part in schema.items() if key != "title"}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A ringback contract", **shaped}


def project_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of `ringback.yaml`."""
    schema = ProjectFile.model_json_schema(by_alias=True)
    schema.pop("description", None)
    schema["$defs"]["Text"] = _TEXT
    shaped = {key: _shape(part) for key, part in schema.items() if key != "title"}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A ringback project", **shaped}


def examples_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of `feeds/*.examples.yaml`."""
    schema = ExamplesFile.model_json_schema(by_alias=True)
    schema.pop("description", None)
    schema["$defs"]["Text"] = _TEXT
    shaped = {key: _shape(part) for key, part in schema.items() if key != "title"}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Examples of a contract", **shaped}


def _by_type(words: list[str]) -> dict[str, Any]:
    """A field: what its keys are follows from its `type`. (With `oneOf` editors cannot say which key is wrong.)"""
    return {
        "type": "object",
        "properties": {"type": {"enum": words}},
        "required": ["from", "type"],
        "allOf": [
            {
                "if": {"properties": {"type": {"const": word}}, "required": ["type"]},
                "then": {"$ref": f"#/$defs/{word}Field"},
            }
            for word in words
        ],
    }


def schema_text() -> str:
    """The schema as it is published in docs/contract.schema.json."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def project_schema_text() -> str:
    """The schema as it is published in docs/project.schema.json."""
    return json.dumps(project_schema(), indent=2, ensure_ascii=False) + "\n"


def examples_schema_text() -> str:
    """The schema as it is published in docs/examples.schema.json."""
    return json.dumps(examples_schema(), indent=2, ensure_ascii=False) + "\n"


def _field_schema(word: str, defs: dict[str, Any]) -> dict[str, Any]:
    schema = FIELD_TYPES[word].model_json_schema(by_alias=True)
    defs.update(schema.pop("$defs", {}))
    schema["properties"]["type"] = {"const": word}
    schema["required"] = sorted({*schema.get("required", ()), "type"})
    return schema


def _shape(part: object) -> object:
    """Texts widened, and without the titles that pydantic makes from names."""
    if isinstance(part, list):
        return [_shape(each) for each in part]
    if not isinstance(part, dict) or part is _TEXT:
        return part
    shaped = {key: _shape(value) for key, value in part.items() if not (key == "title" and isinstance(value, str))}
    if part.get("type") == "string" and not {"enum", "const", "pattern"} & part.keys():
        del shaped["type"]
        shaped["$ref"] = "#/$defs/Text"
    return shaped
