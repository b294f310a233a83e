// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

// Which sanitizer this was built with: g++ and clang say it in different ways.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WSPOOL_ADDRESS_SANITIZER
#endif
#if __has_feature(thread_sanitizer)
#define WSPOOL_THREAD_SANITIZER
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) && !defined(WSPOOL_ADDRESS_SANITIZER)
#define WSPOOL_ADDRESS_SANITIZER
#endif
#if defined(__SANITIZE_THREAD__) && !defined(WSPOOL_THREAD_SANITIZER)
#define WSPOOL_THREAD_SANITIZER
#endif
