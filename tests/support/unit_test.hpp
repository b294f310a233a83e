// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

// CAF's test framework, with checks that may be given parts of temporaries.

#include <caf/config.hpp>

#include "caf/test/unit_test.hpp"

#if CAF_MAJOR_VERSION == 0 && CAF_MINOR_VERSION == 17

// CAF 0.17 binds both sides of a comparison to references in a statement of their own: what
// `stats().closes[0].code` refers to is gone before it is compared. As arguments, both sides live
// to the end of the comparison.

#undef CAF_CHECK_FUNC
#define CAF_CHECK_FUNC(func, x_expr, y_expr)                                                       \
  do {                                                                                             \
    [](const auto& x_val, const auto& y_val) {                                                     \
      func comparator;                                                                             \
      static_cast<void>(::caf::test::detail::check(                                                \
        ::caf::test::engine::current_test(), __FILE__, __LINE__,                                   \
        CAF_FUNC_EXPR(func, x_expr, y_expr), false, comparator(x_val, y_val), x_val, y_val));      \
    }(x_expr, y_expr);                                                                             \
    ::caf::test::engine::last_check_file(__FILE__);                                                \
    ::caf::test::engine::last_check_line(__LINE__);                                                \
  } while (false)

#undef CAF_REQUIRE_FUNC
#define CAF_REQUIRE_FUNC(func, x_expr, y_expr)                                                     \
  do {                                                                                             \
    [](const auto& x_val, const auto& y_val) {                                                     \
      func comparator;                                                                             \
      if (!::caf::test::detail::check(::caf::test::engine::current_test(), __FILE__, __LINE__,     \
                                      CAF_FUNC_EXPR(func, x_expr, y_expr), false,                  \
                                      comparator(x_val, y_val), x_val, y_val))                     \
        ::caf::test::detail::requirement_failed(CAF_FUNC_EXPR(func, x_expr, y_expr));              \
    }(x_expr, y_expr);                                                                             \
    ::caf::test::engine::last_check_file(__FILE__);                                                \
    ::caf::test::engine::last_check_line(__LINE__);                                                \
  } while (false)

#endif
