// From bytes to values: presence, escapes, and what the envelope says.

#include <algorithm>

#include "adapters/hl7v2/bytes.h"
#include "adapters/hl7v2/escape.h"
#include "adapters/hl7v2/problems.h"
#include "adapters/hl7v2/record.h"

namespace lienthong::hl7v2 {

lt_status Record::fill(sdk::Host host, const Target& target, lt_value& out) noexcept {
  out = lt_value{{nullptr, 0}, sdk::kNoOffset, 0, LT_ABSENT, 0};
  const Slice slice = target.slice;
  if (slice.absent()) return LT_OK;
  const Scan& scan = *target.owner.scan;
  const char* begin = scan.data + slice.begin;
  const std::uint32_t length = slice.end - slice.begin;
  if (target.owner.scan_number == 0) {
    out.offset = slice.begin;
    out.length = length;
  }
  const bool is_null = length == 2 && begin[0] == '"' && begin[1] == '"' && !slice.literal;
  if (length == 0 || is_null) {
    out.presence = is_null ? LT_NULL : LT_EMPTY;
    return LT_OK;
  }
  out.presence = LT_VALUE;
  out.text = {begin, length};
  const char escape = scan.delimiters.escape;
  if (slice.literal || escape == '\0' || find_byte(begin, begin + length, escape) == begin + length)
    return LT_OK;
  return fill_escaped(host, target, out);
}

lt_status Record::fill_escaped(sdk::Host host, const Target& target, lt_value& out) noexcept {
  const Unescaped result = unescape(host, sdk::view(out.text), target.owner.scan->delimiters);
  if (result.text.data == nullptr) return LT_LIMIT;
  out.text = result.text;
  if (result.text.size == 0) out.presence = LT_EMPTY;
  if (result.problem == EscapeProblem::None) return LT_OK;
  const ProblemNumber problem =
      result.problem == EscapeProblem::Charset ? ProblemNumber::EscapeCharset : ProblemNumber::EscapeUnknown;
  report_escape(host, target, number(problem), target.slice.begin + result.problem_offset);
  return LT_OK;
}

// Once for each place, however often it is read, and for the first places only.
void Record::report_escape(sdk::Host host, const Target& target, std::uint32_t number,
                           std::uint32_t offset) noexcept {
  const std::uint32_t* begin = escape_offsets_;
  const std::uint32_t* end = begin + escapes_reported_;
  if (escapes_reported_ == std::size(escape_offsets_) || std::find(begin, end, offset) != end) return;
  escape_offsets_[escapes_reported_++] = offset;
  const Scan& scan = *target.owner.scan;
  const std::uint32_t length = std::min<std::uint32_t>(target.slice.end - offset, 16);
  const lt_text where = name_of(host, target);
  host.report({.number = number,
               .offset = target.owner.scan_number == 0 ? offset : sdk::kNoOffset,
               .where = sdk::view(where),
               .value = {scan.data + offset, length}});
}

// MSH is always the first segment, and the choice of the structure, which finding others needs, depends on
// it.
std::string_view Record::header_text(std::uint16_t field, std::uint16_t component) noexcept {
  const Scan& scan = scans_[0];
  const Slice slice = scan.field(scan.segments[0], field);
  if (slice.absent() || slice.begin == slice.end) return {};
  const char* begin = scan.data + slice.begin;
  const char* end = find_byte(begin, scan.data + slice.end, scan.delimiters.repetition);
  if (end - begin == 2 && begin[0] == '"' && begin[1] == '"') return {};
  const char* stop = find_byte(begin, end, scan.delimiters.component);
  for (; component > 1; --component) {
    if (stop == end) return {};
    begin = stop + 1;
    stop = find_byte(begin, end, scan.delimiters.component);
  }
  const std::string_view found(begin, static_cast<std::size_t>(stop - begin));
  return found == "\"\"" ? std::string_view() : found;
}

std::string_view Record::text_at(const Path& path) noexcept {
  return plain_text(find_path_target(Node{}, path));
}

// As sent: none of the envelope's values can hold a delimiter.
std::string_view Record::plain_text(const Target& target) const noexcept {
  if (target.slice.absent() || target.known == LT_NULL) return {};
  const std::string_view found(target.owner.scan->data + target.slice.begin,
                               target.slice.end - target.slice.begin);
  return found == "\"\"" ? std::string_view() : found;
}

// "ORU^R01", whatever the delimiters.  Old senders leave the event to EVN-1, some to the structure in
// MSH-9.3.
lt_text Record::type_of(sdk::Host host) noexcept {
  const std::string_view type = header_text(9, 1);
  std::string_view event = header_text(9, 2);
  const std::string_view structure = header_text(9, 3);
  if (event.empty()) {
    Path path;
    path.kind = PathKind::Component;
    path.segment = segment_id("EVN");
    path.field = path.component = 1;
    event = text_at(path);
  }
  if (event.empty() && structure.size() == type.size() + 4 && structure.substr(0, type.size()) == type) {
    event = structure.substr(type.size() + 1);
  }
  if (event.empty() || type.empty()) return sdk::text(type);
  if (event.data() == type.data() + type.size() + 1 && type.data()[type.size()] == '^') {
    return {type.data(), type.size() + 1 + event.size()};
  }
  char* joined = host.allocate<char>(type.size() + event.size() + 1);
  if (joined == nullptr) return sdk::text(type);
  std::copy(type.begin(), type.end(), joined);
  joined[type.size()] = '^';
  std::copy(event.begin(), event.end(), joined + type.size() + 1);
  return {joined, type.size() + event.size() + 1};
}

lt_status Record::envelope(sdk::Host host, lt_envelope& out) noexcept {
  const auto evn = [this](std::uint16_t field) {
    Path path;
    path.kind = PathKind::Component;
    path.segment = segment_id("EVN");
    path.field = field;
    path.component = 1;
    return text_at(path);
  };
  const std::uint32_t size = out.struct_size;
  out = lt_envelope{};
  out.struct_size = size;
  out.type = type_of(host);
  out.control_id = sdk::text(header_text(10, 1));
  out.sender = sdk::text(header_text(4, 1));
  out.application = sdk::text(header_text(3, 1));
  out.time = sdk::text(header_text(7, 1));
  out.event_time = sdk::text(evn(6));
  if (out.event_time.size == 0) out.event_time = sdk::text(evn(2));
  if (out.event_time.size == 0) out.event_time = out.time;
  out.processing = sdk::text(header_text(11, 1));
  out.version = sdk::text(header_text(12, 1));
  if (out.version.size == 0) out.version = default_version_;
  out.charset = sdk::text(header_text(18, 1));
  const Slice sent = scans_[0].field(scans_[0].segments[0], 7);
  if (!sent.absent()) out.volatile_part = {scans_[0].data + sent.begin, sent.end - sent.begin};
  return LT_OK;
}

}  // namespace lienthong::hl7v2
