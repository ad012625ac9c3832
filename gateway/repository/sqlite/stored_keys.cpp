#include "gateway/repository/sqlite/stored_keys.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "gateway/repository/error_numbers.h"
#include "gateway/repository/sqlite/byte_codec.h"

namespace lienthong::repository::sqlite {
namespace {

template <class Items>
void sort_once(Items& items) {
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
}

// Around the ends of the numbers, so that any two have a difference.
std::int64_t sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
std::int64_t difference(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

void read_postings(ByteReader& in, std::vector<PostingKey>& out) {
  out.resize(in.count());
  PostingKey last;
  for (PostingKey& key : out) {
    const std::uint64_t step = in.number();
    const bool same = step == 0 && last.parameter != 0;
    key.parameter = last.parameter + static_cast<ParameterNumber>(step);
    key.value = sum(in.signed_number(), same ? last.value : 0);
    last = key;
  }
}

}  // namespace

void StoredKeys::normalize() {
  sort_once(postings);
  sort_once(unique);
  sort_once(strings);
}

std::string encode_keys(const StoredKeys& keys) {
  if (keys.empty()) return {};
  ByteWriter out;
  out.number(keys.postings.size());
  PostingKey last;
  for (const PostingKey& key : keys.postings) {
    const bool same = key.parameter == last.parameter && last.parameter != 0;
    out.number(key.parameter - last.parameter);
    out.signed_number(difference(key.value, same ? last.value : 0));
    last = key;
  }
  out.number(keys.strings.size());
  for (const StoredText& text : keys.strings) {
    out.number(text.parameter);
    out.text(text.folded);
  }
  std::string bytes = out.take();
  for (const std::uint64_t hash : keys.unique) {
    std::array<char, sizeof hash> raw;
    std::memcpy(raw.data(), &hash, raw.size());
    bytes.append(raw.data(), raw.size());
  }
  return bytes;
}

Result<StoredKeys> decode_keys(std::string_view bytes) {
  StoredKeys keys;
  if (bytes.empty()) return keys;
  ByteReader in(bytes);
  read_postings(in, keys.postings);
  keys.strings.resize(in.count());
  for (StoredText& text : keys.strings) {
    text.parameter = static_cast<ParameterNumber>(in.number());
    text.folded = in.text();
  }
  const std::string_view hashes = in.rest();
  if (!in.ok() || hashes.size() % sizeof(std::uint64_t) != 0)
    return fail(Category::Fault, kDamagedBody, "A stored resource's search keys cannot be read.");
  keys.unique.resize(hashes.size() / sizeof(std::uint64_t));
  if (!hashes.empty()) std::memcpy(keys.unique.data(), hashes.data(), hashes.size());
  return keys;
}

}  // namespace lienthong::repository::sqlite
