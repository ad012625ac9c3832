#include "gateway/convert/emitter.h"

#include <algorithm>

namespace lienthong::convert {

void Emitter::set_mark(const Place& place, const std::string& element) {
  MarkEntry entry{file_index(place.file), place.line, text_index(element)};
  mark_ = static_cast<std::uint32_t>(data_.mark_entries.size());
  data_.mark_entries.push_back(entry);
}

Instruction& Emitter::emit(Op op, std::uint32_t a, std::uint32_t b, std::uint32_t c) {
  data_.code.push_back({op, 0, 0, a, b, c});
  data_.marks.push_back(mark_);
  return data_.code.back();
}

Instruction& Emitter::read(Op op, const ResolvedSource& source, std::uint32_t b) {
  auto& made = emit(op, source.path, b, column(source.context, source.path));
  made.level = source.level;
  return made;
}

// Numbers beyond what an instruction can hold are refused when the program is complete (program.cpp).
std::uint32_t Emitter::column(lt_path context, lt_path path) {
  const auto [found, is_new] = columns_.try_emplace({context, path}, 0);
  if (!is_new) return found->second;
  auto kind = std::find_if(data_.places.begin(), data_.places.end(),
                           [&](const PlaceKind& known) { return known.path == context; });
  if (kind == data_.places.end()) kind = data_.places.insert(kind, {context, {}});
  kind->columns.push_back(path);
  found->second = pack_column(static_cast<std::uint32_t>(kind - data_.places.begin()),
                              static_cast<std::uint32_t>(kind->columns.size() - 1));
  return found->second;
}

void Emitter::jump_in(Instruction& instruction, Label& to, char field) {
  const auto index = static_cast<std::uint32_t>(&instruction - data_.code.data());
  if (to.at_ != kNone) return patch(index, field, to.at_);
  to.waiting_.emplace_back(index, field);
}

void Emitter::place(Label& label) {
  label.at_ = here();
  barrier_ = here();
  for (const auto& [index, field] : label.waiting_) patch(index, field, label.at_);
  label.waiting_.clear();
}

void Emitter::patch(std::uint32_t index, char field, std::uint32_t target) {
  auto& instruction = data_.code[index];
  (field == 'a' ? instruction.a : field == 'b' ? instruction.b : instruction.c) = target;
}

void Emitter::literal(std::string_view text) {
  const bool grows = here() > barrier_ && !data_.code.empty() && data_.code.back().op == Op::Literal &&
                     data_.code.back().a + data_.code.back().b == data_.literals.size();
  if (grows) {
    data_.literals += text;
    data_.code.back().b += static_cast<std::uint32_t>(text.size());
    return;
  }
  const auto offset = static_cast<std::uint32_t>(data_.literals.size());
  data_.literals += text;
  emit(Op::Literal, offset, static_cast<std::uint32_t>(text.size()));
}

std::uint32_t Emitter::literal_offset(std::string_view text) {
  const auto [found, is_new] =
      literals_.try_emplace(std::string(text), static_cast<std::uint32_t>(data_.literals.size()));
  if (is_new) data_.literals += text;
  return found->second;
}

std::uint32_t Emitter::text_index(const std::string& text) {
  const auto [found, is_new] = texts_.try_emplace(text, static_cast<std::uint32_t>(data_.texts.size()));
  if (is_new) data_.texts.push_back(text);
  return found->second;
}

std::uint32_t Emitter::list_index(const std::vector<std::string>& values) {
  const auto found = std::find(data_.lists.begin(), data_.lists.end(), values);
  if (found != data_.lists.end()) return static_cast<std::uint32_t>(found - data_.lists.begin());
  data_.lists.push_back(values);
  return static_cast<std::uint32_t>(data_.lists.size() - 1);
}

std::uint32_t Emitter::file_index(std::string_view file) {
  const auto found = std::find(data_.files.begin(), data_.files.end(), file);
  if (found != data_.files.end()) return static_cast<std::uint32_t>(found - data_.files.begin());
  data_.files.emplace_back(file);
  return static_cast<std::uint32_t>(data_.files.size() - 1);
}

}  // namespace lienthong::convert
