# Makes one bitcode module of C and C++ sources: parmat_add_bitcode_module.
#
# For use from any project, in the directory that calls the function or in one above it:
#
#   include(path/to/parmat/CMakeHelpers/ParmatBitcode.cmake)
#   parmat_add_bitcode_module(my-module SOURCES a.c b.cpp COMPILE_OPTIONS -O2 -fPIC)
#
# It works with the Ninja and Makefile generators, and does not look at the project's own compilers.

include_guard(DIRECTORY)
cmake_policy(VERSION 3.21)
include(${CMAKE_CURRENT_LIST_DIR}/ParmatGiveUp.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/ParmatClang.cmake)

# parmat_add_bitcode_module(<target>
#   SOURCES <file>...
#   [OUTPUT <file>]
#   [COMPILE_OPTIONS <option>...]
#   [INCLUDE_DIRECTORIES <directory>...])
#
# Compiles each source to bitcode and links all into one module. A header's change compiles again
# what includes it.
#
#   <target>             target that makes the module; no part of `all`, so that it is built when
#                        it is named or when add_dependencies() asks for it. Its property
#                        PARMAT_BITCODE_FILE is the module's path.
#   SOURCES              *.c is compiled by clang; *.cc, *.cpp, *.cxx by clang++. Relative to the
#                        current source directory.
#   OUTPUT               the module, relative to the current binary directory; <target>.bc if absent
#   COMPILE_OPTIONS      for every source: -O1, -g, -fPIC, -DNAME ... Nothing else is passed, no
#                        CMAKE_CXX_FLAGS and no options of the build type.
#   INCLUDE_DIRECTORIES  for every source, relative to the current source directory
function(parmat_add_bitcode_module target)
  cmake_parse_arguments(
    PARSE_ARGV 1 module "" "OUTPUT" "SOURCES;COMPILE_OPTIONS;INCLUDE_DIRECTORIES")
  if(module_UNPARSED_ARGUMENTS)
    parmat_give_up("bitcode module '${target}': unknown argument '${module_UNPARSED_ARGUMENTS}'")
  endif()
  if(NOT module_SOURCES)
    parmat_give_up("bitcode module '${target}': SOURCES names no file")
  endif()
  if(NOT module_OUTPUT)
    set(module_OUTPUT ${target}.bc)
  endif()
  get_filename_component(output ${module_OUTPUT} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_BINARY_DIR})
  get_filename_component(output_folder ${output} DIRECTORY)
  file(MAKE_DIRECTORY ${output_folder})

  set(options ${module_COMPILE_OPTIONS})
  foreach(directory IN LISTS module_INCLUDE_DIRECTORIES)
    get_filename_component(directory ${directory} ABSOLUTE)
    list(APPEND options -I${directory})
  endforeach()

  set(parts)
  foreach(source IN LISTS module_SOURCES)
    parmat_compile_to_bitcode(part ${target} ${source} "${options}")
    list(APPEND parts ${part})
  endforeach()

  file(RELATIVE_PATH shown ${CMAKE_BINARY_DIR} ${output})
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${PARMAT_LLVM_LINK} ${parts} -o ${output}
    DEPENDS ${parts} ${PARMAT_LLVM_LINK}
    COMMENT "Linking bitcode module ${shown}"
    VERBATIM)
  add_custom_target(${target} DEPENDS ${output})
  set_target_properties(${target} PROPERTIES PARMAT_BITCODE_FILE ${output})
endfunction()

# Adds the command that compiles one source; `variable` becomes its bitcode file.
function(parmat_compile_to_bitcode variable target source options)
  if(source MATCHES "\\.c$")
    set(compiler ${PARMAT_CLANG})
  elseif(source MATCHES "\\.(cc|cpp|cxx)$")
    set(compiler ${PARMAT_CLANGXX})
  else()
    parmat_give_up(
      "bitcode module '${target}': '${source}' is neither C (.c) nor C++ (.cc, .cpp, .cxx)")
  endif()
  get_filename_component(source ${source} ABSOLUTE)
  # As CMake names its own objects: two files of one name in two folders stay two.
  file(RELATIVE_PATH name ${CMAKE_CURRENT_SOURCE_DIR} ${source})
  string(REPLACE "../" "__/" name ${name})
  set(part ${CMAKE_CURRENT_BINARY_DIR}/${target}.dir/${name}.bc)
  get_filename_component(folder ${part} DIRECTORY)
  file(MAKE_DIRECTORY ${folder})

  file(RELATIVE_PATH shown ${CMAKE_BINARY_DIR} ${part})
  add_custom_command(
    OUTPUT ${part}
    COMMAND ${compiler} "${options}" -emit-llvm -c ${source} -o ${part} -MD -MF ${part}.d
    DEPENDS ${source} ${compiler}
    DEPFILE ${part}.d
    COMMENT "Building bitcode ${shown}"
    COMMAND_EXPAND_LISTS
    VERBATIM)
  set(${variable} ${part} PARENT_SCOPE)
endfunction()
