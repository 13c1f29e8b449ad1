# Modules of real open-source C++, made of header-only libraries that come as Debian packages, so that
# everything a program uses of them becomes bitcode of its own:
#
#   real-module  nlohmann json and fmt, 15 MB, with full debug info
#   real-small   Boost, 7 MB
#   real-medium  Eigen, 20 MB
#   real-large   CGAL, 113 MB; takes five minutes on two cores
#
# The last three have line tables: compile units, subprograms and a location at each instruction, as
# Julia's modules have, but no types, no variables and no calls of debug intrinsics.

include_guard(DIRECTORY)

set(PARMAT_REAL_SOURCES ${CMAKE_CURRENT_LIST_DIR}/../Inputs/sources)

find_path(PARMAT_JSON_HEADERS nlohmann/json.hpp)
if(NOT PARMAT_JSON_HEADERS)
  parmat_give_up("nlohmann/json.hpp is missing; run: apt-get install nlohmann-json3-dev")
endif()
find_path(PARMAT_FMT_HEADERS fmt/format.h)
if(NOT PARMAT_FMT_HEADERS)
  parmat_give_up("fmt/format.h is missing; run: apt-get install libfmt-dev")
endif()
find_path(PARMAT_BOOST_HEADERS boost/spirit/include/qi.hpp)
find_path(PARMAT_EIGEN_HEADERS Eigen/Core PATH_SUFFIXES eigen3)
find_path(PARMAT_CGAL_HEADERS CGAL/Nef_polyhedron_3.h)
mark_as_advanced(PARMAT_JSON_HEADERS PARMAT_FMT_HEADERS PARMAT_BOOST_HEADERS PARMAT_EIGEN_HEADERS
  PARMAT_CGAL_HEADERS)

file(GLOB real_cpp CONFIGURE_DEPENDS ${PARMAT_REAL_SOURCES}/real-cpp/*.cpp)
parmat_add_bitcode_module(
  real-module
  SOURCES ${real_cpp}
  OUTPUT real-module.bc
  COMPILE_OPTIONS -std=c++17 -O1 -g -fPIC -DFMT_HEADER_ONLY
  INCLUDE_DIRECTORIES ${PARMAT_JSON_HEADERS} ${PARMAT_FMT_HEADERS})

# parmat_add_real_module(<target> FOLDER <folder> PACKAGE <package> HEADERS <directory>...)
#
# <target>.bc of the sources in Inputs/sources/<folder>. Where a directory of headers was not found
# the target still exists: who builds it is told which package has them, and nobody else is.
function(parmat_add_real_module target)
  cmake_parse_arguments(PARSE_ARGV 1 real "" "FOLDER;PACKAGE" "HEADERS")
  foreach(directory IN LISTS real_HEADERS)
    if(NOT IS_DIRECTORY "${directory}")
      add_custom_target(
        ${target}
        COMMAND ${CMAKE_COMMAND} -E echo
          "the headers of ${target} are missing; run: apt-get install ${real_PACKAGE}"
        COMMAND ${CMAKE_COMMAND} -E false
        VERBATIM)
      return()
    endif()
  endforeach()
  # A folder that the compiler searches anyway would only change the order.
  list(REMOVE_ITEM real_HEADERS /usr/include)
  file(GLOB sources CONFIGURE_DEPENDS ${PARMAT_REAL_SOURCES}/${real_FOLDER}/*.cpp)
  # Boost 1.74 converts -1 to an enumeration that cannot hold it, an error by default from clang 16 on.
  parmat_add_bitcode_module(
    ${target}
    SOURCES ${sources}
    OUTPUT ${target}.bc
    COMPILE_OPTIONS -std=c++17 -O1 -gline-tables-only -fPIC -Wno-enum-constexpr-conversion
    INCLUDE_DIRECTORIES ${real_HEADERS})
endfunction()

parmat_add_real_module(
  real-small FOLDER real-boost PACKAGE libboost-dev HEADERS ${PARMAT_BOOST_HEADERS})
parmat_add_real_module(
  real-medium FOLDER real-eigen PACKAGE libeigen3-dev HEADERS ${PARMAT_EIGEN_HEADERS})
parmat_add_real_module(
  real-large FOLDER real-cgal PACKAGE "libcgal-dev libeigen3-dev"
  HEADERS ${PARMAT_CGAL_HEADERS} ${PARMAT_BOOST_HEADERS} ${PARMAT_EIGEN_HEADERS})
