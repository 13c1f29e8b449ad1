// Patches: JSON Pointer, Patch, Merge Patch and diff (RFC 6901, 6902, 7396).

#include "Report.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

using nlohmann::json;
using nlohmann::ordered_json;

namespace {

// The patch from one document to the other, and whether it leads there.
template <typename Document>
std::string patchBetween(const Document &before, const Document &after) {
  const Document patch = Document::diff(before, after);
  return fmt::format("{} operations {}: {}\n", patch.size(), patch.dump(),
                     before.patch(patch) == after ? "applies" : "FAILS");
}

} // namespace

std::string reportPatches() {
  json before = json::parse(R"({"a": [1, 2, 3], "b": {"c": "d", "~/e": 1.5}, "f": null})");
  json after = before;
  after["/a/1"_json_pointer] = "two";
  after["/b/~0~1e"_json_pointer] = "replaced";
  after.erase("f");
  after["g"]["h"].push_back({{"deep", true}});

  std::string text = patchBetween(before, after) + patchBetween(after, before);
  text += patchBetween<ordered_json>({{"x", 1}, {"y", 2}}, {{"y", 3}, {"z", {4, 5}}});

  before.merge_patch(json::parse(R"({"a": null, "b": {"c": {"new": []}}, "i": [0]})"));
  text += before.dump() + "\n";

  json::json_pointer pointer = "/b"_json_pointer / "c" / "new" / 7;
  while (!pointer.empty()) {
    text += fmt::format("{} {}\n", pointer.to_string(), before.contains(pointer));
    pointer.pop_back();
  }

  json mixed = {3.5, "text", nullptr, 2, false, {{"k", "v"}}, {1, 2}, -7, true, "tent"};
  std::sort(mixed.begin(), mixed.end());
  text += mixed.dump() + "\n";
  mixed.erase(std::remove_if(mixed.begin(), mixed.end(),
                             [](const json &value) { return value.is_number(); }),
              mixed.end());
  mixed.insert(mixed.begin() + 1, {"inserted", "twice"});
  for (auto value = mixed.crbegin(); value != mixed.crend(); ++value)
    text += fmt::format("{} is {}\n", value->dump(), value->type_name());
  return text;
}
