// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#include "protocol/basic_credentials.hpp"

#include "base64.hpp"

namespace wspool {

std::string basic_credentials(std::string_view user_and_password) {
  return "Basic " + detail::base64(user_and_password);
}

} // namespace wspool
