// Static objects: within a file they are constructed from top to bottom, and each sees those above.

#include "Program.h"

#include <cstdio>

namespace {

// Constant-initialized, so that it is there before every constructor.
const char *order[8];
int count = 0;

struct Noted {
  Noted(const char *name, int sees) : sees(sees) { order[count++] = name; }
  ~Noted() { std::printf("statics: destroyed, saw %d\n", sees); }
  int sees;
};

Noted first("first", count);
const std::string text = std::string("text after ") + order[0];
Noted second("second", first.sees + count);

Noted &local() {
  static Noted once("local", 100 + second.sees);
  return once;
}

Noted third("third", local().sees + count);

} // namespace

// Another file reads it; a constant expression needs no constructor.
extern const int staticsConstant = 6 * 7;

void showStatics() {
  local();
  for (int i = 0; i < count; ++i)
    std::printf("statics: %s\n", order[i]);
  std::printf("statics: %s, %d %d %d\n", text.c_str(), first.sees, second.sees, third.sees);
}
