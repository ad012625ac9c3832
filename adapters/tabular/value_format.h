#pragma once
// How a column writes its numbers and times, declared by an example or a pattern (semantics 12, 13).

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lienthong::tabular {

// Reads a column's texts into what has one meaning only: numbers with a point and no thousands sign, times as
// yyyy-MM-ddTHH:mm:ss as far as they go. Digits stay as they are.
class ValueFormat {
 public:
  enum class Kind : std::uint8_t { None, Number, Time };
  static constexpr std::size_t kLongest = 64;  // of a result

  // "1.234,5", "1,234.5", "1 234,5", "1234,5", "1234.5": the example says decimal and thousands sign.
  static bool parse_number(std::string_view example, ValueFormat& out);
  // "dd/MM/yyyy HH:mm | dd/MM/yyyy | yyyy": yyyy, MM, dd, HH, mm, ss (M, d, H: one or two digits) and the
  // characters between them; the first pattern that fits is taken.
  static bool parse_time(std::string_view patterns, ValueFormat& out);

  Kind kind() const noexcept { return kind_; }
  // Writes at most kLongest bytes to `out`; their number, 0 when the text is not of this form. A number keeps
  // a comparator in front ("<0,5").
  std::size_t apply(std::string_view text, char* out) const noexcept;
  // Whether it begins like a number, so that one not of this form must not be read as another.
  static bool looks_like_number(std::string_view text) noexcept;

 private:
  struct Pattern {
    std::string text;
    std::string shape;  // the same with 0 for each letter of a part; empty when parts vary in length
  };
  std::size_t apply_number(std::string_view text, char* out) const noexcept;
  static std::string shape_of(std::string_view pattern);
  static std::size_t apply_time(const Pattern& pattern, std::string_view text, char* out) noexcept;

  Kind kind_ = Kind::None;
  char decimal_ = '.', thousands_ = '\0';
  std::vector<Pattern> patterns_;
};

}  // namespace lienthong::tabular
