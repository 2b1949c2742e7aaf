"""The data files keep to their schema, and the schema is one."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

VECTORS = Path(__file__).parents[2] / "vectors"
SCHEMA = json.loads((VECTORS / "schema.json").read_text(encoding="utf-8"))
FILES = sorted((VECTORS / "data").glob("*.json"))


def loaded(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_file_keeps_to_the_schema(path):
    errors = [
        f"{list(e.path)}: {e.message}"
        for e in Draft202012Validator(SCHEMA).iter_errors(loaded(path))
    ]
    assert not errors, errors[:3]
    assert loaded(path)["family"] == path.stem


def test_flags_keep_to_the_schema():
    flags = loaded(VECTORS / "flags.json")
    schema = {"$defs": SCHEMA["$defs"], "$ref": "#/$defs/flags"}
    assert not [e.message for e in Draft202012Validator(schema).iter_errors(flags)]
