// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)

// The one file that compiles the parts of Asio and Beast which are not templates. Each of our
// files that includes their headers is built about a third faster for it.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
