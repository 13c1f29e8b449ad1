// Documents: built by initializer lists, parsed, filtered while they are parsed, flattened, dumped.

#include "Report.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

using nlohmann::json;
using nlohmann::ordered_json;

namespace {

const char *const source = R"({
  "station": {"name": "Gr\u00fcnau", "height": 1140.5, "open": true, "closed": null},
  "days": [1, 2, 3, {"holiday": [25, 26]}],
  "limits": [-9007199254740993, 18446744073709551615, 1e-7, 2.5e+20]
})";

// Counts the events of a parse that builds nothing.
struct Counter : nlohmann::json_sax<json> {
  int scalars = 0, containers = 0, keys = 0;
  bool null() override { return ++scalars; }
  bool boolean(bool) override { return ++scalars; }
  bool number_integer(number_integer_t) override { return ++scalars; }
  bool number_unsigned(number_unsigned_t) override { return ++scalars; }
  bool number_float(number_float_t, const string_t &) override { return ++scalars; }
  bool string(string_t &) override { return ++scalars; }
  bool binary(binary_t &) override { return ++scalars; }
  bool start_object(std::size_t) override { return ++containers; }
  bool key(string_t &) override { return ++keys; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return ++containers; }
  bool end_array() override { return true; }
  bool parse_error(std::size_t, const std::string &, const json::exception &) override {
    return false;
  }
};

} // namespace

std::string reportDocuments() {
  const json document = json::parse(source);
  std::string text = document.dump(1, ' ', true) + "\n";

  const json flat = document.flatten();
  for (const auto &[path, value] : flat.items())
    text += fmt::format("{:<24} {}\n", path, value.dump());
  text += fmt::format("unflattened equal: {}\n", flat.unflatten() == document);

  const json shallow = json::parse(source, [](int depth, json::parse_event_t, json &) {
    return depth < 2; //
  });
  text += shallow.dump() + "\n";

  Counter counter;
  json::sax_parse(source, &counter);
  text += fmt::format("{} scalars, {} containers, {} keys\n", counter.scalars, counter.containers,
                      counter.keys);

  ordered_json ordered = {{"zulu", 1}, {"alpha", {{"yankee", 2}, {"bravo", 3}}}};
  ordered.emplace("mike", ordered_json::array({nullptr, "m", 1.5}));
  ordered["alpha"].erase("yankee");
  text += ordered.dump(2) + "\n" + json(ordered).dump() + "\n";
  return text;
}
