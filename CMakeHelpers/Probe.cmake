# The probe alone, as a static binary that can be copied into any container.

set(probe_sources ${CMAKE_CURRENT_LIST_DIR}/../Sources/CProbe)
add_executable(probe
  ${probe_sources}/CProbe.c ${probe_sources}/CProbeText.c ${probe_sources}/Main.c)
target_include_directories(probe PRIVATE ${probe_sources}/include)
target_compile_options(probe PRIVATE -O2 -Wall -Wextra -Werror)
target_link_options(probe PRIVATE -static)
