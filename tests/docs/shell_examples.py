#!/usr/bin/env python3
# Copyright (c) 2026 The wspool authors
# Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
"""Runs the shell examples of the pages.

    shell_examples.py WSPOOL [ROOT [PAGE...]]   every finding is a line `path:line: what`, status 1

Each block ```sh that has the word wspool in it is run in a scratch folder of its own, command by
command; ```sh norun is not. Ports are replaced by free ones, all over a block.

- A command that ends in &, a server, `connect --linger unlimited` and `session URL subscribe` are
  left running: the next command waits until a server has said where it listens, and a client has
  its connection or subscription. A server on the port of an earlier one of its block takes its
  place; that one is ended before.
- Every other command has to succeed, in time. A block is left at the first that does not.
- At the end, what runs is told to end, the youngest first, and has to do so in time.
"""

import os
import pathlib
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import markdown
import shell_block
from markdown import Finding

PAGES = ["README.md", "actors/docs/*.md", "apps/docs/*.md", "config/*.md"]
# Seconds, for all that has to happen; more where the program is slow, as under a sanitizer.
PATIENCE = 20 * int(os.environ.get("WSPOOL_TEST_TIMEOUT_FACTOR", "1"))
ENDED_WELL = {0, -signal.SIGTERM, 128 + signal.SIGTERM}
# What tells that a command is ready: in which of its streams, and the text.
READY = {
    "server": ("stdout", re.compile(r"\S")),
    "connect": ("stderr", re.compile(r'"event":"open"')),
    "session": ("stderr", re.compile(r'"event":"subscribed"')),
    "redis": ("stdout", re.compile(r"Ready to accept connections")),
}
# A picture of one white dot.
PICTURE = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
                        "0000000a49444154789c63f80f00010101001bb6ee560000000049454e44ae426082")


class Wrong(Exception):
    """An example does not do what it should."""


# -- processes -------------------------------------------------------------------------------------

class Process:
    """A command in a process group of its own, and the lines that it writes."""

    def __init__(self, command, environment, folder):
        self.command = command
        self.ports = []
        self.said = {"stdout": [], "stderr": []}
        self.lines = queue.Queue()  # (stream, line); (None, None) for each stream that ends
        self.process = subprocess.Popen(
            ["bash", "-e", "-c", command.text], cwd=folder, env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True)
        self.readers = [threading.Thread(target=self.read, args=(name,), daemon=True)
                        for name in self.said]
        for reader in self.readers:
            reader.start()

    def read(self, name):
        for line in getattr(self.process, name):
            self.lines.put((name, line.decode("utf-8", "replace")))
        self.lines.put((None, None))

    def wait_for(self, stream, pattern):
        """Waits until a line of the stream matches."""
        deadline = time.monotonic() + PATIENCE
        open_streams = len(self.said)
        while open_streams:
            try:
                name, line = self.lines.get(timeout=max(0, deadline - time.monotonic()))
            except queue.Empty:
                raise Wrong(f"is not ready after {PATIENCE} s") from None
            if name is None:
                open_streams -= 1
                continue
            self.said[name].append(line)
            if name == stream and pattern.search(line):
                return
        raise Wrong(f"ended with status {self.wait()}, before it was ready")

    def wait(self):
        """The exit status; all lines have been read then."""
        deadline = time.monotonic() + PATIENCE
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise Wrong(f"still runs after {PATIENCE} s") from None
        for reader in self.readers:
            reader.join(max(0, deadline - time.monotonic()))
        while not self.lines.empty():
            name, line = self.lines.get()
            if name is not None:
                self.said[name].append(line)
        return status

    def end(self):
        """Tells it to end, as Ctrl-C would, and waits for that."""
        before = self.process.poll()
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
        status = self.wait()
        if status not in ENDED_WELL:
            raise Wrong(f"ended with status {status}"
                        + (" when it was told to" if before is None else " by itself"))

    def kill(self):
        """Ends whatever is left of it."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        for reader in self.readers:
            reader.join()
        self.process.stdout.close()
        self.process.stderr.close()

    def last_words(self):
        return "".join(f"\n    {x.rstrip()}" for x in self.said["stderr"][-5:])


# -- a block ---------------------------------------------------------------------------------------

class Runner:
    """Runs the commands of one block."""

    def __init__(self, page, environment, folder, ports):
        self.page = page
        self.environment = environment
        self.folder = folder
        self.ports = ports
        self.running = []
        self.findings = []

    def finding(self, process, what):
        text = f"{what}: {process.command.text.splitlines()[0]}{process.last_words()}"
        self.findings.append(Finding(self.page, process.command.line, text))

    def start(self, command):
        text = shell_block.with_ports(command.text, self.ports)
        return Process(command._replace(text=text), self.environment, self.folder)

    def run(self, command):
        if command.background:
            self.leave_running(command)
            return
        process = self.start(command)
        try:
            status = process.wait()
            if status != 0:
                raise Wrong(f"status {status}")
        except Wrong as e:
            self.finding(process, e)
        finally:
            process.kill()

    def leave_running(self, command):
        text = shell_block.with_ports(command.text, self.ports)
        wanted = set(shell_block.listens_at(text, self.ports)) - {0}
        for other in [x for x in self.running if wanted & set(x.ports)]:
            self.end(other)
        process = self.start(command)
        process.ports = wanted
        self.running.append(process)
        kind = shell_block.kind(command.text)
        try:
            if kind in READY and (READY[kind][0] == "stderr" or shell_block.is_read(command.text)):
                process.wait_for(*READY[kind])
        except Wrong as e:
            self.finding(process, e)
            self.running.remove(process)
            process.kill()

    def end(self, process):
        self.running.remove(process)
        try:
            process.end()
        except Wrong as e:
            self.finding(process, e)
        finally:
            process.kill()

    def end_all(self):
        while self.running:
            self.end(self.running[-1])

    def kill_all(self):
        for process in self.running:
            process.kill()


def environment_of(program, ports):
    """Nothing of whoever runs the tests, and the servers' own ports replaced, too."""
    kept = {key: value for key, value in os.environ.items()
            if not key.startswith("WSPOOL_") and not key.lower().endswith("_proxy")}
    folder = str(pathlib.Path(program).resolve().parent)
    own = {f"WSPOOL_{name.upper()}_LISTEN": f"127.0.0.1:{ports[port]}"
           for name, port in shell_block.DEFAULT_PORTS.items()}
    return kept | own | {"PATH": f"{folder}:{os.environ['PATH']}",
                         "WSPOOL_LOG_EVENTS": "true"}  # by which we see that a client is ready


