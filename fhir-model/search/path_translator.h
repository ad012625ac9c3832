#pragma once
// Compiled expressions → places of a plan.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "fhir-model/path/program_data.h"
#include "fhir-model/search/type_plan.h"

namespace fhir::search {

// Elements in the making of a plan: where they are and of what type. `element` is null for the resource
// itself. With a reference type only references to it.
struct Cursor {
  std::uint32_t place = 0;
  TypeId type = kNoType;
  const Element* element = nullptr;
  TypeId reference_type = kNoType;
};

// Adds the places that an expression visits to a plan. No value: the expression has a shape that a walk over
// the elements cannot do; places added meanwhile stay and do no harm.
class PathTranslator {
 public:
  using Cursors = std::vector<Cursor>;

  PathTranslator(const Definitions& definitions, TypePlan& plan) : definitions_(definitions), plan_(plan) {}

  // `start` is $this and %resource; of each only what is given may be used.
  std::optional<Cursors> translate(const path::Program& program, std::optional<Cursor> context,
                                   std::optional<Cursor> resource);
  std::uint32_t add_place();

 private:
  using Step = path::Step;
  std::optional<Cursors> step(std::uint32_t index);
  std::optional<Cursors> member(const Step& step);
  std::optional<Cursors> call(const Step& step);
  std::optional<Cursors> where(const Step& step);
  std::optional<Cursors> extension(const Step& step);
  std::optional<Cursors> of_type(const Step& step);
  std::optional<Cursors> joined(const Step& step);
  std::optional<Cursors> equal_filter(const Step& criterion, Cursors cursors);
  std::optional<std::string_view> literal(std::uint32_t index) const;
  bool add_members(const Cursor& cursor, const Step& step, Cursors& out);
  Cursor member_of(const Cursor& cursor, const Element& element, const TypeChoice& choice);
  void filter(Cursor& cursor, Atom atom, std::string_view text);

  const Definitions& definitions_;
  TypePlan& plan_;
  const path::ProgramData* data_ = nullptr;
  std::optional<Cursor> context_;
  std::optional<Cursor> resource_;
};

}  // namespace fhir::search
