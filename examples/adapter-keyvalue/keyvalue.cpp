// A complete adapter for an invented analyser that writes "key=value" lines and an empty line behind each
// sample:
//
//     id=0042
//     patient=BN001
//     result=GLU;5.4;mmol/L
//     result=NA;140;mmol/L
//
// Paths: a key ("patient", "result"); within a result ".1", ".2" … are the parts between semicolons.  A
// path's number is the key's place in kKeys, or kPart + n; a node is the offset of its line + 1, so that no
// state is needed.
#include <algorithm>

#include "adapters/sdk/nearest.h"
#include "adapters/sdk/plugin.h"

namespace {
namespace sdk = lienthong::sdk;
using std::size_t;
using std::string_view;

constexpr string_view kKeys[] = {"", "id", "time", "patient", "sex", "operator", "result"};
constexpr lt_path kResult = 6, kPart = 100;
enum Problems : std::uint32_t { kNoId = 1, kUnknownKey = 2, kNoOptions = 3 };

struct Line {
  string_view key, value;
  size_t at, next;  // its offset, and the next line's
};

Line line_at(string_view bytes, size_t at) {
  const size_t end = std::min(bytes.find('\n', at), bytes.size());
  string_view line = bytes.substr(at, end - at);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  const size_t equals = std::min(line.find('='), line.size());
  return {line.substr(0, equals), line.substr(std::min(equals + 1, line.size())), at,
          std::min(end + 1, bytes.size())};
}

string_view part(string_view value, lt_path n) {
  for (; n > 1; --n) value.remove_prefix(std::min(value.find(';'), value.size() - 1) + 1);
  return value.substr(0, value.find(';'));
}

struct Sample {
  string_view bytes;

  // The i-th line of a key; `at` is its offset + 1, 0 when there is none.
  lt_node find(lt_path key, size_t i) const {
    for (size_t at = 0; at < bytes.size();) {
      const Line line = line_at(bytes, at);
      if (line.key == kKeys[key] && i-- == 0) return at + 1;
      at = line.next;
    }
    return LT_ROOT;
  }
  string_view value_of(string_view key) const {
    const lt_node node = find(static_cast<lt_path>(std::find(kKeys, std::end(kKeys), key) - kKeys), 0);
    return node == LT_ROOT ? string_view() : line_at(bytes, node - 1).value;
  }

  lt_status envelope(sdk::Host, lt_envelope& out) const {
    out.type = sdk::text("sample");
    out.control_id = sdk::text(value_of("id"));
    out.time = out.event_time = sdk::text(value_of("time"));
    return LT_OK;
  }
  size_t count(lt_node node, lt_path path) const {
    if (path == 0 || path > kPart) return 1;
    size_t found = 0;
    while (node == LT_ROOT && find(path, found) != LT_ROOT) ++found;
    return found;
  }
  lt_node child(lt_node node, lt_path path, size_t i) const { return path < kPart ? find(path, i) : node; }

  lt_status get(sdk::Host, lt_node node, lt_path path, lt_value& out) const {
    out = {{nullptr, 0}, sdk::kNoOffset, 0, LT_ABSENT, 0};
    if (path != 0 && path < kPart) node = find(path, 0);
    if (node == LT_ROOT) return LT_OK;
    string_view value = line_at(bytes, node - 1).value;
    if (path > kPart) value = part(value, path - kPart);
    out = {sdk::text(value), static_cast<std::uint32_t>(value.data() - bytes.data()),
           static_cast<std::uint32_t>(value.size()), value.empty() ? LT_EMPTY : LT_VALUE, 0};
    return LT_OK;
  }
  lt_text place(sdk::Host, lt_node node, lt_path path) const {
    if (node != LT_ROOT) return sdk::text(line_at(bytes, node - 1).key);
    return sdk::text(path < kPart ? kKeys[path] : string_view());
  }
  lt_status each_value(sdk::Host, lt_each_value each, void* context) const {
    for (size_t at = 0; at < bytes.size();) {
      const Line line = line_at(bytes, at);
      const auto offset = static_cast<std::uint32_t>(line.value.data() - bytes.data());
      const lt_value value{sdk::text(line.value), offset, static_cast<std::uint32_t>(line.value.size()),
                           LT_VALUE, 0};
      if (!line.value.empty()) each(context, sdk::text(line.key), sdk::text(line.key), &value);
      at = line.next;
    }
    return LT_OK;
  }
};

struct KeyValue {
  static constexpr string_view kName = "keyvalue", kVersion = "1.0",
                               kDescription = "key=value lines of an analyser";
  using Record = Sample;
  struct Stream {};
  lt_status create(sdk::Host host, std::span<const lt_option> options) const {
    if (options.empty()) return LT_OK;
    host.report({.severity = LT_FATAL, .number = kNoOptions, .where = sdk::view(options[0].name)});
    return LT_OPTION;
  }
  // A sample ends with an empty line, or with the input.
  lt_status frame(Stream&, sdk::Host, string_view bytes, bool end_of_input, size_t& consumed,
                  string_view& message) const {
    const size_t begin = std::min(bytes.find_first_not_of("\r\n"), bytes.size());
    const size_t end = std::min({bytes.find("\n\n", begin), bytes.find("\n\r\n", begin), bytes.size()});
    if (end == bytes.size() && !end_of_input) return LT_NEED_MORE;
    consumed = end;
    message = bytes.substr(begin, end - begin);
    return message.empty() ? LT_END : LT_OK;
  }
  lt_status open(Stream*, sdk::Host host, string_view message, Record*& out) const {
    void* memory = host.allocate<Sample>(1);
    if (memory == nullptr) return LT_LIMIT;
    out = new (memory) Sample{message};
    for (size_t at = 0; at < message.size(); at = line_at(message, at).next) {
      const string_view key = line_at(message, at).key;
      const bool known = std::find(kKeys, std::end(kKeys), key) != std::end(kKeys);
      if (!known)
        host.report({.number = kUnknownKey, .offset = static_cast<std::uint32_t>(at), .value = key});
    }
    if (!out->value_of("id").empty()) return LT_OK;
    host.report({.severity = LT_FATAL, .number = kNoId});
    return LT_MALFORMED;
  }
  lt_status resolve(sdk::Host, lt_path context, string_view path, lt_path& out, lt_text& nearest) const {
    if (context == kResult && path.size() == 2 && path[0] == '.' && path[1] >= '1' && path[1] <= '9') {
      out = kPart + static_cast<lt_path>(path[1] - '0');
      return LT_OK;
    }
    out = static_cast<lt_path>(std::find(kKeys, std::end(kKeys), path) - kKeys);
    if (context == 0 && out < std::size(kKeys)) return LT_OK;
    nearest = sdk::text(sdk::nearest(path, kKeys));
    return LT_NOT_FOUND;
  }
};

}  // namespace
LT_ADAPTER(KeyValue)
