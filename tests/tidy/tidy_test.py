#!/usr/bin/env python3
# Copyright (c) 2026 The wspool authors
# Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
"""The rules of tidy.py find what they are for, and nothing else."""

import unittest

import tidy

HEAD = "".join(f"// {line}\n" for line in tidy.LICENSE_HEAD)
FILES = {
    "transport/include/wspool/error.hpp", "transport/protocol/codec.hpp",
    "transport/net/listener.hpp", "actors/include/wspool/pool.hpp",
    "actors/runtime/include/wspool/caf_generation.hpp", "actors/runtime/strand_host.hpp",
    "actors/pool/router.hpp", "actors/monitor/metrics.hpp", "apps/wspool/log.hpp",
    "tests/support/memory_stream.hpp",
}


def findings(path, body, head=HEAD):
    files = FILES | {path}
    return [f.what for f in tidy.check_file(path, head + body, files)]


def includes(path, *names):
    return findings(path, "".join(f"#include {name}\n" for name in names))


class Seeds(unittest.TestCase):
    def test_what_a_fuzzer_made_up_is_found(self):
        made_up = "tests/fuzz/corpus/url/" + "0a" * 20
        found = list(tidy.check_seeds(["tests/fuzz/corpus/url/empty-port", made_up]))
        self.assertEqual([f.path for f in found], [made_up])


class Includes(unittest.TestCase):
    def test_rooms_may_include_what_is_below_them(self):
        for path, name in [
                ("transport/protocol/a.cpp", "<wspool/error.hpp>"),
                ("transport/protocol/a.cpp", '"codec.hpp"'),
                ("transport/net/a.cpp", '"protocol/codec.hpp"'),
                ("actors/pool/a.cpp", '"protocol/codec.hpp"'),
                ("actors/pool/a.cpp", '"net/listener.hpp"'),
                ("actors/pool/a.cpp", '"monitor/metrics.hpp"'),
                ("actors/runtime/a.cpp", "<wspool/caf_generation.hpp>"),
                ("apps/wspool/a.cpp", "<wspool/pool.hpp>"),
                ("apps/wspool/a.cpp", '"log.hpp"'),
                ("apps/examples/a.cpp", "<wspool/pool.hpp>"),
                ("tests/actors/pool/a_test.cpp", '"pool/router.hpp"'),
                ("tests/actors/pool/a_test.cpp", '"support/memory_stream.hpp"'),
                ("tests/actors/pool/a_test.cpp", '"caf/test/unit_test.hpp"'),
        ]:
            with self.subTest(path=path, name=name):
                self.assertEqual(includes(path, name), [])

    def test_rooms_must_not_include_what_is_above_or_beside_them(self):
        for path, name in [
                ("transport/include/wspool/a.cpp", '"protocol/codec.hpp"'),
                ("transport/protocol/a.cpp", '"net/listener.hpp"'),
                ("transport/protocol/a.cpp", "<wspool/pool.hpp>"),
                ("transport/net/a.cpp", '"pool/router.hpp"'),
                ("actors/include/wspool/a.cpp", '"pool/router.hpp"'),
                ("actors/include/wspool/a.cpp", '"protocol/codec.hpp"'),
                ("actors/runtime/a.cpp", '"pool/router.hpp"'),
                ("actors/pool/a.cpp", '"support/memory_stream.hpp"'),
                ("apps/wspool/a.cpp", '"pool/router.hpp"'),
                ("apps/wspool/a.cpp", '"../../actors/pool/router.hpp"'),
                ("apps/wspool/a.cpp", '"runtime/strand_host.hpp"'),
                ("apps/examples/a.cpp", '"log.hpp"'),
        ]:
            with self.subTest(path=path, name=name):
                self.assertEqual(len(includes(path, name)), 1)

    def test_public_headers_exist_and_stand_in_angle_brackets(self):
        self.assertEqual(len(includes("actors/pool/a.cpp", "<wspool/nothing.hpp>")), 1)
        self.assertEqual(len(includes("actors/pool/a.cpp", '"include/wspool/pool.hpp"')), 1)

    def test_foreign_headers_stay_in_their_rooms(self):
        for path, name in [
                ("transport/protocol/a.cpp", "<boost/asio/ip/tcp.hpp>"),
                ("transport/protocol/a.cpp", "<boost/asio.hpp>"),
                ("transport/protocol/a.cpp", "<boost/asio/basic_stream_socket.hpp>"),
                ("transport/protocol/a.cpp", "<boost/asio/steady_timer.hpp>"),
                ("transport/protocol/a.cpp", "<boost/beast/core/tcp_stream.hpp>"),
                ("transport/protocol/a.cpp", "<openssl/ssl.h>"),
                ("transport/net/a.cpp", "<caf/all.hpp>"),
                ("transport/include/wspool/a.cpp", "<caf/actor.hpp>"),
                ("actors/pool/a.cpp", "<caf/io/middleman.hpp>"),
                ("actors/pool/a.cpp", "<prometheus/registry.h>"),
                ("actors/pool/a.cpp", "<boost/redis/connection.hpp>"),
                ("actors/pool/a.cpp", "<CLI/CLI.hpp>"),
        ]:
            with self.subTest(path=path, name=name):
                self.assertEqual(len(includes(path, name)), 1)
        for path, name in [
                ("transport/protocol/a.cpp", "<boost/asio/io_context.hpp>"),
                ("transport/protocol/a.cpp", "<boost/asio/buffer.hpp>"),
                ("transport/protocol/a.cpp", "<boost/beast/websocket.hpp>"),
                ("transport/net/a.cpp", "<boost/asio/ip/tcp.hpp>"),
                ("actors/pool/a.cpp", "<caf/all.hpp>"),
                ("actors/node/a.cpp", "<caf/io/middleman.hpp>"),
                ("actors/monitor/a.cpp", "<prometheus/text_serializer.h>"),
        ]:
            with self.subTest(path=path, name=name):
                self.assertEqual(includes(path, name), [])


