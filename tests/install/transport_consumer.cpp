// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The values of the transport, without actors.
#include <wspool/message.hpp>

#include <cstdlib>

int main() {
  wspool::message_batch batch;
  batch.add("one");
  batch.add("two");
  return batch.size() == 2 && batch.data(1) == "two" ? EXIT_SUCCESS : EXIT_FAILURE;
}
