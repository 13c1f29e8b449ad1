# Finds LLVM: what one llvm-config says of its version, programs, headers and shared library.
#
# Which llvm-config, first match: -DLLVM_CONFIG=..., the environment's LLVM_CONFIG, the one that
# this build directory had before, llvm-config-16 (LLVM 16 is Julia 1.11's), plain llvm-config.
#
# Sets
#   PARMAT_LLVM_CONFIG      path of llvm-config
#   PARMAT_LLVM_VERSION     such as 16.0.6
#   PARMAT_LLVM_MAJOR       such as 16
#   PARMAT_LLVM_BINDIR      folder of LLVM's programs without a version in their names
#
# llvm-config is asked, and not LLVMConfig.cmake: Debian's names every static library of LLVM and
# what each of them wants in turn (zlib, zstd, libxml2, ...); here only the shared library counts.

include_guard(DIRECTORY)
cmake_policy(VERSION 3.21)
include(${CMAKE_CURRENT_LIST_DIR}/ParmatGiveUp.cmake)

set(LLVM_CONFIG "" CACHE STRING "llvm-config to ask; empty: see ParmatLLVM.cmake")

# What llvm-config prints for the given options, in `variable`.
function(parmat_ask_llvm_config variable)
  execute_process(
    COMMAND ${PARMAT_LLVM_CONFIG} ${ARGN}
    OUTPUT_VARIABLE answer
    RESULT_VARIABLE status
    OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT status EQUAL 0)
    string(JOIN " " options ${ARGN})
    parmat_give_up("'${PARMAT_LLVM_CONFIG} ${options}' failed; set LLVM_CONFIG to an llvm-config")
  endif()
  set(${variable} "${answer}" PARENT_SCOPE)
endfunction()

if(LLVM_CONFIG)
  set(PARMAT_LLVM_CANDIDATES ${LLVM_CONFIG})
elseif(DEFINED ENV{LLVM_CONFIG} AND NOT "$ENV{LLVM_CONFIG}" STREQUAL "")
  set(PARMAT_LLVM_CANDIDATES $ENV{LLVM_CONFIG})
else()
  # When the build tool configures again, the environment of the first time is gone.
  set(PARMAT_LLVM_CANDIDATES ${PARMAT_LLVM_CONFIG_BEFORE} llvm-config-16 llvm-config)
endif()

# Not cached: another LLVM_CONFIG, or one that was installed since, must be seen.
unset(PARMAT_LLVM_CONFIG)
find_program(PARMAT_LLVM_CONFIG NAMES ${PARMAT_LLVM_CANDIDATES} NAMES_PER_DIR NO_CACHE)
if(NOT PARMAT_LLVM_CONFIG)
  list(GET PARMAT_LLVM_CANDIDATES 0 wanted)
  if(wanted MATCHES "llvm-config-([0-9]+)$")
    parmat_give_up("${wanted} is not installed; run: apt-get install llvm-${CMAKE_MATCH_1}-dev")
  endif()
  parmat_give_up("LLVM_CONFIG names '${wanted}', which is not there; run: apt-get install llvm-dev")
endif()
set(PARMAT_LLVM_CONFIG_BEFORE ${PARMAT_LLVM_CONFIG} CACHE INTERNAL "llvm-config of the last time")

parmat_ask_llvm_config(PARMAT_LLVM_VERSION --version)
if(NOT PARMAT_LLVM_VERSION MATCHES "^([0-9]+)[.][^\n]*$")
  parmat_give_up(
    "'${PARMAT_LLVM_CONFIG} --version' prints no version of LLVM; "
    "set LLVM_CONFIG to an llvm-config")
endif()
set(PARMAT_LLVM_MAJOR ${CMAKE_MATCH_1})
parmat_ask_llvm_config(PARMAT_LLVM_BINDIR --bindir)
