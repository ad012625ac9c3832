#include "gateway/convert/absence.h"

#include <algorithm>
#include <array>
#include <optional>

#include "gateway/convert/like.h"
#include "gateway/convert/text_types.h"

namespace lienthong::convert {
namespace {

// The machine without values. What depends on more than the values' absence ends the run: not inert.
class DryRun {
 public:
  explicit DryRun(const ProgramData& program) : program_(program) {}

  // Runs [from, to); true when it came to `to` with nothing written.
  bool does_nothing(std::uint32_t from, std::uint32_t to) {
    auto at = from;
    while (at != to) {
      const auto& i = program_.code[at];
      if (at > to || i.op == Op::End || i.op == Op::KeyEnd) return false;
      const auto next = step(i, at);
      if (!next || *next <= at) return false;  // loops are not entered without values
      at = *next;
    }
    return size_ == 0 && frames_.empty() && marks_.empty();
  }

 private:
  using Next = std::optional<std::uint32_t>;
  enum class Text : std::uint8_t { Unknown, None, Literal, Uri, Made };
  struct Frame {
    std::uint64_t mark, start;
    bool failed;
  };
  struct Current {
    Text text = Text::Unknown;
    std::string_view literal;
  };

  Next step(const Instruction& i, std::uint32_t at) {
    const bool is_test = i.op >= Op::TestValued && i.op <= Op::TestNot;
    if (is_test) return test(i) ? Next(at + 1) : std::nullopt;
    if (i.op >= Op::KeyStart) return key(i, at);
    switch (i.op) {
      case Op::Jump:
        return i.a;
      case Op::JumpIf:
      case Op::JumpUnless:
        if (!truth_) return std::nullopt;
        return *truth_ == (i.op == Op::JumpIf) ? i.a : at + 1;
      case Op::JumpIfValued:
        if (current_.text == Text::Unknown) return std::nullopt;
        return current_.text != Text::None ? i.a : at + 1;
      case Op::JumpIfGrown:
        if (marks_.empty()) return std::nullopt;
        return size_ > marks_.back() ? i.a : at + 1;
      case Op::EachStart:
        return i.b;
      case Op::Mention:
        return mention(i.a) ? Next(at + 1) : std::nullopt;
      default:
        return structure(i) || value(i) ? Next(at + 1) : std::nullopt;
    }
  }

  bool structure(const Instruction& i) {
    switch (i.op) {
      case Op::Literal:
        size_ += i.b;
        return true;
      case Op::Open:
        frames_.push_back({size_, size_ + i.b, false});
        size_ += i.b;
        return true;
      case Op::Close:
        return close(i);
      case Op::Mark:
        marks_.push_back(size_);
        return true;
      case Op::DropMark:
      case Op::RequireGrown:
        return end_mark(i.op == Op::RequireGrown);
      case Op::Nothing:
      case Op::SkipAbsent:
      case Op::NullStart:
        return true;
      default:
        return false;
    }
  }

  bool close(const Instruction& i) {
    if (frames_.empty()) return false;
    const auto frame = frames_.back();
    frames_.pop_back();
    const bool is_empty = size_ == frame.start || (i.extra & kNeedsValue) != 0;  // no value is written here
    size_ = is_empty || frame.failed ? frame.mark : size_ + 1;
    return true;
  }

  bool end_mark(bool required) {
    if (marks_.empty()) return false;
    const auto mark = marks_.back();
    marks_.pop_back();
    if (!required || size_ > mark) return true;
    if (frames_.empty()) return false;  // what stands around would fail
    frames_.back().failed = true;
    return true;
  }

  bool value(const Instruction& i) {
    switch (i.op) {
      case Op::Get:
      case Op::Clear:
        current_ = {Text::None, {}};
        return true;
      case Op::GetLiteral:
        current_ = {i.b == 0 ? Text::None : Text::Literal,
                    std::string_view(program_.literals).substr(i.a, i.b)};
        return true;
      case Op::ToRegister:
        registers_[i.a] = current_;
        return true;
      case Op::Transform:
      case Op::Lookup:
        return current_.text == Text::None;
      case Op::JoinStart:
        has_joined_ = false;
        return true;
      case Op::JoinAdd:
        has_joined_ = has_joined_ || current_.text != Text::None;
        return current_.text != Text::Unknown;
      case Op::JoinEnd:
        current_ = {has_joined_ ? Text::Made : Text::None, {}};
        return true;
      case Op::Namespace:
        return name_space();
      case Op::Write:
        return write(i);
      default:
        return false;
    }
  }

  // Without name and id it is built of the facility and the kind, percent-encoded.
  bool name_space() {
    const bool stated = registers_[0].text != Text::None || registers_[1].text != Text::None;
    const auto kind = registers_[3].text;
    current_ = {kind == Text::None ? Text::None : Text::Uri, {}};
    return !stated && (kind == Text::None || kind == Text::Literal);
  }

