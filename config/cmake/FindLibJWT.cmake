# Copyright (c) 2026 The wspool authors
# Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#
# Finds libjwt 1.x (JSON Web Tokens), which comes without a CMake package. Sets LibJWT_FOUND and
# LibJWT_VERSION, and defines the imported target LibJWT::jwt.

find_package(PkgConfig QUIET)
if(PKG_CONFIG_FOUND)
  pkg_check_modules(_libjwt QUIET libjwt)
  set(LibJWT_VERSION "${_libjwt_VERSION}")
endif()
find_path(LibJWT_INCLUDE_DIR jwt.h HINTS ${_libjwt_INCLUDE_DIRS})
find_library(LibJWT_LIBRARY jwt HINTS ${_libjwt_LIBRARY_DIRS})
mark_as_advanced(LibJWT_INCLUDE_DIR LibJWT_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(LibJWT
  REQUIRED_VARS LibJWT_LIBRARY LibJWT_INCLUDE_DIR
  VERSION_VAR LibJWT_VERSION)

if(LibJWT_FOUND AND NOT TARGET LibJWT::jwt)
  add_library(LibJWT::jwt UNKNOWN IMPORTED)
  set_target_properties(LibJWT::jwt PROPERTIES
    IMPORTED_LOCATION "${LibJWT_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${LibJWT_INCLUDE_DIR}")
endif()
