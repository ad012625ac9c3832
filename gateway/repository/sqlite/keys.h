#pragma once
// A resource's search keys as the tables keep them: identifiers (uniq) and references (ref).

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/repository/sqlite/elements.h"
#include "gateway/repository/sqlite/resource_types.h"

namespace lienthong::repository::sqlite {

// Numbers of reference parameters in the table ref. They never change.
enum class ReferenceParameter : std::uint8_t { Subject = 1, Patient = 2 };

struct ReferenceKey {
  ReferenceParameter parameter = ReferenceParameter::Subject;
  TypeNumber type = 0;  // 0: an absolute URL, `id` is all of it
  std::string id;
};

struct Keys {
  std::vector<std::uint64_t> unique;  // sorted, each once
  std::vector<ReferenceKey> references;
  bool test = false;  // meta.tag says HTEST (semantics 19)
};

Keys extract_keys(std::string_view resource_type, std::span<const Element> elements);

// 44 bits of (type, value) above 20 bits of the system: one row serves system|value and value alone.
std::uint64_t identifier_hash(TypeNumber type, std::string_view system, std::string_view value) noexcept;
inline constexpr std::uint64_t kSystemBits = (std::uint64_t{1} << 20) - 1;

// The element that the search parameter "subject" or "patient" of a type reads and its number; empty element:
// the type has no such parameter that is kept.
struct ReferenceSource {
  ReferenceParameter parameter = ReferenceParameter::Subject;
  std::string_view element;
};
ReferenceSource reference_source(std::string_view resource_type, std::string_view parameter_code);

// Whether a stored body states an identifier with this value, and with this system unless `any_system`; an
// empty system means an identifier without one. The tables' hashes find candidates only; this decides.
struct IdentifierQuestion {
  std::string_view system, value;
  bool any_system = false;
};
bool states_identifier(std::string_view body, const IdentifierQuestion& question);

// Whether a stored body's `element` refers to one of the types with the id, or, with no types, to the
// absolute URL `id`.
struct ReferenceQuestion {
  std::string_view element;
  std::span<const TypeNumber> types;
  std::string_view id;
};
bool states_reference(std::string_view body, const ReferenceQuestion& question);

// "Patient/123", "Patient/123/_history/4" → type and id. Type 0 when it is no relative reference to a type of
// R4.
struct RelativeReference {
  TypeNumber type = 0;
  std::string_view id;
};
RelativeReference parse_reference(std::string_view text) noexcept;

// A JSON string's characters, unescaped; empty when it is none.
std::string json_text(std::string_view value);

// What a resource's row keeps of its keys, so that an update can take away the old ones.
struct StoredKeys {
  std::vector<std::uint64_t> unique;
  struct Reference {
    ReferenceParameter parameter;
    std::int64_t target;  // row, or below zero: hash of an absolute URL
    auto operator<=>(const Reference&) const = default;
  };
  std::vector<Reference> references;  // sorted
};
std::string encode_keys(const StoredKeys& keys);
StoredKeys decode_keys(std::string_view bytes);

}  // namespace lienthong::repository::sqlite
