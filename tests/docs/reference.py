#!/usr/bin/env python3
# Copyright (c) 2026 The wspool authors
# Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
"""Holds config/REFERENCE.md to what the program itself says of its options.

    reference.py WSPOOL [ROOT [PAGE...]]    every finding is a line `path:line: what`, status 1

The program's side is `config print`, `config print serve` and `--help` of every subcommand. The
page's side are its tables with a column `key`. A key is bare in the section that the heading or a
row of the table names, `[pool]`, or has its section before it, `stream.binary`. Where the C++
field and the key differ in their default, the key's stands in parentheses: 100 (`10,000`).
"""

import pathlib
import re
import subprocess
import sys
from typing import NamedTuple

import markdown
from markdown import Finding

SAMPLES = [["config", "print"], ["config", "print", "serve"]]
UNLISTED = {"--help"}  # every program has it


class Key(NamedTuple):
    default: str | None  # None: the sample leaves it out, or shows an example
    meaning: str


class Flag(NamedTuple):
    aliases: tuple
    meaning: str


class Entry(NamedTuple):
    """A row of the page."""
    line: int
    keys: list
    flags: list  # short ones, too
    default: str


# -- the program -----------------------------------------------------------------------------------

def keys_of_sample(text):
    """section.key -> Key, as `config print` shows them."""
    result = {}
    section, meaning = "", ""
    for line in text.split("\n"):
        if found := re.fullmatch(r"\[([\w\-]+)\]", line):
            section = found[1]
        elif found := re.fullmatch(r"(#?)([\w\-]+) = (.*)", line):
            result[f"{section}.{found[2]}"] = Key(None if found[1] else found[3], meaning)
        elif line.startswith("# "):
            meaning = line[2:]
    return result


MEANING = 30  # the column where the help says what a flag means
OPTION = re.compile(r"^  ((?:-\w,)?--[\w\-]+(?:,-{1,2}[\w\-]+)*)")


def flags_of_help(text):
    """The flags that a help shows, each with its meaning on one line."""
    result = []
    for line in text.split("\n"):
        if found := OPTION.match(line):
            # CLI11 2.4 shows a default as ` [30s] `, and its meaning on the next line then.
            has_meaning = line[MEANING - 1:MEANING] == " " and not line.endswith(" ")
            meaning = line[MEANING:] if has_meaning else ""
            result.append(Flag(tuple(found[1].split(",")), meaning))
        elif result and re.match(rf"^ {{{MEANING}}}\S", line):
            flag = result[-1]
            result[-1] = flag._replace(meaning=f"{flag.meaning} {line.strip()}".strip())
    return result


def subcommands_of_help(text):
    """The names below `Subcommands:`."""
    found = re.search(r"^Subcommands:\n((?:  .*\n?)+)", text, re.M)
    return re.findall(r"^  (\w[\w\-]*)", found[1], re.M) if found else []


def run(program, *arguments):
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=True,
                          stdin=subprocess.DEVNULL, timeout=20).stdout


def all_flags(program, *path):
    """The flags of a subcommand, or of the program, and of all subcommands below it."""
    text = run(program, *path, "--help")
    result = flags_of_help(text) if path else []
    for name in subcommands_of_help(text):
        result += all_flags(program, *path, name)
    return result


# -- the page --------------------------------------------------------------------------------------

SECTION = re.compile(r"`\[([\w\-]+)\]`")
CODE = re.compile(r"`([^`]+)`")
LONG_FLAG = re.compile(r"(?<![\w\-])(--[a-z][a-z0-9\-]*)(?![\w.\-])")
FLAG = re.compile(r"(?<![\w\-])(-[A-Za-z]|--[a-z][a-z0-9\-]*)(?![\w.\-])")


def entries(text):
    """The rows that describe a key or a flag."""
    table, section = None, ""
    for row in markdown.rows(text):
        if "key" not in row.cells:
            continue
        if row.heading != table:
            table = row.heading
            named = SECTION.findall(row.heading)
            section = named[0] if len(named) == 1 else ""
        if found := SECTION.fullmatch(row.cells["key"]):
            section = found[1]
            continue
        names = CODE.findall(row.cells["key"])
        keys = [name if "." in name else f"{section}.{name}" for name in names]
        flags = [x for code in CODE.findall(row.cells.get("flag", "")) for x in FLAG.findall(code)]
        if keys or flags:
            yield Entry(row.line, keys, flags, row.cells.get("default", ""))


