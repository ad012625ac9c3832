// Any bytes, cut anywhere: no item points outside of what was fed, memory stays below the frame limit, and
// the items are the same as for the whole. The first byte chooses the size of the pieces.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "gateway/net/mllp_framer.h"

namespace {

using lienthong::net::MllpFramer;
using lienthong::net::MllpItem;

constexpr lienthong::net::MllpLimits kLimits{256, 32};

std::string items_of(std::string_view input, std::size_t piece) {
  MllpFramer framer(kLimits);
  std::string out;
  const auto note = [&](const MllpItem& item) {
    out += std::to_string(static_cast<int>(item.kind)) + "," + std::to_string(item.count) + ",";
    out.append(item.bytes).push_back(';');
  };
  while (!input.empty()) {
    const std::vector<char> part(input.begin(),
                                 input.begin() + static_cast<std::ptrdiff_t>(std::min(piece, input.size())));
    framer.feed({part.data(), part.size()});
    for (MllpItem item = framer.next(); item.kind != MllpItem::Kind::NeedMore; item = framer.next())
      note(item);
    if (framer.buffered() > kLimits.frame) std::abort();
    input.remove_prefix(part.size());
  }
  note(framer.finish());
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (items_of(input, size) != items_of(input, 1 + data[0] % 31)) std::abort();
  return 0;
}
