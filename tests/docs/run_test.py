#!/usr/bin/env python3
# Copyright (c) 2026 The wspool authors
# Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
"""shell_examples.py notices when an example fails, and leaves nothing behind."""

import os
import pathlib
import tempfile
import unittest
import unittest.mock

import markdown
import shell_examples

# Stands in for the program: notes what it is told, and does what the second word says.
PROGRAM = """#!/bin/bash
echo "$$ $* $WSPOOL_ECHO_LISTEN" >>log
case $2 in
  good) trap 'exit 0' TERM; echo ready; while :; do read -r -t 1 <>fifo; done ;;
  deaf) trap '' TERM; echo ready; while :; do read -r -t 1 <>fifo; done ;;
  bad) trap 'exit 3' TERM; echo ready; while :; do read -r -t 1 <>fifo; done ;;
  mute) exec tail -f /dev/null ;;
  short) exit 5 ;;
  fails) echo why >&2; exit 4 ;;
esac
"""


class Examples(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.furniture = self.folder / "furniture"
        self.furniture.mkdir()
        self.program = self.folder / "wspool"
        # The log outlives the scratch folder that the example runs in.
        self.log = self.folder / "log"
        text = PROGRAM.replace(">>log", f">>{self.log}")
        self.program.write_text(text.replace("fifo", f"{self.folder}/fifo"))
        self.program.chmod(0o700)
        os.mkfifo(self.folder / "fifo")
        self.enterContext(unittest.mock.patch.object(shell_examples, "PATIENCE", 2))

    def run_block(self, *lines):
        block = markdown.Block(10, "sh", "".join(f"{line}\n" for line in lines))
        _, found = shell_examples.run_block("P.md", block, self.program, self.furniture)
        self.assertEqual([pid for pid in self.pids() if pathlib.Path(f"/proc/{pid}").exists()], [])
        return [(f.line, f.what.splitlines()[0].partition(":")[0]) for f in found]

    def notes(self):
        return [line.split() for line in self.log.read_text().splitlines()]

    def pids(self):
        return [words[0] for words in self.notes()] if self.log.exists() else []

    def test_what_succeeds_is_no_finding(self):
        self.assertEqual(self.run_block("wspool echo good", "wspool connect x", "# no", "true"), [])
        self.assertEqual([words[1] for words in self.notes()], ["echo", "connect"])

    def test_what_fails_is_a_finding_and_ends_the_block(self):
        self.assertEqual(self.run_block("", "wspool x fails", "wspool y"), [(11, "status 4")])
        self.assertEqual(len(self.notes()), 1)

    def test_a_server_has_to_get_ready(self):
        self.assertEqual(self.run_block("wspool echo short"),
                         [(10, "ended with status 5, before it was ready")])
        self.assertEqual(self.run_block("wspool echo mute"), [(10, "is not ready after 2 s")])

    def test_what_runs_has_to_end_well_and_in_time(self):
        self.assertEqual(self.run_block("wspool echo bad"),
                         [(10, "ended with status 3 when it was told to")])
        self.assertEqual(self.run_block("wspool echo deaf"), [(10, "still runs after 2 s")])
        self.assertEqual(self.run_block("tail -f /dev/null # wspool"),
                         [(10, "still runs after 2 s")])

    def test_a_server_takes_the_place_of_an_earlier_one(self):
        self.assertEqual(self.run_block("wspool echo good", "wspool echo good", "wspool other x",
                                        'test "$(wc -l <' f'{self.log})" = 3',
                                        f"! kill -0 $(head -n 1 {self.log} | cut -d' ' -f1)"), [])

    def test_servers_do_not_listen_where_others_do(self):
        self.run_block("wspool echo good", "wspool connect ws://127.0.0.1:9001")
        (_, _, _, own), (_, _, url, _) = self.notes()
        self.assertEqual(f"ws://{own}", url)
        self.assertNotIn("9001", own)


if __name__ == "__main__":
    unittest.main()