def named_flags(text):
    """(line, flag) of every long flag that the page names."""
    for line, code in markdown.code_spans(text):
        for flag in LONG_FLAG.findall(code):
            yield line, flag


# -- values ----------------------------------------------------------------------------------------

WORDS = {"on": "true", "off": "false", "none": "", "never": "0"}
DURATIONS = {"ms": 1, "s": 1000, "m": 60_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}
SIZES = {"B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "KB": 10**3, "MB": 10**6, "GB": 10**9}


def normal(value):
    """A value as something that is equal for all ways to write it."""
    value = re.sub(r"(?<=\d),(?=\d{3})", "", value.strip())
    found = re.fullmatch(r"([\d.]+)\s*([A-Za-z]*)", value)
    if found and re.fullmatch(r"\d+(\.\d+)?", found[1]):
        number, unit = float(found[1]), found[2]
        if number == 0:
            return 0.0  # of whatever
        if not unit:
            return number
        for kind, units in ("duration", DURATIONS), ("size", SIZES):
            if unit in units:
                return kind, number * units[unit]
    return WORDS.get(value, value)


def stated(cell):
    """The key's default in a cell of the page: without footnotes and explanations."""
    if found := re.search(r"\(`([^`]*)`\)", cell):
        return found[1]
    cell = re.sub(r"\s*\(\d+\)$", "", cell.strip())
    if found := re.fullmatch(r"`([^`]*)`", cell):
        return found[1]
    if found := re.match(r"([\d.,]+[^:]*):\s", cell):  # `0: off`
        return found[1]
    return cell


# -- the comparison --------------------------------------------------------------------------------

def check_keys(page, found, known):
    seen = set()
    for entry in found:
        for key in entry.keys:
            seen.add(key)
            if key.startswith("."):
                yield Finding(page, entry.line, f"nothing says which section {key[1:]} is in")
            elif key not in known:
                yield Finding(page, entry.line, f"the program knows no key {key}")
            elif (there := known[key].default) is not None \
                    and normal(there) != normal(stated(entry.default)):
                yield Finding(page, entry.line, f"the default of {key} is {there}, "
                                                f"not {entry.default or 'empty'}")
    for key in sorted(set(known) - seen):
        default = known[key].default or "none"
        yield Finding(page, 1, f"the key {key} is missing (default: {default})")


def check_flags(page, text, flags):
    known = {alias for flag in flags for alias in flag.aliases} | UNLISTED
    seen = set()
    for line, name in named_flags(text):
        seen.add(name)
        if name not in known:
            yield Finding(page, line, f"no subcommand has a flag {name}")
    for aliases in sorted({flag.aliases for flag in flags}):
        long = [alias for alias in aliases if alias.startswith("--")]
        if not seen & set(long) and not UNLISTED & set(long):
            yield Finding(page, 1, f"the flag {' or '.join(long)} is missing")


def check_row(page, entry, flags, known):
    """A row's flags belong together, and set the row's keys: the program says both the same."""
    long = [x for x in entry.flags if x.startswith("--")]
    for name in entry.flags:
        if name.startswith("--") or not long:
            continue
        if not any(name in flag.aliases and set(long) & set(flag.aliases) for flag in flags):
            yield Finding(page, entry.line, f"{name} is not short for {' or '.join(long)}")
    for key, name in zip(entry.keys, long) if len(entry.keys) == len(long) else []:
        meanings = {flag.meaning for flag in flags if name in flag.aliases}
        if key in known and meanings and known[key].meaning not in meanings:
            yield Finding(page, entry.line, f"{name} does not set {key}, "
                                            f"which is: {known[key].meaning}")


def check_page(page, text, flags, known):
    found = list(entries(text))
    yield from check_keys(page, found, known)
    yield from check_flags(page, text, flags)
    for entry in found:
        yield from check_row(page, entry, flags, known)


def main(arguments):
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    program, *rest = arguments
    root = pathlib.Path(rest[0] if rest else pathlib.Path(__file__).parents[2])
    names = rest[1:] or ["config/REFERENCE.md"]
    known = {}
    for sample in SAMPLES:
        known |= keys_of_sample(run(program, *sample))
    flags = all_flags(program)
    if len(known) < 100 or len(flags) < 100:
        print(f"{program}: shows {len(known)} keys and {len(flags)} flags only", file=sys.stderr)
        return 2
    findings = []
    for name in names:
        text = (root / name).read_text("utf-8")
        findings += sorted(check_page(name, text, flags, known))
    for finding in findings:
        print(finding)
    print(f"{len(known)} keys, {len({f.aliases for f in flags})} flags, {len(findings)} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
