#pragma once
// The flat program a mapping compiles to.
//
// Machine: an output buffer that only grows or is cut back to a mark; the current value (what the last Get or
// literal gave); a truth register for conditions; stacks for open objects, loops and marks. Members are
// written as
// `"name":value,`; closing an object turns the last comma into the bracket, so nobody counts members, and an
// object in which nothing was said is cut back to where it began: complete or absent.

#include <cstddef>
#include <cstdint>

namespace lienthong::convert {

enum class Op : std::uint8_t {
  End,           // of this program
  Nothing,       // left by the optimizer until the program is packed
  SkipAbsent,    // a, c: masks[a, a + c): none of these values is there → b: where the rule ends (absence.h);
                 // extra: else, NullStart with the name extra - 1; 0 = not
  Literal,       // write literals[a, b)
  Open,          // a, b: literal with the bracket; extra: OpenFlags
  Close,         // a: the bracket's character; extra: OpenFlags
  Mark,          // remember the output's end
  RequireGrown,  // nothing written since the mark: the object fails; a: 1 = silently; pops the mark
  JumpIfGrown,   // a: where to; keeps the mark
  DropMark,
  Jump,        // a: where to
  JumpIf,      // a: where to when the truth register is set
  JumpUnless,  // a: where to when it is not

  // Reading instructions hold the path in a, for people, and in c where its value stands: column_of().
  Get,              // current value = path a at level
  GetOrSkip,        // the same; no value → b: where to
  GetOrGo,          // the same; a value → b: where to
  GetWrite,         // GetOrSkip with the Write behind it
  GetKey,           // Get with the KeyAdd behind it
  GetRegister,      // the same, and registers[b] = current value
  GetCoding,        // the same; a value with a row in table b → the row's Coding, and past kCodingLength
                    // instructions
  CodingArray,      // an Open of an array that holds one object, which GetCoding fills: written as one, or as
                    // Open when GetCoding cannot
  GetLiteral,       // current value = literals[a, b)
  Clear,            // no current value
  JumpIfValued,     // a: where to when there is a current value
  ToRegister,       // registers[a] = current value
  ClearRegister,    // registers[a] = no value
  LiteralRegister,  // registers[c] = literals[a, b)
  Lines,      // current value = all repetitions of path a, of this place and its continuations, as lines
  Transform,  // a: Function of the current value
  JoinStart,  // begins a joined text
  JoinAdd,    // adds the current value; a, b: literal between parts
  JoinEnd,    // current value = the joined text
  Lookup,  // current value = column c of its row in table a; extra: LookupFlags; b: literal index of `else`
  Namespace,  // current value = the URI made of registers 0 (name), 1 (id), 2 (id type), 3 (kind); a: table
              // or none
  Write,      // a, b: literal `"name":` (b = 0: none); extra: WriteAs; c: problem to report, or 0

  TestValued,   // truth = path a at level has a value
  TestThere,    // the same, of a source with parts: not a reading of its value
  TestEquals,   // truth = the value of path a equals literal number b
  TestIn,       // truth = the value of path a is in list b
  TestNumber,   // truth = the value of path a reads as a number
  TestTime,     // truth = the value of path a reads as a date
  TestClock,    // truth = the value of path a reads as a date with hours and minutes
  TestRepeats,  // truth = path a is there more than once
  TestInTable,  // truth = the value of path a has a row with a target in table b
  TestLike,     // truth = the value of path a is of the form of literal number b (like.h)
  TestMade,     // truth = the resource of slot a was made; b: scopes up
  TestNot,      // truth = not truth

  EachStart,  // for each node of path a: level + 1 holds it; b: where to when there is none
  EachNext,   // b: the loop's first instruction; extra: 1 = stop when something was written since EachStart
  EachMadeStart,  // for each made resource of slot a in this scope and below: its nodes; b: where to when
                  // there is none
  EachMadeNext,   // b: the loop's first instruction

  Reference,    // writes `"reference":"…",` to the resource of slot a, b scopes up
  ReferenceIn,  // the same to slot c, `level` scopes up, within an object: literals[a, extra) before, the
                // rest of literals[a, b) behind it; nothing when it was not made
  Mention,      // the same to the resource that mention program a makes of this place
  NullStart,    // a top-level element begins, text a is its name: it is removed when nothing is written and a
                // null was read

