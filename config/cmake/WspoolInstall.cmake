# Copyright (c) 2026 The wspool authors
# Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#
# `find_package(wspool 0.1 CONFIG)` gives wspool::transport, wspool::messaging, wspool::pool,
# wspool::server, wspool::session, wspool::redis, wspool::jwt, all of them as wspool::actors, and,
# where it was built, the executable wspool::wspool.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/wspool")

get_property(libraries GLOBAL PROPERTY WSPOOL_ACTORS_LIBRARIES)
set(installed wspool_transport wspool_messaging ${libraries} wspool_actors)
if(TARGET wspool)
  list(APPEND installed wspool)
endif()
install(TARGETS ${installed} EXPORT wspoolTargets)
install(EXPORT wspoolTargets NAMESPACE wspool:: DESTINATION "${package_dir}")

install(DIRECTORY
  "${PROJECT_SOURCE_DIR}/transport/include/"
  "${PROJECT_SOURCE_DIR}/actors/include/"
  "${PROJECT_SOURCE_DIR}/actors/runtime/include/"
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  FILES_MATCHING PATTERN "*.hpp")

configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/config/cmake/wspoolConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/wspoolConfig.cmake"
  INSTALL_DESTINATION "${package_dir}")
# Below 1.0 a minor version may break what the one before offered.
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/wspoolConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/wspoolConfig.cmake"
  "${PROJECT_BINARY_DIR}/wspoolConfigVersion.cmake"
  "${PROJECT_SOURCE_DIR}/config/cmake/FindCAF.cmake"
  "${PROJECT_SOURCE_DIR}/config/cmake/FindLibJWT.cmake"
  "${PROJECT_SOURCE_DIR}/config/cmake/FindHiredis.cmake"
  DESTINATION "${package_dir}")

# The documents, the examples and the samples, in the folders that their links lead to.
foreach(file IN ITEMS
    LICENSE README.md
    actors/docs apps/docs apps/examples apps/bench/RESULTS.md apps/bench/speed.svg
    config/REFERENCE.md config/CHANGELOG.md
    config/wspool.ini config/serve.ini config/haproxy.cfg config/nginx.conf
    transport/messaging/PROTOCOL.md transport/messaging/wspool.v1.schema.json)
  cmake_path(GET file PARENT_PATH folder)
  if(IS_DIRECTORY "${PROJECT_SOURCE_DIR}/${file}")
    install(DIRECTORY "${PROJECT_SOURCE_DIR}/${file}"
      DESTINATION "${CMAKE_INSTALL_DOCDIR}/${folder}")
  else()
    install(FILES "${PROJECT_SOURCE_DIR}/${file}" DESTINATION "${CMAKE_INSTALL_DOCDIR}/${folder}")
  endif()
endforeach()