  bool write(const Instruction& i) {
    const auto as = static_cast<WriteAs>(i.extra);
    if (current_.text == Text::None) return true;
    ++size_;
    const bool fits = (current_.text == Text::Literal && fits_text(as, current_.literal)) ||
                      (current_.text == Text::Uri && as == WriteAs::Uri);
    return fits && i.c == 0;
  }

  bool test(const Instruction& i) {
    switch (i.op) {
      case Op::TestEquals:
        truth_ = program_.texts[i.b].empty();
        return true;
      case Op::TestIn: {
        const auto& list = program_.lists[i.b];
        truth_ = std::find(list.begin(), list.end(), "") != list.end();
        return true;
      }
      case Op::TestLike:
        truth_ = is_like({}, program_.texts[i.b]);
        return true;
      case Op::TestNot:
        if (truth_) truth_ = !*truth_;
        return truth_.has_value();
      case Op::TestMade:
        truth_ = false;
        return i.a == kNone;
      default:
        truth_ = false;
        return true;
    }
  }

  // True when the mention surely is not made.
  bool mention(std::uint32_t resource) {
    const auto& made = program_.resources[resource];
    if (made.condition != kNone) {
      if (!runs_off(made.condition) || !truth_) return false;
      if (!*truth_) return true;
    }
    return made.key == kNone || runs_off(made.key);
  }

  // A program of its own: true when it comes to its end, false when it completes a key or cannot be told.
  bool runs_off(std::uint32_t at) {
    for (;;) {
      const auto& i = program_.code[at];
      if (i.op == Op::End) return true;
      if (i.op == Op::KeyEnd || i.op == Op::Mention) return false;
      const auto next = step(i, at);
      if (!next || *next <= at) return false;
      at = *next;
    }
  }

  Next key(const Instruction& i, std::uint32_t at) {
    switch (i.op) {
      case Op::KeyStart:
        return at + 1;
      case Op::KeyAdd:
        if (current_.text == Text::Unknown) return std::nullopt;
        return i.extra == 1 && current_.text == Text::None ? i.a : at + 1;
      case Op::KeyPeriod:
        return current_.text == Text::None ? Next(i.b) : std::nullopt;
      default:
        return std::nullopt;
    }
  }

  const ProgramData& program_;
  std::uint64_t size_ = 0;
  std::vector<Frame> frames_;
  std::vector<std::uint64_t> marks_;
  std::array<Current, 4> registers_{};
  Current current_;
  std::optional<bool> truth_;
  bool has_joined_ = false;
};

void add_column(const Instruction& i, std::vector<ColumnMask>& masks) {
  const auto level = std::uint16_t{i.level};
  const auto kind = static_cast<std::uint16_t>(kind_of(i));
  const auto word = column_of(i) / 64;
  const auto bit = std::uint64_t{1} << (column_of(i) % 64);
  const auto known = std::find_if(masks.begin(), masks.end(), [&](const ColumnMask& mask) {
    return mask.level == level && mask.kind == kind && mask.word == word;
  });
  if (known == masks.end())
    masks.push_back({level, kind, word, bit});
  else
    known->bits |= bit;
}

}  // namespace

std::uint32_t Absence::end_of(std::uint32_t program) const {
  while (program_.code[program].op != Op::End) ++program;
  return program;
}

std::vector<ColumnMask> Absence::reads(std::uint32_t from, std::uint32_t to) const {
  std::vector<bool> inner_levels(kMaxLevels + 1, false);
  std::vector<ColumnMask> masks;
  add_reads(from, to, inner_levels, masks);
  // What is there stands most often in the innermost place: then one test is enough.
  std::stable_sort(masks.begin(), masks.end(),
                   [](const auto& a, const auto& b) { return a.level > b.level; });
  return masks;
}

// Loops enter levels of their own; what is read there is there only when the loop's own value is.
void Absence::add_reads(std::uint32_t from, std::uint32_t to, std::vector<bool>& inner_levels,
                        std::vector<ColumnMask>& masks) const {
  for (auto at = from; at < to; ++at) {
    const auto& i = program_.code[at];
    if (reads_column(i.op) && !inner_levels[i.level]) add_column(i, masks);
    if (i.op == Op::EachStart) inner_levels[i.extra] = true;
    if (i.op != Op::Mention) continue;
    const auto& made = program_.resources[i.a];
    auto mention_levels = inner_levels;
    if (made.condition != kNone) add_reads(made.condition, end_of(made.condition), mention_levels, masks);
    if (made.key != kNone) add_reads(made.key, end_of(made.key), mention_levels, masks);
  }
}

bool Absence::is_inert(std::uint32_t from, std::uint32_t to) const {
  return DryRun(program_).does_nothing(from, to);
}

}  // namespace lienthong::convert
