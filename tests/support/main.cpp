// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The main function of every test program: CAF's own test engine, on 1.x behind the registration
// of all message types, which must come before any configuration is made.
#include <wspool/messaging_type_ids.hpp>

#include <caf/io/middleman.hpp>

#define CAF_TEST_NO_MAIN
#include "caf/test/unit_test_impl.hpp"

int main(int argc, char** argv) {
  wspool::compat::register_modules<caf::io::middleman>();
  wspool::compat::register_types<caf::id_block::wspool>();
  wspool::compat::register_types<caf::id_block::wspool_messaging>();
  return caf::test::main(argc, argv);
}
