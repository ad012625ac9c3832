#include "fhir-model/document/json_reader.h"

#include <algorithm>
#include <cstring>

#include "fhir-model/document/byte_scan.h"
#include "fhir-model/document/duplicate_members.h"
#include "fhir-model/document/json_string.h"
#include "fhir-model/document/node_writer.h"
#include "fhir-model/document/utf8.h"

namespace fhir {
namespace {

constexpr std::size_t kLongestName = 65535;

// One pass over the text with an explicit stack (the parent distances of the open nodes). Stops at the first
// error. The zero bytes behind the text end every scan, so that no step asks for the end first.
class JsonReader {
 public:
  JsonReader(std::string_view json, Document& document, const ReadLimits& limits)
      : begin_(json.data()),
        end_(json.data() + json.size()),
        at_(json.data()),
        max_nodes_(limits.nodes),
        max_depth_(std::min(limits.depth, kMaxDepth)),
        nodes_(document, json, false) {}

  bool read() {
    if (end_ - begin_ >= 3 && std::memcmp(begin_, "\xEF\xBB\xBF", 3) == 0) at_ += 3;
    at_ = skip_json_space(at_);
    if (at_ >= end_) return fail(ReadErrorKind::Empty, begin_);
    nodes_.append(NodeKind::Null, offset(at_));
    if (!read_value()) return false;
    while (nodes_.is_open()) {
      if (!read_next()) return false;
    }
    at_ = skip_json_space(at_);
    return at_ >= end_ || fail(ReadErrorKind::TrailingContent, at_);
  }

  ReadError error() const {
    return make_read_error(error_, {begin_, static_cast<std::size_t>(end_ - begin_)},
                           static_cast<std::uint64_t>(error_at_ - begin_), error_limit_);
  }

 private:
  std::uint32_t offset(const char* at) const { return static_cast<std::uint32_t>(at - begin_); }

  bool fail(ReadErrorKind kind, const char* at, std::uint64_t limit = 0) {
    const bool ended = at >= end_ && kind != ReadErrorKind::Empty;
    error_ = ended ? ReadErrorKind::UnexpectedEnd : kind;
    error_at_ = std::min(at, end_);
    error_limit_ = limit;
    return false;
  }

  // One member or item of the innermost open container, or its end.
  bool read_next() {
    at_ = skip_json_space(at_);
    const Node& container = nodes_.node(nodes_.open_index());
    const bool in_object = container.is_object();
    if (*at_ == (in_object ? '}' : ']')) return close(in_object);
    if (container.child_count() > 0) {
      if (*at_ != ',') return fail(ReadErrorKind::UnexpectedCharacter, at_);
      at_ = skip_json_space(at_ + 1);
    }
    if (nodes_.count() >= max_nodes_) return fail(ReadErrorKind::TooManyNodes, at_, max_nodes_);
    nodes_.append(NodeKind::Null, offset(at_));
    if (in_object && !read_name()) return false;
    return read_value();
  }

  bool close(bool in_object) {
    ++at_;
    const std::size_t closed = nodes_.open_index();
    nodes_.close();
    if (in_object) duplicates_.closed(nodes_, closed);
    --depth_;
    return true;
  }

  bool read_name() {
    if (*at_ != '"') return fail(ReadErrorKind::UnexpectedCharacter, at_);
    const char* const start = at_;
    std::string_view name;
    if (!read_string(name)) return false;
    if (name.size() > kLongestName) return fail(ReadErrorKind::NameTooLong, start, kLongestName);
    const bool underscored = !name.empty() && name.front() == '_';
    const std::size_t skip = underscored ? 1 : 0;
    const Atom atom = find_atom_padded(name.data() + skip, name.size() - skip);
    nodes_.set_name(nodes_.newest(), name, atom, underscored, offset(start));
    duplicates_.named(nodes_, depth_);
    at_ = skip_json_space(at_);
    if (*at_ != ':') return fail(ReadErrorKind::UnexpectedCharacter, at_);
    at_ = skip_json_space(at_ + 1);
    nodes_.set_position(nodes_.newest(), offset(at_));
    return true;
  }

  // The value at `at_` into the newest node.
  bool read_value() {
    switch (*at_) {
      case '{':
        return open(NodeKind::Object);
      case '[':
        return open(NodeKind::Array);
      case '"':
        return read_string_value();
      case 't':
        return read_literal("true", NodeKind::True);
      case 'f':
        return read_literal("false", NodeKind::False);
      case 'n':
        return read_literal("null", NodeKind::Null);
      default:
        return read_number();
    }
  }

