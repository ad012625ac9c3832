#pragma once
// Cutting a stream (a file, a body, one connection's life) into messages, and remembering the headers of its
// batches.
//
// A message runs from MSH to the next MSH, FHS, BHS, BTS or FTS at the start of a line, to an FS byte at the
// end of a line (MLLP kept in a file), or to the end of the input.  The result does not depend on how the
// bytes arrive.

#include <cstdint>
#include <string_view>

#include "adapters/sdk/host.h"

namespace lienthong::hl7v2 {

// One header segment (FHS or BHS), kept for the messages under it.
class KeptHeader {
 public:
  static constexpr std::size_t kLongest = 4096;

  KeptHeader() = default;
  KeptHeader(const KeptHeader&) = delete;
  KeptHeader& operator=(const KeptHeader&) = delete;
  ~KeptHeader();

  // False when the header is longer than kLongest or there is no memory; nothing is kept then.
  bool keep(std::string_view segment) noexcept;
  void clear() noexcept { size_ = 0; }
  std::string_view view() const noexcept { return {bytes_, size_}; }

 private:
  char* bytes_ = nullptr;  // allocated on first use: most connections never see a batch
  std::size_t size_ = 0;
};

class Stream {
 public:
  // lt_adapter::frame.
  lt_status frame(sdk::Host host, std::string_view bytes, bool end_of_input, std::size_t& consumed,
                  std::string_view& message) noexcept;

  const KeptHeader& file_header() const noexcept { return file_; }
  const KeptHeader& batch_header() const noexcept { return batch_; }

 private:
  enum class Step : std::uint8_t { GoOn, NeedMore, Message };
  enum class Line : std::uint8_t {
    Text,
    Message,
    FileHeader,
    BatchHeader,
    BatchTrailer,
    FileTrailer,
    Undecided
  };

  Step between(sdk::Host host, std::string_view bytes, bool end_of_input) noexcept;
  Step within(std::string_view bytes, bool end_of_input) noexcept;
  Step read_envelope_line(sdk::Host host, std::string_view bytes, bool end_of_input, Line line) noexcept;
  Line classify(std::string_view rest, bool end_of_input, bool line_start) const noexcept;
  bool ends_here(std::string_view bytes, bool end_of_input, bool& undecided) const noexcept;
  void check_count(sdk::Host host, std::string_view trailer, std::uint32_t found,
                   std::uint32_t number) const noexcept;
  void report_skipped(sdk::Host host) noexcept;
  std::string_view take(std::string_view bytes, std::size_t& consumed) noexcept;

  std::size_t position_ = 0;  // all before it is read; counted from where the last frame ended
  std::size_t start_ = 0;     // where the message in hand begins
  bool in_message_ = false;
  bool line_start_ = true;
  bool lost_ = false;  // bytes that belong to no message were met since the last one
  char field_ = '|';
  std::uint32_t messages_ = 0;  // since the batch began
  std::uint32_t batches_ = 0;   // since the file began
  KeptHeader file_, batch_;
};

// Where a message's MSH stands in bytes that were not framed; npos when there is none.
std::size_t find_message(std::string_view bytes) noexcept;
// Bytes that may stand between messages without a word: blanks, line ends, MLLP's marks, a UTF-8 byte order
// mark.
bool is_ignorable(std::string_view bytes) noexcept;
// Whether the bytes look like UTF-16, which no field separator of ours can cut.
bool looks_two_byte(std::string_view bytes) noexcept;

}  // namespace lienthong::hl7v2
