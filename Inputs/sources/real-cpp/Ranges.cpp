// Ranges: fmt's printing of containers, tuples and optional values.

#include "Report.h"

#include <array>
#include <deque>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fmt/std.h>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <tuple>

std::string reportRanges() {
  const auto instruments = makeInstruments(6);
  std::map<std::string, std::vector<double>> readings;
  std::set<std::uint32_t> serials;
  std::deque<std::pair<std::string, double>> gains;
  for (const Instrument &instrument : instruments) {
    auto &known = readings[instrument.name];
    known.insert(known.end(), instrument.readings.begin(), instrument.readings.end());
    serials.insert(instrument.serial);
    gains.emplace_front(instrument.name, instrument.gain);
  }

  std::string text;
  text += fmt::format("{}\n", readings);
  text += fmt::format("{::05d}\n", std::vector<std::uint32_t>(serials.begin(), serials.end()));
  text += fmt::format("{}\n", gains);
  text += fmt::format("{}\n", fmt::join(serials, " < "));
  text += fmt::format("{:.1f}\n", fmt::join(readings["barometer"], "; "));
  text += fmt::format("{}\n", std::make_tuple(1, 'c', std::string("s\t"), 2.5f, true));
  text += fmt::format("{}\n", fmt::join(std::make_tuple(1, "two", 3.0), "/"));
  text += fmt::format("{}\n", std::array<std::list<int>, 3>{{{1}, {}, {2, 3}}});
  text += fmt::format("{} {}\n", std::set<char>{'b', 'a'}, std::vector<bool>{true, false});
  text += fmt::format("{}\n", std::map<int, std::map<int, std::string>>{{1, {{2, "three"}}}});
  return text;
}
