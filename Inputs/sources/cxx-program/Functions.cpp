// std::function of lambdas, of members and of functions, and recursion through them.

#include "Program.h"

#include <algorithm>
#include <cstdio>
#include <functional>
#include <vector>

extern const int staticsConstant; // Statics.cpp

namespace {

int add(int left, int right) { return left + right; }

struct Scale {
  int factor;
  int apply(int number) const { return factor * number; }
  int operator()(int number) const { return number - factor; }
};

std::function<int(int)> compose(std::function<int(int)> outer, std::function<int(int)> inner) {
  return [=](int number) { return outer(inner(number)); };
}

} // namespace

void showFunctions() {
  const Scale scale{3};
  const std::vector<std::function<int(int)>> functions = {
      [](int number) { return number * number; },
      std::bind(add, std::placeholders::_1, staticsConstant),
      std::bind(&Scale::apply, &scale, std::placeholders::_1),
      scale,
  };
  std::function<int(int)> all = [](int number) { return number; };
  for (const auto &function : functions) {
    std::printf("functions: %d\n", function(5));
    all = compose(function, all);
  }
  std::printf("functions: together %d\n", all(2));

  std::function<int(int)> factorial = [&](int n) { return n < 2 ? 1 : n * factorial(n - 1); };
  std::printf("functions: %d\n", factorial(6));
  try {
    std::function<void()>()();
  } catch (const std::bad_function_call &) {
    std::printf("functions: an empty one\n");
  }
}
