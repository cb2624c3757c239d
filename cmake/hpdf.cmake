# SPDX-License-Identifier: GPL-3.0-or-later
# libhpdf, which brings neither a pkg-config file nor a CMake package everywhere.
find_path(HPDF_INCLUDE hpdf.h REQUIRED)
find_library(HPDF_LIBRARY NAMES hpdf libhpdf REQUIRED)
add_library(hpdf INTERFACE IMPORTED)
target_include_directories(hpdf SYSTEM INTERFACE ${HPDF_INCLUDE})
target_link_libraries(hpdf INTERFACE ${HPDF_LIBRARY})