  bool open(NodeKind kind) {
    if (depth_ >= max_depth_) return fail(ReadErrorKind::TooDeep, at_, max_depth_);
    ++depth_;
    ++at_;
    duplicates_.open(depth_);
    nodes_.set_kind(nodes_.newest(), kind);
    nodes_.open_newest();
    return true;
  }

  bool read_string_value() {
    std::string_view text;
    if (!read_string(text)) return false;
    nodes_.set_kind(nodes_.newest(), NodeKind::String);
    nodes_.set_text(nodes_.newest(), text);
    return true;
  }

  // The string whose opening quote is at `at_`: a view into the source, or unescaped in the document's
  // memory.
  bool read_string(std::string_view& text) {
    const char* const start = at_ + 1;
    bool seen_high = false;
    bool escaped = false;
    const char* stop = find_string_stop(start, seen_high);
    while (*stop == '\\') {
      escaped = true;
      stop = find_string_stop(stop[1] == '\0' ? stop + 1 : stop + 2, seen_high);
    }
    if (*stop != '"') return fail(ReadErrorKind::ControlCharacter, stop);
    text = {start, static_cast<std::size_t>(stop - start)};
    at_ = stop + 1;
    if (seen_high) {
      const std::size_t invalid = find_invalid_utf8(text);
      if (invalid != std::string_view::npos) return fail(ReadErrorKind::InvalidUtf8, start + invalid);
    }
    return !escaped || unescape(text);
  }

  bool unescape(std::string_view& text) {
    char* const room = nodes_.texts().allocate(text.size());
    const Unescaped result = unescape_json(text, room);
    if (result.failed) return fail(result.error, text.data() + result.error_at);
    nodes_.texts().trim(room, result.length);
    text = {room, result.length};
    return true;
  }

  bool read_literal(std::string_view word, NodeKind kind) {
    if (std::memcmp(at_, word.data(), word.size()) != 0) return fail(ReadErrorKind::InvalidLiteral, at_);
    at_ += word.size();
    nodes_.set_kind(nodes_.newest(), kind);
    nodes_.set_text(nodes_.newest(), word);
    return true;
  }

  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  // RFC 8259 §6: number = [ minus ] int [ frac ] [ exp ]
  bool read_number() {
    const char* const start = at_;
    const char* at = start + (*start == '-' ? 1 : 0);
    if (!is_digit(*at)) {
      const bool is_word = *start == '-' || *start == '+' || *start == '.';
      return fail(is_word ? ReadErrorKind::InvalidNumber : ReadErrorKind::UnexpectedCharacter, start);
    }
    const bool leading_zero = *at == '0' && is_digit(at[1]);
    while (is_digit(*at)) ++at;
    bool valid = !leading_zero;
    if (*at == '.') {
      valid = valid && is_digit(at[1]);
      do ++at;
      while (is_digit(*at));
    }
    if (*at == 'e' || *at == 'E') {
      ++at;
      if (*at == '+' || *at == '-') ++at;
      valid = valid && is_digit(*at);
      while (is_digit(*at)) ++at;
    }
    if (!valid) return fail(ReadErrorKind::InvalidNumber, start);
    nodes_.set_kind(nodes_.newest(), NodeKind::Number);
    nodes_.set_text(nodes_.newest(), {start, static_cast<std::size_t>(at - start)});
    at_ = at;
    return true;
  }

  const char* const begin_;
  const char* const end_;
  const char* at_;
  const std::size_t max_nodes_;
  const std::size_t max_depth_;
  std::size_t depth_ = 0;
  NodeWriter nodes_;
  DuplicateMembers duplicates_;
  ReadErrorKind error_ = ReadErrorKind::Empty;
  const char* error_at_ = nullptr;
  std::uint64_t error_limit_ = 0;
};

}  // namespace

tl::expected<void, ReadError> read_json(std::string_view json, Document& document, const ReadLimits& limits) {
  const std::size_t most = std::min<std::size_t>(limits.bytes, 0xFFFFFFFFU);
  if (json.size() > most) {
    document.clear();
    return tl::unexpected(make_read_error(ReadErrorKind::TooLarge, json, 0, most));
  }
  JsonReader reader(json, document, limits);
  if (reader.read()) return {};
  const ReadError error = reader.error();
  document.clear();
  return tl::unexpected(error);
}

}  // namespace fhir
