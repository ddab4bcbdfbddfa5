# SPDX-License-Identifier: Apache-2.0
# find_package(migtest): the targets migtest::migtest and migtest::program, and migtest_add_plugin. Everything
# is found from where this file lies, wherever that was unpacked.
get_filename_component(migtest_LIBRARY_DIR ${CMAKE_CURRENT_LIST_DIR}/../.. ABSOLUTE)
set(migtest_PLUGIN_DIR ${migtest_LIBRARY_DIR}/migtest/plugins)

# The library folder is one or two levels below the prefix: lib, lib64, lib/x86_64-linux-gnu.
find_path(migtest_INCLUDE_DIR migtest/migtest.h REQUIRED NO_DEFAULT_PATH
          PATHS ${migtest_LIBRARY_DIR}/../include ${migtest_LIBRARY_DIR}/../../include)
get_filename_component(migtest_PREFIX ${migtest_INCLUDE_DIR}/.. ABSOLUTE)

include(CMakeFindDependencyMacro)
find_dependency(PkgConfig)
if(NOT TARGET PkgConfig::migtest_CMOCKA)
  pkg_check_modules(migtest_CMOCKA REQUIRED IMPORTED_TARGET GLOBAL cmocka)
endif()

if(NOT TARGET migtest::migtest)
  add_library(migtest::migtest SHARED IMPORTED)
  set_target_properties(migtest::migtest PROPERTIES
    IMPORTED_LOCATION ${migtest_LIBRARY_DIR}/libmigtest.so.1
    IMPORTED_SONAME libmigtest.so.1
    INTERFACE_INCLUDE_DIRECTORIES ${migtest_INCLUDE_DIR}
    INTERFACE_LINK_LIBRARIES PkgConfig::migtest_CMOCKA)
  add_executable(migtest::program IMPORTED)
  set_target_properties(migtest::program PROPERTIES IMPORTED_LOCATION ${migtest_PREFIX}/bin/migtest)
endif()

include(${CMAKE_CURRENT_LIST_DIR}/migtest_add_plugin.cmake)
