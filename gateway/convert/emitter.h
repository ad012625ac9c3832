#pragma once
// Writes instructions, literals and marks into a ProgramData; knows where jumps lead.

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "gateway/convert/environment.h"
#include "gateway/convert/mapping_node.h"
#include "gateway/convert/program_data.h"

namespace lienthong::convert {

// A jump target that may be used before it is placed.
class Label {
 public:
  Label() = default;

 private:
  friend class Emitter;
  std::uint32_t at_ = kNone;
  std::vector<std::pair<std::uint32_t, char>> waiting_;  // instruction and field to fill in
};

class Emitter {
 public:
  explicit Emitter(ProgramData& data) : data_(data) {}

  // Everything emitted until the next call comes from this place and writes this element.
  void set_mark(const Place& place, const std::string& element);
  std::uint32_t current_mark() const noexcept { return mark_; }
  void restore_mark(std::uint32_t mark) noexcept { mark_ = mark; }

  std::uint32_t here() const noexcept { return static_cast<std::uint32_t>(data_.code.size()); }
  Instruction& emit(Op op, std::uint32_t a = 0, std::uint32_t b = 0, std::uint32_t c = 0);
  // An instruction that reads `path` of the node of path `context` that stands at `level`.
  Instruction& read(Op op, const ResolvedSource& source, std::uint32_t b = 0);
  // Where the values of `path` of nodes of path `context` stand, packed (pack_column).
  std::uint32_t column(lt_path context, lt_path path);
  Instruction& at(std::uint32_t index) { return data_.code[index]; }

  // Ops whose field a, b or c is a place in the program.
  void jump(Op op, Label& to) { jump_in(emit(op), to, 'a'); }
  void jump_in(Instruction& instruction, Label& to, char field);
  void place(Label& label);

  // Text written as it stands; neighbours are joined into one instruction.
  void literal(std::string_view text);
  // Offset of a text in the literals; its length is the caller's to know.
  std::uint32_t literal_offset(std::string_view text);
  std::uint32_t text_index(const std::string& text);
  std::uint32_t list_index(const std::vector<std::string>& values);

 private:
  std::uint32_t file_index(std::string_view file);
  void patch(std::uint32_t instruction, char field, std::uint32_t target);

  ProgramData& data_;
  std::uint32_t mark_ = 0;
  std::uint32_t barrier_ = 0;  // no literal before this place may grow: a jump leads here
  std::unordered_map<std::string, std::uint32_t> literals_, texts_;
  std::map<std::pair<lt_path, lt_path>, std::uint32_t> columns_;
};

}  // namespace lienthong::convert
