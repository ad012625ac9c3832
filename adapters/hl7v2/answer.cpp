#include "adapters/hl7v2/answer.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "adapters/hl7v2/answer_text.h"
#include "adapters/hl7v2/framing.h"

namespace lienthong::hl7v2 {
namespace {

constexpr std::size_t kMostFields = 26;
constexpr std::size_t kLongestHeader = 8192;
constexpr std::size_t kMostErrors = 50;

// find_first_of() calls memchr() for each character.
std::size_t end_of_line(std::string_view text) noexcept {
  const auto ends = [](char c) { return c == '\r' || c == '\n' || c == '\x1c'; };
  return static_cast<std::size_t>(std::find_if(text.begin(), text.end(), ends) - text.begin());
}

// The sender's MSH, read byte by byte: the message may be one that could not be opened.
class SenderHeader {
 public:
  explicit SenderHeader(std::string_view message) noexcept {
    const std::size_t start = find_message(message.substr(0, 64 * 1024));
    if (start == std::string_view::npos) return;
    std::string_view line = message.substr(start, kLongestHeader);
    line = line.substr(0, end_of_line(line));
    sane_ = read_delimiters(line, delimiters_) == DelimiterState::Good;
    if (!sane_) {
      cut(line, delimiters_.field);
      delimiters_ = Delimiters{};
      return;
    }
    cut(line, delimiters_.field);
  }

  const Delimiters& delimiters() const noexcept { return delimiters_; }
  bool sane() const noexcept { return sane_; }
  // As sent, first repetition.
  std::string_view field(std::size_t n) const noexcept {
    const std::string_view whole = n < fields_.size() ? fields_[n] : std::string_view();
    return whole == "\"\"" ? std::string_view() : whole.substr(0, whole.find(delimiters_.repetition));
  }
  std::string_view component(std::size_t n, std::size_t which) const noexcept {
    std::string_view rest = field(n);
    for (; which > 1; --which) {
      const std::size_t stop = rest.find(delimiters_.component);
      if (stop == std::string_view::npos) return {};
      rest.remove_prefix(stop + 1);
    }
    return rest.substr(0, rest.find(delimiters_.component));
  }

 private:
  void cut(std::string_view line, char separator) noexcept {
    if (line.size() < 4) return;
    line.remove_prefix(4);
    for (std::size_t n = 2; n < fields_.size(); ++n) {
      const std::size_t stop = line.find(separator);
      fields_[n] = line.substr(0, stop);
      if (stop == std::string_view::npos) return;
      line.remove_prefix(stop + 1);
    }
  }

