// The probe as one static binary, to be copied into any container. Not part of the Swift package:
// CMakeHelpers builds it.
//
// usage: probe [CAP]       pages after which the map-limit probe stops (262144)

#include "CProbeText.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
  uint64_t cap = 262144;
  if (argc > 1) {
    char *end = NULL;
    unsigned long long number = strtoull(argv[1], &end, 10);
    if (argc > 2 || argv[1][0] == '-' || end == argv[1] || *end || number < 2) {
      fprintf(stderr, "usage: probe [CAP]\n");
      return 64;
    }
    cap = number;
  }
  struct parmat_probe probe;
  int error = parmat_probe_run(cap, &probe);
  if (error) {
    fprintf(stderr, "probe: the map-limit probe does not run: %s\n", strerror(error));
    return 69;
  }
  char text[4096];
  parmat_probe_describe(&probe, text, sizeof text);
  return fputs(text, stdout) < 0 || fflush(stdout) ? 73 : 0;
}
