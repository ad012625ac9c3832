#include "gateway/convert/charset.h"

#include <emmintrin.h>

#include <algorithm>
#include <cstring>

#include "gateway/convert/generated/charset_tables.h"

namespace lienthong::convert {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr std::size_t kLongestName = 32;

struct CharsetName {
  std::string_view name;  // lower-case letters and digits only
  Charset charset;
};
constexpr CharsetName kNames[] = {
    {"utf8", Charset::Utf8},          {"unicodeutf8", Charset::Utf8},
    {"unicode", Charset::Utf8},       {"ascii", Charset::Ascii},
    {"usascii", Charset::Ascii},      {"88591", Charset::Latin1},
    {"iso88591", Charset::Latin1},    {"latin1", Charset::Latin1},
    {"cp1252", Charset::Windows1252}, {"windows1252", Charset::Windows1252},
    {"cp1258", Charset::Windows1258}, {"windows1258", Charset::Windows1258},
    {"tcvn3", Charset::Tcvn3},        {"tcvn5712", Charset::Tcvn3},
    {"abc", Charset::Tcvn3},          {"vni", Charset::Vni},
    {"vniwindows", Charset::Vni},     {"viscii", Charset::Viscii},
};

// Appends UTF-8 to memory that has room for it, composing tones with the letter before them.
class Utf8Writer {
 public:
  explicit Utf8Writer(char* out) noexcept : start_(out), out_(out) {}

  void add(char32_t c) noexcept {
    if (last_ != 0 && c >= 0x300 && c <= 0x323) {
      if (const auto composed = compose(last_, c); composed != 0) {
        out_ = last_at_;
        c = composed;
      }
    }
    last_ = c;
    last_at_ = out_;
    write(c);
  }
  std::string_view view() const noexcept { return {start_, static_cast<std::size_t>(out_ - start_)}; }

 private:
  static char32_t compose(char32_t base, char32_t mark) noexcept {
    const auto* const found =
        std::lower_bound(std::begin(kCompositions), std::end(kCompositions), std::pair(base, mark),
                         [](const Composition& c, const std::pair<char32_t, char32_t>& key) {
                           return std::pair<char32_t, char32_t>(c.base, c.mark) < key;
                         });
    return found != std::end(kCompositions) && found->base == base && found->mark == mark ? found->character
                                                                                          : 0;
  }

  void write(char32_t c) noexcept {
    if (c < 0x80) {
      *out_++ = static_cast<char>(c);
    } else if (c < 0x800) {
      *out_++ = static_cast<char>(0xC0 | c >> 6);
      *out_++ = static_cast<char>(0x80 | (c & 0x3F));
    } else {
      *out_++ = static_cast<char>(0xE0 | c >> 12);
      *out_++ = static_cast<char>(0x80 | (c >> 6 & 0x3F));
      *out_++ = static_cast<char>(0x80 | (c & 0x3F));
    }
  }

  char* start_;
  char* out_;
  char* last_at_ = nullptr;
  char32_t last_ = 0;
};

// Length of the valid sequence at the front of `text`; 0 when it is none (RFC 3629 §4).
std::size_t sequence_length(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0u) == 0x80u; };
  const unsigned b0 = byte(0), b1 = byte(1);
  if (b0 < 0x80) return 1;
  if (b0 >= 0xC2 && b0 <= 0xDF) return tail(1) ? 2 : 0;
  if (b0 >= 0xE0 && b0 <= 0xEF) {
    if ((b0 == 0xE0 && b1 < 0xA0) || (b0 == 0xED && b1 > 0x9F)) return 0;
    return tail(1) && tail(2) ? 3 : 0;
  }
  if (b0 >= 0xF0 && b0 <= 0xF4) {
    if ((b0 == 0xF0 && b1 < 0x90) || (b0 == 0xF4 && b1 > 0x8F)) return 0;
    return tail(1) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

std::size_t ascii_prefix(std::string_view text) noexcept {
  std::size_t i = 0;
  for (; i + 16 <= text.size(); i += 16) {
    const auto block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + i));
    if (_mm_movemask_epi8(block) != 0) break;
  }
  while (i < text.size() && static_cast<unsigned char>(text[i]) < 0x80) ++i;
  return i;
}

