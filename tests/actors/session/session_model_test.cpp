// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#define CAF_SUITE session_model

// Whatever the connection and the server do: a subscriber sees each message once and in order or is
// told of a gap, each request has one outcome, nothing is published or done twice.
#include "session_model.hpp"
#include "support/unit_test.hpp"

#include <rapidcheck.h>

namespace session_model_test {

using namespace wspool::test;

CAF_TEST(random_stories_end_well) {
  CAF_CHECK(rc::check([] {
    const auto seed = *rc::gen::noShrink(rc::gen::arbitrary<std::uint64_t>());
    const auto steps = 20 + *rc::gen::inRange<std::size_t>(0, 300);
    session_story story{seed};
    story.play(steps);
    const auto verdict = story.verdict();
    RC_LOG() << "seed " << seed << ", " << steps << " steps: " << verdict;
    RC_ASSERT(verdict.empty());
  }));
}

} // namespace session_model_test
