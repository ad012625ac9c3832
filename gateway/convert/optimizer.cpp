#include "gateway/convert/optimizer.h"

#include <algorithm>
#include <string_view>

#include "gateway/convert/absence.h"

namespace lienthong::convert {
namespace {

constexpr std::size_t kMostMasks = 6;  // a rule that reads at more places is run
constexpr std::uint32_t kMostFusedName = 0xffff;
constexpr std::size_t kLiteralPadding = 16;  // literals are copied in blocks (JsonText::append_padded)

class Optimizer {
 public:
  explicit Optimizer(ProgramData& program) : program_(program), code_(program.code) {}

  void run() {
    find_skips();
    pack();
    while (join_constants()) pack();
    join_reads();
    pack();
    for (bool shorter = true; shorter;) {
      shorter = thread_jumps() || drop_unreachable() || drop_marks() || join_references();
      pack();
    }
    find_codings();
    find_coding_arrays();
    find_pairs();
    program_.literals.append(kLiteralPadding, '\0');
  }

 private:
  // ---- rules that are stepped over

  void find_skips() {
    struct Outer {
      std::uint32_t end;
      std::vector<ColumnMask> masks;
    };
    const Absence absence(program_);
    std::vector<Outer> around;
    for (std::uint32_t at = 0; at < code_.size(); ++at) {
      while (!around.empty() && around.back().end <= at) around.pop_back();
      auto& i = code_[at];
      if (i.op != Op::SkipAbsent) continue;
      auto masks = absence.reads(at + 1, i.b);
      const bool is_known = !around.empty() && around.back().masks == masks;
      if (masks.empty() || masks.size() > kMostMasks || is_known || !absence.is_inert(at + 1, i.b)) {
        i.op = Op::Nothing;
        continue;
      }
      i.a = static_cast<std::uint32_t>(program_.masks.size());
      i.c = static_cast<std::uint32_t>(masks.size());
      program_.masks.insert(program_.masks.end(), masks.begin(), masks.end());
      around.push_back({i.b, std::move(masks)});
    }
  }

  // ---- constant text

  bool is(std::uint32_t at, Op op) const { return at < code_.size() && code_[at].op == op && !targets_[at]; }
  std::string_view literal(const Instruction& i) const {
    return std::string_view(program_.literals).substr(i.a, i.b);
  }
  void set_literal(Instruction& i, const std::string& text) {
    i = {Op::Literal,
         0,
         0,
         static_cast<std::uint32_t>(program_.literals.size()),
         static_cast<std::uint32_t>(text.size()),
         0};
    program_.literals += text;
  }

  bool join_constants() {
    find_targets();
    bool joined = false;
    for (std::uint32_t at = 0; at + 1 < code_.size(); ++at) {
      auto& i = code_[at];
      if (i.op == Op::Literal && is(at + 1, Op::Literal)) {
        set_literal(i, std::string(literal(i)) + std::string(literal(code_[at + 1])));
        code_[at + 1].op = Op::Nothing;
        joined = true;
      } else if (i.op == Op::Open && is(at + 1, Op::Literal) && is(at + 2, Op::Close) && is_constant(at)) {
        auto text = std::string(literal(i)) + std::string(literal(code_[at + 1]));
        text.back() = static_cast<char>(code_[at + 2].a);
        set_literal(i, text + ",");
        code_[at + 1].op = code_[at + 2].op = Op::Nothing;
        joined = true;
      } else if (i.op == Op::Mark && is(at + 1, Op::Literal) && code_[at + 1].b > 0 &&
                 (is(at + 2, Op::RequireGrown) || is(at + 2, Op::DropMark))) {
        i = code_[at + 1];
        code_[at + 1].op = code_[at + 2].op = Op::Nothing;
        joined = true;
      } else {
        continue;
      }
      ++at;
    }
    return joined;
  }

  // An item is compared with those beside it, so only one that stands alone is constant.
  bool is_constant(std::uint32_t open) const {
    const auto flags = code_[open].extra;
    if ((flags & kNeedsValue) != 0 || code_[open + 1].b == 0) return false;
    if ((flags & kIsItem) == 0) return true;
    return open > 0 && code_[open - 1].op == Op::Open && !targets_[open] && is(open + 3, Op::Close);
  }

