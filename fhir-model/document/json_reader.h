#pragma once
// JSON text → Document.

#include <string_view>
#include <tl/expected.hpp>

#include "fhir-model/document/document.h"
#include "fhir-model/document/read_error.h"

namespace fhir {

// Zero bytes that must be readable behind the text given to a reader.
inline constexpr std::size_t kPadding = 64;

// Reads one JSON value (RFC 8259, strictly: UTF-8, no lone surrogates, no comments; a byte order mark is
// skipped). Nulls, empty arrays, objects and strings, and duplicate members are kept for the caller to judge.
// `json` must have kPadding readable zero bytes behind it and must outlive the use of `document`, whose
// earlier content is replaced. After an error the document is empty. Memory: 48 bytes a value at most,
// reused.
tl::expected<void, ReadError> read_json(std::string_view json, Document& document,
                                        const ReadLimits& limits = {});

}  // namespace fhir
