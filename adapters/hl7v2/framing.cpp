#include "adapters/hl7v2/framing.h"

#include <emmintrin.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "adapters/hl7v2/delimiters.h"
#include "adapters/hl7v2/problems.h"

namespace lienthong::hl7v2 {
namespace {

constexpr char kVt = '\x0b';
constexpr char kFs = '\x1c';
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kMostBlanks =
    64;  // before a segment's name; bounds what is looked at again with more bytes
constexpr std::size_t kDecided = 8;  // bytes that tell for certain whether a header stands here

bool is_line_end(char c) noexcept {
  return c == '\r' || c == '\n';
}
bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || is_line_end(c) || c == kVt || c == kFs || c == '\0';
}
bool may_separate(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  const bool letter = (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
  return byte > 0x20 && byte != 0x7F && !letter && !is_digit(c);
}

// The first \r, \n or FS from `at` on.  Frames come from any buffer, so nothing is read behind the end.
std::size_t find_mark(std::string_view bytes, std::size_t at) noexcept {
  const __m128i cr = _mm_set1_epi8('\r'), lf = _mm_set1_epi8('\n'), fs = _mm_set1_epi8(kFs);
  for (; at + 16 <= bytes.size(); at += 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes.data() + at));
    const __m128i lines = _mm_or_si128(_mm_cmpeq_epi8(block, cr), _mm_cmpeq_epi8(block, lf));
    const auto hits =
        static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(lines, _mm_cmpeq_epi8(block, fs))));
    if (hits != 0) return at + static_cast<std::size_t>(std::countr_zero(hits));
  }
  while (at < bytes.size() && !is_line_end(bytes[at]) && bytes[at] != kFs) ++at;
  return at;
}

std::uint32_t read_count(std::string_view text, bool& valid) noexcept {
  std::uint32_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  valid = result.ec == std::errc() && result.ptr == text.data() + text.size();
  return value;
}

}  // namespace

KeptHeader::~KeptHeader() {
  std::free(bytes_);
}

bool KeptHeader::keep(std::string_view segment) noexcept {
  size_ = 0;
  if (segment.size() > kLongest) return false;
  if (bytes_ == nullptr) bytes_ = static_cast<char*>(std::malloc(kLongest));
  if (bytes_ == nullptr) return false;
  std::memcpy(bytes_, segment.data(), segment.size());
  size_ = segment.size();
  return true;
}

Stream::Line Stream::classify(std::string_view rest, bool end_of_input, bool line_start) const noexcept {
  constexpr std::string_view kNames[] = {"MSH", "FHS", "BHS", "BTS", "FTS"};
  constexpr Line kLines[] = {Line::Message, Line::FileHeader, Line::BatchHeader, Line::BatchTrailer,
                             Line::FileTrailer};
  for (std::size_t i = 0; i < std::size(kNames); ++i) {
    const std::string_view seen = rest.substr(0, 3);
    if (kNames[i].substr(0, seen.size()) != seen) continue;
    if (rest.size() < kDecided && !end_of_input) return Line::Undecided;
    if (seen.size() < 3) return Line::Text;
    const bool header = i < 3;
    if (!header) {
      const bool ends = rest.size() == 3 || is_line_end(rest[3]) || rest[3] == kFs || rest[3] == field_;
      return line_start && ends ? kLines[i] : Line::Text;
    }
    if (rest.size() < 4 || !may_separate(rest[3])) return Line::Text;
    return line_start || rest.substr(4, 4) == "^~\\&" ? kLines[i] : Line::Text;
  }
  return Line::Text;
}

Stream::Step Stream::between(sdk::Host host, std::string_view bytes, bool end_of_input) noexcept {
  while (position_ < bytes.size()) {
    const std::string_view rest = bytes.substr(position_);
    if (is_blank(rest.front())) {
      line_start_ = line_start_ || (rest.front() != ' ' && rest.front() != '\t' && rest.front() != '\0');
      ++position_;
      continue;
    }
    const std::string_view mark = rest.substr(0, kByteOrderMark.size());
    if (kByteOrderMark.substr(0, mark.size()) == mark) {
      if (mark.size() < kByteOrderMark.size() && !end_of_input) return Step::NeedMore;
      position_ += mark.size();
      continue;
    }
    const Line line = classify(rest, end_of_input, line_start_);
    if (line == Line::Undecided) return Step::NeedMore;
    if (line == Line::Text) {
      lost_ = true;
      line_start_ = false;
      ++position_;
      continue;
    }
    report_skipped(host);
    if (line != Line::Message) return read_envelope_line(host, bytes, end_of_input, line);
    field_ = rest[3];
    start_ = position_;
    position_ += 3;
    in_message_ = true;
    return Step::GoOn;
  }
  return Step::NeedMore;
}

Stream::Step Stream::read_envelope_line(sdk::Host host, std::string_view bytes, bool end_of_input,
                                        Line line) noexcept {
  const std::string_view window = bytes.substr(position_, KeptHeader::kLongest + 1);
  const std::size_t size = find_mark(window, 0);
  const bool too_long = size > KeptHeader::kLongest;
  if (size == window.size() && !too_long && !end_of_input) return Step::NeedMore;
  if (too_long) {
    host.report({.severity = LT_ERROR, .number = number(ProblemNumber::BatchHeaderTooLong)});
    position_ += 3;
    line_start_ = false;
    return Step::GoOn;
  }
  const std::string_view segment = window.substr(0, size);
  position_ += size;
  line_start_ = true;
  if (line == Line::FileHeader || line == Line::BatchHeader) field_ = segment[3];
  if (line == Line::FileHeader) {
    file_.keep(segment);
    batch_.clear();
    batches_ = messages_ = 0;
  } else if (line == Line::BatchHeader) {
    batch_.keep(segment);
    ++batches_;
    messages_ = 0;
  } else if (line == Line::BatchTrailer) {
    check_count(host, segment, messages_, number(ProblemNumber::MessageCount));
    batch_.clear();
    messages_ = 0;
  } else {
    if (batches_ != 0) check_count(host, segment, batches_, number(ProblemNumber::BatchCount));
    file_.clear();
    batches_ = messages_ = 0;
  }
  return Step::GoOn;
}

