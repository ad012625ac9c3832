#pragma once
// A FHIR id as the table resource keeps it: 16 bytes for a UUID in lower case, else its text.

#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/uuid.h"
#include "gateway/store/statement.h"

namespace lienthong::repository::sqlite {

class StoredId {
 public:
  explicit StoredId(std::string_view id) : text_(id), uuid_(parse_uuid(id)) {
    // Capitals and UUIDs without the variant's high bit are kept as text, so that id_text() can tell them
    // apart.
    if (uuid_ && (to_string(*uuid_) != id || (uuid_->bytes[8] & 0x80) == 0)) uuid_.reset();
  }
  // The statement must end before this and the id do.
  void bind(store::Statement& statement, int index) const {
    if (uuid_) {
      statement.bind(index, *uuid_);
    } else {
      statement.bind(index, text_);
    }
  }

 private:
  std::string_view text_;
  std::optional<Uuid> uuid_;
};

// From the column's bytes. A text of 16 characters is ASCII (R4: [A-Za-z0-9-.]), so its ninth byte has no
// high bit, which every UUID kept as bytes has.
inline std::string id_text(std::string_view stored) {
  const bool uuid = stored.size() == 16 && (static_cast<unsigned char>(stored[8]) & 0x80) != 0;
  if (!uuid) return std::string(stored);
  Uuid value;
  for (std::size_t i = 0; i < 16; ++i) value.bytes[i] = static_cast<std::uint8_t>(stored[i]);
  return to_string(value);
}

}  // namespace lienthong::repository::sqlite
