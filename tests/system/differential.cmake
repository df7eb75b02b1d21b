# SPDX-License-Identifier: GPL-3.0-or-later
rbpf_program(differential SOURCES differential.cpp differential_programs.cpp differential_kernel.cpp DEPENDS rbpf_vm_rig)
set_target_properties(differential PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
add_test(NAME system_differential_kernel COMMAND differential kernel)
add_test(NAME system_differential_slices COMMAND differential slices)
# Where bpf(2) is not permitted ctest says "Skipped", never "Passed".
set_tests_properties(system_differential_kernel PROPERTIES SKIP_RETURN_CODE 77)
set_tests_properties(system_differential_kernel system_differential_slices PROPERTIES TIMEOUT 300 LABELS system)
