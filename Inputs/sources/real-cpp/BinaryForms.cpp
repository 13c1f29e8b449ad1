// Binary forms: CBOR, MessagePack, UBJSON, BJData and BSON, written and read again.

#include "Report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

using nlohmann::json;

namespace {

using Bytes = std::vector<std::uint8_t>;

json sample() {
  json document;
  document["integers"] = {0, -1, 127, -129, 70000, -3000000000};
  document["reals"] = {0.5, -1.0 / 3, 1e300};
  document["words"] = {"", "short", std::string(40, 'x')};
  document["bytes"] = json::binary({0, 255, 16}, 7);
  document["nothing"] = nullptr;
  return document;
}

template <typename Read>
std::string form(const char *name, const json &document, const Bytes &bytes, Read read) {
  const std::size_t shown = std::min<std::size_t>(bytes.size(), 12);
  // A form may have no word for some type, and gives it back as another.
  return fmt::format("{:<11} {:>3} bytes {:02x}... {}\n", name, bytes.size(),
                     fmt::join(bytes.begin(), bytes.begin() + shown, " "),
                     read(bytes) == document ? "same" : "changed");
}

} // namespace

std::string reportBinaryForms() {
  const json document = sample();
  const auto tags = json::cbor_tag_handler_t::store;
  std::string text;
  text += form("CBOR", document, json::to_cbor(document),
               [=](const Bytes &bytes) { return json::from_cbor(bytes, true, true, tags); });
  text += form("MessagePack", document, json::to_msgpack(document),
               [](const Bytes &bytes) { return json::from_msgpack(bytes); });
  text += form("UBJSON", document, json::to_ubjson(document, true, true),
               [](const Bytes &bytes) { return json::from_ubjson(bytes); });
  text += form("BJData", document, json::to_bjdata(document, true, true),
               [](const Bytes &bytes) { return json::from_bjdata(bytes); });
  text += form("BSON", document, json::to_bson(document),
               [](const Bytes &bytes) { return json::from_bson(bytes); });
  return text;
}
