#pragma once
// Writing as FHIR's REST API says (R4 §3.1.0). Source: semantics.md rule 5 for feed-owned resources.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/repository/change.h"
#include "gateway/repository/stored_version.h"

namespace lienthong::repository {

enum class Interaction : std::uint8_t {
  Create,             // POST type; with if_none_exist: conditional create
  Update,             // PUT type/id: update, or create with that id
  ConditionalUpdate,  // PUT type?query
  Delete,             // DELETE type/id
  ConditionalDelete,  // DELETE type?query; at most one match is deleted
  Bundle,             // POST [base]: transaction or batch, as Bundle.type says
};

// A facility's gateway that delivers what its feeds made (semantics 5). Each entry or body states its change
// sequence number; one not above the stored is a Conflict, unless the content is the same.
struct FeedDelivery {
  FacilityId owner;
  std::optional<std::int64_t> sequence;  // of a single interaction; in a Bundle see kSequenceExtension
};

// Bundle.entry.extension with this url states the entry's change sequence number as valueString.
inline constexpr std::string_view kSequenceExtension = "urn:lienthong:change-sequence";

// Views need to live only until prepare_rest() returns.
struct RestRequest {
  Interaction interaction = Interaction::Create;
  std::string_view type;             // not for Bundle
  std::string_view id;               // Update, Delete
  std::string_view query;            // ConditionalUpdate, ConditionalDelete: percent-encoded, without '?'
  std::string_view if_none_exist;    // Create
  std::string_view if_match;         // header value W/"n"; empty = none
  std::string_view body;             // JSON, UTF-8; need not be padded
  std::optional<FeedDelivery> feed;  // set when the caller is a facility's gateway
};

// Parsed, split and compressed before the writer's queue. Movable; owns its memory.
class PreparedRest {
 public:
  struct Content;
  PreparedRest();
  explicit PreparedRest(std::unique_ptr<Content> content);
  PreparedRest(PreparedRest&&) noexcept;
  PreparedRest& operator=(PreparedRest&&) noexcept;
  ~PreparedRest();
  Content* content() noexcept { return content_.get(); }
  std::size_t bytes() const noexcept;

 private:
  std::unique_ptr<Content> content_;
};

// What became of one interaction, or one entry of a Bundle.
struct RestResult {
  int status = 200;  // HTTP
  Error error;       // set when status >= 400 (entries of a batch)
  StoredVersion
      resource;  // type, id, version, updated; json: what the entry's response carries, may be empty
  std::string outcome_bundle;  // a search inside a Bundle (GET type?query): its searchset as JSON
};

struct RestOutcome {
  std::vector<RestResult> results;  // one; or one an entry, in the entries' order
  std::vector<Change> changes;      // for the outbox
  bool is_batch = false;            // Bundle only: which response type
};

// The HTTP status of an Error of this room: as base's table says, but 410 for Gone (LT-1504), 412 for
// a failed precondition (LT-1505, LT-1506), 405 for a create with an id of its own where not allowed.
int http_status(const Error& error) noexcept;

}  // namespace lienthong::repository
