#include "fhir-model/definitions/element_path.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace fhir {
namespace {

char lowered(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 0x20) : c;
}

// Edit distance (Levenshtein), letters' case counting half a step: result in half steps.
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  for (std::size_t j = 0; j <= to.size(); ++j) row[j] = 2 * j;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = 2 * i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t other_case = lowered(from[i - 1]) == lowered(to[j - 1]) ? 1 : 2;
      const std::size_t replace = diagonal + (from[i - 1] == to[j - 1] ? 0 : other_case);
      diagonal = row[j];
      row[j] = std::min({replace, row[j] + 2, row[j - 1] + 2});
    }
  }
  return row[to.size()];
}

// Keeps the nearest of the names offered, if it is near enough to be what was meant.
class Nearest {
 public:
  explicit Nearest(std::string_view wanted)
      : wanted_(wanted.substr(0, 100)), least_(wanted_.size() / 3 * 2 + 3) {}
  void offer(std::string_view name) {
    const std::size_t found = distance(wanted_, name);
    if (found >= least_) return;
    least_ = found;
    name_ = name;
  }
  std::string_view name() const { return name_; }

 private:
  std::string_view wanted_;
  std::size_t least_;
  std::string_view name_;
};

std::string quoted(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

// Follows the steps of one path.
class PathWalk {
 public:
  PathWalk(const Definitions& definitions, std::string_view path) : definitions_(definitions), path_(path) {}

  tl::expected<ResolvedPath, PathError> from_type_name() {
    const std::string_view name = next_step();
    if (name.empty()) return tl::unexpected(error(PathError::Kind::Empty, name, {}, "The path is empty."));
    const Type* type = definitions_.find_type(name);
    if (type == nullptr) {
      const std::string_view near = nearest_type(definitions_, name, TypeKind::None);
      return tl::unexpected(
          error(PathError::Kind::UnknownType, name, near, "FHIR R4 has no type " + quoted(name) + "."));
    }
    return from(*type);
  }

  tl::expected<ResolvedPath, PathError> from(const Type& start) {
    ResolvedPath at{&start, nullptr, nullptr};
    while (next_ <= path_.size() && !path_.empty()) {
      const std::string_view step = next_step();
      if (auto wrong = follow(at, step)) return tl::unexpected(*wrong);
    }
    return at;
  }

 private:
  // The text up to the next dot, without an index "[0]".
  std::string_view next_step() {
    step_offset_ = next_;
    const std::size_t dot = std::min(path_.find('.', next_), path_.size());
    std::string_view step = path_.substr(next_, dot - next_);
    next_ = dot + 1;
    const std::size_t bracket = step.find('[');
    if (bracket != std::string_view::npos && step.substr(bracket) != "[x]") step = step.substr(0, bracket);
    return step;
  }

  // Moves `at` one step on, or tells why not.
  std::optional<PathError> follow(ResolvedPath& at, std::string_view step) {
    if (at.type == nullptr) return open_choice(at, step);
    const MemberMatch match = find_member(*at.type, find_atom(step));
    if (match) {
      at = {&definitions_.type(match.choice->type), match.element, match.choice};
      return std::nullopt;
    }
    const std::string_view base = step.ends_with("[x]") ? step.substr(0, step.size() - 3) : step;
    const Element* element = find_element(*at.type, base);
    if (element != nullptr && element->is_choice) {
      at = {nullptr, element, nullptr};
      return std::nullopt;
    }
    return unknown(*at.type, step, element);
  }

  std::optional<PathError> open_choice(const ResolvedPath& at, std::string_view step) const {
    const std::string_view example = at.element->types[0].json_name;
    return error(PathError::Kind::OpenChoice, step, example,
                 quoted(at.element->path.view()) + " has several types: name one before going on.");
  }

  std::optional<PathError> unknown(const Type& type, std::string_view step, const Element* element) const {
    if (step.ends_with("[x]") && element != nullptr) {
      return error(PathError::Kind::NotAChoice, step, element->name,
                   quoted(element->path.view()) + " is no choice.");
    }
    const auto kind = type.is_primitive() ? PathError::Kind::IsPrimitive : PathError::Kind::UnknownElement;
    return error(
        kind, step, nearest_member(type, step),
        type.name.view().empty() ? "" : quoted(type.name.view()) + " has no element " + quoted(step) + ".");
  }

  PathError error(PathError::Kind kind, std::string_view step, std::string_view suggestion,
                  std::string message) const {
    if (!suggestion.empty()) message += " Did you mean " + quoted(suggestion) + "?";
    return {kind, step_offset_, std::string(step), std::string(suggestion), std::move(message)};
  }

  const Definitions& definitions_;
  const std::string_view path_;
  std::size_t next_ = 0;
  std::size_t step_offset_ = 0;
};

}  // namespace

tl::expected<ResolvedPath, PathError> resolve_path(const Definitions& definitions, std::string_view path) {
  return PathWalk(definitions, path).from_type_name();
}

tl::expected<ResolvedPath, PathError> resolve_path(const Definitions& definitions, const Type& start,
                                                   std::string_view path) {
  return PathWalk(definitions, path).from(start);
}

std::string_view nearest_member(const Type& type, std::string_view name) {
  Nearest nearest(name);
  for (const Element& element : type.elements) {
    for (const TypeChoice& choice : element.types) nearest.offer(choice.json_name);
  }
  return nearest.name();
}

std::string_view nearest_type(const Definitions& definitions, std::string_view name, TypeKind kind) {
  Nearest nearest(name);
  for (const Type& type : definitions.types()) {
    const bool fits = kind == TypeKind::None ? type.kind != TypeKind::None && type.kind != TypeKind::Backbone
                                             : type.kind == kind;
    if (fits) nearest.offer(type.name);
  }
  return nearest.name();
}

}  // namespace fhir