// Valid sequences as they are; every other byte as U+FFFD.
std::string_view repair_utf8(std::string_view bytes, char* out, bool& damaged) noexcept {
  char* const start = out;
  while (!bytes.empty()) {
    const auto length = sequence_length(bytes);
    if (length == 0) {
      damaged = true;
      std::memcpy(out, "\xEF\xBF\xBD", 3);
      out += 3;
      bytes.remove_prefix(1);
      continue;
    }
    std::memcpy(out, bytes.data(), length);
    out += length;
    bytes.remove_prefix(length);
  }
  return {start, static_cast<std::size_t>(out - start)};
}

void decode_vni(std::string_view bytes, Utf8Writer& out, bool& damaged) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto pair =
        i + 1 < bytes.size()
            ? std::find_if(std::begin(kVniPairs), std::end(kVniPairs),
                           [&](const auto& p) { return p.first == byte(i) && p.second == byte(i + 1); })
            : std::end(kVniPairs);
    if (pair != std::end(kVniPairs)) {
      out.add(pair->character);
      ++i;
      continue;
    }
    const auto single = std::find_if(std::begin(kVniSingles), std::end(kVniSingles),
                                     [&](const auto& p) { return p.first == byte(i); });
    if (single != std::end(kVniSingles))
      out.add(single->character);
    else if (byte(i) < 0x80)
      out.add(byte(i));
    else {
      damaged = true;
      out.add(kReplacement);
    }
  }
}

const std::uint16_t* table_of(Charset charset) noexcept {
  switch (charset) {
    case Charset::Tcvn3:
      return kTcvn3;
    case Charset::Viscii:
      return kViscii;
    case Charset::Windows1258:
      return kWindows1258;
    default:
      return kWindows1252;
  }
}

}  // namespace

std::optional<Charset> find_charset(std::string_view name) noexcept {
  char plain[kLongestName];
  std::size_t size = 0;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (!upper && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) continue;
    if (size == kLongestName) return std::nullopt;
    plain[size++] = upper ? static_cast<char>(c + ('a' - 'A')) : c;
  }
  const auto found = std::find_if(std::begin(kNames), std::end(kNames),
                                  [&](const auto& n) { return n.name == std::string_view(plain, size); });
  if (found == std::end(kNames)) return std::nullopt;
  return found->charset;
}

std::string_view name_of(Charset charset) noexcept {
  constexpr std::string_view kCanonical[] = {"UTF-8",        "ASCII", "ISO-8859-1", "windows-1252",
                                             "windows-1258", "TCVN3", "VNI",        "VISCII"};
  return kCanonical[static_cast<std::size_t>(charset)];
}

bool is_ascii(std::string_view text) noexcept {
  return ascii_prefix(text) == text.size();
}

bool is_utf8(std::string_view text) noexcept {
  for (;;) {
    text.remove_prefix(ascii_prefix(text));
    if (text.empty()) return true;
    const auto length = sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
}

std::string_view decode(Charset charset, std::string_view bytes, Arena& arena, bool& damaged) noexcept {
  auto* out = static_cast<char*>(arena.allocate(bytes.size() * 3 + 1, 1));
  if (out == nullptr) return {};
  if (charset == Charset::Utf8 || charset == Charset::Ascii) return repair_utf8(bytes, out, damaged);
  Utf8Writer writer(out);
  if (charset == Charset::Vni) {
    decode_vni(bytes, writer, damaged);
    return writer.view();
  }
  const auto* const table = table_of(charset);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (charset == Charset::Latin1 && byte >= 0x80 && byte < 0xA0) {
      writer.add(byte);
      continue;
    }
    if (table[byte] == 0 && byte != 0) damaged = true;
    writer.add(table[byte] == 0 && byte != 0 ? kReplacement : table[byte]);
  }
  return writer.view();
}

}  // namespace lienthong::convert
