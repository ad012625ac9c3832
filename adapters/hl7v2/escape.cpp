#include "adapters/hl7v2/escape.h"

#include <algorithm>
#include <cstring>

namespace lienthong::hl7v2 {
namespace {

struct Output {
  char* begin;
  char* at;

  void put(char c) noexcept { *at++ = c; }
  void put(std::string_view text) noexcept {
    std::memcpy(at, text.data(), text.size());
    at += text.size();
  }
};

int hex_value(char c) noexcept {
  if (is_digit(c)) return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

bool put_hex(std::string_view digits, Output& out) noexcept {
  if (digits.empty() || digits.size() % 2 != 0) return false;
  if (!std::all_of(digits.begin(), digits.end(), [](char c) { return hex_value(c) >= 0; })) return false;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    out.put(static_cast<char>(hex_value(digits[i]) * 16 + hex_value(digits[i + 1])));
  }
  return true;
}

bool put_single(char name, const Delimiters& d, Output& out) noexcept {
  switch (name) {
    case 'F':
      out.put(d.field);
      return true;
    case 'S':
      out.put(d.component);
      return true;
    case 'T':
      out.put(d.subcomponent);
      return true;
    case 'R':
      out.put(d.repetition);
      return true;
    case 'E':
      out.put(d.escape);
      return true;
    case 'P':
      out.put(d.truncation == '\0' ? '#' : d.truncation);
      return true;
    case 'H':
    case 'N':
      return true;  // highlighting has no plain text
    default:
      return false;
  }
}

// `.sp3`, `.sp+3`: the sequence's own length bounds what it may make, so that a text cannot grow.
std::size_t amount(std::string_view digits, std::size_t longest) noexcept {
  if (!digits.empty() && digits.front() == '+') digits.remove_prefix(1);
  std::size_t value = 0;
  for (const char c : digits) {
    if (!is_digit(c)) return 1;
    value = std::min(value * 10 + static_cast<std::size_t>(c - '0'), longest);
  }
  return digits.empty() ? 1 : value;
}

bool put_format(std::string_view command, Output& out) noexcept {
  const std::string_view name = command.substr(0, 2);
  const std::string_view rest = command.substr(2);
  if (name == "br" || name == "ce") {
    out.put('\n');
    return true;
  }
  if (name == "sp" || name == "sk") {
    const std::size_t count = amount(rest, command.size() + 2);
    for (std::size_t i = 0; i < count; ++i) out.put(name == "sp" ? '\n' : ' ');
    return true;
  }
  return name == "in" || name == "ti" || name == "fi" || name == "nf";
}

enum class Replaced : std::uint8_t { Yes, Unknown, Charset };

Replaced replace(std::string_view sequence, const Delimiters& d, Output& out) noexcept {
  if (sequence.size() == 1) return put_single(sequence[0], d, out) ? Replaced::Yes : Replaced::Unknown;
  if (sequence.empty()) return Replaced::Unknown;
  if (sequence[0] == 'X') return put_hex(sequence.substr(1), out) ? Replaced::Yes : Replaced::Unknown;
  if (sequence[0] == '.' && sequence.size() >= 3) {
    return put_format(sequence.substr(1), out) ? Replaced::Yes : Replaced::Unknown;
  }
  const bool is_charset =
      (sequence[0] == 'C' && sequence.size() == 5) || (sequence[0] == 'M' && sequence.size() == 7);
  const std::string_view digits = sequence.substr(1);
  if (is_charset && std::all_of(digits.begin(), digits.end(), [](char c) { return hex_value(c) >= 0; })) {
    return Replaced::Charset;
  }
  return Replaced::Unknown;
}

void note(Unescaped& result, EscapeProblem problem, std::size_t offset) noexcept {
  if (result.problem != EscapeProblem::None) return;
  result.problem = problem;
  result.problem_offset = static_cast<std::uint32_t>(offset);
}

}  // namespace

Unescaped unescape(sdk::Host host, std::string_view escaped, const Delimiters& delimiters) noexcept {
  Unescaped result;
  char* memory = host.allocate<char>(escaped.size() + 1);
  if (memory == nullptr) return result;
  Output out{memory, memory};
  std::size_t at = 0;
  while (at < escaped.size()) {
    const std::size_t start = std::min(escaped.find(delimiters.escape, at), escaped.size());
    out.put(escaped.substr(at, start - at));
    if (start == escaped.size()) break;
    const std::size_t stop = escaped.find(delimiters.escape, start + 1);
    const bool closed = stop != std::string_view::npos;
    const Replaced replaced =
        closed ? replace(escaped.substr(start + 1, stop - start - 1), delimiters, out) : Replaced::Unknown;
    if (replaced != Replaced::Yes) {
      note(result, replaced == Replaced::Charset ? EscapeProblem::Charset : EscapeProblem::Unknown, start);
    }
    if (replaced == Replaced::Unknown) {
      // Only the escape character itself is kept and read over: the next one may open a sequence that is
      // known.
      out.put(delimiters.escape);
      at = start + 1;
      if (!closed) {
        out.put(escaped.substr(at));
        break;
      }
      continue;
    }
    at = stop + 1;
  }
  result.text = {out.begin, static_cast<std::size_t>(out.at - out.begin)};
  return result;
}

}  // namespace lienthong::hl7v2
