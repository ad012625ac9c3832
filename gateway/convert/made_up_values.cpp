#include "gateway/convert/made_up_values.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <utility>

#include "gateway/convert/json_places.h"
#include "gateway/convert/value_text.h"

namespace lienthong::convert {
namespace {

constexpr std::size_t kParts = 5;  // of a row's code
constexpr std::string_view kMember = "\"code\":", kCode = "\"code\":\"";

// A code with the number beside it: of an Observation or of one of its components.
struct Measured {
  std::vector<std::pair<std::string, std::string>> codings;  // system, code
  std::string value, unit;
};

// Where values count together.
struct Place {
  std::string subject, encounter, minute;
  auto operator<=>(const Place&) const = default;
};

struct Observation {
  Place place;
  std::vector<Measured> measured;  // itself, then its components
};

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const auto end = std::min(text.find(separator), text.size());
    parts.emplace_back(text.substr(0, end));
    if (end == text.size()) return parts;
    text.remove_prefix(end + 1);
  }
}

// "coding[12].code" behind "coding[" → 12 and ".code".
std::size_t take_index(std::string_view& path) {
  std::size_t number = 0;
  const auto end = std::min(path.find(']'), path.size());
  std::from_chars(path.data(), path.data() + end, number);
  path.remove_prefix(std::min(end + 1, path.size()));
  return number;
}

// Takes `front` away from the path if it begins so.
bool take(std::string_view& path, std::string_view front) {
  const bool begins = path.starts_with(front);
  if (begins) path.remove_prefix(front.size());
  return begins;
}

template <class Item>
Item& at(std::vector<Item>& items, std::size_t index) {
  if (items.size() <= index) items.resize(index + 1);
  return items[index];
}

void note(const JsonPlace& place, Observation& observation) {
  constexpr std::size_t kMinute = std::string_view("2026-03-02T08:00").size();
  if (place.path == "subject.reference") observation.place.subject = place.text;
  if (place.path == "encounter.reference") observation.place.encounter = place.text;
  if (place.path == "effectiveDateTime") observation.place.minute = place.text.substr(0, kMinute);
  std::string_view path = place.path;
  std::size_t number = 0;  // 0: of the Observation itself
  if (take(path, "component[")) {
    number = take_index(path) + 1;
    if (!take(path, ".")) return;
  }
  Measured& measured = at(observation.measured, number);
  if (path == "valueQuantity.value") measured.value = place.text;
  if (path == "valueQuantity.code") measured.unit = place.text;
  if (!take(path, "code.coding[")) return;
  auto& coding = at(measured.codings, take_index(path));
  if (path == ".system") coding.first = place.text;
  if (path == ".code") coding.second = place.text;
}

Observation observation_of(std::string_view json) {
  Observation observation;
  for (const auto& place : json_places(json)) note(place, observation);
  return observation;
}

// "36.50" → "36.5": numbers of one value have one text. Empty: no number.
std::string plain_number(std::string_view text) {
  const auto number = read_number(text, '.');
  if (!number) return {};
  std::string plain(number->view());
  if (plain.find('.') == std::string::npos) return plain;
  while (plain.back() == '0') plain.pop_back();
  if (plain.back() == '.') plain.pop_back();
  return plain;
}

bool is_met(const MadeUpConstant& constant, std::size_t part, const Measured& measured) {
  const bool other_unit = !measured.unit.empty() && !constant.unit.empty() && measured.unit != constant.unit;
  if (other_unit || measured.value.empty()) return false;
  const std::pair coding(constant.system, constant.parts[part].code);
  const bool is_coded =
      std::find(measured.codings.begin(), measured.codings.end(), coding) != measured.codings.end();
  return is_coded && plain_number(measured.value) == constant.parts[part].value;
}

// By place and exporter: which parts of which constants are met, and by which Observations.
struct Met {
  std::map<std::size_t, std::set<std::size_t>> parts;  // of constants
  std::set<std::pair<std::size_t, std::size_t>> by;    // constant, Observation
};
using MetByPlace = std::map<std::pair<Place, std::string>, Met>;

