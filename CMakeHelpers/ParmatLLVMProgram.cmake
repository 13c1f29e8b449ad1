# Makes C++ programs that call the shared libLLVM of ParmatLLVM.cmake: parmat_add_llvm_program.

include_guard(DIRECTORY)
cmake_policy(VERSION 3.21)
include(${CMAKE_CURRENT_LIST_DIR}/ParmatGiveUp.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/ParmatLLVM.cmake)

find_package(Threads REQUIRED)

# parmat_add_llvm_program(<target> <source>...): a C++17 executable.
#
# Optimized whatever the build type: such programs exist to be measured.
function(parmat_add_llvm_program target)
  parmat_ask_llvm_config(includes --includedir)
  # Debian's llvm-N holds llvm-config, llvm-N-dev the rest.
  if(NOT EXISTS ${includes}/llvm-c/Core.h)
    parmat_give_up("the headers of LLVM ${PARMAT_LLVM_MAJOR} are missing; "
      "run: apt-get install llvm-${PARMAT_LLVM_MAJOR}-dev")
  endif()
  parmat_ask_llvm_config(library --link-shared --libfiles)
  parmat_ask_llvm_config(definitions --cppflags)
  separate_arguments(definitions UNIX_COMMAND "${definitions}")
  list(FILTER definitions INCLUDE REGEX "^-D")

  add_executable(${target} ${ARGN})
  set_target_properties(
    ${target} PROPERTIES CXX_STANDARD 17 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF)
  target_compile_options(${target} PRIVATE -O2)
  target_compile_definitions(${target} PRIVATE ${definitions})
  # System headers: their warnings are not ours to mend.
  target_include_directories(${target} SYSTEM PRIVATE ${includes})
  target_link_libraries(${target} PRIVATE ${library} Threads::Threads)
endfunction()
