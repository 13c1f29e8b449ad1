// Throws what Exceptions.cpp catches, through frames with destructors.

#include "Program.h"

#include <cstdio>
#include <stdexcept>

namespace {

struct HiddenFailure : Failure {
  HiddenFailure() : Failure(13) {}
  std::string text() const override { return "hidden " + Failure::text(); }
};

struct Guard {
  explicit Guard(int depth) : depth(depth) {}
  ~Guard() { std::printf("  unwound %d\n", depth); }
  int depth;
};

int throwDeep(int number, int depth) {
  const Guard guard(depth);
  if (depth > 0)
    return throwDeep(number, depth - 1) + 1;
  switch (number) {
  case 0:
    return 0;
  case 1:
    throw Failure(1);
  case 2:
    throw HiddenFailure();
  case 3:
    throw 3;
  default:
    throw std::out_of_range("number " + std::to_string(number));
  }
}

} // namespace

int throwing(int number) {
  try {
    return throwDeep(number, 2);
  } catch (const Failure &failure) {
    std::printf("  passing on %s\n", failure.text().c_str());
    throw;
  }
}
