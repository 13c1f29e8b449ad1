// Catches what Thrower.cpp throws: by class, by base class, by value, rethrown and kept for later.

#include "Program.h"

#include <cstdio>
#include <exception>
#include <stdexcept>

namespace {

const char *attempt(int number) noexcept {
  try {
    std::printf("exceptions: %d gives %d\n", number, throwing(number));
    return "nothing thrown";
  } catch (const Failure &failure) {
    std::printf("exceptions: caught %s\n", failure.text().c_str());
    return "failure";
  } catch (int value) {
    std::printf("exceptions: caught %d\n", value);
    return "int";
  } catch (const std::logic_error &error) {
    std::printf("exceptions: caught %s\n", error.what());
    return "logic error";
  } catch (...) {
    return "unknown";
  }
}

} // namespace

void showExceptions() {
  for (int number = 0; number < 5; ++number)
    std::printf("exceptions: %s\n", attempt(number));

  std::exception_ptr kept;
  try {
    throwing(2);
  } catch (...) {
    kept = std::current_exception();
  }
  try {
    std::rethrow_exception(kept);
  } catch (const Failure &failure) {
    std::printf("exceptions: kept %s\n", failure.text().c_str());
  }
}
