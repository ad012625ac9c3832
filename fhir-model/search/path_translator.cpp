#include "fhir-model/search/path_translator.h"

#include <algorithm>

#include "fhir-model/definitions/generated/atoms.h"
#include "fhir-model/definitions/generated/type_ids.h"

namespace fhir::search {

using path::Function;
using path::kNoStep;
using path::Op;

std::uint32_t PathTranslator::add_place() {
  plan_.places.emplace_back();
  return static_cast<std::uint32_t>(plan_.places.size() - 1);
}

std::optional<PathTranslator::Cursors> PathTranslator::translate(const path::Program& program,
                                                                 std::optional<Cursor> context,
                                                                 std::optional<Cursor> resource) {
  data_ = &program.data();
  context_ = context;
  resource_ = resource;
  return step(data_->root);
}

// Recursion is bounded by CompileOptions::max_depth.
std::optional<PathTranslator::Cursors> PathTranslator::step(std::uint32_t index) {
  if (index == kNoStep) return context_ ? std::optional<Cursors>({*context_}) : std::nullopt;
  const Step& current = data_->steps[index];
  switch (current.op) {
    case Op::This:
      return step(kNoStep);
    case Op::TypeRoot:
      if (!context_) return std::nullopt;
      return definitions_.is_a(context_->type, current.type.fhir) ? Cursors{*context_} : Cursors{};
    case Op::Variable:
      if (data_->names[current.data] != "resource" || !resource_) return std::nullopt;
      return Cursors{*resource_};
    case Op::Member:
      return member(current);
    case Op::As:
      return of_type(current);
    case Op::Union:
      return joined(current);
    case Op::Call:
      return call(current);
    default:
      return std::nullopt;
  }
}

std::optional<PathTranslator::Cursors> PathTranslator::joined(const Step& union_step) {
  auto left = step(union_step.focus);
  if (!left) return std::nullopt;
  const auto right = step(data_->argument(union_step, 0));
  if (!right) return std::nullopt;
  left->insert(left->end(), right->begin(), right->end());
  return left;
}

std::optional<PathTranslator::Cursors> PathTranslator::call(const Step& call_step) {
  switch (call_step.function) {
    case Function::Where:
      return where(call_step);
    case Function::As:
    case Function::OfType:
      return of_type(call_step);
    case Function::Extension:
      return extension(call_step);
    default:
      return std::nullopt;
  }
}

std::optional<PathTranslator::Cursors> PathTranslator::member(const Step& member_step) {
  const auto focus = step(member_step.focus);
  if (!focus) return std::nullopt;
  Cursors found;
  for (const Cursor& cursor : *focus) {
    if (!add_members(cursor, member_step, found)) return std::nullopt;
  }
  return found;
}

bool PathTranslator::add_members(const Cursor& cursor, const Step& member_step, Cursors& out) {
  const Type& type = definitions_.type(cursor.type);
  // What lies below is only known from the data.
  const bool held_resource = cursor.element != nullptr && type.kind == TypeKind::Resource;
  if (cursor.reference_type != kNoType || held_resource || type.is_primitive()) return false;
  for (const path::ChoiceElement& choice : member_step.choices) {
    if (choice.type != cursor.type) continue;
    for (const TypeChoice& one : choice.element->types)
      out.push_back(member_of(cursor, *choice.element, one));
    return true;
  }
  const MemberMatch match = find_member(type, member_step.atom);
  if (match && !match.element->is_choice) out.push_back(member_of(cursor, *match.element, *match.choice));
  return true;
}

Cursor PathTranslator::member_of(const Cursor& cursor, const Element& element, const TypeChoice& choice) {
  for (const Edge& edge : plan_.places[cursor.place].edges) {
    if (edge.atom == choice.atom) return {edge.place, edge.type, &element, kNoType};
  }
  const std::uint32_t place = add_place();
  plan_.places[cursor.place].edges.push_back({choice.atom, choice.type, place});
  return {place, choice.type, &element, kNoType};
}

// As the evaluator: a primitive must be of the very type, other values may be derived. "DateTime", which
// Observation's code-value-date has, is FHIR's dateTime.
std::optional<PathTranslator::Cursors> PathTranslator::of_type(const Step& type_step) {
  const auto focus = step(type_step.focus);
  if (!focus) return std::nullopt;
  TypeId wanted = type_step.type.fhir;
  if (wanted == kNoType && type_step.type.system == path::SystemType::DateTime) {
    wanted = type_ids::kDateTime;
  }
  Cursors kept;
  for (const Cursor& cursor : *focus) {
    const bool primitive = definitions_.type(cursor.type).is_primitive();
    if (definitions_.type(cursor.type).kind == TypeKind::Resource && cursor.element != nullptr) {
      return std::nullopt;
    }
    if (cursor.type == wanted || (!primitive && wanted != kNoType && definitions_.is_a(cursor.type, wanted)))
      kept.push_back(cursor);
  }
  return kept;
}

std::optional<PathTranslator::Cursors> PathTranslator::where(const Step& where_step) {
  auto focus = step(where_step.focus);
  if (!focus || where_step.argument_count != 1) return std::nullopt;
  const Step& criterion = data_->steps[data_->argument(where_step, 0)];
  if (criterion.op == Op::Equal) return equal_filter(criterion, *std::move(focus));
  if (criterion.op != Op::Is || criterion.focus == kNoStep || criterion.type.fhir == kNoType)
    return std::nullopt;
  const Step& resolve = data_->steps[criterion.focus];
  const bool resolves = resolve.op == Op::Call && resolve.function == Function::Resolve &&
                        (resolve.focus == kNoStep || data_->steps[resolve.focus].op == Op::This);
  if (!resolves) return std::nullopt;
  Cursors kept;
  for (Cursor cursor : *focus) {
    if (cursor.reference_type != kNoType || cursor.type != type_ids::kReference) return std::nullopt;
    cursor.reference_type = criterion.type.fhir;
    kept.push_back(cursor);
  }
  return kept;
}

// where(member = 'text').
std::optional<PathTranslator::Cursors> PathTranslator::equal_filter(const Step& criterion, Cursors cursors) {
  const auto text = literal(data_->argument(criterion, 0));
  if (!text || criterion.focus == kNoStep) return std::nullopt;
  const Step& left = data_->steps[criterion.focus];
  if (left.op != Op::Member || (left.focus != kNoStep && data_->steps[left.focus].op != Op::This)) {
    return std::nullopt;
  }
  for (Cursor& cursor : cursors) {
    const MemberMatch match = find_member(definitions_.type(cursor.type), left.atom);
    const bool plain_text = match && !match.element->is_choice && !match.element->is_array &&
                            definitions_.type(match.choice->type).json_form == JsonForm::String;
    if (!plain_text || cursor.reference_type != kNoType) return std::nullopt;
    filter(cursor, left.atom, *text);
  }
  return cursors;
}

std::optional<PathTranslator::Cursors> PathTranslator::extension(const Step& call_step) {
  const auto focus = step(call_step.focus);
  if (!focus || call_step.argument_count != 1) return std::nullopt;
  const auto url = literal(data_->argument(call_step, 0));
  if (!url) return std::nullopt;
  Cursors found;
  for (const Cursor& cursor : *focus) {
    const Type& type = definitions_.type(cursor.type);
    const MemberMatch match = find_member(type, atoms::kExtension);
    const bool held_resource = cursor.element != nullptr && type.kind == TypeKind::Resource;
    if (type.is_primitive() || held_resource || cursor.reference_type != kNoType) return std::nullopt;
    if (!match) continue;
    found.push_back(member_of(cursor, *match.element, *match.choice));
    filter(found.back(), atoms::kUrl, *url);
  }
  return found;
}

void PathTranslator::filter(Cursor& cursor, Atom atom, std::string_view text) {
  for (const Filter& known : plan_.places[cursor.place].filters) {
    if (known.atom != atom || known.text != text) continue;
    cursor.place = known.place;
    return;
  }
  const std::uint32_t place = add_place();
  plan_.places[cursor.place].filters.push_back({atom, std::string(text), place});
  cursor.place = place;
}

std::optional<std::string_view> PathTranslator::literal(std::uint32_t index) const {
  if (index == kNoStep || data_->steps[index].op != Op::Literal) return std::nullopt;
  const path::Value& value = data_->literals[data_->steps[index].data];
  if (value.kind != path::ValueKind::String) return std::nullopt;
  return value.string();
}

}  // namespace fhir::search
