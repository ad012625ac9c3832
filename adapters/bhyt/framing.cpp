#include "adapters/bhyt/framing.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "adapters/bhyt/markup.h"
#include "adapters/bhyt/table.h"

namespace lienthong::bhyt {
namespace {

constexpr std::string_view kDossier = "HOSO";
// A file that was not foreseen is, up to this size, looked at as a whole before its first dossier is given,
// to know whether it is sound.
constexpr std::size_t kMostSurveyed = std::size_t{4} << 20;
constexpr std::size_t kMostOutside = std::size_t{1} << 20;  // bytes between dossiers that are waited for

// "{count}" of digits only.
bool read_count(std::string_view text, std::uint32_t& out) noexcept {
  const auto result = std::from_chars(text.data(), text.data() + text.size(), out);
  return !text.empty() && result.ec == std::errc() && result.ptr == text.data() + text.size();
}

bool looks_two_byte(std::string_view bytes) noexcept {
  if (bytes.size() < 4) return false;
  const bool mark = bytes.substr(0, 2) == "\xFF\xFE" || bytes.substr(0, 2) == "\xFE\xFF";
  return mark || (bytes[0] == '<' && bytes[1] == '\0') || (bytes[0] == '\0' && bytes[1] == '<');
}

std::uint32_t count_text(const char* p, const char* end, std::string_view wanted) noexcept {
  std::uint32_t count = 0;
  for (p = find_text(p, end, wanted); p != end; p = find_text(p + wanted.size(), end, wanted)) ++count;
  return count;
}

class Digits {
 public:
  explicit Digits(std::uint32_t value) noexcept {
    const auto result = std::to_chars(bytes_, bytes_ + sizeof bytes_, value);
    size_ = static_cast<std::size_t>(result.ptr - bytes_);
  }
  std::string_view view() const noexcept { return {bytes_, size_}; }

