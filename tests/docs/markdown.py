# Copyright (c) 2026 The wspool authors
# Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
"""What the checks of the documents share: pages, fenced blocks, prose, headings and tables."""

import fnmatch
import pathlib
import re
import shutil
import subprocess
from typing import NamedTuple

SKIPPED = {".git", "build", "node_modules", ".cache", "__pycache__"}


class Finding(NamedTuple):
    path: str
    line: int
    what: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.what}"


class Block(NamedTuple):
    line: int  # of its first line of text, behind the fence
    info: str  # what stands behind the backticks of the fence
    text: str


class Row(NamedTuple):
    line: int
    heading: str  # the nearest one above
    cells: dict   # column -> text


# -- the tree --------------------------------------------------------------------------------------

def tree(root):
    """The paths of all files that are tracked, or will be: whatever git does not ignore."""
    root = pathlib.Path(root)
    git = None
    if shutil.which("git"):
        git = subprocess.run(["git", "-C", str(root), "ls-files", "-zco", "--exclude-standard"],
                             capture_output=True, text=True, check=False)
    if git and git.returncode == 0:
        names = set(git.stdout.split("\0")) - {""}
    else:  # an unpacked archive
        names = {file.relative_to(root).as_posix() for file in root.rglob("*")
                 if not SKIPPED & set(file.relative_to(root).parts)}
    return {name for name in names if (root / name).is_file()}


def pages(root, *patterns):
    """Path -> text of the pages that match one of the patterns."""
    return {name: (pathlib.Path(root) / name).read_text("utf-8") for name in sorted(tree(root))
            if any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)}


# -- blocks and prose ------------------------------------------------------------------------------

FENCE = re.compile(r"^(\s*)(`{3,}|~{3,})\s*([^`]*?)\s*$")


def split(text):
    """(the fenced blocks, the lines of all else); what is in a block is an empty line there."""
    found, prose = [], []
    closing = None
    for number, line in enumerate(text.split("\n"), 1):
        fence = FENCE.match(line)
        if closing is None and fence:
            closing, indent = fence[2], len(fence[1])
            info, first, inside = fence[3], number + 1, []
        elif closing is not None and fence and not fence[3] and fence[2].startswith(closing):
            found.append(Block(first, info, "".join(f"{x}\n" for x in inside)))
            closing = None
        elif closing is not None:
            inside.append(line[min(indent, len(line) - len(line.lstrip())):])
        else:
            prose.append(line)
            continue
        prose.append("")
    return found, prose


def blocks(text):
    return split(text)[0]


CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)((?:(?!\n\s*\n).)+?)(?<!`)\1(?!`)", re.S)


def code_spans(text):
    """(line, text) of each piece of inline code."""
    prose = "\n".join(split(text)[1])
    for found in CODE_SPAN.finditer(prose):
        yield prose.count("\n", 0, found.start()) + 1, found[2]


def without_code(text):
    """The text without fenced blocks and inline code; its lines keep their numbers."""
    prose = "\n".join(split(text)[1])
    return CODE_SPAN.sub(lambda found: "\n" * found[0].count("\n") or " ", prose)


# -- headings --------------------------------------------------------------------------------------

HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.*?)(?:\s+#+)?\s*$")
UNDERLINE = re.compile(r"^ {0,3}(=+|-+)\s*$")


def headings(text):
    """(line, text) of each heading."""
    lines = split(text)[1]
    for number, line in enumerate(lines, 1):
        if found := HEADING.match(line):
            yield number, found[1]
        elif line.strip() and number < len(lines) and UNDERLINE.match(lines[number]):
            yield number, line.strip()


def slug(heading):
    """What GitHub makes of a heading, before it numbers those that are the same."""
    shown = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[^\w\- ]", "", shown.lower()).replace(" ", "-")


def anchors(text):
    """All anchors that GitHub gives a page."""
    result = set()
    seen = {}
    for _, heading in headings(text):
        name = slug(heading)
        count = seen.get(name, 0)
        seen[name] = count + 1
        result.add(f"{name}-{count}" if count else name)
    return result | set(re.findall(r"<a\s+(?:id|name)=\"([^\"]+)\"", without_code(text)))


# -- tables ----------------------------------------------------------------------------------------

def cells_of(line):
    """The cells of a table's row; a bar behind a backslash is text."""
    inside = re.sub(r"(?<!\\)\|$", "", line.strip().removeprefix("|"))
    return [x.strip().replace("\\|", "|") for x in re.split(r"(?<!\\)\|", inside)]


def rows(text):
    """All rows of all tables, without their heads."""
    lines = split(text)[1]
    at = dict(headings(text))
    heading, head = "", None
    for number, line in enumerate(lines, 1):
        heading = at.get(number, heading)
        if not line.lstrip().startswith("|"):
            head = None
        elif head is None:
            head = cells_of(line)
        elif not re.fullmatch(r"[\s|:\-]+", line):
            yield Row(number, heading, dict(zip(head, cells_of(line))))
