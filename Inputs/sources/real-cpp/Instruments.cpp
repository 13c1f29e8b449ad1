// The data that the chapters report on.

#include "Report.h"

namespace {

// Numerical Recipes' multiplier and increment; the low bits are poor, so that they are dropped.
class Congruential {
public:
  std::uint32_t next() {
    state = state * 1664525 + 1013904223;
    return state >> 8;
  }

private:
  std::uint32_t state = 16;
};

} // namespace

std::vector<Instrument> makeInstruments(std::size_t count) {
  static const char *const kinds[] = {"thermometer", "barometer", "hygrometer", "anemometer"};
  Congruential numbers;
  std::vector<Instrument> instruments;
  for (std::size_t index = 0; index < count; ++index) {
    Instrument instrument;
    instrument.name = kinds[index % 4];
    instrument.serial = numbers.next() % 100000;
    instrument.gain = (numbers.next() % 64) / 16.0;
    for (std::size_t reading = 0; reading < 3 + index % 3; ++reading)
      instrument.readings.push_back((numbers.next() % 4096) / 8.0 - 256);
    instruments.push_back(instrument);
  }
  return instruments;
}
