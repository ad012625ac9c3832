#include "adapters/hl7v2/path.h"

#include <atomic>
#include <charconv>
#include <mutex>
#include <optional>

#include "adapters/hl7v2/segment_names.h"
#include "adapters/sdk/nearest.h"

namespace lienthong::hl7v2 {

constinit Path path_entries[kMostPaths] = {};
constinit std::atomic<std::uint32_t> path_count{0};

namespace {

constexpr std::uint32_t kHighestNumber = 9'999;

constinit std::mutex write_mutex;

void mark(Path& path) noexcept {
  path.shared = path.segment != 0 && is_ever_shared(path.segment);
  const bool is_syntax = is_header(path.segment) && (path.segment != kMsh || path.field < 3);
  path.plain = path.kind >= PathKind::Field && !path.relative && path.ordinal == 0 && path.repetition == 0 &&
               !is_syntax;
}

// Paths are names, not data of an instance: one table a process keeps the numbers equal in all instances.
lt_path intern(Path path) noexcept {
  mark(path);
  const std::lock_guard lock(write_mutex);
  const std::uint32_t count = path_count.load(std::memory_order_relaxed);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (path_entries[i] == path) return i + 1;
  }
  if (count == kMostPaths) return 0;
  path_entries[count] = path;
  path_count.store(count + 1, std::memory_order_release);
  return count + 1;
}

// Takes from the front of a text.
class Cursor {
 public:
  explicit Cursor(std::string_view text) noexcept : rest_(text) {}

