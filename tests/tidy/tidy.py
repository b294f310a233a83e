#!/usr/bin/env python3
# Copyright (c) 2026 The wspool authors
# Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
"""Checks what a compiler does not: who may include whom, and the shape of files.

    tidy.py [ROOT]      checks the tree; every finding is a line `path:line: what`, status 1

The tables below are the rules. Rooms (folders) depend downwards only.
"""

import pathlib
import re
import sys
from typing import NamedTuple

# -- the tables ------------------------------------------------------------------------------------

# Room -> rooms whose files it may include. A file belongs to the longest room that it is in; each
# room may include itself.
ROOMS = {
    "transport/include": [],
    "transport/protocol": ["transport/include"],
    "transport/messaging": ["transport/include", "transport/protocol"],
    "transport/net": ["transport/include", "transport/protocol"],
    "actors/include": ["transport/include", "actors/runtime/include"],
    "actors/runtime/include": ["transport/include"],
    "actors/runtime": ["transport/include", "transport/protocol", "transport/net",
                       "actors/include", "actors/runtime/include"],
    "actors": ["transport/include", "transport/protocol", "transport/messaging", "transport/net",
               "actors/include", "actors/runtime/include", "actors/runtime"],
    "apps": ["transport/include", "actors/include", "actors/runtime/include"],
    "apps/examples": ["transport/include", "actors/include", "actors/runtime/include"],
    "tests": None,  # whatever they test
}

# Where `#include <wspool/...>` and `#include "..."` are looked up, besides the includer's folder.
PUBLIC_ROOTS = ["transport/include", "actors/include", "actors/runtime/include"]
PRIVATE_ROOTS = ["transport", "actors", "tests", "apps", "apps/wspool"]

# Headers of others: pattern -> rooms, or single files, that may include them.
FOREIGN = {
    # The protocol is pure: bytes and times come as arguments.
    r"boost/(asio|beast)\.hpp$|boost/beast/core\.hpp$|boost/beast/(ssl|core/.*stream)"
    r"|boost/asio/((ip|ssl|local|generic|posix)/|ssl\.hpp|.*(socket|timer|accept|connect|signal))"
    r"|boost/asio/(read|write)|boost/beast/websocket/ssl|sys/socket|netinet/|arpa/|sys/epoll":
        ["transport/net", "actors/runtime", "apps", "tests"],
    r"openssl/": ["transport/net", "transport/protocol/base64.cpp",
                  "transport/protocol/handshake_key.cpp",
                  "actors/hub/auth", "apps/bench", "tests"],
    r"jwt\.h$": ["actors/hub/auth"],
    # No CAF below the actors; its remoting only where nodes are.
    r"caf/": ["actors", "apps", "tests"],
    r"caf/(io|net|openssl)/": ["actors/node", "apps", "tests"],
    r"prometheus/": ["actors/monitor"],
    r"CLI/": ["apps"],
    r"(hiredis|sw/redis|boost/redis)": ["actors/backplane"],
}

# Text that must not stand in a kind of file: pattern -> (paths, paths left out, why).
BANNED = {
    r"^\s*using namespace ": (r"^(transport|actors|apps)/.*\.hpp$", None,
                              "using namespace in a header"),
    r"^\s*#\s*(el)?if.*\b(WSPOOL_)?CAF_": (
        r"^(transport|actors|apps)/", r"^actors/runtime/",
        "what depends on CAF's version belongs into actors/runtime"),
    r"\b(sleep_for|sleep_until|usleep|nanosleep)\b": (
        r"^(transport|actors)/|^tests/(transport|actors|conformance)/.*_test\.cpp$",
        r"^tests/actors/runtime/",  # real threads, disturbed at chosen moments
        "a sleep instead of a condition"),
    r"\b(rand|srand)\(\)?": (r"\.[ch]pp$", None, "the C library's random numbers"),
    r"\bstd::regex\b": (r"^(transport|actors)/", None, "a regular expression"),
    r"(?<![\w.])/(work|root|home)/": (r".", r"^tests/tidy/", "a path of one machine"),
}

