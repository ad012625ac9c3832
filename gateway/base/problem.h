#pragma once
// A Problem says what is wrong with data: severity, number, place in the input and in the output. Its texts
// (English, Vietnamese, remedy) come from the catalogue, so a Problem is cheap to raise and safe to store.

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace lienthong {

// FHIR R4 value set issue-severity. An error makes the resource or element unusable; a warning leaves it
// valid.
enum class Severity : std::uint8_t { Information, Warning, Error, Fatal };

std::string_view name_of(Severity severity) noexcept;  // "warning"

inline constexpr std::uint32_t kNoOffset = std::numeric_limits<std::uint32_t>::max();

struct Problem {
  Severity severity = Severity::Error;
  std::uint16_t number = 0;  // LT-2103; the catalogue's key
  std::string catalogue;  // "" = the gateway's own; else the adapter's name, whose catalogue holds the number
  std::string where_input;             // "PID[1]-7", "XML1[3]/NGAY_SINH", "" = the whole message
  std::string where_output;            // "Patient.birthDate", "" = none
  std::uint32_t offset = kNoOffset;    // byte offset in the message
  std::vector<std::string> arguments;  // {0}, {1} … of the text: names and paths, never patient data
  std::string value;                   // the offending text itself: may be patient data; never logged
};

// Where problems go while a message is worked on. One per message; owned by the one who works on it; one
// thread.
class ProblemSink {
 public:
  void add(Problem problem);
  bool has_errors() const noexcept { return errors_ > 0; }
  std::size_t error_count() const noexcept { return errors_; }
  const std::vector<Problem>& problems() const noexcept { return problems_; }
  // How many were not kept because the limit was reached (they are still counted as errors).
  std::size_t dropped() const noexcept { return dropped_; }
  void clear() noexcept;

  static constexpr std::size_t kLimit = 1000;  // a hostile message cannot fill the memory with complaints

 private:
  std::vector<Problem> problems_;
  std::size_t errors_ = 0;
  std::size_t dropped_ = 0;
};

}  // namespace lienthong
