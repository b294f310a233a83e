# Copyright (c) 2026 The wspool authors
# Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#
# Compiler cache, linker and sanitizers. None of it is needed to build; each makes it quicker or
# stricter where it is available.

# ccache keeps objects built with a precompiled header only when it may trust the header's own
# defines and time macros, so the launcher always carries that setting.
if(WSPOOL_CCACHE)
  if(NOT CMAKE_CXX_COMPILER_LAUNCHER OR CMAKE_CXX_COMPILER_LAUNCHER MATCHES "^([^;]*/)?ccache$")
    find_program(WSPOOL_CCACHE_PROGRAM ccache)
    mark_as_advanced(WSPOOL_CCACHE_PROGRAM)
    if(WSPOOL_CCACHE_PROGRAM)
      set(CMAKE_CXX_COMPILER_LAUNCHER
        "${CMAKE_COMMAND}" -E env
        "CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime"
        "${WSPOOL_CCACHE_PROGRAM}")
      message(STATUS "wspool: compiling through ${WSPOOL_CCACHE_PROGRAM}")
    endif()
  endif()
  if(WSPOOL_PCH AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-fpch-preprocess)
  elseif(WSPOOL_PCH AND CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
  endif()
endif()

# A quicker linker, unless the user chose one.
if(PROJECT_IS_TOP_LEVEL AND NOT CMAKE_EXE_LINKER_FLAGS MATCHES "-fuse-ld=")
  include(CheckLinkerFlag)
  check_linker_flag(CXX -fuse-ld=mold WSPOOL_HAVE_MOLD)
  if(WSPOOL_HAVE_MOLD)
    add_link_options(-fuse-ld=mold)
  else()
    check_linker_flag(CXX -fuse-ld=lld WSPOOL_HAVE_LLD)
    if(WSPOOL_HAVE_LLD)
      add_link_options(-fuse-ld=lld)
    endif()
  endif()
endif()

if(WSPOOL_SANITIZE)
  add_compile_options(-fsanitize=${WSPOOL_SANITIZE} -fno-sanitize-recover=all
    -fno-omit-frame-pointer)
  # CAF 0.17 binds a reference to `*args` of a null pointer whenever a function-based actor is
  # spawned without arguments (caf/detail/init_fun_factory.hpp), which is harmless and in each of
  # our executables. Every other check of the undefined behaviour sanitizer stays.
  add_compile_options(-fno-sanitize=null)
  add_link_options(-fsanitize=${WSPOOL_SANITIZE})
endif()
