// An adapter with a fault: it ends the program, or does not come back, when it opens certain messages. For
// the test of what becomes of such a message and of the others. A message is one line, "control id;patient
// number;word".
#include <unistd.h>

#include <csignal>

#include "adapters/sdk/plugin.h"

namespace {
namespace sdk = lienthong::sdk;
using std::size_t;
using std::string_view;

constexpr string_view kPaths[] = {"", "id", "patient", "word"};

struct Line {
  string_view bytes;

  string_view field(lt_path path) const {
    string_view left = bytes;
    for (; path > 1; --path) left.remove_prefix(std::min(left.find(';'), left.size() - 1) + 1);
    return left.substr(0, left.find(';'));
  }
  lt_status envelope(sdk::Host, lt_envelope& out) const {
    out.type = sdk::text("line");
    out.control_id = sdk::text(field(1));
    return LT_OK;
  }
  size_t count(lt_node, lt_path) const { return 1; }
  lt_node child(lt_node node, lt_path, size_t) const { return node; }
  lt_status get(sdk::Host, lt_node, lt_path path, lt_value& out) const {
    const auto value = field(path);
    out = {sdk::text(value), static_cast<std::uint32_t>(value.data() - bytes.data()),
           static_cast<std::uint32_t>(value.size()), value.empty() ? LT_EMPTY : LT_VALUE, 0};
    return LT_OK;
  }
  lt_text place(sdk::Host, lt_node, lt_path path) const { return sdk::text(kPaths[path]); }
  lt_status each_value(sdk::Host, lt_each_value, void*) const { return LT_OK; }
};

struct Crashing {
  static constexpr string_view kName = "crashing", kVersion = "1.0", kDescription = "ends the program";
  using Record = Line;
  struct Stream {};
  lt_status create(sdk::Host, std::span<const lt_option>) const { return LT_OK; }
  lt_status frame(Stream&, sdk::Host, string_view bytes, bool at_end, size_t& consumed,
                  string_view& message) const {
    if (!at_end && bytes.find('\n') == string_view::npos) return LT_NEED_MORE;
    const size_t end = std::min(bytes.find('\n'), bytes.size());
    message = bytes.substr(0, end);
    consumed = std::min(end + 1, bytes.size());
    return message.empty() ? LT_END : LT_OK;
  }
  lt_status open(Stream*, sdk::Host host, string_view message, Record*& out) const {
    // A real fault, not abort(): sanitizers must not turn it into a report and another exit.
    if (message.ends_with(";CRASH")) ::raise(SIGKILL);
    while (message.ends_with(";HANG")) ::pause();
    void* memory = host.allocate<Line>(1);
    if (memory == nullptr) return LT_LIMIT;
    out = new (memory) Line{message};
    return LT_OK;
  }
  lt_status resolve(sdk::Host, lt_path, string_view path, lt_path& out, lt_text&) const {
    out = static_cast<lt_path>(std::find(kPaths, std::end(kPaths), path) - kPaths);
    return out < std::size(kPaths) ? LT_OK : LT_NOT_FOUND;
  }
};

}  // namespace
LT_ADAPTER(Crashing)
