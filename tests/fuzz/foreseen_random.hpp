// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

namespace wspool::fuzz {

/// The fuzz programs' random bytes (keys, masks) are foreseen ones, so that an input does the same
/// in every run; a finding that depends on a key could not be had again. Begins them anew: called
/// before each input, and by targets that do something twice and compare.
void same_random_bytes_again();

} // namespace wspool::fuzz
