# Copyright (c) 2026 The wspool authors
# Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#
# Finds the C++ Actor Framework, of either generation, in this order:
#   1. CAF's own CMake package (0.18 and later) where CAF_DIR, CAF_ROOT or CMAKE_PREFIX_PATH
#      leads to one: whoever names a CAF gets that CAF;
#   2. the bare headers and libraries of 0.17, which come without a CMake package, as Debian ships
#      them;
#   3. CAF's own package anywhere else CMake looks.
#
# Call it without a version and compare CAF_VERSION afterwards. A version given here would be
# handed on to CAF's own package, which accepts none of another major number.
#
# Components: core (always), io, openssl. Sets CAF_FOUND and CAF_VERSION, and defines the imported
# targets CAF::core, CAF::io, ... as CAF's own package does.

set(_caf_required CAF_core_LIBRARY CAF_INCLUDE_DIR)

if(NOT CAF_INCLUDE_DIR)
  find_package(CAF CONFIG QUIET NO_CMAKE_PACKAGE_REGISTRY NO_CMAKE_SYSTEM_PATH
    NO_CMAKE_SYSTEM_PACKAGE_REGISTRY NO_SYSTEM_ENVIRONMENT_PATH)
endif()

if(NOT CAF_CONFIG)
  find_path(CAF_INCLUDE_DIR caf/config.hpp)
  mark_as_advanced(CAF_INCLUDE_DIR)
  set(_caf_line "")
  if(CAF_INCLUDE_DIR)
    # "#define CAF_VERSION 1706" stands for 0.17.6. Later versions have it in another header.
    file(STRINGS "${CAF_INCLUDE_DIR}/caf/config.hpp" _caf_line
      REGEX "^#define CAF_VERSION +[0-9]+")
  endif()
  if(_caf_line MATCHES "([0-9]+)$")
    math(EXPR _caf_major "${CMAKE_MATCH_1} / 10000")
    math(EXPR _caf_minor "${CMAKE_MATCH_1} / 100 % 100")
    math(EXPR _caf_patch "${CMAKE_MATCH_1} % 100")
    set(CAF_VERSION "${_caf_major}.${_caf_minor}.${_caf_patch}")

    find_package(Threads QUIET)
    set(_caf_names core ${CAF_FIND_COMPONENTS})
    list(REMOVE_DUPLICATES _caf_names)
    foreach(_caf_name IN LISTS _caf_names)
      find_library(CAF_${_caf_name}_LIBRARY "caf_${_caf_name}")
      mark_as_advanced(CAF_${_caf_name}_LIBRARY)
      if(NOT CAF_${_caf_name}_LIBRARY)
        continue()
      endif()
      set(CAF_${_caf_name}_FOUND TRUE)
      if(NOT TARGET CAF::${_caf_name})
        add_library(CAF::${_caf_name} UNKNOWN IMPORTED)
        set_target_properties(CAF::${_caf_name} PROPERTIES
          IMPORTED_LOCATION "${CAF_${_caf_name}_LIBRARY}"
          INTERFACE_INCLUDE_DIRECTORIES "${CAF_INCLUDE_DIR}"
          INTERFACE_LINK_LIBRARIES Threads::Threads)
        if(NOT _caf_name STREQUAL "core")
          target_link_libraries(CAF::${_caf_name} INTERFACE CAF::core)
        endif()
      endif()
    endforeach()
  else()
    unset(CAF_INCLUDE_DIR CACHE)
    find_package(CAF CONFIG QUIET)
  endif()
endif()

if(CAF_CONFIG)
  set(_caf_required CAF_CONFIG)
  foreach(_caf_name IN LISTS CAF_FIND_COMPONENTS)
    if(TARGET CAF::${_caf_name})
      set(CAF_${_caf_name}_FOUND TRUE)
    endif()
  endforeach()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CAF
  REQUIRED_VARS ${_caf_required}
  VERSION_VAR CAF_VERSION
  HANDLE_COMPONENTS)
