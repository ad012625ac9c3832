#include "adapters/hl7v2/format.h"

#include <charconv>
#include <cstring>
#include <new>

#include "adapters/hl7v2/answer.h"
#include "adapters/hl7v2/problems.h"
#include "adapters/hl7v2/reading_plan.h"
#include "adapters/sdk/nearest.h"

namespace lienthong::hl7v2 {
namespace {

constexpr std::string_view kOptions[] = {"default_version", "max_segments", "max_fields"};

bool read_limit(std::string_view text, std::uint32_t& out) noexcept {
  constexpr std::uint32_t kHighest = 30'000'000;  // what a node can number
  const auto result = std::from_chars(text.data(), text.data() + text.size(), out);
  return result.ec == std::errc() && result.ptr == text.data() + text.size() && out > 0 && out <= kHighest;
}

lt_status refuse(sdk::Host host, std::string_view message) noexcept {
  const bool two_byte = looks_two_byte(message);
  host.report({.severity = LT_FATAL,
               .number = number(two_byte ? ProblemNumber::TwoByteText : ProblemNumber::NoMessageHeader),
               .offset = 0});
  return LT_MALFORMED;
}

}  // namespace

lt_status Format::set(sdk::Host host, std::string_view name, std::string_view value) noexcept {
  if (name == "max_segments" || name == "max_fields") {
    std::uint32_t& limit = name == "max_segments" ? limits_.segments : limits_.fields;
    return read_limit(value, limit) ? LT_OK
                                    : host.refuse_option(number(ProblemNumber::OptionWrong), name, value);
  }
  if (name != "default_version") {
    return host.refuse_option(number(ProblemNumber::OptionUnknown), name, sdk::nearest(name, kOptions));
  }
  const bool plain = value.find_first_not_of("0123456789.") == std::string_view::npos;
  if (!plain || value.size() < 3 || value.size() > kLongestVersion || value.substr(0, 2) != "2.") {
    return host.refuse_option(number(ProblemNumber::OptionWrong), name, value);
  }
  std::memcpy(version_, value.data(), value.size());
  version_size_ = value.size();
  return LT_OK;
}

// The batch's headers become scans of their own, so that FHS-4 and BHS-4 are paths like all others.
std::uint32_t Format::open_headers(const Stream& stream, sdk::Host host, Record& record) const noexcept {
  std::uint32_t count = 1;
  for (const KeptHeader* header : {&stream.file_header(), &stream.batch_header()}) {
    const std::string_view bytes = header->view();
    if (bytes.empty()) continue;
    char* copy = host.allocate<char>(bytes.size() + LT_PADDING);
    if (copy == nullptr) return count;
    std::memcpy(copy, bytes.data(), bytes.size());
    Scan& scan = record.scan(count);
    const lt_status status = scan_message(host, {copy, bytes.size()}, 0, limits_, scan);
    if (status == LT_OK && scan.segment_count != 0) ++count;
  }
  return count;
}

lt_status Format::open(const Stream* stream, sdk::Host host, std::string_view message,
                       Record*& out) const noexcept {
  const std::size_t start = find_message(message);
  if (start == std::string_view::npos || start > UINT32_MAX) return refuse(host, message);
  if (!is_ignorable(message.substr(0, start)))
    host.report({.number = number(ProblemNumber::TextSkipped), .offset = 0});
  while (!message.empty() && (message.back() == '\x1c' || message.back() == '\0' || message.back() == '\r' ||
                              message.back() == '\n')) {
    message.remove_suffix(1);
  }
  void* memory = host.allocate<Record>(1);
  if (memory == nullptr) return LT_LIMIT;
  auto* record = new (memory) Record{};
  lt_status status = scan_message(host, message, static_cast<std::uint32_t>(start), limits_, record->scan(0));
  if (status != LT_OK) return status;
  if (record->scan(0).segment_count == 0) return refuse(host, message);
  record->set_scan_count(stream == nullptr ? 1 : open_headers(*stream, host, *record));
  status = record->prepare(host, {version_, version_size_});
  out = status == LT_OK ? record : nullptr;
  return status;
}

lt_status Format::plan(sdk::Host host, lt_path context, std::span<const lt_path> paths,
                       void*& out) const noexcept {
  ReadingPlan* plan = nullptr;
  const lt_status status = make_reading_plan(host, context, paths, plan);
  out = plan;
  return status;
}

lt_status Format::acknowledge(sdk::Host host, const lt_answer_request& request,
                              lt_text& answer) const noexcept {
  return render_answer(host, request, {version_, version_size_}, answer);
}

}  // namespace lienthong::hl7v2
