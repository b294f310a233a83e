#!/usr/bin/env python3
# Copyright (c) 2026 The wspool authors
# Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
"""Checks that every relative link of every page leads somewhere.

    links.py [ROOT]     every finding is a line `path:line: what`, status 1

A link may name a file or a folder of the tree, a heading of a page, or a line (#L10) of a source.
"""

import pathlib
import posixpath
import re
import sys
import urllib.parse

import markdown
from markdown import Finding

# The end of `[text](target "title")`, whatever the text is, and `[name]: target`.
LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)"
                  r"|^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)>?", re.M)
OUTSIDE = re.compile(r"[a-z][a-z0-9+.\-]*:", re.I)  # http:, mailto: and the like


def links(text):
    """(line, target) of each link that is no URL."""
    prose = markdown.without_code(text)
    for found in LINK.finditer(prose):
        target = found[1] or found[2]
        if not OUTSIDE.match(target):
            yield prose.count("\n", 0, found.start(1 if found[1] else 2)) + 1, target


def place(page, target):
    """(path in the tree, anchor) of a link in a page."""
    path, _, anchor = target.partition("#")
    path = urllib.parse.unquote(path)
    if not path:
        return page, urllib.parse.unquote(anchor)
    folder = "" if path.startswith("/") else posixpath.dirname(page)
    path = posixpath.normpath(posixpath.join(folder, path.lstrip("/")))
    return path, urllib.parse.unquote(anchor)


def wrong_anchor(path, anchor, text):
    """What is wrong with an anchor of a file of this text, or None."""
    if path.endswith(".md"):
        return None if anchor in markdown.anchors(text) else f"{path} has no heading #{anchor}"
    found = re.fullmatch(r"L(\d+)(?:-L(\d+))?", anchor)
    if found and int(found[2] or found[1]) <= text.count("\n"):
        return None
    return f"{path} has no line #{anchor}"


def check_page(page, text, files, read):
    """All findings in one page. `files` are the paths of the tree, `read` gives a file's text."""
    folders = {"."}
    for file in files:
        folders |= {parent.as_posix() for parent in pathlib.PurePosixPath(file).parents}
    for line, target in links(text):
        path, anchor = place(page, target)
        if path not in files and path not in folders:
            yield Finding(page, line, f"{target} leads to no file of the tree")
        elif anchor and path in folders:
            yield Finding(page, line, f"{target} names a heading of a folder")
        elif anchor and (why := wrong_anchor(path, anchor, read(path))):
            yield Finding(page, line, why)


def main(arguments):
    root = pathlib.Path(arguments[0] if arguments else pathlib.Path(__file__).parents[2])
    files = markdown.tree(root)
    texts = markdown.pages(root, "*.md")
    if len(texts) < 10:
        print(f"{root}: no tree of this project", file=sys.stderr)
        return 2

    def read(path):
        return texts.get(path) or (root / path).read_text("utf-8", "replace")

    findings = [f for page, text in texts.items() for f in check_page(page, text, files, read)]
    for finding in findings:
        print(finding)
    count = sum(1 for text in texts.values() for _ in links(text))
    print(f"{len(texts)} pages, {count} links, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