 private:
  char bytes_[12];
  std::size_t size_;
};

}  // namespace

void HeldText::keep(std::string_view text) noexcept {
  size_ = text.size() > kLongest ? 0 : text.size();
  if (size_ != 0) std::memcpy(bytes_, text.data(), size_);
}

lt_status Stream::frame(sdk::Host host, std::size_t most, std::string_view bytes, bool end_of_input,
                        std::size_t& consumed, std::string_view& message) noexcept {
  if (!begun_ && looks_two_byte(bytes)) refuse(host, ProblemNumber::TwoByteText, 0);
  begun_ = begun_ || bytes.size() >= 4;
  for (;;) {
    if (refused_) {
      consumed = bytes.size();
      position_ = 0;
      if (consumed == 0) return end_of_input ? LT_END : LT_NEED_MORE;
      return LT_MALFORMED;
    }
    const bool between = ending_.view().empty();
    Step step = between ? outside(host, bytes, end_of_input) : inside(host, bytes, end_of_input);
    if (step == Step::GoOn) continue;
    if (step == Step::Message && position_ - start_ > most) {
      report_too_large(host, most);
      step = Step::Malformed;
    }
    if (step == Step::Message) {
      message = bytes.substr(start_, position_ - start_);
      consumed = position_;
      position_ = 0;
      return LT_OK;
    }
    if (step == Step::Malformed) {
      consumed = position_;
      position_ = 0;
      return LT_MALFORMED;
    }
    if (end_of_input) return finish(host, bytes, consumed);
    const bool is_long = between ? position_ > kMostOutside : position_ - start_ > most;
    if (!is_long && !skipping_) return LT_NEED_MORE;
    if (!between && !skipping_) {
      report_too_large(host, most);
      skipping_ = true;
    }
    if (position_ == 0) return LT_NEED_MORE;
    consumed = position_;
    position_ = start_ = 0;
    return LT_MALFORMED;
  }
}

void Stream::report_too_large(sdk::Host host, std::size_t most) const noexcept {
  const Digits limit(static_cast<std::uint32_t>(std::min<std::size_t>(most, UINT32_MAX)));
  report_dossier(host, LT_ERROR, ProblemNumber::DossierTooLarge, start_, limit.view());
}

Stream::Step Stream::outside(sdk::Host host, std::string_view bytes, bool end_of_input) noexcept {
  const char* const end = bytes.data() + bytes.size();
  if (!section_end_.empty() && !skip_section(bytes)) return Step::NeedMore;
  const char* at = find_byte(bytes.data() + position_, end, '<');
  const auto from = static_cast<std::size_t>(at - bytes.data());
  if (!trimmed(bytes.substr(position_, from - position_)).empty() && found_ != 0 && !is_signed_) lost_ = true;
  position_ = from;
  if (at == end) return Step::NeedMore;
  const Tag tag = read_tag(at, end);
  const auto behind = static_cast<std::size_t>(tag.end == nullptr ? 0 : tag.end - bytes.data());
  switch (tag.mark) {
    case Mark::Incomplete:
      if (end_of_input) position_ = bytes.size();
      return Step::NeedMore;
    case Mark::Doctype:
      return refuse(host, ProblemNumber::DoctypeRefused, from);
    case Mark::Start:
      return start_tag(host, bytes, tag.name, tag.is_empty, from, behind, end_of_input);
    case Mark::End:
      if (depth_ > 0 && --depth_ == 0) closed_ = true;
      break;
    case Mark::Instruction:
      if (trusts_marks_ && bytes.substr(from, behind - from) == kWholeMark)
        header_.is_sound = surveyed_ = true;
      break;
    default:
      break;
  }
  position_ = behind;
  return Step::GoOn;
}

Stream::Step Stream::start_tag(sdk::Host host, std::string_view bytes, std::string_view name, bool is_empty,
                               std::size_t from, std::size_t behind, bool end_of_input) noexcept {
  const bool is_dossier = same_name(name, kDossier);
  if (is_dossier || table_of_root(name) != kNoTable) {
    if (!surveyed_ && !end_of_input && bytes.size() - from < kMostSurveyed) {
      position_ = from;
      return Step::NeedMore;
    }
    if (!surveyed_ && end_of_input) survey(bytes.substr(from));
    surveyed_ = true;
    if (is_dossier) has_envelope_ = true;
    ++found_;
    header_.dossier = found_;
    if (is_empty) {
      report_dossier(host, LT_ERROR, ProblemNumber::ContentEmpty, from, kDossier);
      position_ = behind;
      return Step::Malformed;
    }
    enter(name, from, behind);
    return Step::GoOn;
  }
  if (same_name(name, "MACSKCB") || same_name(name, "NGAYLAP") || same_name(name, "SOLUONGHOSO")) {
    const Step read = read_header(bytes, name, behind, end_of_input);
    if (read == Step::NeedMore) return read;
  } else if (same_name(name, "CHUKYDONVI")) {
    const Step read = read_signature(bytes, is_empty, behind, end_of_input);
    if (read == Step::NeedMore) return read;
  }
  if (root_.view().empty()) root_.keep(name);
  if (same_name(name, "GIAMDINHHS")) has_envelope_ = true;
  position_ = behind;
  if (is_empty) return Step::GoOn;
  closed_ = false;
  return ++depth_ > kDeepest ? refuse(host, ProblemNumber::NestingTooDeep, from) : Step::GoOn;
}

Stream::Step Stream::read_header(std::string_view bytes, std::string_view name, std::size_t behind,
                                 bool end_of_input) noexcept {
  const char* const end = bytes.data() + bytes.size();
  const char* close = find_byte(bytes.data() + behind, end, '<');
  if (close == end && !end_of_input && end - bytes.data() - static_cast<std::ptrdiff_t>(behind) < 4096)
    return Step::NeedMore;
  const auto text = trimmed(bytes.substr(behind, static_cast<std::size_t>(close - bytes.data()) - behind));
  if (same_name(name, "MACSKCB")) header_.facility.keep(text);
  if (same_name(name, "NGAYLAP")) header_.date.keep(text);
  if (same_name(name, "SOLUONGHOSO")) header_.count.keep(text);
  return Step::GoOn;
}

// Whether anything stands in the element; what the signature says is for those who hold the keys.
Stream::Step Stream::read_signature(std::string_view bytes, bool is_empty, std::size_t behind,
                                    bool end_of_input) noexcept {
  if (is_empty) return Step::GoOn;
  std::size_t at = behind;
  while (at < bytes.size() && is_blank(bytes[at])) ++at;
  if (at + 1 >= bytes.size()) return end_of_input ? Step::GoOn : Step::NeedMore;
  is_signed_ = bytes[at] != '<' || bytes[at + 1] != '/';
  return Step::GoOn;
}

void Stream::enter(std::string_view name, std::size_t from, std::size_t behind) noexcept {
  ending_.keep(name);
  start_ = from;
  position_ = behind;
}

// In a comment or CDATA: goes behind it; false when its end is not there yet.
bool Stream::skip_section(std::string_view bytes) noexcept {
  const char* const end = bytes.data() + bytes.size();
  const char* found = find_text(bytes.data() + position_, end, section_end_);
  if (found == end) {
    const auto kept = section_end_.size() - 1;  // may be the first half of the end
    position_ = std::max(position_, bytes.size() - std::min(bytes.size(), kept));
    return false;
  }
  position_ = static_cast<std::size_t>(found - bytes.data()) + section_end_.size();
  section_end_ = {};
  return true;
}

bool Stream::ends_dossier(std::string_view name) const noexcept {
  return same_name(name, "DANHSACHHOSO") || same_name(name, "THONGTINHOSO") || same_name(name, root_.view());
}

Stream::Step Stream::inside(sdk::Host host, std::string_view bytes, bool end_of_input) noexcept {
  const char* const end = bytes.data() + bytes.size();
  if (!section_end_.empty() && !skip_section(bytes)) return Step::NeedMore;
  const char* at = find_byte(bytes.data() + position_, end, '<');
  position_ = static_cast<std::size_t>(at - bytes.data());
  if (at == end) return Step::NeedMore;
  const std::string_view name = ending_.view();
  // By far the most tags are values' own, in files that hold tables unencoded.
  if (end - at > 2 && at[1] != '/' && at[1] != '!' && ((at[1] ^ name[0]) & 0xDF) != 0) {
    ++position_;
    return Step::GoOn;
  }
  const Tag tag = read_tag(at, end);
  if (tag.mark == Mark::Incomplete && !end_of_input && end - at < static_cast<std::ptrdiff_t>(kLongestTag)) {
    if (end - at >= 4 && std::memcmp(at, "<!--", 4) == 0) {
      section_end_ = "-->";
      position_ += 4;
      return Step::GoOn;
    }
    return Step::NeedMore;
  }
  if (tag.mark == Mark::Cdata) section_end_ = "]]>";
  if (tag.mark == Mark::End && same_name(tag.name, name)) {
    position_ = static_cast<std::size_t>(tag.end - bytes.data());
    ending_.keep({});
    const bool is_left_out = skipping_;
    skipping_ = false;
    return is_left_out ? Step::Malformed : Step::Message;
  }
  const bool next_begins =
      tag.mark == Mark::Start && same_name(tag.name, kDossier) && same_name(name, kDossier);
  if (next_begins || (tag.mark == Mark::End && same_name(name, kDossier) && ends_dossier(tag.name)))
    return broken_off(host, position_);
  const bool is_known = tag.mark == Mark::Comment || tag.mark == Mark::Cdata;
  position_ = is_known ? static_cast<std::size_t>(tag.end - bytes.data()) : position_ + 1;
  return Step::GoOn;
}

// The dossier has no end: what follows is still read.
Stream::Step Stream::broken_off(sdk::Host host, std::size_t at) noexcept {
  if (!skipping_) {
    const Digits number(found_);
    report_dossier(host, LT_ERROR, ProblemNumber::DossierTruncated, start_, number.view());
  }
  skipping_ = false;
  ending_.keep({});
  section_end_ = {};
  position_ = at;
  return Step::Malformed;
}

Stream::Step Stream::refuse(sdk::Host host, ProblemNumber problem, std::size_t at) noexcept {
  const Digits deepest(kDeepest);
  const lt_text arguments[] = {sdk::text(deepest.view())};
  host.report({.severity = LT_FATAL,
               .number = number(problem),
               .offset = static_cast<std::uint32_t>(std::min<std::size_t>(at, sdk::kNoOffset)),
               .arguments = arguments});
  refused_ = judged_ = true;
  return Step::GoOn;
}

void Stream::report_dossier(sdk::Host host, lt_severity severity, ProblemNumber problem, std::size_t at,
                            std::string_view first, std::string_view second) const noexcept {
  char where[24] = "HOSO[";
  const Digits ordinal(found_);
  std::memcpy(where + 5, ordinal.view().data(), ordinal.view().size());
  where[5 + ordinal.view().size()] = ']';
  const lt_text arguments[] = {sdk::text(first), sdk::text(second)};
  host.report({.severity = severity,
               .number = number(problem),
               .offset = static_cast<std::uint32_t>(std::min<std::size_t>(at, sdk::kNoOffset)),
               .where = {where, found_ == 0 ? 0 : 6 + ordinal.view().size()},
               .arguments = arguments});
}

lt_status Stream::finish(sdk::Host host, std::string_view bytes, std::size_t& consumed) noexcept {
  if (!ending_.view().empty()) {
    broken_off(host, bytes.size());
    depth_ = std::max(depth_, 1U);  // what is around it is not closed either
    consumed = bytes.size();
    position_ = 0;
    return LT_MALFORMED;
  }
  consumed = bytes.size();
  position_ = 0;
  if (judged_) return LT_END;
  judged_ = true;
  const bool has_content = found_ != 0 || !root_.view().empty() || !trimmed(bytes).empty();
  if (!has_content) return LT_END;
  // Where there were dossiers, an error of the whole is no further message.
  return give_verdicts(host) && found_ == 0 ? LT_MALFORMED : LT_END;
}

// What can be said of the file as a whole only at its end. True when one of them is an error.
bool Stream::give_verdicts(sdk::Host host) noexcept {
  bool is_wrong = false;
  const auto blame = [&](ProblemNumber problem, std::string_view first, std::string_view second) {
    const lt_text arguments[] = {sdk::text(first), sdk::text(second)};
    host.report({.severity = problem == ProblemNumber::NoDossier ? LT_FATAL : LT_ERROR,
                 .number = number(problem),
                 .arguments = arguments});
    is_wrong = true;
  };
  if (found_ == 0) blame(ProblemNumber::NoDossier, {}, {});
  if (depth_ > 0) blame(ProblemNumber::FileTruncated, {}, {});
  std::uint32_t stated = 0;
  const bool is_count = read_count(header_.count.view(), stated);
  const Digits found(found_);
  if (!header_.count.view().empty() && (!is_count || stated != found_))
    blame(ProblemNumber::DossierCount, header_.count.view(), found.view());
  if (lost_) host.report({.number = number(ProblemNumber::TextOutside)});
  if (has_envelope_ && !is_signed_) host.report({.number = number(ProblemNumber::NotSigned)});
  // Text that belongs to nothing may be what is left of a dossier.
  ended_well_ = !is_wrong && !lost_;
  return is_wrong;
}

void Stream::foresee(const Stream& whole, bool is_clean) noexcept {
  surveyed_ = true;
  header_.is_sound = is_clean && whole.ended_well_;
}

// With the whole file in hand at its first dossier: is it closed, and of as many dossiers as it states?
void Stream::survey(std::string_view bytes) noexcept {
  const char* const end = bytes.data() + bytes.size();
  if (root_.view().empty()) {  // a table alone: it is whole when its own end is there, which framing sees
    header_.is_sound = true;
    return;
  }
  const auto tail = trimmed(bytes);
  const auto last = tail.rfind("</");
  if (last == std::string_view::npos) return;
  const Tag tag = read_tag(tail.data() + last, end);
  if (tag.mark != Mark::End || !same_name(tag.name, root_.view())) return;
  std::uint32_t stated = 0;
  const bool is_stated = read_count(header_.count.view(), stated);
  header_.is_sound = !is_stated || count_text(bytes.data(), end, "</HOSO>") == stated;
}

}  // namespace lienthong::bhyt
