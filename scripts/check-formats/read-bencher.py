"""Holds Bencher Metric Format on stdin to its published schema (https://bencher.dev/bmf.json); prints the benchmarks."""

import json
import sys

import jsonschema

number = {"type": "number"}
metric = {
    "type": "object",
    "properties": {"value": number, "lower_value": number, "upper_value": number},
    "required": ["value"],
}
schema = {
    "$schema": "http://json-schema.org/draft-07/schema",
    "type": "object",
    "patternProperties": {".+": {"type": "object", "patternProperties": {".+": metric}}},
}
report = json.load(sys.stdin)
jsonschema.validate(report, schema)
print("\n".join(report))
