"""Checks JSON against JSON Schemas: `schema_check.py SCHEMA FILE [SCHEMA FILE]…`, one value for a file or one for each line.

Prints a list of problems, empty where there are none. A format such as date-time is checked as well.
"""

import json
import sys

import jsonschema


def values(text):
    """The value that a text is, or those of its lines."""
    try:
        return [json.loads(text)]
    except json.JSONDecodeError:
        return [json.loads(line) for line in text.splitlines()]


def problems(schema_path, path):
    """What is wrong with a file, in words."""
    with open(schema_path, encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    with open(path, encoding="utf-8") as file:
        found = values(file.read())
    if not found:
        return [f"{path}: there is nothing to check"]
    return [
        f"{path} {error.json_path}: {error.message[:300]}" for value in found for error in validator.iter_errors(value)]


pairs = zip(sys.argv[1::2], sys.argv[2::2], strict=True)
print(json.dumps([problem for schema, path in pairs for problem in problems(schema, path)]))
