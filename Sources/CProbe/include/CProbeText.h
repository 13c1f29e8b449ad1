// The probe's findings as sentences: the same from `parmat probe` and from the static binary.
#ifndef PARMAT_CPROBETEXT_H
#define PARMAT_CPROBETEXT_H

#include "CProbe.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Everything that the probe finds out.
struct parmat_probe {
  int is_gvisor;
  uint64_t max_map_count;
  /// The cap of the map-limit probe.
  uint64_t cap;
  struct parmat_map_limit limit;
  int si_code;
};

/// Runs all probes; a second or two natively, some seconds in gVisor. Returns 0, or the errno of
/// what kept the map-limit probe from running.
int parmat_probe_run(uint64_t cap, struct parmat_probe *probe);

/// Writes one line a finding, each with what it means, to `text`; at most `size` bytes, NUL
/// included.
void parmat_probe_describe(const struct parmat_probe *probe, char *text, size_t size);

#ifdef __cplusplus
}
#endif
#endif
