#include "adapters/hl7v2/delimiters.h"

#include <cstddef>

namespace lienthong::hl7v2 {
namespace {

bool usable(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  const bool letter = (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
  return byte >= 0x20 && byte != 0x7F && !letter && !is_digit(c) && c != '"';
}

bool all_different(const Delimiters& d) noexcept {
  const char all[] = {d.field, d.component, d.repetition, d.escape, d.subcomponent, d.truncation};
  for (std::size_t i = 0; i < sizeof(all); ++i) {
    for (std::size_t j = i + 1; j < sizeof(all); ++j) {
      if (all[i] == all[j] && all[i] != '\0') return false;
    }
  }
  return true;
}

// `^~&` without an escape character is a frequent slip: the ampersand is never meant as the escape character.
void assign(std::string_view encoding, Delimiters& d) noexcept {
  if (encoding.size() == 3 && encoding[2] == '&') {
    d.escape = '\0';
    encoding.remove_suffix(1);
  }
  if (encoding.size() > 0) d.component = encoding[0];
  if (encoding.size() > 1) d.repetition = encoding[1];
  if (encoding.size() > 2) d.escape = encoding[2];
  if (encoding.size() > 3) d.subcomponent = encoding[3];
  if (encoding.size() == 5) d.truncation = encoding[4];
}

}  // namespace

DelimiterState read_delimiters(std::string_view segment, Delimiters& out) noexcept {
  out = Delimiters{};
  if (segment.size() < 4 || !usable(segment[3])) return DelimiterState::Unusable;
  out.field = segment[3];
  std::size_t end = 4;
  while (end < segment.size() && usable(segment[end]) && segment[end] != out.field) ++end;
  const std::string_view encoding = segment.substr(4, end - 4);
  assign(encoding, out);
  if (!all_different(out)) return DelimiterState::Repeated;
  return encoding.size() == 4 || encoding.size() == 5 ? DelimiterState::Good : DelimiterState::Incomplete;
}

}  // namespace lienthong::hl7v2
