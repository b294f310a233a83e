#!/usr/bin/env python3
# Copyright (c) 2026 The wspool authors
# Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
"""The checks of the documents find what they are for, and nothing else."""

import pathlib
import re
import tempfile
import unittest

import cpp_blocks
import links
import markdown
import reference
import shell_block

PAGE = """# Top

See [one](a.md#x), `[code](no.md)` and ``[`](no.md)``.

  ```sh
  [fenced](no.md)
    deeper
  ```

````text
```
[nested](no.md)
````

[two
lines](b.md "Title") ![image](c.svg)
"""


class Blocks(unittest.TestCase):
    def test_a_block_has_its_line_its_hint_and_its_text_without_the_indentation(self):
        self.assertEqual(markdown.blocks(PAGE), [
            markdown.Block(6, "sh", "[fenced](no.md)\n  deeper\n"),
            markdown.Block(11, "text", "```\n[nested](no.md)\n")])

    def test_what_is_no_code_keeps_its_lines(self):
        prose = markdown.without_code(PAGE)
        self.assertNotIn("no.md", prose)
        self.assertEqual(prose.count("\n"), PAGE.count("\n"))
        self.assertEqual(prose.split("\n")[14], "[two")
        self.assertEqual(markdown.without_code("a `b\nc` d\n").count("\n"), 2)

    def test_inline_code_does_not_reach_over_paragraphs(self):
        self.assertIn("[x](y)", markdown.without_code("a ` b\n\n[x](y)\n\nc ` d\n"))
        self.assertNotIn("[x](y)", markdown.without_code("a ` b\n[x](y)\nc ` d\n"))
        self.assertEqual(list(markdown.code_spans("a\nb `c` ``d`e``\n")), [(2, "c"), (2, "d`e")])


class Headings(unittest.TestCase):
    def test_anchors_are_those_of_github(self):
        for heading, anchor in [
                ("Two commands", "two-commands"), ("`wspool serve`, `[serve]`",
                                                   "wspool-serve-serve"),
                ("What's new? (2.0)", "whats-new-20"), ("a_b - c", "a_b---c"),
                ("See [there](x.md#y)", "see-there"), ("Größe", "größe"),
        ]:
            with self.subTest(heading=heading):
                self.assertEqual(markdown.slug(heading), anchor)

    def test_headings_that_are_the_same_are_numbered(self):
        text = "# A\n## A ##\n### A\nB\n===\n```\n# C\n```\n#D\n"
        self.assertEqual(markdown.anchors(text), {"a", "a-1", "a-2", "b"})

    def test_an_anchor_may_be_made_by_hand(self):
        self.assertEqual(markdown.anchors('# A\n<a id="here"></a>\n`<a id="no">`\n'), {"a", "here"})


class Tables(unittest.TestCase):
    TEXT = "## One\n\n| a | b |\n|---|:-:|\n| `x\\|y` | |\n\ntext | no\n\n| c |\n|---|\n| z |\n"

    def test_rows_are_found_with_their_heads_and_headings(self):
        self.assertEqual(list(markdown.rows(self.TEXT)), [
            markdown.Row(5, "One", {"a": "`x|y`", "b": ""}), markdown.Row(11, "One", {"c": "z"})])


class Links(unittest.TestCase):
    FILES = {"README.md", "docs/a.md", "docs/b c.md", "src/x.cpp"}
    TEXTS = {"README.md": "# Top\n", "docs/a.md": "# A\n## B\n", "src/x.cpp": "1\n2\n"}

    def wrong(self, text, page="docs/a.md"):
        return [f.line for f in links.check_page(page, text, self.FILES, self.TEXTS.__getitem__)]

    def test_links_are_found_outside_of_code_only(self):
        self.assertEqual(list(links.links(PAGE)), [(3, "a.md#x"), (16, "b.md"), (16, "c.svg")])
        self.assertEqual(list(links.links("[![a](b.svg)](c.md)\n\n[d]: e.md\n")),
                         [(1, "b.svg"), (1, "c.md"), (3, "e.md")])

    def test_urls_are_left_alone(self):
        self.assertEqual(list(links.links("[a](https://x.y/z) [b](mailto:c@d) [e](f)")), [(1, "f")])

    def test_what_exists_is_no_finding(self):
        self.assertEqual(self.wrong("[](../README.md#top) [](#b) [](../src) [](b%20c.md) [](/src/)"
                                    " [](../src/x.cpp#L2) [](a.md) [](..) [](../src/x.cpp#L1-L2)"),
                         [])

    def test_what_does_not_exist_is_a_finding(self):
        for target in ("README.md", "../README.md#no", "#c", "../nothing/", "../src#top",
                       "../src/x.cpp#L3", "../src/x.cpp#top", "../../x", "A.md"):
            with self.subTest(target=target):
                self.assertEqual(self.wrong(f"\n[text]({target})\n"), [2])


