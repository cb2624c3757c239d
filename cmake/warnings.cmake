# SPDX-License-Identifier: GPL-3.0-or-later
# One interface target carries warnings, sanitizers and the precompiled-header policy.
add_library(khop_options INTERFACE)
if(MSVC)
    target_compile_options(khop_options INTERFACE /W4 /utf-8 /permissive-)
else()
    target_compile_options(khop_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow
        -Wnon-virtual-dtor -Woverloaded-virtual -Wno-missing-field-initializers)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC 12 and 13 see overflows and unset values in inlined std::string, std::vector and std::expected
    # code that is right (GCC bugs 105329, 105651, 107852, 105562); the address sanitizer looks for the real ones.
    target_compile_options(khop_options INTERFACE -Wno-stringop-overflow -Wno-stringop-overread
        -Wno-array-bounds -Wno-restrict -Wno-maybe-uninitialized)
    # It gathers neighbouring 32-bit fields in a vector register to store them as one, which takes more
    # instructions than it saves on the hot paths here.
    target_compile_options(khop_options INTERFACE -fno-tree-slp-vectorize)
    # Lets ccache see through precompiled headers.
    target_compile_options(khop_options INTERFACE -fpch-preprocess)
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # It blames GCC's library for the library's own deprecated parts (std::stable_sort); GCC sees ours.
    target_compile_options(khop_options INTERFACE -Wno-deprecated-declarations)
endif()
if(KHOP_WERROR)
    target_compile_options(khop_options INTERFACE $<IF:$<CXX_COMPILER_ID:MSVC>,/WX,-Werror>)
endif()
if(KHOP_SANITIZE)
    target_compile_options(khop_options INTERFACE -fsanitize=${KHOP_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(khop_options INTERFACE -fsanitize=${KHOP_SANITIZE})
endif()
target_compile_definitions(khop_options INTERFACE QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII
    QT_NO_KEYWORDS QT_NO_FOREACH)
