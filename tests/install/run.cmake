# Copyright (c) 2026 The wspool authors
# Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#
# Installs the build into a fresh prefix, builds the consumer project against it, runs what came
# out, and checks that the package refuses those who want another version.
# Needs: build_dir, consumer_dir, work_dir, version.

function(step what)
  message(STATUS "${what}")
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "failed: ${what}")
  endif()
endfunction()

set(prefix "${work_dir}/prefix")
set(consumer_build "${work_dir}/build")
file(REMOVE_RECURSE "${prefix}" "${consumer_build}")

# The consumer is built as the library was: same compiler, same sanitizers, same CAF.
load_cache("${build_dir}" READ_WITH_PREFIX "cache_"
  CMAKE_BUILD_TYPE CMAKE_CXX_COMPILER CMAKE_CXX_FLAGS CMAKE_GENERATOR CMAKE_PREFIX_PATH CAF_DIR
  CAF_ROOT WSPOOL_SANITIZE)
set(settings
  "-DCMAKE_BUILD_TYPE=${cache_CMAKE_BUILD_TYPE}"
  "-DCMAKE_CXX_COMPILER=${cache_CMAKE_CXX_COMPILER}")
set(flags "${cache_CMAKE_CXX_FLAGS}")
if(cache_WSPOOL_SANITIZE)
  string(APPEND flags " -fsanitize=${cache_WSPOOL_SANITIZE}")
endif()
list(APPEND settings "-DCMAKE_CXX_FLAGS=${flags}")
if(cache_CAF_DIR)
  list(APPEND settings "-DCAF_DIR=${cache_CAF_DIR}")
endif()
if(cache_CAF_ROOT)
  list(APPEND settings "-DCAF_ROOT=${cache_CAF_ROOT}")
endif()
# In the environment, where colons separate: a list would fall apart on its way through `step`.
set(prefixes "${prefix}" ${cache_CMAKE_PREFIX_PATH})
list(JOIN prefixes ":" prefixes)

step("install" "${CMAKE_COMMAND}" --install "${build_dir}" --prefix "${prefix}")
step("configure the consumer" "${CMAKE_COMMAND}" -E env "CMAKE_PREFIX_PATH=${prefixes}"
  "${CMAKE_COMMAND}" -S "${consumer_dir}" -B "${consumer_build}" -G "${cache_CMAKE_GENERATOR}"
  ${settings})
step("build the consumer" "${CMAKE_COMMAND}" --build "${consumer_build}")
step("run the transport's consumer" "${consumer_build}/transport_consumer")
step("run the actors' consumer" "${consumer_build}/actors_consumer")
step("run the pool's consumer" "${consumer_build}/pool_consumer")
execute_process(COMMAND ldd "${consumer_build}/pool_consumer"
  OUTPUT_VARIABLE libraries COMMAND_ERROR_IS_FATAL ANY)
if(libraries MATCHES "lib(hiredis|jwt|boost_json|caf_io)")
  message(FATAL_ERROR "a pool's program needs ${CMAKE_MATCH_0}:\n${libraries}")
endif()
if(EXISTS "${prefix}/bin/wspool")
  step("run the installed executable" "${prefix}/bin/wspool" --version)
endif()

foreach(document IN ITEMS README.md LICENSE actors/docs/pool.md apps/docs/serve.md
    apps/examples/embed.cpp config/REFERENCE.md config/CHANGELOG.md config/serve.ini
    transport/messaging/PROTOCOL.md)
  if(NOT EXISTS "${prefix}/share/doc/wspool/${document}")
    message(FATAL_ERROR "not installed: share/doc/wspool/${document}")
  endif()
endforeach()

# Who asks for another minor version is told no.
file(GLOB_RECURSE version_file "${prefix}/*/wspoolConfigVersion.cmake")
foreach(wanted IN ITEMS "${version}" 0.1 0.2 1.0)
  set(PACKAGE_FIND_VERSION "${wanted}")
  string(REPLACE "." ";" parts "${wanted}")
  list(GET parts 0 PACKAGE_FIND_VERSION_MAJOR)
  list(GET parts 1 PACKAGE_FIND_VERSION_MINOR)
  set(PACKAGE_VERSION_COMPATIBLE FALSE)
  include("${version_file}")
  string(FIND "${version}." "${wanted}." position)
  if(position EQUAL 0)
    set(expected TRUE)
  else()
    set(expected FALSE)
  endif()
  if(NOT PACKAGE_VERSION_COMPATIBLE STREQUAL expected)
    message(FATAL_ERROR "version ${wanted}: expected compatible to be ${expected}")
  endif()
endforeach()
