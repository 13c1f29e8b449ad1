// libparmat-witness.so: the witness in any program, by LD_PRELOAD.
//
// PARMAT_ON_FAULT (none, record, retry, relieve), PARMAT_RESERVE, PARMAT_BALLAST and PARMAT_TOKEN
// in the environment choose what it does; without them: relieve, 512, 0, no token.
// PARMAT_LIFT_ADDRESS_SPACE=1 takes RLIMIT_AS away from the program, and PARMAT_STACK_SIZE=BYTES
// gives each of its threads a stack of that size at least: two of diagnose's experiments.

#define _GNU_SOURCE
#include "Interposed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static enum parmat_on_fault chosenReaction(void) {
  static const char *const names[] = {"none", "record", "retry", "relieve"};
  const char *name = getenv("PARMAT_ON_FAULT");
  for (int i = 0; name && i < 4; ++i)
    if (strcmp(name, names[i]) == 0)
      return (enum parmat_on_fault)i;
  return PARMAT_ON_FAULT_RELIEVE;
}

static int chosenCount(const char *variable, int otherwise) {
  const char *text = getenv(variable);
  char *end = NULL;
  long number = text ? strtol(text, &end, 10) : otherwise;
  return text && (*end || end == text || number < 0 || number > 1 << 28) ? otherwise : (int)number;
}

/// Whether standard error is the one that the trial started with: a program may read what those
/// that it starts write there, and lines of ours would be in the way. The first process notes which
/// it is.
static int isTrialsStandardError(void) {
  struct stat status;
  if (fstat(STDERR_FILENO, &status))
    return 0;
  char identity[64];
  snprintf(identity, sizeof identity, "%llu:%llu", (unsigned long long)status.st_dev,
           (unsigned long long)status.st_ino);
  const char *known = getenv("PARMAT_STDERR");
  if (known)
    return strcmp(known, identity) == 0;
  setenv("PARMAT_STDERR", identity, 1);
  return 1;
}

/// As far as the process may: without privileges up to the hard limit.
static void raiseLimit(__rlimit_resource_t resource, rlim_t wanted) {
  struct rlimit limit;
  if (getrlimit(resource, &limit) || limit.rlim_cur >= wanted)
    return;
  struct rlimit raised = {wanted, limit.rlim_max > wanted ? limit.rlim_max : wanted};
  if (setrlimit(resource, &raised) == 0)
    return;
  raised.rlim_cur = raised.rlim_max = limit.rlim_max;
  setrlimit(resource, &raised);
}

__attribute__((constructor)) static void begin(void) {
  findOriginals();
  if (getenv("PARMAT_LIFT_ADDRESS_SPACE"))
    raiseLimit(RLIMIT_AS, RLIM_INFINITY);
  leastStackSize = (size_t)chosenCount("PARMAT_STACK_SIZE", 0);
  if (leastStackSize)
    raiseLimit(RLIMIT_STACK, leastStackSize);
  const char *token = getenv("PARMAT_TOKEN");
  struct parmat_witness_options options = {
      .on_fault = chosenReaction(),
      .reserve = chosenCount("PARMAT_RESERVE", 512),
      .ballast = chosenCount("PARMAT_BALLAST", 0),
      .token = token,
  };
  int made = 0, error = parmat_witness_start(&options, &made);
  if (error) {
    fprintf(stderr, "libparmat-witness: no witness: %s after %d of %d mappings\n", strerror(error),
            made, options.reserve + options.ballast);
    return;
  }
  // Mappings are occupied once, by the first program; those that it starts have their own.
  if (options.ballast)
    unsetenv("PARMAT_BALLAST");
  if (token && token[0] && isTrialsStandardError())
    parmat_witness_tell_objects();
}

/// A handler that calls exit is still inside itself here.
__attribute__((destructor)) static void end(void) { parmat_witness_will_exit(); }
