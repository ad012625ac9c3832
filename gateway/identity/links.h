#pragma once
// Links: records that say two Patients are the same person, with the reason; reversible. Source: semantics.md
// rule 2. No feed can erase them; they are rendered into Patient.link on read.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/ids.h"
#include "gateway/base/result.h"
#include "gateway/store/transaction.h"

namespace lienthong::identity {

enum class LinkReason : std::uint8_t {
  Agreement = 1,  // citizen id, folded name, sex and birth date all agree
  Manual = 2,     // a person said so
};

struct Link {
  ResourceRow patient, other;  // symmetric; `patient` is the one asked for
  LinkReason reason = LinkReason::Agreement;
  Instant since{};
  Instant until{};  // zero: in force
};

// What of a Patient decides an automatic link. Empty parts never agree.
struct PersonFacts {
  std::vector<std::string> citizen_ids;  // values of national identifiers, as stated
  std::vector<std::string> names;        // folded full names
  std::string gender;
  std::string birth_date;  // a whole date, else empty
};

// Reads the facts from a Patient's JSON. A citizen id is an identifier whose type
// has code NI or NNVNM (HL7 table 0203), or whose system contains "cccd" or "citizen"; its value has 12
// digits. Unreadable JSON gives no facts.
PersonFacts person_facts(std::string_view json);

// A patient whose links changed: its rendered form is another now.
struct LinkChange {
  ResourceRow patient, other;
  bool made = false;  // false: ended
};

// Call whenever a Patient was written: makes the automatic links that follow from its facts, ends those that
// no longer do. The links in force depend on the patients' present facts only, not on the order of arrival.
Result<std::vector<LinkChange>> update_links(store::Transaction& transaction, ResourceRow patient,
                                             const PersonFacts& facts, Instant now);

// A person's decision; outlives any feed's changes until it is ended.
Result<void> make_link(store::Transaction& transaction, ResourceRow one, ResourceRow other, Instant now);
Result<void> end_link(store::Transaction& transaction, ResourceRow one, ResourceRow other, Instant now);

// Links of a patient in force at `at` (zero: now).
Result<std::vector<Link>> links_of(store::Connection& connection, ResourceRow patient, Instant at = {});

}  // namespace lienthong::identity
