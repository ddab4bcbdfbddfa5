# SPDX-License-Identifier: Apache-2.0
# migtest_add_plugin(NAME sources...): a plugin NAME.so. A symbol that neither migtest nor another library of
# its own has is found when it is linked, and it exports nothing but what migtest looks for.
function(migtest_add_plugin name)
  add_library(${name} MODULE ${ARGN})
  target_link_libraries(${name} PRIVATE migtest::migtest)
  target_link_options(${name} PRIVATE -Wl,-z,defs)
  # Messages name a test's place from the project's folder on, the same on every machine.
  target_compile_options(${name} PRIVATE -ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)
  set_target_properties(${name} PROPERTIES PREFIX "" C_VISIBILITY_PRESET hidden)
endfunction()