def run_block(page, block, program, furniture):
    """(number of commands, findings) of a block. `furniture`: a folder with what examples read."""
    found = shell_block.commands(block)
    ports = shell_block.free_ports(shell_block.ports_of(x.text for x in found))
    with tempfile.TemporaryDirectory(prefix="wspool-docs-") as folder:
        shutil.copytree(furniture, folder, dirs_exist_ok=True)
        runner = Runner(page, environment_of(program, ports), folder, ports)
        try:
            for command in found:
                if not runner.findings:
                    runner.run(command)
            if not runner.findings:
                runner.end_all()
        finally:
            runner.kill_all()
    return len(found), runner.findings


# -- all of them -----------------------------------------------------------------------------------

def furnish(folder, root):
    """Makes the files that examples take for granted."""
    subprocess.run([str(root / "tests" / "support" / "make-certificates"), str(folder)], check=True)
    (folder / "picture.png").write_bytes(PICTURE)
    (folder / "www").mkdir()
    (folder / "www" / "index.html").write_text("<!doctype html><title>It works</title>\n")


def lacks(block):
    """A program that a block needs and that is not installed, or None."""
    return "redis-server" if "redis" in block.text and not shutil.which("redis-server") else None


def run_pages(texts, program, furniture):
    """(number of commands run, findings) of all examples of the pages."""
    count, findings = 0, []
    for page, text in texts.items():
        for block in shell_block.examples(text):
            if missing := lacks(block):
                print(f"{page}:{block.line}: left out, there is no {missing}")
                continue
            started = time.monotonic()
            more, wrong = run_block(page, block, program, furniture)
            print(f"{page}:{block.line}: {more} commands, {time.monotonic() - started:.1f} s",
                  flush=True)
            count += more
            findings += wrong
    return count, findings


def main(arguments):
    if not arguments:
        print(__doc__, file=sys.stderr)
        return 2
    # Ended from outside, it still ends what it began: the servers have process groups of their own.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    program, *rest = arguments
    root = pathlib.Path(rest[0] if rest else pathlib.Path(__file__).resolve().parents[2])
    texts = markdown.pages(root, *(rest[1:] or PAGES))
    with tempfile.TemporaryDirectory(prefix="wspool-docs-") as furniture:
        furnish(pathlib.Path(furniture), root)
        count, findings = run_pages(texts, program, furniture)
    for finding in findings:
        print(finding)
    print(f"{count} commands, {len(findings)} findings")
    if not count:
        print(f"{root}: there is no example", file=sys.stderr)
        return 2
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
