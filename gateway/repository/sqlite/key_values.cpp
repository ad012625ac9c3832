#include "gateway/repository/sqlite/key_values.h"

#define XXH_INLINE_ALL  // hashes of short keys: faster than a call
#include <xxhash.h>

#include <algorithm>
#include <array>

namespace lienthong::repository::sqlite {
namespace {

using fhir::search::kOpenEnd;
using fhir::search::kOpenStart;
using fhir::search::Prefix;

// --- Dates ---

constexpr std::int64_t kDay = 86'400'000'000;
constexpr std::array<std::int64_t, 4> kSpans = {kDay, 32 * kDay, 1024 * kDay, 32768 * kDay};
// Classes of intervals behind those of a span.
constexpr std::int64_t kLong = 4, kOpenEnded = 5, kOpenStarted = 6;
constexpr std::int64_t kOpenSpan = 32 * kDay;
constexpr int kBucketBits = 24;
constexpr std::int64_t kMiddle = std::int64_t{1} << (kBucketBits - 1);
constexpr std::int64_t kLowestBucket = -kMiddle, kHighestBucket = kMiddle - 1;

std::int64_t bucket_of(std::int64_t micros, std::int64_t span) noexcept {
  const std::int64_t down = micros / span - (micros % span < 0 ? 1 : 0);
  return std::clamp(down, kLowestBucket, kHighestBucket);
}

std::int64_t in_class(std::int64_t kind, std::int64_t bucket) noexcept {
  return (kind << kBucketBits) + std::clamp(bucket, kLowestBucket, kHighestBucket) + kMiddle;
}

struct Buckets {
  std::int64_t low = 0, high = -1;  // none
};
constexpr Buckets kAll{kLowestBucket, kHighestBucket};

// Where intervals shorter than `span` stand by the bucket of their start.
Buckets short_buckets(Prefix prefix, std::int64_t lo, std::int64_t hi, std::int64_t span) {
  const std::int64_t low = bucket_of(lo, span), high = bucket_of(hi, span);
  switch (prefix) {
    case Prefix::Eq:
      return {low, high};
    case Prefix::Ap:
      return {low - 1, high};
    case Prefix::Gt:
      return {high - 1, kHighestBucket};
    case Prefix::Ge:
      return {std::min(low, high - 1), kHighestBucket};
    case Prefix::Lt:
    case Prefix::Eb:
      return {kLowestBucket, low};
    case Prefix::Le:
      return {kLowestBucket, high};
    case Prefix::Sa:
      return {high, kHighestBucket};
    case Prefix::Ne:
      break;
  }
  return kAll;
}

// By the bucket of their start; they have no end.
Buckets open_end_buckets(Prefix prefix, std::int64_t lo, std::int64_t hi) {
  switch (prefix) {
    case Prefix::Gt:
    case Prefix::Ge:
      return kAll;
    case Prefix::Lt:
      return {kLowestBucket, bucket_of(lo, kOpenSpan)};
    case Prefix::Le:
    case Prefix::Ap:
      return {kLowestBucket, bucket_of(hi, kOpenSpan)};
    case Prefix::Sa:
      return {bucket_of(hi, kOpenSpan), kHighestBucket};
    default:
      return {};
  }
}

// By the bucket of their end; they have no start.
Buckets open_start_buckets(Prefix prefix, std::int64_t lo, std::int64_t hi) {
  switch (prefix) {
    case Prefix::Lt:
    case Prefix::Le:
      return kAll;
    case Prefix::Gt:
      return {bucket_of(hi, kOpenSpan), kHighestBucket};
    case Prefix::Ge:
    case Prefix::Ap:
      return {bucket_of(lo, kOpenSpan), kHighestBucket};
    case Prefix::Eb:
      return {kLowestBucket, bucket_of(lo, kOpenSpan)};
    default:
      return {};
  }
}

void add(std::int64_t kind, Buckets buckets, std::vector<ValueRange>& out) {
  if (buckets.low <= buckets.high) out.push_back({in_class(kind, buckets.low), in_class(kind, buckets.high)});
}

// --- Numbers ---

constexpr int kNumberBits = 20;
constexpr std::int64_t kNumberMiddle = std::int64_t{1} << (kNumberBits - 1);
constexpr std::int64_t kRaw = 0, kCanonical = 1, kWide = 2;

// Of OrderedNumber: sign × (exponent of 9 bits above 54 bits of a mantissa of 16 digits).
std::int64_t number_bucket(fhir::search::OrderedNumber number) noexcept {
  constexpr std::int64_t kTwoDigits = 100'000'000'000'000, kMantissa = (std::int64_t{1} << 54) - 1;
  if (number == fhir::search::kLowestNumber) ++number;
  const std::int64_t magnitude = number < 0 ? -number : number;
  const std::int64_t digits = std::min<std::int64_t>((magnitude & kMantissa) / kTwoDigits, 127);
  const std::int64_t bucket = (magnitude >> 54) * 128 + digits;
  return number < 0 ? -bucket : bucket;
}

std::int64_t in_number_class(std::int64_t kind, std::int64_t bucket) noexcept {
  return (kind << kNumberBits) + bucket + kNumberMiddle;
}

}  // namespace

std::int64_t date_value(const fhir::search::DateKey& key) noexcept {
  const bool starts = key.lo != kOpenStart, ends = key.hi != kOpenEnd;
  if ((!starts && !ends) || key.hi < key.lo) return in_class(kLong, 0);
  if (!ends) return in_class(kOpenEnded, bucket_of(key.lo, kOpenSpan));
  if (!starts) return in_class(kOpenStarted, bucket_of(key.hi, kOpenSpan));
  for (std::size_t i = 0; i < kSpans.size(); ++i) {
    if (key.hi - key.lo < kSpans[i])
      return in_class(static_cast<std::int64_t>(i), bucket_of(key.lo, kSpans[i]));
  }
  return in_class(kLong, 0);
}

std::vector<ValueRange> date_ranges(Prefix prefix, const fhir::search::DateKey& asked) {
  std::vector<ValueRange> ranges;
  if (prefix == Prefix::Ne) return ranges;
  for (std::size_t i = 0; i < kSpans.size(); ++i) {
    add(static_cast<std::int64_t>(i), short_buckets(prefix, asked.lo, asked.hi, kSpans[i]), ranges);
  }
  add(kLong, kAll, ranges);
  add(kOpenEnded, open_end_buckets(prefix, asked.lo, asked.hi), ranges);
  add(kOpenStarted, open_start_buckets(prefix, asked.lo, asked.hi), ranges);
  return ranges;
}

std::int64_t number_value(const fhir::search::NumberKey& key, bool canonical) noexcept {
  if (key.value.lo != key.value.hi) return in_number_class(kWide, 0);
  return in_number_class(canonical ? kCanonical : kRaw, number_bucket(key.value.lo));
}

std::vector<ValueRange> number_ranges(Prefix prefix, const fhir::search::NumberKey& asked, bool canonical) {
  if (prefix == Prefix::Ne) return {};
  std::int64_t low = fhir::search::kLowestNumber, high = fhir::search::kHighestNumber;
  if (prefix == Prefix::Eq || prefix == Prefix::Ap) {
    low = asked.implied.lo;
    high = asked.implied.hi;
  } else if (prefix == Prefix::Gt || prefix == Prefix::Ge || prefix == Prefix::Sa) {
    low = asked.value.hi;
  } else {
    high = asked.value.lo;
  }
  const std::int64_t kind = canonical ? kCanonical : kRaw;
  return {{in_number_class(kind, number_bucket(low)), in_number_class(kind, number_bucket(high))},
          {in_number_class(kWide, 0), in_number_class(kWide, 0)}};
}

std::int64_t url_value(std::string_view url) noexcept {
  return -1 - static_cast<std::int64_t>(XXH3_64bits(url.data(), url.size()) >> 1);
}

std::int64_t url_value(std::string_view base, std::string_view type, std::string_view id) {
  return url_value(std::string(base).append("/").append(type).append("/").append(id));
}

std::int64_t identifier_value(std::string_view value) noexcept {
  return static_cast<std::int64_t>((std::uint64_t{1} << 62) | (XXH3_64bits(value.data(), value.size()) >> 2));
}

std::int64_t source_value(const Uuid& message) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = value << 8 | message.bytes[i];
  return static_cast<std::int64_t>(value >> 1);
}

