// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The main function of every test program: CAF's own test engine.
#include "caf/test/unit_test_impl.hpp"
