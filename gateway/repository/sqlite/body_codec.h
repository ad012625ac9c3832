#pragma once
// Bodies and states as the tables keep them: zstd with a dictionary of what FHIR resources from hospitals
// look like.

#include <string>
#include <string_view>

#include "gateway/base/result.h"

namespace lienthong::repository::sqlite {

// The stored form: a zstd frame, or the bytes themselves when they are short or do not shrink. Any thread;
// the compression memory is the thread's own.
std::string pack(std::string_view bytes);

// The inverse. Fault (LT-1518) for damaged bytes and for more than kMostUnpacked.
Result<std::string> unpack(std::string_view stored);

inline constexpr std::size_t kMostUnpacked = std::size_t{256} << 20;

}  // namespace lienthong::repository::sqlite
