// Weak functions and variables, aliases of a function and of a variable, an ifunc, constructors and
// destructors.

#include "Program.h"

#include <stdio.h>

__attribute__((weak)) int weakNumber = 11;
__attribute__((weak)) const char *weakName(void) { return "weak"; }
// Nobody defines it: its address is null.
__attribute__((weak)) void absent(void);

int counter = 5;
extern int sameCounter __attribute__((alias("counter")));

__attribute__((noinline)) int increment(int by) { return counter += by; }
int sameIncrement(int by) __attribute__((alias("increment")));
static int localIncrement(int by) __attribute__((alias("increment")));

// The loader asks the resolver, before anything of this program is set up: it may call nothing.
// Older clangs do not count an ifunc as a use of it.
static int square(int number) { return number * number; }
static int cube(int number) { return number * number * number; }
static const int dimension = 3;
__attribute__((unused)) static int (*resolvePower(void))(int) {
  return dimension == 2 ? square : cube;
}
int resolved(int number) __attribute__((ifunc("resolvePower")));

static const char *lines[4];
static unsigned lineCount;

void remember(const char *line) {
  if (lineCount < sizeof lines / sizeof *lines)
    lines[lineCount++] = line;
}

void showRemembered(void) {
  for (unsigned i = 0; i < lineCount; ++i)
    printf("remembered: %s\n", lines[i]);
}

// Of smaller priority, so that it runs first although it comes second.
__attribute__((constructor(202))) static void constructLate(void) { remember("constructor 202"); }
__attribute__((constructor(201))) static void constructEarly(void) { remember("constructor 201"); }
__attribute__((destructor)) static void destruct(void) { printf("destructor: %d\n", counter); }

void showLinkage(void) {
  printf("linkage: %s %d, absent %s\n", weakName(), weakNumber, absent ? "is there" : "is not");
  const int first = increment(1), second = sameIncrement(10), third = localIncrement(100);
  printf("linkage: %d %d %d\n", first, second, third);
  sameCounter += 1000;
  printf("linkage: counter %d, same variable %d\n", counter, &counter == &sameCounter);
  printf("linkage: resolved %d\n", resolved(4));
}
