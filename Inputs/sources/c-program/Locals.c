// Static functions and variables whose names MoreLocals.c uses too, and a table of functions.

#include "Program.h"

#include <stdio.h>

static int calls;
static const char *const words[] = {"zero", "one", "two", "three"};

__attribute__((noinline)) static long combine(long left, long right) {
  ++calls;
  return left * 10 + right;
}

__attribute__((noinline)) static const char *name(long number) {
  static const char many[] = "many";
  return number >= 0 && number < 4 ? words[number] : many;
}

__attribute__((noinline)) static long divide(long left, long right) {
  ++calls;
  return right == 0 ? -1 : left / right;
}

static long power(long base, long exponent) {
  ++calls;
  return exponent <= 0 ? 1 : base * power(base, exponent - 1);
}

const Operation operations[] = {combine, divide, power};
const unsigned operationCount = sizeof operations / sizeof *operations;

void showLocals(void) {
  for (long number = 0; number < 6; number += 2)
    printf("locals: %ld is %s, combined %ld\n", number, name(number), combine(number, 5));
  printf("locals: %d calls\n", calls);
}
