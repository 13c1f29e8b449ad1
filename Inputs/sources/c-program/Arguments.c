// Variable arguments, structures by value, and constants of floating point and text.

#include "Program.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct Reading {
  const char *place;
  double values[3];
};

static const struct Reading readings[] = {
    {"north", {0.5, -1.25, 3}}, {"south", {2, 2, 2}}, {"east", {1e3, 1e-3, 0}}};

// Sums the arguments after `kinds`, which has a letter for each: i int, l long, d double.
__attribute__((noinline)) static double sum(const char *kinds, ...) {
  va_list arguments;
  va_start(arguments, kinds);
  double total = 0;
  for (; *kinds != 0; ++kinds) {
    switch (*kinds) {
    case 'i':
      total += va_arg(arguments, int);
      break;
    case 'l':
      total += va_arg(arguments, long);
      break;
    default:
      total += va_arg(arguments, double);
    }
  }
  va_end(arguments);
  return total;
}

__attribute__((noinline)) static struct Reading scaled(struct Reading reading, double by) {
  for (int i = 0; i < 3; ++i)
    reading.values[i] *= by;
  return reading;
}

static int byPlace(const void *left, const void *right) {
  return strcmp(((const struct Reading *)left)->place, ((const struct Reading *)right)->place);
}

void showArguments(void) {
  printf("arguments: %.3f\n", sum("idli", 1, 2.5, 3L, -4));
  struct Reading sorted[3];
  for (int i = 0; i < 3; ++i)
    sorted[i] = scaled(readings[i], i + 1);
  qsort(sorted, 3, sizeof *sorted, byPlace);
  for (int i = 0; i < 3; ++i)
    printf("arguments: %-5s %g %g %g\n", sorted[i].place, sorted[i].values[0], sorted[i].values[1],
           sorted[i].values[2]);
}