  // ---- reading

  void join_reads() {
    find_targets();
    for (std::uint32_t at = 0; at + 1 < code_.size(); ++at) {
      auto& i = code_[at];
      if (i.op == Op::GetLiteral && is(at + 1, Op::ToRegister)) {
        i.op = Op::LiteralRegister;
        i.c = code_[at + 1].a;
        code_[at + 1].op = Op::Nothing;
      } else if (i.op == Op::Get && is(at + 1, Op::ToRegister)) {
        i.op = Op::GetRegister;
        i.b = code_[at + 1].a;
        code_[at + 1].op = Op::Nothing;
      } else if (i.op == Op::Clear && is(at + 1, Op::ToRegister)) {
        i = {Op::ClearRegister, 0, 0, code_[at + 1].a, 0, 0};
        code_[at + 1].op = Op::Nothing;
      } else if (i.op == Op::KeyStart && is(at + 1, Op::GetLiteral) && is(at + 2, Op::KeyAdd)) {
        join_key(at);
      } else if (i.op == Op::GetLiteral && i.b > 0 && is(at + 1, Op::JumpIfValued)) {
        code_[at + 1].op = Op::Jump;
      } else if (i.op == Op::Get && is(at + 1, Op::JumpIfValued)) {
        i.op = Op::GetOrGo;
        i.b = code_[at + 1].a;
        code_[at + 1].op = Op::Nothing;
      } else if (i.op == Op::Get) {
        skip_to_write(at);
      } else if (i.op == Op::SkipAbsent && is(at + 1, Op::NullStart) && code_[at + 1].a < kMostFusedName) {
        i.extra = static_cast<std::uint16_t>(code_[at + 1].a + 1);
        code_[at + 1].op = Op::Nothing;
      }
    }
  }

  // A key that begins with a constant part which needs no escape, and is followed by a part of its own.
  void join_key(std::uint32_t at) {
    const auto part = literal(code_[at + 1]);
    const bool is_plain = !part.empty() && part.find_first_of("|\\") == std::string_view::npos;
    if (!is_plain || code_[at + 2].extra != 0 || !is_reading(code_[at + 3].op)) return;
    const auto begin = std::string(literal(code_[at])) + "|" + std::string(part);
    code_[at].a = static_cast<std::uint32_t>(program_.literals.size());
    code_[at].b = static_cast<std::uint32_t>(begin.size());
    program_.literals += begin;
    code_[at + 1].op = code_[at + 2].op = Op::Nothing;
  }
  static bool is_reading(Op op) { return op == Op::Get || op == Op::GetOrGo || op == Op::GetLiteral; }

  // Without a value a table, a function and a Write do nothing.
  void skip_to_write(std::uint32_t at) {
    auto behind = at + 1;
    while (code_[behind].op == Op::Transform || code_[behind].op == Op::Lookup) ++behind;
    if (code_[behind].op != Op::Write) return;
    code_[at].op = Op::GetOrSkip;
    code_[at].b = behind + 1;
  }

  // ---- ways through the program

  static bool tests_truth(Op op) { return op == Op::JumpIf || op == Op::JumpUnless; }

  // A jump to a jump on the same truth leads where that one leads; one to what follows, nowhere.
  bool thread_jumps() {
    find_targets();
    bool changed = false;
    for (std::uint32_t at = 0; at + 1 < code_.size(); ++at) {
      auto& i = code_[at];
      const bool leads_on = (tests_truth(i.op) || i.op == Op::JumpIfGrown) && i.a == at + 1;
      const bool is_asked = tests_truth(i.op) && at > 0 && code_[at - 1].op == i.op && !targets_[at];
      if (leads_on || is_asked || skips_itself(at)) {
        i.op = Op::Nothing;
        changed = true;
      } else if (tests_truth(i.op) && tests_truth(code_[i.a].op)) {
        i.a = code_[i.a].op == i.op ? code_[i.a].a : i.a + 1;
        changed = true;
      }
    }
    return changed;
  }

