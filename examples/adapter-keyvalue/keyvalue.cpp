// A complete adapter for an invented analyser that writes "key=value" lines and an empty line behind each
// sample:
//     id=0042
//     result=GLU;5.4;mmol/L
// Paths: a key ("patient", "result"); within a result ".1", ".2" … are the parts between semicolons.  A
// path's number is the key's place in kKeys, or kPart + n; a node is the offset of its line + 1, so no state
// is needed.
#include <algorithm>
#include <new>
#include <string_view>

#include "adapters/sdk/adapter.h"

namespace {
using std::size_t;
using View = std::string_view;
using Host = const lt_host*;
constexpr View kKeys[] = {"", "id", "time", "patient", "sex", "operator", "result"};
constexpr lt_path kResult = 6, kPart = 100;
enum Problems : uint32_t { kNoId = 1, kUnknownKey = 2, kNoOptions = 3 };
struct Line {
  View key, value;
  size_t next;  // the next line's offset
};

// The functions of lt_adapter. The record is the sample's text; an instance and a stream have no state.
struct KeyValue {
  static View view(lt_text t) { return t.size == 0 ? View() : View(t.data, t.size); }
  static lt_text text(View view) { return {view.data(), view.size()}; }
  static View sample_of(void* record) { return *static_cast<View*>(record); }
  static lt_path key_number(View key) {
    return static_cast<lt_path>(std::find(std::begin(kKeys), std::end(kKeys), key) - kKeys);
  }
  static void report(Host host, lt_severity severity, uint32_t number, View value) {
    const lt_problem p{sizeof p, severity, number, UINT32_MAX, {nullptr, 0}, text(value), nullptr, 0};
    host->problem(host->context, &p);
  }
  static Line line_at(View bytes, size_t at) {
    const size_t end = std::min(bytes.find('\n', at), bytes.size());
    View line = bytes.substr(at, end - at);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    const size_t equals = std::min(line.find('='), line.size()), value = std::min(equals + 1, line.size());
    return {line.substr(0, equals), line.substr(value), std::min(end + 1, bytes.size())};
  }
  static View part(View value, lt_path n) {
    for (; n > 1; --n) value.remove_prefix(std::min(value.find(';'), value.size() - 1) + 1);
    return value.substr(0, value.find(';'));
  }
  static lt_value value_of(View sample, View v) {
    const auto offset = static_cast<uint32_t>(v.data() - sample.data());
    return {text(v), offset, static_cast<uint32_t>(v.size()), v.empty() ? LT_EMPTY : LT_VALUE, 0};
  }
  // The i-th line of a key: its offset + 1; LT_ROOT when there is none.
  static lt_node find(View sample, lt_path key, size_t i) {
    for (size_t at = 0; at < sample.size(); at = line_at(sample, at).next) {
      if (line_at(sample, at).key == kKeys[key] && i-- == 0) return at + 1;
    }
    return LT_ROOT;
  }
  static View first(View sample, View key) {
    const lt_node node = find(sample, key_number(key), 0);
    return node == LT_ROOT ? View() : line_at(sample, node - 1).value;
  }
  static lt_status create(Host host, const lt_option*, size_t count, void** instance) {
    *instance = const_cast<View*>(kKeys);  // any address: an instance has no state
    if (count != 0) report(host, LT_FATAL, kNoOptions, {});
    return count == 0 ? LT_OK : LT_OPTION;
  }
  static lt_status stream_open(void* instance, Host, void** out) { return *out = instance, LT_OK; }
  // A sample ends with an empty line, or with the input.
  static lt_status frame(void*, void*, Host, lt_text given, int32_t last, size_t* done, lt_text* out) {
    const View bytes = view(given);
    const size_t begin = std::min(bytes.find_first_not_of("\r\n"), bytes.size());
    const size_t end = std::min({bytes.find("\n\n", begin), bytes.find("\n\r\n", begin), bytes.size()});
    if (end == bytes.size() && last == 0) return LT_NEED_MORE;
    *done = end, *out = text(bytes.substr(begin, end - begin));
    return begin == end ? LT_END : LT_OK;
  }
  static lt_status open(void*, void*, Host host, lt_text message, void** record) {
    const View sample = view(message);
    void* memory = host->allocate(host->context, sizeof sample, alignof(View));
    if (memory == nullptr) return LT_LIMIT;
    *record = new (memory) View(sample);
    for (size_t at = 0; at < sample.size(); at = line_at(sample, at).next) {
      const View key = line_at(sample, at).key;
      if (key_number(key) == std::size(kKeys)) report(host, LT_WARNING, kUnknownKey, key);
    }
    if (!first(sample, "id").empty()) return LT_OK;
    return report(host, LT_FATAL, kNoId, {}), LT_MALFORMED;
  }
  static lt_status envelope(void* record, Host, lt_envelope* out) {
    out->type = text("sample");
    out->control_id = text(first(sample_of(record), "id"));
    out->time = out->event_time = text(first(sample_of(record), "time"));
    return LT_OK;
  }
  static lt_status resolve(void*, Host, lt_path context, lt_text name, lt_path* out, lt_text* near) {
    const View path = view(name);
    const bool is_part =
        context == kResult && path.size() == 2 && path[0] == '.' && path[1] > '0' && path[1] <= '9';
    *out = is_part ? kPart + static_cast<lt_path>(path[1] - '0') : key_number(path);
    if (is_part || (context == 0 && *out < std::size(kKeys))) return LT_OK;
    for (const View key : kKeys) {
      if (key.size() > 1 && key.substr(0, 3) == path.substr(0, 3)) *near = text(key);
    }
    return LT_NOT_FOUND;
  }
  static size_t count(void* record, lt_node node, lt_path path) {
    if (path == 0 || path > kPart) return 1;
    for (size_t found = 0;; ++found)
      if (node != LT_ROOT || find(sample_of(record), path, found) == LT_ROOT) return found;
  }
  static lt_node child(void* record, lt_node node, lt_path path, size_t i) {
    return path < kPart ? find(sample_of(record), path, i) : node;
  }
  static lt_status get(void* record, Host, lt_node node, lt_path path, lt_value* out) {
    const View sample = sample_of(record);
    *out = {{nullptr, 0}, UINT32_MAX, 0, LT_ABSENT, 0};
    if (path != 0 && path < kPart) node = find(sample, path, 0);
    if (node == LT_ROOT) return LT_OK;
    const View value = line_at(sample, node - 1).value;
    *out = value_of(sample, path > kPart ? part(value, path - kPart) : value);
    return LT_OK;
  }
  static lt_text place(void* record, Host, lt_node node, lt_path path) {
    if (node != LT_ROOT) return text(line_at(sample_of(record), node - 1).key);
    return text(path < kPart ? kKeys[path] : View());
  }
  static lt_status each_value(void* record, Host, lt_each_value each, void* context) {
    const View sample = sample_of(record);
    for (size_t at = 0; at < sample.size(); at = line_at(sample, at).next) {
      const Line line = line_at(sample, at);
      const lt_value value = value_of(sample, line.value);
      if (!line.value.empty()) each(context, text(line.key), text(line.key), &value);
    }
    return LT_OK;
  }
};
}  // namespace
LT_EXPORT const lt_adapter* lt_adapter_entry(uint32_t major, uint32_t) {
  using K = KeyValue;
  const auto table = [](auto... member) { return lt_adapter{member...}; };
  static const lt_adapter adapter = table(
      uint32_t{sizeof(lt_adapter)}, LT_ABI_MAJOR, 0u, 0u, K::text("keyvalue"), K::text("1.0"),
      K::text("key=value lines"), K::create, [](void*) {}, K::stream_open, [](void*, void*) {}, K::frame,
      K::open, nullptr, K::envelope, K::resolve, K::count, K::child, K::get, K::place, K::each_value, nullptr,
      nullptr, nullptr, nullptr, nullptr, nullptr);
  return major == LT_ABI_MAJOR ? &adapter : nullptr;
}
