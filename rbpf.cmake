# SPDX-License-Identifier: GPL-3.0-or-later
# How a folder becomes a target, the same way everywhere.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

add_compile_options(-Wall -Wextra -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL Clang)
    # Precompiled headers without the time they were made, so that the compiler cache knows them again.
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-Xclang$<SEMICOLON>-fno-pch-timestamp>)
    # libstdc++ 12 uses its own deprecated get_temporary_buffer in stable_sort, and clang tells every user of it.
    add_compile_options(-Wno-deprecated-declarations)
endif()

if(RBPF_SANITIZE)
    # Not vptr: the firmware's classes have no run-time type information to check against.
    add_compile_options(-fsanitize=address,undefined -fno-sanitize=vptr -fno-sanitize-recover=all
                        -fno-omit-frame-pointer)
    add_link_options(-fsanitize=address,undefined)
endif()
if(RBPF_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Some sixty programs with the debug information of half the tree: this linker needs a fifth of the time.
if(NOT RBPF_FIRMWARE_ONLY)
    find_program(RBPF_MOLD mold)
    if(RBPF_MOLD)
        add_link_options(-fuse-ld=mold)
    endif()
endif()

# What the freestanding folders of firmware/ are compiled with, on every machine.
set(RBPF_FREESTANDING_OPTIONS -fno-exceptions -fno-rtti -fno-threadsafe-statics)

# rbpf_library(NAME [FREESTANDING] SOURCES … [DEPENDS …]): a static library; its users see the project's root, headers/
# and firmware/ on their include path.
function(rbpf_library name)
    cmake_parse_arguments(ARG "FREESTANDING" "" "SOURCES;DEPENDS" ${ARGN})
    if(RBPF_FIRMWARE_ONLY)
        rbpf_firmware_variants(${name} SOURCES ${ARG_SOURCES} DEPENDS ${ARG_DEPENDS})
        return()
    endif()
    add_library(${name} STATIC ${ARG_SOURCES})
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/headers
                                              ${PROJECT_SOURCE_DIR}/firmware)
    target_link_libraries(${name} PUBLIC ${ARG_DEPENDS})
    if(ARG_FREESTANDING)
        target_compile_options(${name} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:${RBPF_FREESTANDING_OPTIONS}>)
    endif()
endfunction()

set(RBPF_CPU_m0 -mcpu=cortex-m0 -mthumb)
set(RBPF_DEFINITIONS_m0 RBPF_SMALL_BOARD) # firmware/rbpf_agent/limits.hpp
set(RBPF_CPU_m4 -mcpu=cortex-m4 -mthumb -mfloat-abi=soft)

# With the preset firmware the same folder becomes one library per core: NAME_m0 and NAME_m4.
function(rbpf_firmware_variants name)
    cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
    foreach(core m0 m4)
        add_library(${name}_${core} STATIC ${ARG_SOURCES})
        target_include_directories(${name}_${core} PUBLIC ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/headers
                                                          ${PROJECT_SOURCE_DIR}/firmware)
        target_compile_options(${name}_${core} PRIVATE ${RBPF_CPU_${core}} -Os -g -ffreestanding -ffunction-sections
                               -fdata-sections $<$<COMPILE_LANGUAGE:CXX>:${RBPF_FREESTANDING_OPTIONS}>)
        target_compile_definitions(${name}_${core} PUBLIC ${RBPF_DEFINITIONS_${core}})
        foreach(dependency ${ARG_DEPENDS})
            target_link_libraries(${name}_${core} PUBLIC ${dependency}_${core})
        endforeach()
    endforeach()
endfunction()

# What users get: all that `cmake --install` and cpack need to be built.
add_custom_target(programs)
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)

# rbpf_program(NAME [INSTALL] SOURCES … DEPENDS …): an executable in build/bin; INSTALL: users get it.
function(rbpf_program name)
    cmake_parse_arguments(ARG "INSTALL" "" "SOURCES;DEPENDS" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE ${ARG_DEPENDS})
    if(ARG_INSTALL)
        install(TARGETS ${name} RUNTIME DESTINATION bin)
        add_dependencies(programs ${name})
    endif()
endfunction()

# What `ctest -L unit` runs, and what tests/fuzz/run.py runs: each as one target to build.
add_custom_target(unit_tests)
add_custom_target(fuzzers)

# What is tested is optimised, the tests need not be: that is a third of the time to build them.
set(RBPF_TEST_OPTIONS -O0 -g1)

# rbpf_unit_test(NAME SOURCES … DEPENDS …): a Catch2 program that ctest runs, with a deadline.
function(rbpf_unit_test name)
    cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} rbpf_catch_main)
    target_compile_options(${name} PRIVATE ${RBPF_TEST_OPTIONS})
    target_precompile_headers(${name} REUSE_FROM rbpf_catch_main)
    add_dependencies(unit_tests ${name})
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES TIMEOUT 120 LABELS unit
        ENVIRONMENT "LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/lsan.supp:print_suppressions=0")
endfunction()

# rbpf_system_test(NAME SCRIPT [LABEL …]): a Python unittest that drives real programs of build/bin.
function(rbpf_system_test name script)
    add_test(NAME ${name} COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/${script} -v)
    set_tests_properties(${name} PROPERTIES TIMEOUT 300 LABELS system
        ENVIRONMENT "RBPF_BIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY};RBPF_SOURCE=${PROJECT_SOURCE_DIR};PYTHONDONTWRITEBYTECODE=1")
endfunction()

# rbpf_fuzzer(NAME SOURCES … DEPENDS …): a libFuzzer target in the preset fuzz.
function(rbpf_fuzzer name)
    if(NOT RBPF_FUZZ)
        return()
    endif()
    cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE ${ARG_DEPENDS})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    add_dependencies(fuzzers ${name})
endfunction()