  // A rule that only reads and writes one value looks for it itself.
  bool skips_itself(std::uint32_t at) const {
    const auto& i = code_[at];
    if (i.op != Op::SkipAbsent || i.extra != 0 || i.c != 1) return false;
    const auto& read = code_[at + 1];
    const auto& mask = program_.masks[i.a];
    return read.op == Op::GetOrSkip && read.b == i.b && mask.level == read.level &&
           mask.kind == kind_of(read) && mask.word == column_of(read) / 64 &&
           mask.bits == std::uint64_t{1} << (column_of(read) % 64);
  }

  // Marks that nothing looks at. A mark and its end stand in the same nesting, in the order of the program.
  bool drop_marks() {
    struct Open {
      std::uint32_t at;
      bool used;
    };
    std::vector<Open> open;
    bool dropped = false;
    for (std::uint32_t at = 0; at < code_.size(); ++at) {
      const auto op = code_[at].op;
      if (op == Op::Mark) open.push_back({at, false});
      if (open.empty()) continue;
      if (op == Op::JumpIfGrown) open.back().used = true;
      if (op == Op::DropMark && !open.back().used) {
        code_[open.back().at].op = code_[at].op = Op::Nothing;
        dropped = true;
      }
      if (op == Op::DropMark || op == Op::RequireGrown) open.pop_back();
    }
    return dropped;
  }

  // An object, or an array of one object, that holds a reference and nothing else.
  bool join_references() {
    find_targets();
    bool joined = false;
    for (std::uint32_t at = 1; at + 2 < code_.size(); ++at) {
      auto& i = code_[at];
      if (i.op != Op::Reference || i.extra != 0 || code_[at - 1].op != Op::Open || targets_[at] ||
          !is(at + 1, Op::Close) || i.a == kNone || i.b > 0xff)
        continue;
      std::uint32_t first = at - 1, last = at + 1;
      const bool is_item = (code_[first].extra & kIsItem) != 0;
      if (is_item &&
          (first == 0 || code_[first - 1].op != Op::Open || targets_[first] || !is(last + 1, Op::Close)))
        continue;
      if (is_item) --first, ++last;
      join_reference(first, at, last);
      joined = true;
    }
    return joined;
  }

  void join_reference(std::uint32_t first, std::uint32_t at, std::uint32_t last) {
    std::string before, behind;
    for (auto i = first; i < at; ++i) before += literal(code_[i]);
    for (auto i = at + 1; i <= last; ++i) behind += static_cast<char>(code_[i].a);
    const auto slot = code_[at].a;
    const auto up = code_[at].b;
    set_literal(code_[at], before + behind + ",");
    // op, level: scopes up, extra: length of what stands before, a: text, b: its whole length, c: slot
    code_[at] = {Op::ReferenceIn,
                 static_cast<std::uint8_t>(up),
                 static_cast<std::uint16_t>(before.size()),
                 code_[at].a,
                 code_[at].b,
                 slot};
    for (auto i = first; i <= last; ++i) {
      if (i != at) code_[i].op = Op::Nothing;
    }
  }

  void find_codings() {
    for (std::uint32_t at = 0; at + kCodingLength <= code_.size(); ++at) {
      if (!is_coding_part(at, kColumnSystem, WriteAs::Uri) ||
          !is_coding_part(at + 3, kColumnCode | kReportUnmapped, WriteAs::Code) ||
          !is_coding_part(at + 6, kColumnDisplay, WriteAs::String) || !same_source(at, at + 3) ||
          !same_source(at, at + 6))
        continue;
      code_[at].op = Op::GetCoding;
      code_[at].b = code_[at + 1].a;
    }
  }

  // The one item of an array is compared with no other.
  void find_coding_arrays() {
    for (std::uint32_t at = 0; at + kCodingArrayLength <= code_.size(); ++at) {
      const auto behind = at + 2 + kCodingLength;
      if (code_[at].op == Op::Open && code_[at + 1].op == Op::Open && code_[at + 2].op == Op::GetCoding &&
          code_[behind].op == Op::Close && code_[behind + 1].op == Op::Close && code_[behind + 1].a == ']')
        code_[at].op = Op::CodingArray;
    }
  }

