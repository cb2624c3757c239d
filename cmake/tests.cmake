# SPDX-License-Identifier: GPL-3.0-or-later
# khop_add_test(NAME LABEL <label> SOURCES <file>… LIBRARIES <target>…): a Qt Test program that
# runs without a display. Tests link libraries; nothing is compiled twice.
function(khop_add_test name)
    cmake_parse_arguments(arg "" "LABEL;TIMEOUT" "SOURCES;LIBRARIES" ${ARGN})
    add_executable(${name} ${arg_SOURCES})
    set_target_properties(${name} PROPERTIES AUTOMOC ON
        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    target_link_libraries(${name} PRIVATE khop_options Qt6::Test ${arg_LIBRARIES})
    target_compile_definitions(${name} PRIVATE
        KHOP_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
        KHOP_BINARY_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
    add_test(NAME ${name} COMMAND ${name})
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()
    if(KHOP_SANITIZE) # ten times slower, and more where memory is walked
        math(EXPR arg_TIMEOUT "${arg_TIMEOUT} * 12")
    endif()
    # Qt Test's own limit for one function is that of ctest for all of them
    set_tests_properties(${name} PROPERTIES LABELS "${arg_LABEL}" TIMEOUT ${arg_TIMEOUT}
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;QTEST_FUNCTION_TIMEOUT=${arg_TIMEOUT}000")
endfunction()
