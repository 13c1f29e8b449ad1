// The names of Locals.c again, with other meanings, and calls through the other file's table.

#include "Program.h"

#include <stdio.h>

static int calls = 1000;
static const char words[] = "more words";

__attribute__((noinline)) static long combine(long left, long right) {
  calls += 2;
  return (left ^ right) + (long)sizeof words;
}

__attribute__((noinline)) static const char *name(long number) {
  static char text[sizeof words];
  // Another length at every call, so that the variable keeps something from the last one.
  for (int i = 0; i < number && words[i] != 0; ++i)
    text[i] = words[i];
  return text;
}

void showMoreLocals(void) {
  const Operation own = combine;
  for (unsigned i = 0; i < operationCount; ++i)
    printf("more: operation %u gives %ld, own %ld\n", i, operations[i](7, 3), own(7, i));
  printf("more: '%s', ", name(4));
  printf("then '%s', %d calls\n", name(8), calls);
}