  // ---- instructions that most often follow one another

  // The second one stays where it is: it holds its operands, and jumps may lead to it.
  void find_pairs() {
    for (std::uint32_t at = 0; at + 1 < code_.size(); ++at) {
      const auto next = code_[at + 1].op;
      if (code_[at].op == Op::GetOrSkip && next == Op::Write) code_[at].op = Op::GetWrite;
      if (code_[at].op == Op::Get && next == Op::KeyAdd) code_[at].op = Op::GetKey;
    }
  }

  bool is_coding_part(std::uint32_t at, std::uint16_t column, WriteAs as) const {
    const auto& write = code_[at + 2];
    return code_[at].op == Op::GetOrSkip && code_[at + 1].op == Op::Lookup && code_[at + 1].extra == column &&
           write.op == Op::Write && write.extra == static_cast<std::uint16_t>(as) && write.c == 0 &&
           literal({Op::Literal, 0, 0, write.a, write.b, 0}) == coding_member_name(column);
  }
  static std::string_view coding_member_name(std::uint16_t column) {
    if (column == kColumnSystem) return "\"system\":";
    return column == kColumnDisplay ? "\"display\":" : "\"code\":";
  }
  bool same_source(std::uint32_t one, std::uint32_t other) const {
    return code_[one].level == code_[other].level && code_[one].c == code_[other].c &&
           code_[one + 1].a == code_[other + 1].a;
  }

  // ---- what nothing leads to

  bool drop_unreachable() {
    find_targets();
    bool dropped = false;
    for (std::uint32_t at = 0; at + 1 < code_.size(); ++at) {
      if (code_[at].op != Op::Jump) continue;
      for (auto dead = at + 1; dead < code_.size() && !targets_[dead] && code_[dead].op != Op::Nothing;
           ++dead) {
        code_[dead].op = Op::Nothing;
        dropped = true;
      }
      auto next = at + 1;
      while (next < code_.size() && code_[next].op == Op::Nothing) ++next;
      if (code_[at].a != next) continue;
      code_[at].op = Op::Nothing;
      dropped = true;
    }
    return dropped;
  }

  // ---- places in the program

  template <class F>
  void each_entry(F&& visit) {
    for (auto& resource : program_.resources) {
      for (auto* entry : {&resource.condition, &resource.key, &resource.joined, &resource.write}) {
        if (*entry != kNone) visit(*entry);
      }
    }
    for (auto& make : program_.makes) {
      for (auto* entry : {&make.condition, &make.event}) {
        if (*entry != kNone) visit(*entry);
      }
    }
    for (auto& [type, message] : program_.messages) {
      for (auto& list : message.wholes) {
        if (list.complete != kNone) visit(list.complete);
      }
    }
  }

  void find_targets() {
    targets_.assign(code_.size() + 1, false);
    each_entry([&](std::uint32_t entry) { targets_[entry] = true; });
    for (const auto& i : code_) {
      if (const auto* target = target_of(i)) targets_[*target] = true;
    }
  }

  // Takes out what is left as Nothing.
  void pack() {
    std::vector<std::uint32_t> moved(code_.size() + 1);
    std::uint32_t kept = 0;
    for (std::uint32_t at = 0; at < code_.size(); ++at) {
      moved[at] = kept;
      if (code_[at].op != Op::Nothing) ++kept;
    }
    moved[code_.size()] = kept;
    each_entry([&](std::uint32_t& entry) { entry = moved[entry]; });
    kept = 0;
    for (std::uint32_t at = 0; at < code_.size(); ++at) {
      if (code_[at].op == Op::Nothing) continue;
      code_[kept] = code_[at];
      if (auto* target = target_of(code_[kept])) *target = moved[*target];
      program_.marks[kept++] = program_.marks[at];
    }
    code_.resize(kept);
    program_.marks.resize(kept);
  }

  ProgramData& program_;
  std::vector<Instruction>& code_;
  std::vector<bool> targets_;
};

}  // namespace

void optimize(ProgramData& program) {
  Optimizer(program).run();
}

}  // namespace lienthong::convert
