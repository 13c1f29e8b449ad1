// Errors: every kind of exception that nlohmann json and fmt throw, caught and told.

#include "Report.h"

#include <fmt/format.h>
#include <functional>
#include <nlohmann/json.hpp>

using nlohmann::json;

namespace {

std::string attempt(const char *name, const std::function<void()> &action) {
  try {
    action();
  } catch (const json::parse_error &error) {
    return fmt::format("{}: parse error {} at {}: {}\n", name, error.id, error.byte, error.what());
  } catch (const json::exception &error) {
    return fmt::format("{}: {} {}\n", name, error.id, error.what());
  } catch (const fmt::format_error &error) {
    return fmt::format("{}: format error: {}\n", name, error.what());
  }
  return fmt::format("{}: no error\n", name);
}

} // namespace

std::string reportErrors() {
  const json document = {{"list", {1, 2}}, {"text", "x"}};
  std::string text;
  text += attempt("unclosed", [] { (void)json::parse("[1, 2"); });
  text += attempt("bad escape", [] { (void)json::parse("\"\\q\""); });
  text += attempt("bad number", [] { (void)json::parse("-"); });
  text += attempt("absent key", [&] { (void)document.at("absent"); });
  text += attempt("beyond", [&] { (void)document.at("list").at(2); });
  text += attempt("wrong type", [&] { (void)document.at("text").get<int>(); });
  text += attempt("bad pointer", [] { (void)json::json_pointer("no/slash"); });
  text += attempt("bad patch", [&] { (void)document.patch(json{{{"op", "none"}}}); });
  text += attempt("bad UTF-8", [] { (void)json("\xff").dump(); });
  text += attempt("bad CBOR", [] { (void)json::from_cbor(std::vector<std::uint8_t>{0x9f, 1}); });
  text += attempt("bad iterator", [&] { (void)*document.at("text").end(); });
  text += attempt("missing", [] { (void)fmt::format(fmt::runtime("{} {}"), 1); });
  text += attempt("bad type", [] { (void)fmt::format(fmt::runtime("{:d}"), "text"); });
  text += attempt("replaced", [] {
    (void)json("\xff").dump(-1, ' ', false, json::error_handler_t::replace); //
  });
  return text;
}