std::uint64_t unique_hash(ParameterNumber parameter, std::string_view system,
                          std::string_view value) noexcept {
  const std::uint64_t high = XXH3_64bits_withSeed(value.data(), value.size(), parameter);
  const std::uint64_t low = system.empty() ? 0 : XXH3_64bits(system.data(), system.size());
  return (high & ~kSystemBits) | (low & kSystemBits);
}

std::string_view stored_code(std::string_view code, std::string& memory) {
  if (code.size() <= kLongestCode && !code.starts_with(kHashedCode)) return code;
  constexpr std::string_view kDigits = "0123456789abcdef";
  const XXH128_hash_t hash = XXH3_128bits(code.data(), code.size());
  memory.assign(1, kHashedCode);
  for (int shift = 60; shift >= 0; shift -= 4) memory += kDigits[(hash.high64 >> shift) & 15];
  for (int shift = 60; shift >= 0; shift -= 4) memory += kDigits[(hash.low64 >> shift) & 15];
  return memory;
}

std::string_view stored_string(std::string_view folded) noexcept {
  if (folded.size() <= kLongestString) return folded;
  std::size_t end = kLongestString;
  while (end > 0 && (static_cast<unsigned char>(folded[end]) & 0xC0) == 0x80) --end;
  return folded.substr(0, end);
}

}  // namespace lienthong::repository::sqlite
