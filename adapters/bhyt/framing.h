#pragma once
// Cutting a file of insurance XML into dossiers (HOSO), and remembering what the file says of them all.
//
// A message runs from <HOSO> to </HOSO>, or, in files without the envelope, from a table's root to its end.
// Bytes are looked at once, however they arrive; nothing but the header is kept, so memory does not grow with
// the file.

#include <cstdint>
#include <string_view>

#include "adapters/bhyt/problems.h"
#include "adapters/sdk/host.h"

namespace lienthong::bhyt {

// A short text of the header, kept for the dossiers under it. What does not fit is no value of such a field.
class HeldText {
 public:
  void keep(std::string_view text) noexcept;
  std::string_view view() const noexcept { return {bytes_, size_}; }

 private:
  static constexpr std::size_t kLongest = 63;
  char bytes_[kLongest + 1] = {};
  std::size_t size_ = 0;
};

struct Header {
  HeldText facility;          // MACSKCB
  HeldText date;              // NGAYLAP
  HeldText count;             // SOLUONGHOSO
  std::uint32_t dossier = 0;  // which one of the file: 1, 2, …
  // The whole file was seen, closed, and of as many dossiers as it states: only then may what is missing be
  // taken as removed (semantics 15).
  bool is_sound = false;
};

// Stands in the preamble of a dossier whose file was sound (Header::is_sound): as it was taken, so it is
// replayed.
constexpr std::string_view kWholeMark = "<?lienthong-whole?>";

class Stream {
 public:
  // Whether kWholeMark counts: in what was kept it was written here, in a file anyone may have written it.
  enum class Trust : std::uint8_t { Nothing, Marks };

  Stream() noexcept = default;
  explicit Stream(Trust trust) noexcept : trusts_marks_(trust == Trust::Marks) {}

  // lt_adapter::frame.
  lt_status frame(sdk::Host host, std::size_t most, std::string_view bytes, bool end_of_input,
                  std::size_t& consumed, std::string_view& message) noexcept;

  // lt_adapter::foresee.
  void foresee(const Stream& whole, bool is_clean) noexcept;

  // Of the dossier framed last.
  const Header& header() const noexcept { return header_; }

 private:
  enum class Step : std::uint8_t { GoOn, NeedMore, Message, Malformed };

  Step outside(sdk::Host host, std::string_view bytes, bool end_of_input) noexcept;
  Step inside(sdk::Host host, std::string_view bytes, bool end_of_input) noexcept;
  Step start_tag(sdk::Host host, std::string_view bytes, std::string_view name, bool is_empty,
                 std::size_t from, std::size_t behind, bool end_of_input) noexcept;
  Step read_header(std::string_view bytes, std::string_view name, std::size_t behind,
                   bool end_of_input) noexcept;
  Step read_signature(std::string_view bytes, bool is_empty, std::size_t behind, bool end_of_input) noexcept;
  bool skip_section(std::string_view bytes) noexcept;
  bool ends_dossier(std::string_view name) const noexcept;
  void enter(std::string_view name, std::size_t from, std::size_t behind) noexcept;
  Step refuse(sdk::Host host, ProblemNumber problem, std::size_t at) noexcept;
  Step broken_off(sdk::Host host, std::size_t at) noexcept;
  void report_dossier(sdk::Host host, lt_severity severity, ProblemNumber problem, std::size_t at,
                      std::string_view first, std::string_view second = {}) const noexcept;
  void report_too_large(sdk::Host host, std::size_t most) const noexcept;
  lt_status finish(sdk::Host host, std::string_view bytes, std::size_t& consumed) noexcept;
  bool give_verdicts(sdk::Host host) noexcept;
  void survey(std::string_view bytes) noexcept;

  std::size_t position_ = 0;  // all before it is read; counted from where the last frame ended
  std::size_t start_ = 0;     // where the dossier in hand begins
  HeldText ending_;           // the element whose end ends the dossier; empty: between dossiers
  HeldText root_;
  std::string_view section_end_;  // within a comment or CDATA: what ends it
  unsigned depth_ = 0;
  std::uint32_t found_ = 0;
  bool skipping_ = false;  // the dossier is too large: look for its end only
  bool refused_ = false;   // nothing more of this file is taken
  bool closed_ = false;    // the outermost element
  bool has_envelope_ = false;
  bool is_signed_ = false;
  bool begun_ = false;
  bool surveyed_ = false;    // is_sound of the header is decided
  bool ended_well_ = false;  // nothing is wrong with the file as a whole
  bool trusts_marks_ = false;
  bool judged_ = false;
  bool lost_ = false;  // text between dossiers that belongs to nothing
  Header header_;
};

}  // namespace lienthong::bhyt
