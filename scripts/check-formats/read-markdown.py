"""Reads GitHub-flavoured Markdown on stdin; prints how many tables, body rows and columns the first of them has."""

import sys

from markdown_it import MarkdownIt

tokens = MarkdownIt("commonmark").enable("table").parse(sys.stdin.read())
kinds = [token.type for token in tokens]
first = kinds[kinds.index("table_open") : kinds.index("table_close")]
print(kinds.count("table_open"), first.count("tr_open") - 1, first.count("th_open"))
