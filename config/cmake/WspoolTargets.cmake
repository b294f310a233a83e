# Copyright (c) 2026 The wspool authors
# Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#
# What every target of the project has in common.

# wspool_sources(<variable> <folder>...)
#   All .cpp files below the given folders. A folder may still be empty, or missing.
function(wspool_sources variable)
  set(patterns "")
  foreach(folder IN LISTS ARGN)
    list(APPEND patterns "${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.cpp")
  endforeach()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${patterns})
  set(${variable} "${sources}" PARENT_SCOPE)
endfunction()

# wspool_own_code(<target>)
#   The warnings and the language level of code that is wspool's own.
function(wspool_own_code target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wnon-virtual-dtor)
  # Where files are joined, a name of one file is in sight of the next: shadowing it is no mistake.
  if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -Wshadow=local)
  elseif(NOT CMAKE_UNITY_BUILD)
    target_compile_options(${target} PRIVATE -Wshadow)
  endif()
  if(WSPOOL_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  # The optimiser's guesses about inlined library code are not verdicts on our code: shown, but
  # never fatal. Sanitizers' own code makes it guess wrong all over the standard library.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    set(guesses array-bounds dangling-pointer free-nonheap-object maybe-uninitialized restrict
      stringop-overflow stringop-overread use-after-free)
    if(WSPOOL_SANITIZE)
      list(TRANSFORM guesses PREPEND -Wno-)
    else()
      list(TRANSFORM guesses PREPEND -Wno-error=)
    endif()
    if(WSPOOL_SANITIZE MATCHES "thread")
      list(APPEND guesses -Wno-tsan)
    endif()
    target_compile_options(${target} PRIVATE ${guesses})
  endif()
endfunction()

# wspool_library(<target> <alias> SOURCES <file>...)
#   A library that others can link as wspool::<alias>, here and from the installed package.
function(wspool_library target alias)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "SOURCES")
  if(NOT arg_SOURCES)
    message(STATUS "wspool: ${target} has no sources yet")
    file(CONFIGURE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/${target}_empty.cpp" CONTENT "")
    set(arg_SOURCES "${CMAKE_CURRENT_BINARY_DIR}/${target}_empty.cpp")
  endif()
  add_library(${target} ${arg_SOURCES})
  add_library(wspool::${alias} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${alias})
  wspool_own_code(${target})
  target_include_directories(${target}
    PUBLIC
      "$<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}/include>"
      "$<INSTALL_INTERFACE:include>"
    PRIVATE
      "${CMAKE_CURRENT_SOURCE_DIR}")
endfunction()

# wspool_alone(<target> <file>...)
#   Files of the target that are not joined with others where CMAKE_UNITY_BUILD joins files.
function(wspool_alone target)
  set_source_files_properties(${ARGN} TARGET_DIRECTORY ${target} PROPERTIES
    SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()
