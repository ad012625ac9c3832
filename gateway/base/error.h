#pragma once
// An Error says that something could not be done. (What is wrong with *data* is a Problem, see problem.h.)
// Source: docs/architecture.md, rule 8: two channels, never mixed.

#include <cstdint>
#include <string>
#include <string_view>

namespace lienthong {

// The closed set of reasons why something could not be done.
enum class Category : std::uint8_t {
  Incorrect,    // the caller's input is wrong; the same call will fail again
  NotFound,     // what was asked for does not exist
  Conflict,     // it exists in another state than the caller supposes
  Forbidden,    // the caller may not
  Unsupported,  // understood, but not something this program does
  Busy,         // a queue or disk is full; the same call may succeed later
  Unavailable,  // another system does not answer; try again later
  Interrupted,  // stopped by a shutdown or a time limit
  Fault,        // this program or its disk is broken
};

// What one category means to each protocol; the only table of its kind.
struct CategoryMeaning {
  std::string_view name;             // "not-found"
  int http_status;                   // 404
  std::string_view fhir_issue_code;  // "not-found", from value set issue-type
  std::string_view hl7_ack_code;     // "AE": data are at fault; "AR": try again or not for us
  bool retry;                        // whether the same call may succeed later
};

// Returns the meaning of a category. Never fails; any thread.
const CategoryMeaning& meaning_of(Category category) noexcept;

// Why something could not be done. `text` is a sentence that a system administrator understands; it never
// holds patient data. `number` is stable across versions (rendered LT-1203).
struct Error {
  Category category = Category::Fault;
  std::uint16_t number = 0;
  std::string text;
};

// Renders "LT-1203: text" for logs and terminals.
std::string to_string(const Error& error);

}  // namespace lienthong
