// What the place that this process runs in does with memory mappings and faults.
//
// C, because the same code is built into one static binary that can be copied into any container.
#ifndef PARMAT_CPROBE_H
#define PARMAT_CPROBE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// How many host mappings a process gets before a page that it was granted faults.
struct parmat_map_limit {
  /// Pages that could be made writable and stored to, in two regions in turn.
  uint64_t growths;
  /// The signal that ended the child; 0 where it reached the cap.
  int signal;
  /// errno of the call that refused a page, where one did; else 0.
  int error;
};

/// Grows two regions of a child page by page in turn, until a store faults, a call fails or `cap`
/// pages are reached. gVisor (ptrace, systrap) makes one host mapping of each such page; Linux
/// itself merges them, so that natively the cap is reached. Takes `cap` x 4 KiB of memory at most.
/// Returns 0, or the errno of the call that kept the probe from running.
int parmat_probe_map_limit(uint64_t cap, struct parmat_map_limit *limit);

/// The si_code of a fault on a PROT_NONE page: SEGV_ACCERR (2) on Linux; SEGV_MAPERR (1) in gVisor
/// before release-20260126.0 (google/gvisor#12518). Negative: the errno that kept it from running.
int parmat_probe_si_code(void);

/// 1 in gVisor, 0 elsewhere, by the kernel's log (`Starting gVisor`) or the version that gVisor's
/// kernel claims.
int parmat_probe_is_gvisor(void);

/// What /proc/sys/vm/max_map_count says; 0 where it cannot be read. gVisor says 2147483647 whatever
/// its host allows.
uint64_t parmat_probe_max_map_count(void);

#ifdef __cplusplus
}
#endif
#endif
