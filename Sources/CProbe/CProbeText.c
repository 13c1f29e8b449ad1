// The probe's findings as sentences.

#define _GNU_SOURCE
#include "CProbeText.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

int parmat_probe_run(uint64_t cap, struct parmat_probe *probe) {
  memset(probe, 0, sizeof *probe);
  probe->cap = cap;
  probe->is_gvisor = parmat_probe_is_gvisor();
  probe->max_map_count = parmat_probe_max_map_count();
  probe->si_code = parmat_probe_si_code();
  return parmat_probe_map_limit(cap, &probe->limit);
}

struct sink {
  char *text;
  size_t size;
};

static void say(struct sink *sink, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(struct sink *sink, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(sink->text, sink->size, format, arguments);
  va_end(arguments);
  size_t used = length < 0 ? 0 : (size_t)length < sink->size ? (size_t)length : sink->size - 1;
  sink->text += used;
  sink->size -= used;
}

static void describeLimit(struct sink *sink, const struct parmat_probe *probe) {
  unsigned long long growths = probe->limit.growths, cap = probe->cap;
  if (probe->limit.error)
    say(sink,
        "map limit: %llu pages, then the kernel refused the next (%s): a memory limit, or this "
        "kernel's own limit on mappings\n",
        growths, strerror(probe->limit.error));
  else if (probe->limit.signal == SIGSEGV || probe->limit.signal == SIGBUS)
    say(sink,
        "map limit: %llu pages grown in two regions in turn, then SIG%s on a page that was "
        "granted: each page took a host mapping, and the host allows no more (its "
        "vm.max_map_count); a program whose heaps grow by turns dies here\n",
        growths, sigabbrev_np(probe->limit.signal));
  else if (probe->limit.signal)
    say(sink,
        "map limit: at least %llu pages; then the probe was ended by SIG%s (a memory limit?)\n",
        growths, sigabbrev_np(probe->limit.signal));
  else if (probe->is_gvisor)
    say(sink,
        "map limit: at least %llu pages (the cap); a larger cap tells more, since hosts allow "
        "65530 "
        "by default\n",
        cap);
  else
    say(sink,
        "map limit: at least %llu pages (the cap): growing heaps page by page uses no mappings up "
        "here\n",
        cap);
}

void parmat_probe_describe(const struct parmat_probe *probe, char *text, size_t size) {
  struct sink sink = {text, size};
  struct utsname name;
  if (uname(&name) == 0)
    say(&sink, "kernel: %s %s, %s\n", name.sysname, name.release, name.version);
  if (probe->is_gvisor)
    say(&sink, "sandbox: gVisor; which platform it runs on cannot be told from inside\n");
  else
    say(&sink, "sandbox: this is not gVisor\n");
  describeLimit(&sink, probe);
  if (probe->max_map_count)
    say(&sink, "vm.max_map_count: %llu%s\n", (unsigned long long)probe->max_map_count,
        probe->is_gvisor ? "; gVisor says so whatever its host allows" : "");
  else
    say(&sink, "vm.max_map_count: cannot be read here\n");
  if (probe->si_code == SEGV_ACCERR)
    say(&sink, "si_code of a fault on a PROT_NONE page: SEGV_ACCERR (2), as on Linux\n");
  else if (probe->si_code == SEGV_MAPERR)
    say(&sink,
        "si_code of a fault on a PROT_NONE page: SEGV_MAPERR (1) instead of SEGV_ACCERR (2): "
        "google/gvisor#12518, mended in release-20260126.0; Julia's safepoints die of it\n");
  else
    say(&sink,
        "si_code of a fault on a PROT_NONE page: %d, which is neither SEGV_MAPERR (1) nor "
        "SEGV_ACCERR (2)\n",
        probe->si_code);
  if (probe->is_gvisor)
    say(&sink, "debuggers: gdb inside gVisor can be the source of a SIGSEGV itself "
               "(google/gvisor#12266, seen in release-20250820, no mend known); from inside it "
               "cannot be told whether it is here\n");
}
