# Copyright (c) 2026 The wspool authors
# Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
"""The shell examples of a page as commands: what each is, and where it would listen."""

import random
import re
import shlex
import socket
import subprocess
from typing import NamedTuple

import markdown

# Who listens where, unless told otherwise.
DEFAULT_PORTS = {"serve": "9000", "echo": "9001", "node": "9002"}
# Below those that a system gives to clients by itself, so that nobody takes one before we do.
FREE_PORTS = range(20_000, 32_000)


class Command(NamedTuple):
    line: int
    text: str
    background: bool


# -- blocks ----------------------------------------------------------------------------------------

def is_example(block):
    """Whether a block is to be run."""
    return block.info == "sh" and re.search(r"\bwspool\b", block.text) is not None


def is_complete(text):
    """Whether bash would begin to work on it, instead of reading another line."""
    if re.search(r"(?<!\\)(?:\\\\)*\\\n\Z", text):
        return False
    told = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True, check=False)
    return told.returncode == 0 and not told.stderr  # a here-document without end is a warning


def without_comment(text):
    """A command without the comment behind it."""
    quote = ""
    for at, c in enumerate(text):
        if quote:
            quote = "" if c == quote and not (c == '"' and text[at - 1] == "\\") else quote
        elif c in "'\"":
            quote = c
        elif c == "#" and (at == 0 or text[at - 1] in " \t\n"):
            end = text.find("\n", at)
            return without_comment(text[:at] + (text[end:] if end >= 0 else ""))
    return text.strip()


def commands(block):
    """The commands of a block, in order; one that the text does not end comes as it is."""
    result = []
    gathered, first = "", block.line
    for number, line in enumerate(block.text.split("\n")[:-1], block.line):
        if not gathered and (not line.strip() or line.lstrip().startswith("#")):
            continue
        first = first if gathered else number
        gathered += f"{line}\n"
        if is_complete(gathered):
            result.append(command(first, gathered))
            gathered = ""
    return result + ([command(first, gathered)] if gathered else [])


def command(line, text):
    text = text if "<<" in text else without_comment(text)
    left_running = text.endswith("&")
    text = text[:-1].rstrip() if left_running else text
    return Command(line, text, left_running or runs_for_ever(text))


# -- commands --------------------------------------------------------------------------------------

def words(text):
    """The words behind the last `wspool` of a command; none if there is no `wspool`."""
    try:
        lexer = shlex.shlex(text, posix=True, punctuation_chars="|&;<>()")
        lexer.whitespace_split = True
        lexer.commenters = ""
        all_words = list(lexer)
    except ValueError:  # a quote in a here-document
        all_words = text.split()
    if "wspool" not in all_words:
        return []
    at = len(all_words) - all_words[::-1].index("wspool")
    result = []
    for word in all_words[at:]:
        if re.fullmatch(r"[|&;<>()]+", word):
            break
        result.append(word)
    return result


def kind(text):
    """What a command is as one that runs: server, connect, session, redis or other."""
    if re.match(r"redis-server\b", text):
        return "redis"
    given = words(text)
    if given[:1] and given[0] in DEFAULT_PORTS:
        return "server"
    return given[0] if given[:1] in (["session"], ["connect"]) else "other"


def runs_for_ever(text):
    given = words(text)
    if not given or {"--help", "-h"} & set(given):
        return False
    if given[0] == "connect":
        return "--linger=unlimited" in given or ("--linger", "unlimited") in zip(given, given[1:])
    if given[0] == "session":
        return "subscribe" in given[1:3]
    return given[0] in DEFAULT_PORTS


def is_read(text):
    """Whether a command leaves its standard output to us."""
    return not re.search(r"(?<![0-9&<>])1?>", re.sub(r"'[^']*'|\"[^\"]*\"", "", text))


def listens_at(text, ports):
    """The ports that a server asks for; 0 is one of its own."""
    given = words(text)
    found = [value for flag, value in zip(given, given[1:]) if flag in ("-l", "--listen")]
    found += [word.partition("=")[2] for word in given if word.startswith("--listen=")]
    if found:
        return [int(value.rpartition(":")[2]) for value in found]
    return [ports[DEFAULT_PORTS[given[0]]]] if kind(text) == "server" else []


# -- ports -----------------------------------------------------------------------------------------

PORT = re.compile(r"(?<=:)(9\d{3}|6379)\b|(?<=--port )(\d{4})\b")


def ports_of(texts):
    """The ports that texts name, and those that are the servers' own."""
    named = {found[0] for text in texts for found in PORT.finditer(text)}
    return sorted(named | set(DEFAULT_PORTS.values()))


def with_ports(text, ports):
    """The text with other ports."""
    return PORT.sub(lambda found: str(ports[found[0]]), text)


def free_ports(names):
    """A free port for each name, all different."""
    result = {}
    for number in random.sample(FREE_PORTS, len(FREE_PORTS)):
        if len(result) == len(names):
            break
        with socket.socket() as trial:
            try:
                trial.bind(("127.0.0.1", number))
            except OSError:
                continue
        result[names[len(result)]] = number
    return result


def examples(text):
    return [block for block in markdown.blocks(text) if is_example(block)]
