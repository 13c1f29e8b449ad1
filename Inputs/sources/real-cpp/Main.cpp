// Prints every chapter of the report, and a checksum of all of them.

#include "Report.h"

#include <fmt/format.h>

namespace {

// FNV-1a, 64 bits, with its published offset and prime.
std::uint64_t checksum(const std::string &text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (unsigned char byte : text)
    hash = (hash ^ byte) * 0x100000001b3;
  return hash;
}

struct Chapter {
  const char *title;
  std::string (*report)();
};

constexpr Chapter chapters[] = {
    {"documents", reportDocuments}, {"conversions", reportConversions},
    {"patches", reportPatches},     {"binary forms", reportBinaryForms},
    {"errors", reportErrors},       {"formats", reportFormats},
    {"ranges", reportRanges},       {"times", reportTimes},
};

} // namespace

int main() {
  std::string all;
  for (const Chapter &chapter : chapters) {
    const std::string text = chapter.report();
    fmt::print("== {}\n{}", chapter.title, text);
    all += text;
  }
  fmt::print("== {} bytes, checksum {:016x}\n", all.size(), checksum(all));
}
