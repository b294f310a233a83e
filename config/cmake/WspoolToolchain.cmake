# Copyright (c) 2026 The wspool authors
# Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#
# Linker and sanitizers. None of it is needed to build; each makes it quicker or
# stricter where it is available.

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