  bool done() const noexcept { return rest_.empty(); }
  bool take(char c) noexcept {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool take_any(std::string_view characters) noexcept {
    if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  template <class Number>
  bool take_number(Number& out) noexcept {
    std::uint32_t value = 0;
    const auto result = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (result.ec != std::errc() || value == 0 || value > kHighestNumber) return false;
    rest_.remove_prefix(static_cast<std::size_t>(result.ptr - rest_.data()));
    out = static_cast<Number>(value);
    return true;
  }
  // "[n]" if it stands here; false when it is broken.
  template <class Number>
  bool take_index(Number& out) noexcept {
    if (!take('[')) return true;
    return take_number(out) && take(']');
  }
  std::string_view take_name() noexcept {
    const std::string_view name = rest_.substr(0, 3);
    rest_.remove_prefix(name.size());
    return name;
  }

 private:
  std::string_view rest_;
};

// `between` are the characters that may stand before numbers: exactly as specified, or as people also write
// them.
struct Spelling {
  std::string_view before_field, before_component;
};
constexpr Spelling kExact{"-", "."}, kLoose{"-._ :", ".-_ :"};

bool parse_segment(std::string_view text, Spelling spelling, Path& path) noexcept {
  Cursor cursor(text);
  const std::string_view name = cursor.take_name();
  if (!is_known_segment(name) || !cursor.take_index(path.ordinal)) return false;
  path.segment = segment_id(name);
  path.kind = PathKind::Segment;
  if (cursor.done()) return true;
  if (!cursor.take_any(spelling.before_field) || !cursor.take_number(path.field)) return false;
  if (!cursor.take_index(path.repetition)) return false;
  path.kind = PathKind::Field;
  if (cursor.done()) return true;
  if (!cursor.take_any(spelling.before_component) || !cursor.take_number(path.component)) return false;
  path.kind = PathKind::Component;
  if (cursor.done()) return true;
  if (!cursor.take_any(spelling.before_component) || !cursor.take_number(path.subcomponent)) return false;
  path.kind = PathKind::Subcomponent;
  return cursor.done();
}

bool parse_groups(std::string_view text, Path& path) noexcept {
  path.kind = PathKind::Groups;
  while (path.group_count < Path::kMostGroups) {
    const std::size_t slash = text.find('/');
    const GroupName name = find_group_name(text.substr(0, slash));
    if (name == kNoGroupName) return false;
    path.groups[path.group_count++] = name;
    if (slash == std::string_view::npos) return true;
    text.remove_prefix(slash + 1);
  }
  return false;
}

bool parse_relative(std::string_view text, const Path& context, Path& path) noexcept {
  path.relative = true;
  Cursor cursor(text);
  if (context.kind == PathKind::Component) {
    path.kind = PathKind::Subcomponent;
    return cursor.take('.') && cursor.take_number(path.subcomponent) && cursor.done();
  }
  if (context.kind != PathKind::Field) return false;
  path.kind = PathKind::Component;
  if (!cursor.take('.') || !cursor.take_number(path.component)) return false;
  if (cursor.done()) return true;
  path.kind = PathKind::Subcomponent;
  return cursor.take('.') && cursor.take_number(path.subcomponent) && cursor.done();
}

// Text of at most 64 bytes, built without allocation.
class Spelled {
 public:
  void add(std::string_view text) noexcept {
    for (const char c : text) {
      if (size_ < sizeof(bytes_)) bytes_[size_++] = c;
    }
  }
  void add_number(char before, std::uint32_t value) noexcept {
    if (value == 0) return;
    char digits[12];
    const auto result = std::to_chars(digits, digits + sizeof(digits), value);
    add({&before, 1});
    add({digits, static_cast<std::size_t>(result.ptr - digits)});
  }
  std::string_view view() const noexcept { return {bytes_, size_}; }

 private:
  char bytes_[64];
  std::size_t size_ = 0;
};

Spelled spell(const Path& path) noexcept {
  Spelled out;
  if (path.segment != 0) {
    const char name[3] = {static_cast<char>(path.segment & 0xFF), static_cast<char>(path.segment >> 8 & 0xFF),
                          static_cast<char>(path.segment >> 16 & 0xFF)};
    out.add({name, 3});
  }
  out.add_number('-', path.field);
  out.add_number('.', path.component);
  out.add_number('.', path.subcomponent);
  return out;
}

char upper(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 0x20) : c;
}

// "pid.5.1" → "PID-5.1"; "PDI-5" → "PID-5"; "OBSERVATIONS" → "OBSERVATION".
Spelled suggest(std::string_view text) noexcept {
  Spelled fixed;
  for (const char c : text) {
    const char one = upper(c);
    fixed.add({&one, 1});
  }
  Path path;
  if (parse_segment(fixed.view(), kLoose, path)) return spell(path);
  Spelled result;
  const std::string_view similar =
      text.size() < 3 ? std::string_view() : nearest_segment(fixed.view().substr(0, 3));
  const std::string_view rest = fixed.view().size() > 3 ? fixed.view().substr(3) : std::string_view();
  if (!similar.empty() && (rest.empty() || !is_upper(rest.front()))) {
    result.add(similar);
    result.add(rest);
    path = Path{};
    if (parse_segment(result.view(), kLoose, path)) return spell(path);
    Spelled segment;
    segment.add(similar);
    return segment;
  }
  Spelled group;
  const std::size_t slash = fixed.view().rfind('/');
  group.add(sdk::nearest(slash == std::string_view::npos ? fixed.view() : fixed.view().substr(slash + 1),
                         group_names()));
  return group;
}

// What a path means depends on where it starts.
bool parse(std::string_view text, const Path* context, Path& path) noexcept {
  if (context == nullptr || context->kind == PathKind::Groups) {
    return parse_segment(text, kExact, path) || (path = Path{}, parse_groups(text, path));
  }
  if (context->kind == PathKind::Segment) {
    return parse_segment(text, kExact, path) && path.segment == context->segment && path.field != 0;
  }
  return parse_relative(text, *context, path);
}

Spelled suggest_within(std::string_view text, const Path& context) noexcept {
  Path path;
  Path relative;
  if (context.kind != PathKind::Segment && parse_segment(text, kLoose, path)) {
    relative.component = path.component;
    relative.subcomponent = path.subcomponent;
    return spell(relative);
  }
  const Spelled fixed = suggest(text);
  if (context.kind != PathKind::Segment || !parse_segment(fixed.view(), kLoose, path)) return Spelled{};
  path.segment = context.segment;
  return spell(path);
}

}  // namespace

lt_status resolve_path(sdk::Host host, lt_path context, std::string_view text, lt_path& out,
                       lt_text& nearest) noexcept {
  const Path* from = find_path(context);
  if (context != 0 && from == nullptr) return LT_FAULT;
  if (text.empty()) {
    out = 0;
    return LT_OK;
  }
  Path path;
  if (parse(text, from, path)) {
    out = intern(path);
    return out == 0 ? LT_LIMIT : LT_OK;
  }
  const bool within = from != nullptr && from->kind != PathKind::Groups;
  const Spelled similar = within ? suggest_within(text, *from) : suggest(text);
  if (!similar.view().empty()) nearest = host.copy(similar.view());
  return LT_NOT_FOUND;
}

}  // namespace lienthong::hl7v2
