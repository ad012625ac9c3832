#pragma once
// Exactly what stands in the tables for one resource, kept in its row: an update or deletion takes away what
// is here and nothing else, whatever the program that wrote it knew of search parameters.

#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/repository/sqlite/resource_keys.h"

namespace lienthong::repository::sqlite {

struct StoredText {
  ParameterNumber parameter = 0;
  std::string folded;
  friend auto operator<=>(const StoredText&, const StoredText&) = default;
};

// Each list sorted, each item once; see normalize().
struct StoredKeys {
  std::vector<PostingKey> postings;
  std::vector<std::uint64_t> unique;
  std::vector<StoredText> strings;

  bool empty() const { return postings.empty() && unique.empty() && strings.empty(); }
  void normalize();
};

// A few bytes a key. No keys: no bytes.
std::string encode_keys(const StoredKeys& keys);
// Fault (LT-1518) for damaged bytes.
Result<StoredKeys> decode_keys(std::string_view bytes);

}  // namespace lienthong::repository::sqlite
