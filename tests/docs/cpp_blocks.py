#!/usr/bin/env python3
# Copyright (c) 2026 The wspool authors
# Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
"""Makes a source of each ```cpp block of the pages, for a compiler to judge.

    cpp_blocks.py OUT_DIR [ROOT]    prints the path of each source

A block with a main function is a source as it stands. Of any other block, includes, types and
functions stay at the outermost level, the rest becomes the body of a function, whose parameters are
the names below that the block uses and does not declare. A hint behind the word cpp changes that:

    ```cpp skip                 not compiled: no C++ of ours, or of another generation of CAF
    ```cpp self:event_based     what `self` is: scoped, event_based or blocking
"""

import pathlib
import re
import sys
from typing import NamedTuple

import markdown

PAGES = ["README.md", "actors/docs/*.md", "apps/docs/*.md", "config/*.md", "tests/*.md",
         "transport/messaging/*.md"]

# Name in fragments -> type of the parameter.
NAMES = {
    "system": "caf::actor_system&",
    "io": "wspool::io_pool&",
    "options": "const docs::any_options&",
    "pool": "const wspool::pool_actor&",
    "server": "const wspool::server_actor&",
    "broker": "const wspool::broker_actor&",
    "session": "const wspool::session_actor&",
}
SELVES = {
    "scoped": "caf::scoped_actor&",
    "event_based": "caf::event_based_actor*",
    "blocking": "caf::blocking_actor*",
}

PROGRAM = re.compile(r"^\s*(?:int main\(|(?:WSPOOL|CAF)_MAIN\()", re.M)


class Piece(NamedTuple):
    line: int  # in the block, from 0
    text: str


# -- the parts of a fragment -----------------------------------------------------------------------

TYPE = re.compile(r"(?:template\b|struct\b|class\b|enum\b|namespace \w+ \{|using \w+ =|#include\b)")
FUNCTION = re.compile(r"(?!return\b|else\b|throw\b|co_\w+\b|new\b|delete\b)"
                      r"(?:[\w:<>,&*\[\]]+\s+)+[\w:]+\([^;]*\{\s*$", re.S)


def items(text):
    """The text in pieces that each begin in the first column and end before the next one does."""
    pieces = []
    for number, line in enumerate(text.split("\n")[:-1]):
        closing = re.match(r"[})\]]|public:|private:|protected:", line)
        inside = line[:1] in ("", " ") or closing
        if pieces and inside:
            pieces[-1] = pieces[-1]._replace(text=f"{pieces[-1].text}{line}\n")
        else:
            pieces.append(Piece(number, f"{line}\n"))
    return pieces


def is_outermost(piece):
    """Whether a piece must not, or need not, stand in a function."""
    code = re.sub(r"//[^\n]*", "", piece.text)
    return bool(TYPE.match(code) or FUNCTION.match(code[:code.find("{") + 1]))


def declares(text, name):
    """Whether a fragment has a variable of that name of its own."""
    return re.search(rf"(?:\bauto\b|[\w>])[&*]*\s+[&*]*{name}\s*(?:=|;|\{{|\(|:(?!:))", text) \
        and not re.search(rf"\b(?:return|throw|new|delete|else)\s+{name}\b", text)


def parameters(body, kind):
    """The parameters of the function around a body. `kind`: what self is, or None to guess."""
    code = re.sub(r'//[^\n]*|"(?:\\.|[^"\\\n])*"', " ", body)
    result = [f"[[maybe_unused]] {what} {name}" for name, what in NAMES.items()
              if re.search(rf"(?<![\w.:>]){name}\b(?!::)", code) and not declares(code, name)]
    if re.search(r"\bself\b", code) and not declares(code, "self"):
        # Only who has a mailbox of its own can wait for an answer.
        kind = kind or ("scoped" if re.search(r"\breceive\(", code) else "event_based")
        result.append(f"[[maybe_unused]] {SELVES[kind]} self")
    return result


# -- sources ---------------------------------------------------------------------------------------

def numbered(piece, first, page):
    return f'#line {first + piece.line} "{page}"\n{piece.text}'


def fragment(text, first, page, name, kind, head):
    """A fragment as a source; its first line is line `first` of the page."""
    pieces = items(text)
    outermost = [piece for piece in pieces if is_outermost(piece)]
    inside = [piece for piece in pieces if not is_outermost(piece)]
    result = [f'#include "{head}"\n', *(numbered(piece, first, page) for piece in outermost)]
    if inside:
        body = "".join(piece.text for piece in inside)
        arguments = ", ".join(parameters(body, kind))
        result.append(f"void {name}({arguments});\nvoid {name}({arguments}) {{\n")
        result += [numbered(piece, first, page) for piece in inside]
        result.append("}\n")
    return "".join(result)


def source(block, page, name, head):
    """The block as a source, or None if a hint says that it is none."""
    language, *hints = block.info.split() or [""]
    if language != "cpp" or "skip" in hints:
        return None
    kind = None
    for hint in hints:
        key, _, value = hint.partition(":")
        if key != "self" or value not in SELVES:
            raise ValueError(f"{page}:{block.line - 1}: no hint: {hint}")
        kind = value
    if not PROGRAM.search(block.text):
        return fragment(block.text, block.line, page, name, kind, head)
    # A program that includes nothing is shown without its head.
    before = "" if "#include" in block.text else f'#include "{head}"\n'
    return before + numbered(Piece(0, block.text), block.line, page)


def name_of(page, number):
    return re.sub(r"\W", "_", page.removesuffix(".md")) + f"_{number}"


def sources(texts, root, head):
    """Name -> source of all blocks of the pages. Their numbers do not change with the text."""
    result = {}
    for page, text in texts.items():
        blocks = [x for x in markdown.blocks(text) if x.info.split()[:1] == ["cpp"]]
        for number, block in enumerate(blocks, 1):
            name = name_of(page, number)
            code = source(block, str(root / page), f"docs_{name}", head)
            if code is not None:
                result[f"{name}.cpp"] = code
    return result


def write(folder, wanted):
    """Makes the folder's sources the wanted ones; what is right already keeps its time."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.cpp"):
        if old.name not in wanted:
            old.unlink()
    for name, text in wanted.items():
        file = folder / name
        if not file.exists() or file.read_text("utf-8") != text:
            file.write_text(text, "utf-8")


def main(arguments):
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    here = pathlib.Path(__file__).resolve().parent
    folder = pathlib.Path(arguments[0])
    root = pathlib.Path(arguments[1] if len(arguments) > 1 else here.parents[1]).resolve()
    try:
        wanted = sources(markdown.pages(root, *PAGES), root, here / "fragment.hpp")
    except ValueError as e:
        print(e, file=sys.stderr)
        return 2
    if not wanted:
        print(f"{root}: there is no block of C++", file=sys.stderr)
        return 2
    write(folder, wanted)
    for name in wanted:
        print(folder / name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