MAX_COLUMNS = 100
MAX_FUNCTION = 70
MAX_FILE = 500
MAX_TEST_FILE = 700

SOURCES = {".cpp", ".hpp", ".ipp"}
SCRIPTS = {".py", ".cmake", ".sh", ""}  # "": scripts and the like, if they begin with #!
SKIPPED = {".git", "build", "node_modules", ".cache", "__pycache__"}
LICENSE_HEAD = ["Copyright (c) 2026 The wspool authors",
                "Distributed under the Boost Software License, Version 1.0. (See LICENSE.)"]


class Finding(NamedTuple):
    path: str
    line: int
    what: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.what}"


# -- includes --------------------------------------------------------------------------------------

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:<([^>]+)>|"([^"]+)")')


def is_in(path, room):
    return path == room or path.startswith(room + "/")


def room_of(path):
    rooms = [room for room in ROOMS if is_in(path, room)]
    return max(rooms, key=len, default=None)


def resolve(path, name, quoted, files):
    """The file of the tree that an include means, or None for a header of others."""
    folders = [str(pathlib.PurePosixPath(path).parent)] + PRIVATE_ROOTS if quoted else PUBLIC_ROOTS
    for folder in folders:
        candidate = f"{folder}/{name}"
        if candidate in files:
            return candidate
    return None


def check_include(path, line, name, quoted, files):
    room = room_of(path)
    if room is None:
        return
    target = resolve(path, name, quoted, files)
    if target is None:
        if name.startswith("wspool/"):
            yield Finding(path, line, f"<{name}> is no public header")
        elif quoted and room != "tests":
            yield Finding(path, line, f'"{name}" is not in this project; use <> for others')
        for pattern, rooms in FOREIGN.items():
            if re.match(pattern, name) and not any(is_in(path, r) for r in rooms):
                yield Finding(path, line, f"{name} belongs to {', '.join(rooms)} only")
        return
    there = room_of(target)
    if ROOMS[room] is not None and there != room and there not in ROOMS[room]:
        yield Finding(path, line, f"{room} must not include {there} ({name})")
    if room == there == "apps/examples":
        yield Finding(path, line, "an example uses installed headers only")
    if quoted and any(is_in(target, root) for root in PUBLIC_ROOTS):
        yield Finding(path, line, f'"{name}" is a public header: <{name}>')


def check_includes(path, lines, files):
    for number, text in enumerate(lines, 1):
        if found := INCLUDE.match(text):
            name = found[1] or found[2]
            yield from check_include(path, number, name, found[2] is not None, files)


# -- functions -------------------------------------------------------------------------------------

NOISE = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"'
                   r"|(?<!\w)'(?:\\.|[^'\\\n])+'|^[ \t]*#(?:\\\n|[^\n])*", re.S | re.M)


SCOPE = re.compile(r"\b(namespace|enum|struct|class|union)\b[^()]*$")


def without_noise(text):
    """The text without comments, literals and directives; its lines keep their numbers."""
    return NOISE.sub(lambda found: "\n" * found[0].count("\n") or " ", text)


def functions(text):
    """(first line, last line) of each function's head and body. Approximate: a brace behind
    parentheses, outside of any other function, opens a body."""
    text = without_noise(text)
    outer = 0       # braces of namespaces, classes and the like
    inner = 0       # braces within a function
    head_begin = 0  # where the declaration at hand begins
    first = 0
    line = 1
    for at, c in enumerate(text):
        if c == "\n":
            line += 1
        elif c == "{" and inner:
            inner += 1
        elif c == "{":
            head = text[head_begin:at]
            if ")" in head and not SCOPE.search(head):
                inner = 1
                first = line - head.lstrip().count("\n")
            else:
                outer += 1
                head_begin = at + 1
        elif c == "}" and inner:
            inner -= 1
            if inner == 0:
                yield first, line
                head_begin = at + 1
        elif c == "}":
            outer = max(0, outer - 1)
            head_begin = at + 1
        elif c == ";" and not inner:
            head_begin = at + 1


