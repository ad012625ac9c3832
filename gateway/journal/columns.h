#pragma once
// How the journal's values stand in columns.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "gateway/base/clock.h"
#include "gateway/journal/message_record.h"
#include "gateway/store/statement.h"

namespace lienthong::journal {

inline std::int64_t to_column(Instant at) noexcept {
  return at.time_since_epoch().count();
}
inline Instant to_instant(std::int64_t micros) noexcept {
  return Instant(std::chrono::microseconds(micros));
}

// SQLite's integers are signed: the same 64 bits.
inline std::int64_t to_column(ContentHash hash) noexcept {
  return static_cast<std::int64_t>(hash.value);
}

// "" is NULL, which costs no byte.
inline std::optional<std::string_view> text_or_null(std::string_view text) noexcept {
  return text.empty() ? std::nullopt : std::optional(text);
}
inline std::optional<store::Blob> blob_or_null(std::string_view bytes) noexcept {
  return bytes.empty() ? std::nullopt : std::optional(store::Blob{bytes});
}

// Control ids are compared by this many bytes at most (HL7 v2.9 MSH-10: 199 characters); the content hash
// tells longer ones apart.
inline constexpr std::size_t kControlIdBytes = 200;
inline std::string_view control_key(std::string_view control_id) noexcept {
  return control_id.substr(0, kControlIdBytes);
}

}  // namespace lienthong::journal