// BTS-1 and FTS-1 are optional; a count that is there must be right.
void Stream::check_count(sdk::Host host, std::string_view trailer, std::uint32_t found,
                         std::uint32_t number) const noexcept {
  if (trailer.size() < 5) return;
  const std::string_view field = trailer.substr(4, trailer.find(field_, 4) - 4);
  if (field.empty()) return;
  bool valid = false;
  if (read_count(field, valid) == found && valid) return;
  char digits[12];
  const auto result = std::to_chars(digits, digits + sizeof(digits), found);
  const lt_text arguments[] = {sdk::text(field.substr(0, 20)),
                               {digits, static_cast<std::size_t>(result.ptr - digits)}};
  host.report(
      {.severity = LT_ERROR, .number = number, .where = trailer.substr(0, 3), .arguments = arguments});
}

void Stream::report_skipped(sdk::Host host) noexcept {
  if (lost_) host.report({.number = number(ProblemNumber::TextSkipped)});
  lost_ = false;
}

// Whether the message ends at the mark at position_; if not, position_ moves on.
bool Stream::ends_here(std::string_view bytes, bool end_of_input, bool& undecided) const noexcept {
  std::size_t next = position_ + 1;
  const auto more = [&] { return undecided = !end_of_input, false; };
  if (bytes[position_] == kFs) {
    if (next == bytes.size()) return end_of_input || more();
    return is_line_end(bytes[next]) || bytes[next] == kVt;
  }
  const std::size_t farthest = std::min(bytes.size(), next + kMostBlanks);
  while (next < farthest && (bytes[next] == ' ' || bytes[next] == '\t' || bytes[next] == kVt)) ++next;
  if (next == bytes.size()) return more();
  const Line line = classify(bytes.substr(next), end_of_input, true);
  undecided = line == Line::Undecided;
  return line != Line::Undecided && line != Line::Text;
}

Stream::Step Stream::within(std::string_view bytes, bool end_of_input) noexcept {
  for (;;) {
    position_ = find_mark(bytes, position_);
    if (position_ == bytes.size()) return end_of_input ? Step::Message : Step::NeedMore;
    bool undecided = false;
    if (ends_here(bytes, end_of_input, undecided)) return Step::Message;
    if (undecided) return Step::NeedMore;
    ++position_;
  }
}

std::string_view Stream::take(std::string_view bytes, std::size_t& consumed) noexcept {
  std::string_view message = bytes.substr(start_, position_ - start_);
  while (!message.empty() &&
         (is_line_end(message.back()) || message.back() == kFs || message.back() == '\0')) {
    message.remove_suffix(1);
  }
  consumed = position_;
  position_ = start_ = 0;
  in_message_ = false;
  line_start_ = true;
  ++messages_;
  return message;
}

lt_status Stream::frame(sdk::Host host, std::string_view bytes, bool end_of_input, std::size_t& consumed,
                        std::string_view& message) noexcept {
  for (;;) {
    const Step step = in_message_ ? within(bytes, end_of_input) : between(host, bytes, end_of_input);
    if (step == Step::Message) {
      message = take(bytes, consumed);
      return LT_OK;
    }
    if (step == Step::GoOn) continue;
    if (!end_of_input) return LT_NEED_MORE;
    consumed = bytes.size();
    position_ = 0;
    if (!lost_) return LT_END;
    lost_ = false;
    const ProblemNumber problem =
        looks_two_byte(bytes) ? ProblemNumber::TwoByteText : ProblemNumber::NoMessageHeader;
    host.report({.severity = LT_ERROR, .number = number(problem), .offset = 0});
    return LT_MALFORMED;
  }
}

std::size_t find_message(std::string_view bytes) noexcept {
  bool line_start = true;
  for (std::size_t at = 0; at + 4 <= bytes.size(); ++at) {
    const char c = bytes[at];
    if (c == 'M' && bytes.substr(at, 3) == "MSH" && may_separate(bytes[at + 3])) {
      if (line_start || bytes.substr(at + 4, 4) == "^~\\&") return at;
    }
    const bool mark = kByteOrderMark.find(c) != std::string_view::npos;
    line_start = is_line_end(c) || c == kVt || c == kFs || (line_start && (is_blank(c) || mark));
  }
  return std::string_view::npos;
}

bool is_ignorable(std::string_view bytes) noexcept {
  return std::all_of(bytes.begin(), bytes.end(),
                     [](char c) { return is_blank(c) || kByteOrderMark.find(c) != std::string_view::npos; });
}

bool looks_two_byte(std::string_view bytes) noexcept {
  if (bytes.substr(0, 2) == "\xFF\xFE" || bytes.substr(0, 2) == "\xFE\xFF") return true;
  constexpr std::string_view kLittle("M\0S\0H\0", 6), kBig("\0M\0S\0H", 6);
  const std::string_view start = bytes.substr(0, 64);
  return start.find(kLittle) != std::string_view::npos || start.find(kBig) != std::string_view::npos;
}

}  // namespace lienthong::hl7v2
