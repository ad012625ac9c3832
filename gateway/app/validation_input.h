#pragma once
// Resources in files: one in JSON or FHIR XML, or many in NDJSON, one a line.

#include <functional>
#include <string>
#include <string_view>

#include "fhir-model/document/document.h"
#include "fhir-model/document/read_error.h"

namespace lienthong::app {

// One resource of a file. Valid during the call that it is given to.
struct InputResource {
  const fhir::Document* document = nullptr;  // null when it could not be read
  const fhir::ReadError* error = nullptr;    // then why
  std::uint32_t first_line = 1;              // of the file: where the resource begins
};

// Calls `call` with each resource of `text` in order. NDJSON is what has an object in each of its first two
// lines; empty lines are passed over. One thread.
void each_resource(std::string_view text, const std::function<void(const InputResource&)>& call);

}  // namespace lienthong::app