def check_functions(path, text):
    for first, last in functions(text):
        if last - first + 1 > MAX_FUNCTION:
            yield Finding(path, first,
                          f"a function of {last - first + 1} lines, at most {MAX_FUNCTION}")


# -- shape -----------------------------------------------------------------------------------------

RAW_STRING = re.compile(r'R"(\w*)\(.*?\)\1"', re.S)


def lines_of_raw_strings(text):
    """Their text is not ours to wrap."""
    result = set()
    for found in RAW_STRING.finditer(text):
        first = text.count("\n", 0, found.start()) + 1
        result |= set(range(first, first + found[0].count("\n") + 1))
    return result


def check_lines(path, lines):
    exempt = lines_of_raw_strings("\n".join(lines)) if path.endswith("pp") else set()
    for number, text in enumerate(lines, 1):
        if len(text) > MAX_COLUMNS and number not in exempt:
            yield Finding(path, number, f"{len(text)} columns, at most {MAX_COLUMNS}")
        if text != text.rstrip():
            yield Finding(path, number, "blanks at the end of the line")
        if "\t" in text:
            yield Finding(path, number, "a tab")


def check_head(path, lines):
    mark = "// " if pathlib.PurePosixPath(path).suffix in SOURCES | {".js"} else "# "
    begin = 1 if lines and lines[0].startswith("#!") else 0
    if lines[begin:begin + 2] != [mark + text for text in LICENSE_HEAD]:
        yield Finding(path, begin + 1, "the file's head must name its authors and license")


def check_length(path, lines):
    limit = MAX_TEST_FILE if is_in(path, "tests") else MAX_FILE
    if len(lines) > limit:
        yield Finding(path, limit, f"{len(lines)} lines, at most {limit}")


def check_banned(path, lines):
    for pattern, (where, but_not, why) in BANNED.items():
        if not re.search(where, path) or (but_not and re.search(but_not, path)):
            continue
        for number, text in enumerate(lines, 1):
            if re.search(pattern, text):
                yield Finding(path, number, why)


def check_header(path, lines):
    if path.endswith(".hpp") and "#pragma once" not in lines:
        yield Finding(path, 1, "a header without #pragma once")


def check_file(path, text, files):
    """All findings in one file. `files` are the paths of the whole tree."""
    lines = text.split("\n")
    if lines.pop() != "":
        yield Finding(path, len(lines) + 1, "no line feed at the end")
    yield from check_lines(path, lines)
    yield from check_banned(path, lines)
    if pathlib.PurePosixPath(path).suffix in SOURCES:
        yield from check_header(path, lines)
        yield from check_includes(path, lines, files)
        yield from check_functions(path, text)
        yield from check_length(path, lines)
    yield from check_head(path, lines)


# -- the tree --------------------------------------------------------------------------------------

def tree(root):
    """Path -> text of all files that have rules."""
    result = {}
    for file in sorted(root.rglob("*")):
        path = file.relative_to(root)
        if SKIPPED & set(path.parts) or not file.is_file():
            continue
        if path.suffix in SOURCES | SCRIPTS | {".js"} or path.name == "CMakeLists.txt":
            text = file.read_bytes().decode("utf-8", "replace")
            if path.suffix or text.startswith("#!"):
                result[path.as_posix()] = text
    return result


def check_seeds(names):
    """A seed of a fuzz target says by its name what it is for; what libFuzzer makes up does not."""
    for path in names:
        if re.fullmatch(r"[0-9a-f]{40}", pathlib.PurePosixPath(path).name):
            yield Finding(path, 1, "made up by a fuzzer: give the seed a name, or delete it")


def main(arguments):
    root = pathlib.Path(arguments[0] if arguments else pathlib.Path(__file__).parents[2])
    files = tree(root)
    if len(files) < 10:
        print(f"{root}: no tree of this project", file=sys.stderr)
        return 2
    findings = [f for path, text in files.items() for f in check_file(path, text, files)]
    corpus = root / "tests" / "fuzz" / "corpus"
    findings += check_seeds(f.relative_to(root).as_posix() for f in sorted(corpus.rglob("*")))
    for finding in findings:
        print(finding)
    print(f"{len(files)} files, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
