#pragma once
// One version of one resource, as read.

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/base/clock.h"
#include "gateway/base/ids.h"

namespace lienthong::repository {

struct StoredVersion {
  ResourceRow row;
  std::string_view type;  // lives as long as the program
  std::string id;
  std::uint32_t version = 0;  // meta.versionId, ETag W/"n"
  Instant updated{};          // meta.lastUpdated
  MessageNumber source;       // meta.source "urn:uuid:…"; all zero: written by REST
  bool deleted = false;       // then `json` is empty
  bool created = false;       // this version made it (HTTP 201 in histories)
  ResourceRow lane;           // row of its Patient; 0 = shared
  FacilityId owner;           // 0: not owned by a feed (semantics 5)
  std::int64_t change = 0;    // the store's change sequence number of this version; 0 for older versions
  bool test = false;          // tagged HTEST (semantics 19)
  std::string json;           // the whole resource with id and meta
};

}  // namespace lienthong::repository