  Delimiters delimiters_;
  bool sane_ = false;
  std::array<std::string_view, kMostFields> fields_{};
};

// "2.5.1" → 251, "2.3" → 230; 0 when it is no version.
unsigned version_number(std::string_view version) noexcept {
  unsigned number = 0;
  unsigned digits = 0;
  for (const char c : version) {
    if (c == '.') continue;
    if (!is_digit(c)) break;
    if (++digits > 3) break;
    number = number * 10 + static_cast<unsigned>(c - '0');
  }
  if (number < 20) return 0;
  return number < 100 ? number * 10 : number;
}

std::string_view code_of(lt_acknowledge_kind kind) noexcept {
  constexpr std::string_view kCodes[] = {"AA", "AE", "AR", "CA", "CE", "CR"};
  return kind >= 0 && kind < 6 ? kCodes[kind] : kCodes[LT_REJECTED];
}

bool is_acceptance(lt_acknowledge_kind kind) noexcept {
  return kind == LT_ACCEPTED || kind == LT_COMMIT_ACCEPTED;
}

// HL7 table 0357, the codes' own texts.
std::string_view error_text(std::uint32_t code) noexcept {
  struct Row {
    std::uint32_t code;
    std::string_view text;
  };
  constexpr Row kRows[] = {{0, "Message accepted"},
                           {100, "Segment sequence error"},
                           {101, "Required field missing"},
                           {102, "Data type error"},
                           {103, "Table value not found"},
                           {200, "Unsupported message type"},
                           {201, "Unsupported event code"},
                           {202, "Unsupported processing id"},
                           {203, "Unsupported version id"},
                           {204, "Unknown key identifier"},
                           {205, "Duplicate key identifier"},
                           {206, "Application record locked"},
                           {207, "Application internal error"}};
  for (const Row& row : kRows) {
    if (row.code == code) return row.text;
  }
  return "Application internal error";
}

// "PID[1]-3[2].4.1" cut into ERL's parts; what is not said stays empty.
struct Location {
  std::string_view segment;
  std::array<std::string_view, 5> parts{};  // sequence, field, repetition, component, subcomponent
};

std::string_view take_digits(std::string_view& text) noexcept {
  std::size_t size = 0;
  while (size < text.size() && is_digit(text[size])) ++size;
  const std::string_view digits = text.substr(0, size);
  text.remove_prefix(size);
  return digits;
}

bool take(std::string_view& text, char c) noexcept {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

Location read_location(std::string_view where) noexcept {
  Location location;
  if (where.size() < 3 || !is_upper(where[0]) || !is_name_character(where[1]) ||
      !is_name_character(where[2])) {
    return location;
  }
  location.segment = where.substr(0, 3);
  where.remove_prefix(3);
  location.parts[0] = "1";
  if (take(where, '[')) {
    location.parts[0] = take_digits(where);
    take(where, ']');
  }
  if (!take(where, '-')) return location;
  location.parts[1] = take_digits(where);
  location.parts[2] = "1";
  if (take(where, '[')) {
    location.parts[2] = take_digits(where);
    take(where, ']');
  }
  if (take(where, '.')) location.parts[3] = take_digits(where);
  if (take(where, '.')) location.parts[4] = take_digits(where);
  return location;
}

class Answer {
 public:
  Answer(sdk::Host host, const lt_answer_request& request, std::string_view default_version) noexcept
      : request_(request),
        sender_(sdk::view(request.message)),
        version_(sender_.component(12, 1)),
        utf8_(sender_.component(18, 1) == "UNICODE UTF-8" || sender_.component(18, 1) == "UTF-8"),
        out_(host, sender_.delimiters(), utf8_) {
    if (version_number(version_) == 0) version_ = default_version;
    number_ = version_number(version_);
  }

  lt_status render(lt_text& answer) noexcept {
    header();
    acknowledgment();
    if (number_ >= 250) {
      errors();
    } else if (!is_acceptance(request_.kind)) {
      old_errors();
    }
    if (out_.failed()) return LT_LIMIT;
    answer = out_.result();
    return LT_OK;
  }

 private:
  // The sender's own bytes where its delimiters are ours too; else its text, made safe.
  void echo(std::string_view sent) noexcept {
    if (sender_.sane()) {
      out_.raw(sent);
    } else {
      out_.text(sent);
    }
  }

  void header() noexcept {
    const Delimiters& d = sender_.delimiters();
    out_.raw("MSH").raw(d.field).raw(d.component).raw(d.repetition);
    if (d.escape != '\0') out_.raw(d.escape);
    out_.raw(d.subcomponent);
    if (d.truncation != '\0') out_.raw(d.truncation);
    for (const std::size_t field : {5U, 6U, 3U, 4U}) {
      out_.fields(1);
      echo(sender_.field(field));
    }
    out_.fields(1).text(sdk::view(request_.now)).fields(2);
    type();
    out_.fields(1).text(sdk::view(request_.own_control_id)).fields(1);
    const std::string_view processing = sender_.field(11);
    echo(processing.empty() ? "P" : processing);
    out_.fields(1);
    echo(sender_.field(12).empty() ? version_ : sender_.field(12));
    if (utf8_) out_.fields(6).raw("UNICODE UTF-8");
    out_.raw('\r');
  }

  // MSH-9.2 came with v2.3's acknowledgments, MSH-9.3 with v2.3.1.
  void type() noexcept {
    const char component = sender_.delimiters().component;
    const std::string_view event = sender_.component(9, 2);
    out_.raw("ACK");
    if (number_ < 230) return;
    if (!event.empty()) {
      out_.raw(component);
      echo(event);
    }
    if (number_ < 231) return;
    if (event.empty()) out_.raw(component);
    out_.raw(component).raw("ACK");
  }

  void acknowledgment() noexcept {
    out_.raw("MSA").fields(1).raw(code_of(request_.kind)).fields(1);
    echo(sender_.field(10));
    const bool explains = number_ < 250 && request_.problem_count != 0 && !is_acceptance(request_.kind);
    if (explains) out_.fields(1).text(sdk::view(gravest().text), 80);
    out_.raw('\r');
  }

  // MSA-3 has room for one: the reason of the refusal, not a remark that was made before it.
  const lt_reported& gravest() const noexcept {
    return *std::max_element(request_.problems, request_.problems + request_.problem_count,
                             [](const auto& a, const auto& b) { return a.severity < b.severity; });
  }

  // ERR from v2.5 on: location, error, severity, and the text for people.
  void errors() noexcept {
    for (std::size_t i = 0; i < std::min(request_.problem_count, kMostErrors); ++i) {
      const lt_reported& problem = request_.problems[i];
      out_.raw("ERR").fields(2);
      location(read_location(sdk::view(problem.where)));
      out_.fields(1);
      coded(problem.hl7_error, sender_.delimiters().component);
      out_.fields(1).raw(problem.severity == LT_INFORMATION ? 'I'
                         : problem.severity == LT_WARNING   ? 'W'
                                                            : 'E');
      out_.fields(4).text(sdk::view(problem.text)).raw('\r');
    }
  }

  void location(const Location& where) noexcept {
    const char component = sender_.delimiters().component;
    out_.raw(where.segment);
    std::size_t last = where.parts.size();
    while (last != 0 && where.parts[last - 1].empty()) --last;
    for (std::size_t i = 0; i < last; ++i) out_.raw(component).raw(where.parts[i]);
  }

  void coded(std::uint32_t code, char between) noexcept {
    out_.number(code).raw(between).raw(error_text(code)).raw(between).raw("HL70357");
  }

  // ERR-1 before v2.5: segment, sequence, field, code; a repetition a problem.
  void old_errors() noexcept {
    const Delimiters& d = sender_.delimiters();
    const std::size_t count = std::min(request_.problem_count, kMostErrors);
    if (count == 0) return;
    out_.raw("ERR").fields(1);
    for (std::size_t i = 0; i < count; ++i) {
      const lt_reported& problem = request_.problems[i];
      const Location where = read_location(sdk::view(problem.where));
      if (i != 0) out_.raw(d.repetition);
      out_.raw(where.segment).raw(d.component).raw(where.parts[0]).raw(d.component).raw(where.parts[1]);
      out_.raw(d.component);
      coded(problem.hl7_error, d.subcomponent);
    }
    out_.raw('\r');
  }

  const lt_answer_request& request_;
  SenderHeader sender_;
  std::string_view version_;
  unsigned number_ = 0;
  bool utf8_;
  AnswerText out_;
};

}  // namespace

lt_status render_answer(sdk::Host host, const lt_answer_request& request, std::string_view default_version,
                        lt_text& answer) noexcept {
  return Answer(host, request, default_version).render(answer);
}

}  // namespace lienthong::hl7v2
