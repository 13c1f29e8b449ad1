# real-module: real-module.bc, a program of real open-source C++ as one module of several MB.
#
# Debian's nlohmann json and fmt are header-only, so that everything a program uses of them becomes
# bitcode of its own. The sources are compiled with debug info because Julia's modules have it.

include_guard(DIRECTORY)

find_path(PARMAT_JSON_HEADERS nlohmann/json.hpp)
if(NOT PARMAT_JSON_HEADERS)
  parmat_give_up("nlohmann/json.hpp is missing; run: apt-get install nlohmann-json3-dev")
endif()
find_path(PARMAT_FMT_HEADERS fmt/format.h)
if(NOT PARMAT_FMT_HEADERS)
  parmat_give_up("fmt/format.h is missing; run: apt-get install libfmt-dev")
endif()
mark_as_advanced(PARMAT_JSON_HEADERS PARMAT_FMT_HEADERS)

file(GLOB real_cpp CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/../Inputs/sources/real-cpp/*.cpp)
parmat_add_bitcode_module(
  real-module
  SOURCES ${real_cpp}
  OUTPUT real-module.bc
  COMPILE_OPTIONS -std=c++17 -O1 -g -fPIC -DFMT_HEADER_ONLY
  INCLUDE_DIRECTORIES ${PARMAT_JSON_HEADERS} ${PARMAT_FMT_HEADERS})