SAMPLE = """# Pool
[pool]
# Connections
connections = 5
# URLs
#urls = ["ws://a"]

[log]
# Colours
color = true
"""
HELP = """Do it
Usage: wspool do [OPTIONS]

Options:
  -h,--help                   Print this help message and exit
  --schedule NAME=round-robin Who gets the next: one,
                              or two
  --delivery POLICY=at-most-once
                              Once
  --color,--no-color{false}   Colours

Subcommands:
  print                       Print
  check                       Check

Examples:
  wspool do --else
"""
REFERENCE = """## `[pool]`
| flag | key | default | meaning |
|---|---|---|---|
| `-n`, `--connections N` | `connections` | 5 | see `--color` |
| | `urls` | required | |
| | `[log]` | | |
| `--no-color` | `color` | on | |
"""


class Program(unittest.TestCase):
    def test_a_sample_has_keys_with_defaults(self):
        self.assertEqual(reference.keys_of_sample(SAMPLE), {
            "pool.connections": ("5", "Connections"), "pool.urls": (None, "URLs"),
            "log.color": ("true", "Colours")})

    def test_a_help_has_flags_with_meanings_and_subcommands(self):
        self.assertEqual(reference.flags_of_help(HELP), [
            (("-h", "--help"), "Print this help message and exit"),
            (("--schedule",), "Who gets the next: one, or two"), (("--delivery",), "Once"),
            (("--color", "--no-color"), "Colours")])
        # A default that ends behind the column of meanings, as CLI11 2.4 prints it.
        self.assertEqual(
            reference.flags_of_help("  --client-heartbeat DURATION [30s] \n" + " " * 30 + "Ping"),
            [(("--client-heartbeat",), "Ping")])
        self.assertEqual(reference.subcommands_of_help(HELP), ["print", "check"])
        self.assertEqual(reference.subcommands_of_help(HELP.partition("Sub")[0]), [])


class Values(unittest.TestCase):
    def test_the_same_value_may_be_written_in_several_ways(self):
        for one, other in [
                ("10 s", "10s"), ("16 MiB", "16MiB"), ("16,384", "16384"), ("off", "false"),
                ("on", "true"), ("none", ""), ("5 min", "5m"), ("1m", "60s"), ("1 KiB", "1024B"),
                ("0", "0s"), ("2", "2.0"), ("200 ms", "0.2s")]:
            with self.subTest(one=one, other=other):
                self.assertEqual(reference.normal(one), reference.normal(other))

    def test_other_values_differ(self):
        for one, other in [("10s", "10ms"), ("1 MB", "1 MiB"), ("on", "false"), ("1", "1s"),
                           ("1,000", "1"), ("0.1", "0.2"), ("block", "reject"), ("1s", "1B")]:
            with self.subTest(one=one, other=other):
                self.assertNotEqual(reference.normal(one), reference.normal(other))

    def test_a_cell_states_the_default_of_the_key(self):
        for cell, value in [
                ("10 s", "10 s"), ("`a:b`", "a:b"), ("0: off", "0"), ("100 (1)", "100"),
                ("on (`false`)", "false"), ("100 (`10,000`) (1)", "10,000"), ("", ""),
                ("`127.0.0.1:9002`", "127.0.0.1:9002"), ("0: half the cores", "0")]:
            with self.subTest(cell=cell):
                self.assertEqual(reference.stated(cell), value)


class Reference(unittest.TestCase):
    KNOWN = reference.keys_of_sample(SAMPLE)
    FLAGS = [reference.Flag(("-n", "--connections"), "Connections"),
             reference.Flag(("--color", "--no-color"), "Colours")]

    def wrong(self, old="", new=""):
        self.assertIn(old, REFERENCE)
        text = REFERENCE.replace(old, new, 1) if old else REFERENCE
        return [f.what for f in reference.check_page("R.md", text, self.FLAGS, self.KNOWN)]

    def test_keys_are_in_the_section_of_the_heading_or_of_a_row(self):
        self.assertEqual([entry.keys for entry in reference.entries(REFERENCE)],
                         [["pool.connections"], ["pool.urls"], ["log.color"]])
        two = "## `[a]`, `[b]`\n| key |\n|---|\n| `b.x` |\n| `y` |\n"
        self.assertEqual([entry.keys for entry in reference.entries(two)], [["b.x"], [".y"]])

    def test_a_true_page_has_no_findings(self):
        self.assertEqual(self.wrong(), [])

    def test_each_lie_is_one_finding(self):
        for old, new, what in [
                ("| 5 |", "| 6 |", "the default of pool.connections is 5"),
                ("| on |", "| |", "the default of log.color is true"),
                ("`--color`", "`--colour`", "no subcommand has a flag --colour"),
                ("`-n`", "`-m`", "-m is not short for --connections"),
                ("| | `urls` | required | |\n", "", "the key pool.urls is missing"),
                ("`[pool]`", "Pool", "nothing says which section connections is in"),
                ("`--connections N`", "`--no-color`", "--no-color does not set pool.connections"),
                ("`urls`", "`urls`, `uris`", "the program knows no key pool.uris"),
        ]:
            with self.subTest(old=old, new=new):
                found = self.wrong(old, new)
                self.assertTrue(any(x.startswith(what) for x in found), found)

    def test_a_flag_is_named_by_one_of_its_long_names(self):
        text = REFERENCE.replace("see `--color`", "")
        self.assertEqual(list(reference.check_flags("R.md", text, self.FLAGS)), [])
        text = text.replace("`--no-color`", "--no-color")  # not as code
        self.assertEqual([f.what for f in reference.check_flags("R.md", text, self.FLAGS)],
                         ["the flag --color or --no-color is missing"])

    def test_the_options_of_others_are_no_flags(self):
        self.assertEqual(list(reference.named_flags("`--wspool.urls=x` `--binary[=FORM]` `a--b`")),
                         [(1, "--binary")])


