#pragma once
// A REST request, or a Bundle's entries, before the writer's queue.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateway/repository/rest.h"
#include "gateway/repository/sqlite/elements.h"
#include "gateway/repository/sqlite/resource_keys.h"

namespace lienthong::repository::sqlite {

// A resource as it will be stored.
struct StoredForm {
  std::string body;  // "{…}" without resourceType, id and what is rendered on read
  std::string packed;
  ResourceKeys keys;
};

// Incorrect (LT-1501) when `json` is no object.
Result<StoredForm> make_stored_form(TypeNumber type, std::string_view json, KeyMaker& maker);

struct RestEntry {
  enum class Kind : std::uint8_t {
    Delete,
    Create,
    Update,
    Read
  };  // in the order of a transaction (R4 §3.1.0.11.2)
  Kind kind = Kind::Read;
  TypeNumber type = 0;
  std::string id;             // empty: minted, or found by `query`
  std::string query;          // conditional update and delete; of a Read: its search
  std::string if_none_exist;  // conditional create
  std::optional<std::uint32_t> if_match;
  bool minted = false;  // the id is new: nothing is stored under it
  std::string version;  // of a Read: vread
  std::string full_url;
  std::string json;  // compact
  std::optional<std::int64_t> sequence;
  std::optional<StoredForm> form;  // none: references are to be replaced on the writer
  std::optional<Error> error;      // of a batch: this entry cannot be done

  bool conditional() const { return !if_none_exist.empty() || (kind != Kind::Read && !query.empty()); }
};

// Full URLs of entries → "Type/id".
using ReferenceMap = std::map<std::string, std::string, std::less<>>;

// `json` with every reference (and every "urn:uuid:…" that stands as a whole string) that the map holds
// replaced. Incorrect (LT-1513) for a reference "urn:uuid:…" that it does not hold.
Result<std::string> replace_references(std::string_view json, const ReferenceMap& map);

// The first conditional reference ("Patient?identifier=…") at or behind `at`; empty when there is none.
std::string_view find_conditional_reference(std::string_view json, std::size_t at = 0);

// "Patient/1", "Patient/1/_history/2", "Patient?name=x" → type, id, version, query. Leading "/" and an
// absolute base are not taken. Incorrect (LT-1512), NotFound (LT-1503).
Result<void> parse_entry_url(std::string_view url, RestEntry& entry);

bool is_valid_id(std::string_view id) noexcept;  // R4: [A-Za-z0-9\-\.]{1,64}

}  // namespace lienthong::repository::sqlite

namespace lienthong::repository {

struct PreparedRest::Content {
  std::vector<sqlite::RestEntry> entries;
  bool is_bundle = false, is_batch = false;
  std::optional<FeedDelivery> feed;
};

}  // namespace lienthong::repository
