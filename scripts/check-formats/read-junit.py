"""Reads JUnit XML on stdin with junitparser and holds it to the schema named; prints suites, tests, failures."""

import io
import sys

import junitparser
import xmlschema

text = sys.stdin.read()
xmlschema.XMLSchema(sys.argv[1]).validate(io.StringIO(text))
xml = junitparser.JUnitXml.fromstring(text.encode())
cases = [case for suite in xml for case in suite]
print(len(list(xml)), len(cases), sum(1 for case in cases if case.is_failure))