class Cpp(unittest.TestCase):
    def source(self, text, info="cpp"):
        block = markdown.Block(7, info, text)
        return cpp_blocks.source(block, "P.md", "docs_p_1", "fragment.hpp")

    def test_a_program_is_taken_as_it_stands(self):
        for last in ("WSPOOL_MAIN()\n", "CAF_MAIN(x)\n", "int main() {}\n"):
            self.assertEqual(self.source(f"#include <a>\n{last}"),
                             f'#line 7 "P.md"\n#include <a>\n{last}')
        self.assertTrue(self.source("WSPOOL_MAIN()\n").startswith('#include "fragment.hpp"\n'))

    def test_a_fragment_is_put_into_a_function_with_the_names_that_it_lacks(self):
        text = self.source('auto pool = f(system, x.io, "server"); // options\n'
                           "self->send(pool);\n")
        found = re.search(r"void docs_p_1\((.*)\) \{\n#line 7 \"P.md\"\nauto pool", text)
        self.assertEqual(re.sub(r"\[\[maybe_unused\]\] ", "", found[1]),
                         "caf::actor_system& system, caf::event_based_actor* self")
        self.assertTrue(text.endswith('#line 8 "P.md"\nself->send(pool);\n}\n'))

    def test_who_waits_for_an_answer_is_a_scoped_actor(self):
        self.assertIn("scoped_actor& self", self.source("self->receive(x);\n"))
        self.assertIn("blocking_actor* self", self.source("self->receive(x);\n",
                                                          "cpp self:blocking"))

    def test_types_and_functions_stay_outside(self):
        text = self.source("#include <a>\n\nstruct x {\n  int y;\n};\n\ncaf::behavior f(\n"
                           "  const x& z) {\n  return {};\n}\n\nauto a = f();\nif (a) {\n"
                           "  b();\n}\nelse if (c) {\n}\nreturn f([] {\n});\n")
        outside, inside = text.split(") {\n#line", 1)
        self.assertIn("#include <a>", outside)
        self.assertIn("struct x", outside)
        self.assertIn("caf::behavior f(\n  const x& z) {", outside)
        for piece in ("auto a", "if (a)", "else if (c)", "return f("):
            self.assertIn(piece, inside)
        self.assertNotIn("void docs_p_1", self.source("struct x {};\n"))

    def test_a_variable_of_its_own_is_no_parameter(self):
        for text in ("wspool::io_pool io;\n", "auto io = 1;\n", "auto& io{x};\n", "X* io = 0;\n",
                     "for (auto& io : x)\n  f(io);\n", "std::vector<int> io(3);\n"):
            with self.subTest(text=text):
                self.assertEqual(cpp_blocks.parameters(text, None), [])
        for text in ("f(io);\n", "return io;\n", "io.run();\n", "x = io;\n"):
            with self.subTest(text=text):
                self.assertEqual(len(cpp_blocks.parameters(text, None)), 1)

    def test_hints_are_known_ones(self):
        self.assertIsNone(self.source("x\n", "cpp skip"))
        self.assertIsNone(self.source("x\n", "json"))
        for hint in ("cpp skipp", "cpp self:me"):
            self.assertRaises(ValueError, self.source, "x\n", hint)

    def test_sources_are_numbered_by_page(self):
        texts = {"a/b-c.md": "```cpp\nx;\n```\n```cpp skip\n```\n```sh\n```\n```cpp\ny;\n```\n"}
        self.assertEqual(list(cpp_blocks.sources(texts, pathlib.Path("r"), "h")),
                         ["a_b_c_1.cpp", "a_b_c_3.cpp"])

    def test_only_what_changed_is_written(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            cpp_blocks.write(folder, {"a.cpp": "1", "b.cpp": "1", "c.cpp": "1"})
            (folder / "a.cpp").chmod(0o400)
            before = {f: (folder / f).stat().st_mtime_ns for f in ("a.cpp", "b.cpp")}
            cpp_blocks.write(folder, {"a.cpp": "1", "b.cpp": "2"})
            self.assertEqual((folder / "a.cpp").stat().st_mtime_ns, before["a.cpp"])
            self.assertEqual((folder / "b.cpp").read_text(), "2")
            self.assertFalse((folder / "c.cpp").exists())


class Shell(unittest.TestCase):
    def commands(self, text):
        return shell_block.commands(markdown.Block(10, "sh", text))

    def test_examples_are_the_blocks_of_the_program(self):
        text = "".join(f"```{info}\n{body}\n```\n" for info, body in [
            ("sh", "wspool a"), ("sh norun", "wspool b"), ("sh", "cmake"), ("cpp", "wspool c")])
        self.assertEqual([x.text for x in shell_block.examples(text)], ["wspool a\n"])

    def test_a_command_ends_where_bash_would_begin(self):
        self.assertEqual(self.commands("# comment\n\na \\\n  b  # why\ncat <<'E' # no\nx' # y\nE\n"
                                       "for x in 1; do\n  c '# d'\ndone\n"), [
            (12, "a \\\n  b", False), (14, "cat <<'E' # no\nx' # y\nE\n", False),
            (17, "for x in 1; do\n  c '# d'\ndone", False)])

    def test_what_does_not_end_is_a_command_too(self):
        self.assertEqual([x.line for x in self.commands("a\nif b\n")], [10, 11])

    def test_servers_and_listeners_are_left_running(self):
        for text, background in [
                ("x &", True), ("x & # why", True), ("x && y", False), ("wspool echo", True),
                ("wspool serve --history 1", True), ("wspool node ws://a", True),
                ("wspool echo --help", False), ("wspool connect ws://a", False),
                ("wspool connect ws://a --linger unlimited </dev/null", True),
                ("wspool connect ws://a --linger 2s", False),
                ("wspool session ws://a subscribe news", True),
                ("echo subscribe | wspool session ws://a publish subscribe", False),
                ("wspool config print serve >x", False), ("cat echo", False),
                ("printf 'a' | wspool serve", True)]:
            with self.subTest(text=text):
                self.assertEqual([x.background for x in self.commands(f"{text}\n")], [background])
        self.assertEqual(self.commands("x &\n")[0].text, "x")

    def test_the_kind_of_a_command_says_what_to_wait_for(self):
        for text, kind in [("wspool echo", "server"), ("X=1 wspool serve -l a:1", "server"),
                           ("wspool session a", "session"), ("a | wspool connect b", "connect"),
                           ("redis-server --port 1", "redis"), ("wspool config print", "other"),
                           ("curl redis-server", "other")]:
            with self.subTest(text=text):
                self.assertEqual(shell_block.kind(text), kind)

    def test_output_that_goes_elsewhere_is_not_waited_for(self):
        for text, is_read in [("x", True), ("x >y", False), ("x 1>y", False), ("x 2>y", True),
                              ("x '>'", True), ("x 2>&1", True)]:
            with self.subTest(text=text):
                self.assertEqual(shell_block.is_read(text), is_read)

    def test_a_server_says_where_it_listens(self):
        ports = {"9000": 1, "9001": 2, "9002": 3}
        for text, at in [("wspool echo", [2]), ("wspool serve", [1]), ("wspool node a", [3]),
                         ("wspool echo -l a:7", [7]), ("wspool serve --listen=a:7 -l b:8", [8, 7]),
                         ("wspool connect a", []), ("wspool config print", [])]:
            with self.subTest(text=text):
                self.assertEqual(shell_block.listens_at(text, ports), at)


class Ports(unittest.TestCase):
    TEXT = "wspool serve -l a:9010 --redis r://b:6379 --history 9010; redis-server --port 6379 9443"

    def test_ports_are_replaced_wherever_they_are_ports(self):
        names = shell_block.ports_of([self.TEXT])
        self.assertEqual(names, ["6379", "9000", "9001", "9002", "9010"])
        self.assertEqual(
            shell_block.with_ports(self.TEXT, {"9010": 1, "6379": 2}),
            "wspool serve -l a:1 --redis r://b:2 --history 9010; redis-server --port 2 9443")

    def test_free_ports_differ(self):
        names = [str(x) for x in range(50)]
        found = shell_block.free_ports(names)
        self.assertEqual(list(found), names)
        self.assertEqual(len(set(found.values())), 50)


if __name__ == "__main__":
    unittest.main()