void note_met(std::span<const MadeUpConstant> constants, const Measured& measured, std::size_t observation,
              const Place& place, MetByPlace& met) {
  for (std::size_t c = 0; c < constants.size(); ++c) {
    for (std::size_t p = 0; p < constants[c].parts.size(); ++p) {
      if (!is_met(constants[c], p, measured)) continue;
      Met& here = met[{place, constants[c].exporter}];
      here.parts[c].insert(p);
      here.by.emplace(c, observation);
    }
  }
}

}  // namespace

MadeUpValues::MadeUpValues(const CodeTable* table, Diagnostics& diagnostics) {
  if (table == nullptr) return;
  for (const auto& row : table->rows()) add(row, diagnostics);
  std::sort(codes_.begin(), codes_.end());
  codes_.erase(std::unique(codes_.begin(), codes_.end()), codes_.end());
}

void MadeUpValues::add(const CodeRow& row, Diagnostics& diagnostics) {
  const auto parts = split(row.code, '|');
  MadeUpConstant constant;
  bool fits = parts.size() == kParts && !row.target_code.empty();
  if (fits) {
    constant = {parts[0], row.target_code, parts[1], parts[4], {}};
    const auto codes = split(parts[2], ' '), values = split(parts[3], ' ');
    fits = codes.size() == values.size() && !parts[0].empty();
    for (std::size_t i = 0; fits && i < codes.size(); ++i) {
      constant.parts.push_back({codes[i], plain_number(values[i])});
      fits = !codes[i].empty() && !constant.parts.back().value.empty();
    }
  }
  if (!fits) {
    diagnostics.error(
        row.file, row.line, 1,
        "a made-up value is EXPORTER|SYSTEM|CODES|VALUES|UNIT, as many numbers as codes, and the "
        "name of the constant as its target code");
    return;
  }
  for (const auto& part : constant.parts) codes_.push_back(part.code);
  constants_.push_back(std::move(constant));
}

// By the objects: they are few in a resource, quotation marks many.
std::size_t MadeUpValues::count_codes(std::string_view json) const noexcept {
  if (codes_.empty()) return 0;
  std::size_t count = 0;
  for (auto at = json.find('{'); at != std::string_view::npos; at = json.find('{', at + 1)) {
    if (!json.substr(0, at).ends_with(kMember)) continue;
    const auto codings = json.substr(at, json.find(']', at) - at);
    if (has_known_code(codings)) ++count;
  }
  return count;
}

bool MadeUpValues::has_known_code(std::string_view codings) const noexcept {
  for (auto code = codings.find(kCode); code != std::string_view::npos; code = codings.find(kCode, code)) {
    code += kCode.size();
    const auto text = codings.substr(code, codings.find('"', code) - code);
    if (std::binary_search(codes_.begin(), codes_.end(), text)) return true;
  }
  return false;
}

std::vector<MadeUpValues::Found> MadeUpValues::find(std::span<const std::string_view> observations) const {
  MetByPlace met;
  for (std::size_t i = 0; i < observations.size(); ++i) {
    const Observation observation = observation_of(observations[i]);
    for (const auto& measured : observation.measured)
      note_met(constants_, measured, i, observation.place, met);
  }
  std::vector<Found> all;
  for (const auto& [where, here] : met) {
    std::set<std::string_view> names;
    std::set<std::size_t> by;
    for (const auto& [c, parts] : here.parts) {
      if (parts.size() < constants_[c].parts.size()) continue;
      names.insert(constants_[c].name);
      for (auto one = here.by.lower_bound({c, 0}); one != here.by.end() && one->first == c; ++one)
        by.insert(one->second);
    }
    if (names.size() >= kFewest) all.push_back({where.second, names.size(), {by.begin(), by.end()}});
  }
  return all;
}

}  // namespace lienthong::convert
