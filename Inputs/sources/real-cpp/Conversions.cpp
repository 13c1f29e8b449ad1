// Conversions: our own types and containers of them to json and back.

#include "Report.h"

#include <array>
#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>
#include <unordered_map>

using nlohmann::json;

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Instrument, name, serial, gain, readings)

namespace {

enum class State { idle, running, failed };

NLOHMANN_JSON_SERIALIZE_ENUM(State, {{State::idle, "idle"},
                                     {State::running, "running"},
                                     {State::failed, "failed"}})

// A value goes to json and back; it must be the same.
template <typename Value> std::string roundTrip(const char *name, const Value &value) {
  const json document = value;
  const Value back = document.get<Value>();
  return fmt::format("{}: {} {}\n", name, document.dump(), back == value ? "same" : "CHANGED");
}

} // namespace

std::string reportConversions() {
  std::string text;
  text += roundTrip("vector", std::vector<int>{3, 1, 2});
  text += roundTrip("nested", std::vector<std::vector<double>>{{1.5}, {}, {2, 3}});
  text += roundTrip("array", std::array<std::string, 3>{"a", "b\n", "\u00e9"});
  text += roundTrip("map", std::map<std::string, std::set<int>>{{"odd", {3, 1}}, {"even", {2}}});
  text += roundTrip("pairs", std::map<int, std::string>{{2, "two"}, {1, "one"}});
  text += roundTrip("tuple", std::make_tuple(1, std::string("one"), true, 1.25f));
  text += roundTrip("states", std::vector<State>{State::failed, State::idle, State::running});
  text += roundTrip("one entry", std::unordered_map<std::string, std::uint8_t>{{"only", 255}});

  const json instruments = makeInstruments(5);
  for (const auto &instrument : instruments.get<std::vector<Instrument>>())
    text += fmt::format("{} #{:05} gain {} readings {}\n", instrument.name, instrument.serial,
                        instrument.gain, json(instrument.readings).dump());
  text += fmt::format("serials {}\n", instruments.at(0).value("serial", 0u) ==
                                              instruments[0]["serial"].get<unsigned>()
                                          ? "agree"
                                          : "DIFFER");
  return text;
}
