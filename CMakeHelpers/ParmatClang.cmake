# Finds the programs that make bitcode (clang, clang++, llvm-link) of ParmatLLVM.cmake's LLVM.
#
# Sets PARMAT_CLANG, PARMAT_CLANGXX and PARMAT_LLVM_LINK. Bitcode is read by the LLVM that wrote it
# and by newer ones, seldom by older ones: that is why one major version makes and reads it.

include_guard(DIRECTORY)
cmake_policy(VERSION 3.21)
include(${CMAKE_CURRENT_LIST_DIR}/ParmatGiveUp.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/ParmatLLVM.cmake)

# Sets `variable` to the path of LLVM's program `name`, whose Debian package is `package`.
function(parmat_find_llvm_program variable name package)
  find_program(found NAMES ${name} PATHS ${PARMAT_LLVM_BINDIR} NO_DEFAULT_PATH NO_CACHE)
  if(NOT found)
    find_program(found NAMES ${name}-${PARMAT_LLVM_MAJOR} NO_CACHE)
  endif()
  if(NOT found)
    parmat_give_up(
      "${name} of LLVM ${PARMAT_LLVM_MAJOR} is missing; run: apt-get install ${package}")
  endif()
  # A link in --bindir may lead anywhere, so that the program itself has to say what it is.
  execute_process(COMMAND ${found} --version OUTPUT_VARIABLE answer ERROR_QUIET)
  if(NOT answer MATCHES "version ${PARMAT_LLVM_MAJOR}\\.")
    parmat_give_up(
      "${found} is not of LLVM ${PARMAT_LLVM_MAJOR}, which ${PARMAT_LLVM_CONFIG} is; "
      "run: apt-get install ${package}")
  endif()
  set(${variable} ${found} PARENT_SCOPE)
endfunction()

parmat_find_llvm_program(PARMAT_CLANG clang clang-${PARMAT_LLVM_MAJOR})
parmat_find_llvm_program(PARMAT_CLANGXX clang++ clang-${PARMAT_LLVM_MAJOR})
parmat_find_llvm_program(PARMAT_LLVM_LINK llvm-link llvm-${PARMAT_LLVM_MAJOR})
