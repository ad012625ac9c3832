#include "adapters/tabular/format.h"

#include <algorithm>
#include <new>

#include "adapters/tabular/problems.h"

namespace lienthong::tabular {
namespace {

constexpr std::size_t kLargestMessage = std::size_t{1} << 30;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

lt_status Format::open(Stream* stream, sdk::Host host, std::string_view message, Record*& out) {
  if (message.size() > kLargestMessage) {
    host.report({.severity = LT_FATAL, .number = number(ProblemNumber::MessageTooLarge)});
    return LT_LIMIT;
  }
  void* memory = host.allocate<Record>(1);
  if (memory == nullptr) return LT_LIMIT;
  auto* record = new (memory) Record{};
  const lt_status status = stream == nullptr ? open_alone(host, message, *record)
                                             : record->index(host, settings_, *stream->layout(settings_),
                                                             message, 0, stream->message_row());
  if (status == LT_OK) out = record;
  return status;
}

// The same steps as for a file, so that a stored message is read as it was when it came in one.
lt_status Format::open_alone(sdk::Host host, std::string_view message, Record& record) {
  alone_ = std::make_unique<Layout>();
  std::size_t from = message.substr(0, kByteOrderMark.size()) == kByteOrderMark ? kByteOrderMark.size() : 0;
  const std::size_t line = find_line_end(message, from);
  const char separator =
      tell_separator(settings_, message.substr(from, std::min(line - from, Layout::kLongestHeader)));
  const ScannedRow first =
      scan_row(message, from, true, {separator, Layout::kLongestHeader, 0}, [](auto&&...) {});
  const std::string_view text = message.substr(from, first.stop - from);
  if (!settings_.has_header) {
    alone_->take_declared(host, settings_, text);
    return record.index(host, settings_, *alone_, message, from, 1);
  }
  if (first.end != RowEnd::Complete || !alone_->read_header(host, settings_, text, separator, 1)) {
    if (first.end != RowEnd::Complete)
      host.report({.severity = LT_FATAL, .number = number(ProblemNumber::HeaderNotFound)});
    return LT_MALFORMED;
  }
  return record.index(host, settings_, *alone_, message, first.next, 2);
}

lt_status Format::resolve(sdk::Host host, lt_path context, std::string_view path, lt_path& out,
                          lt_text& nearest) const {
  if (path == "row") {
    if (context != 0) return LT_NOT_FOUND;
    out = kRowPath;
    return LT_OK;
  }
  if (context != 0 && context != kRowPath) return LT_NOT_FOUND;
  std::string_view similar;
  const bool is_declared = settings_.names->declared().empty() || settings_.names->is_declared(path, similar);
  if (!is_declared || path.empty() || path.front() == '.') {
    nearest = host.copy(similar);
    return LT_NOT_FOUND;
  }
  out = settings_.names->add(path);
  return out == 0 ? LT_LIMIT : LT_OK;
}

lt_status Format::preamble(const Stream& stream, sdk::Host host, lt_text& out) const {
  const std::string& header = stream.header();
  if (header.empty()) return LT_OK;
  char* bytes = host.allocate<char>(header.size() + 1);
  if (bytes == nullptr) return LT_LIMIT;
  header.copy(bytes, header.size());
  bytes[header.size()] = '\n';
  out = {bytes, header.size() + 1};
  return LT_OK;
}

}  // namespace lienthong::tabular