class Functions(unittest.TestCase):
    def lengths(self, text):
        return [last - first + 1 for first, last in tidy.functions(text)]

    def test_a_function_is_measured_from_its_head_to_its_brace(self):
        self.assertEqual(self.lengths("int f() {\n  return 1;\n}\n"), [3])
        self.assertEqual(self.lengths("int f(int a,\n      int b) {\n}\n"), [3])

    def test_functions_are_found_within_namespaces_and_classes(self):
        text = ("namespace a {\nstruct b {\n  void f() {\n  }\n  int x{0};\n};\n"
                "CAF_TEST(c) {\n  if (x) {\n    y();\n  }\n}\n}\n")
        self.assertEqual(self.lengths(text), [2, 5])

    def test_macros_without_semicolons_hide_no_namespace(self):
        text = "ADD(a, b)\nEND(a)\nnamespace {\nvoid f() {\n}\nvoid g() {\n}\n}\n"
        self.assertEqual(self.lengths(text), [2, 2])

    def test_braces_in_comments_and_literals_do_not_count(self):
        text = 'void f() {\n  // }\n  g("}");\n  h(\'}\');\n  i(R"(}\n})");\n  /* } */\n}\n'
        self.assertEqual(self.lengths(text), [8])

    def test_digit_separators_are_no_literals(self):
        self.assertEqual(self.lengths("void f() {\n  g(1'000, 2'000);\n}\nvoid h() {\n}\n"), [3, 2])

    def test_a_long_function_is_found(self):
        at_most = "void f() {\n" + "  g();\n" * (tidy.MAX_FUNCTION - 2) + "}\n"
        self.assertEqual(findings("actors/pool/a.cpp", at_most), [])
        self.assertEqual(len(findings("actors/pool/a.cpp", at_most.replace("{\n", "{\n\n"))), 1)


class Shape(unittest.TestCase):
    def test_a_proper_file_has_no_findings(self):
        self.assertEqual(findings("actors/pool/a.hpp", "#pragma once\n\nint f();\n"), [])
        self.assertEqual(findings("tests/a.py", "", HEAD.replace("// ", "# ")), [])
        self.assertEqual(findings("tests/a", "", "#!/bin/sh\n" + HEAD.replace("// ", "# ")), [])

    def test_each_flaw_is_found(self):
        for path, body in [
                ("actors/pool/a.cpp", "// " + "x" * tidy.MAX_COLUMNS + "\n"),
                ("actors/pool/a.cpp", "int a; \n"),
                ("actors/pool/a.cpp", "\tint a;\n"),
                ("actors/pool/a.cpp", "int a;"),
                ("actors/pool/a.cpp", "\n" * (tidy.MAX_FILE - 1)),
                ("actors/pool/a.hpp", "int f();\n"),
                ("actors/pool/a.hpp", "#pragma once\nusing namespace std;\n"),
                ("actors/pool/a.cpp", "#if WSPOOL_CAF_0_17\n#endif\n"),
                ("actors/pool/a.cpp", "void f() { std::this_thread::sleep_for(x); }\n"),
                ("tests/actors/pool/a_test.cpp", "void f() { std::this_thread::sleep_for(x); }\n"),
        ]:
            with self.subTest(path=path, body=body[:40]):
                self.assertEqual(len(findings(path, body)), 1)

    def test_columns_are_characters_and_raw_strings_are_left_alone(self):
        self.assertEqual(findings("actors/pool/a.cpp", "// " + "§" * 97 + "\n"), [])
        self.assertEqual(findings("actors/pool/a.cpp", 'auto x = R"(\n' + "x" * 200 + ')";\n'), [])

    def test_a_file_without_its_head_is_found(self):
        for head in ["", "// Copyright (c) 2026 Somebody\n", HEAD.replace("// ", "# ")]:
            self.assertEqual(len(findings("actors/pool/a.cpp", "int a;\n", head)), 1)


if __name__ == "__main__":
    unittest.main()