  KeyStart,   // literal a, b: begins a key "FACILITY|…"
  KeyAdd,     // adds the current value; extra: 1 = required: absent → a: where to
  KeyOf,      // adds the key of slot a, b scopes up; not made → c: where to
  KeyPeriod,  // adds the first a characters (4: year, 8: day) of the current value's digits; absent → b:
              // where to
  KeyEnd,     // the key is complete: ends the program
};

inline constexpr std::size_t kOps = static_cast<std::size_t>(Op::KeyEnd) + 1;

enum OpenFlags : std::uint16_t {
  kNeedsValue = 1,  // without a value from the input it is cut back
  kIsArray = 2,
  kIsItem = 4,   // an item of an array: equal items are written once
  kMayFail = 8,  // holds RequireGrown
};

enum LookupFlags : std::uint16_t {
  kColumnCode = 0,
  kColumnSystem = 1,
  kColumnDisplay = 2,
  kColumnMask = 3,
  kReportUnmapped = 4,
  kHasElse = 8,
  kIsUnit = 16,
};

enum class Function : std::uint8_t {
  FirstWord,
  OtherWords,
  LastWord,
  WordsBeforeLast,
  NumberOf,
  ComparatorOf,
  Trim
};

// How the current value becomes JSON; each checks that the text is a value of that FHIR type.
enum class WriteAs : std::uint16_t {
  String,
  Code,
  Uri,
  Id,
  Base64,
  Date,
  DateTime,
  Instant,
  Time,
  Decimal,
  Integer,
  PositiveInt,
  UnsignedInt,
  Boolean,
};

struct Instruction {
  Op op = Op::End;
  std::uint8_t level = 0;
  std::uint16_t extra = 0;
  std::uint32_t a = 0, b = 0, c = 0;
};
static_assert(sizeof(Instruction) == 16);

// A Coding of a table's row: its system, code and display, each read, looked up and written.
inline constexpr std::uint32_t kCodingLength = 9;
// CodingArray with the two instructions that close it.
inline constexpr std::uint32_t kCodingArrayLength = kCodingLength + 4;

// Where a reading instruction finds its value: column of a place of a kind (ProgramData::places).
constexpr std::uint32_t pack_column(std::uint32_t kind, std::uint32_t column) noexcept {
  return kind << 16 | column;
}
constexpr std::uint32_t column_of(const Instruction& i) noexcept {
  return i.c & 0xffff;
}
constexpr std::uint32_t kind_of(const Instruction& i) noexcept {
  return i.c >> 16;
}
inline constexpr std::uint32_t kMostColumns = 0xffff;  // of a kind, and most kinds

constexpr bool reads_column(Op op) noexcept {
  return op == Op::Get || op == Op::GetOrSkip || op == Op::GetOrGo || op == Op::GetWrite ||
         op == Op::GetKey || op == Op::GetRegister || op == Op::GetCoding || op == Op::Lines ||
         op == Op::EachStart || (op >= Op::TestValued && op <= Op::TestLike);
}

// The field that holds a place in the program; null when there is none. Takes Instruction or const
// Instruction.
template <class I>
constexpr auto* target_of(I& i) noexcept {
  switch (i.op) {
    case Op::Jump:
    case Op::JumpIf:
    case Op::JumpUnless:
    case Op::JumpIfGrown:
    case Op::JumpIfValued:
      return &i.a;
    case Op::KeyAdd:
      return i.extra == 1 ? &i.a : static_cast<decltype(&i.a)>(nullptr);
    case Op::SkipAbsent:
    case Op::GetOrSkip:
    case Op::GetOrGo:
    case Op::GetWrite:
    case Op::EachStart:
    case Op::EachNext:
    case Op::EachMadeStart:
    case Op::EachMadeNext:
    case Op::KeyPeriod:
      return &i.b;
    case Op::KeyOf:
      return &i.c;
    default:
      return static_cast<decltype(&i.a)>(nullptr);
  }
}

}  // namespace lienthong::convert
