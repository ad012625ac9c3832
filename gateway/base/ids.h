#pragma once
// Strong ids: a SourceId is never mistaken for a DestinationId.

#include <compare>
#include <cstdint>
#include <functional>

#include "gateway/base/uuid.h"

namespace lienthong {

template <class Tag, class Value>
struct StrongId {
  Value value{};
  auto operator<=>(const StrongId&) const = default;
};

using SourceId = StrongId<struct SourceTag, std::uint32_t>;  // row in the store's table of sources
using DestinationId =
    StrongId<struct DestinationTag, std::uint32_t>;               // row in the store's table of destinations
using FacilityId = StrongId<struct FacilityTag, std::uint32_t>;   // row in the store's table of facilities
using MessageRow = StrongId<struct MessageRowTag, std::int64_t>;  // the journal's own row, ascending
using ResourceRow = StrongId<struct ResourceRowTag, std::int64_t>;  // the repository's own row of a resource
using MessageNumber = StrongId<struct MessageNumberTag, Uuid>;      // UUIDv7, what people and meta.source see
using ResourceId = StrongId<struct ResourceIdTag, Uuid>;  // minted ids; FHIR ids of other shapes are text

}  // namespace lienthong
