#pragma once

#include <string>
#include <vector>

namespace fhir::search {

// What keys and search values depend on besides the data; both sides must use the same.
struct KeyOptions {
  int zone_minutes = 0;                        // of dates without zone (semantics.md rule 13)
  std::vector<std::string> server_bases = {};  // "https://example.org/fhir", without slash at the end:
                                               // absolute references to these are local
};

}  // namespace fhir::search
