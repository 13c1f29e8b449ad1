// What the programs made of real libraries print: chapters, and a checksum of all of them. Each
// chapter is a file that uses its library in a way of its own, so that the linked module holds much
// of it. Numbers are printed to a few digits, and no clock, address or random device is asked: a
// program prints the same whenever and however it was compiled.

#ifndef REAL_REPORT_REPORT_H
#define REAL_REPORT_REPORT_H

#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <string>

struct Chapter {
  const char *title;
  std::string (*report)();
};

/// Numbers from a linear congruential generator (Knuth's MMIX), the same at every run.
class Numbers {
public:
  explicit Numbers(std::uint64_t seed) : state(seed) {}

  std::uint32_t next() {
    state = state * 6364136223846793005 + 1442695040888963407;
    return static_cast<std::uint32_t>(state >> 32);
  }

  /// From 0 up to `end`, not included.
  int below(int end) { return static_cast<int>(next() % static_cast<std::uint32_t>(end)); }

  /// A multiple of 1/1024 from -1 to 1: exact in every type that calculates with it.
  double real() { return (below(2049) - 1024) / 1024.0; }

private:
  std::uint64_t state;
};

/// printf into a string.
template <typename... Arguments> std::string text(const char *format, Arguments... arguments) {
  char line[256];
  std::snprintf(line, sizeof(line), format, arguments...);
  return line;
}

inline std::string text(const char *plain) { return plain; }

inline int printReport(std::initializer_list<Chapter> chapters) {
  // FNV-1a, 64 bits, with its published offset and prime.
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const Chapter &chapter : chapters) {
    const std::string report = chapter.report();
    std::printf("== %s\n%s", chapter.title, report.c_str());
    for (unsigned char byte : report)
      hash = (hash ^ byte) * 0x100000001b3;
  }
  std::printf("== checksum %016llx\n", static_cast<unsigned long long>(hash));
  return 0;
}

#endif
