#pragma once
// One table's document as UTF-8 XML, however the exporter wrapped it: base64, inline, in CDATA, escaped.

#include <cstdint>
#include <string_view>

#include "adapters/sdk/host.h"

namespace lienthong::bhyt {

// How a place in a document is found again in the message.
struct Origin {
  std::uint32_t offset = 0;  // of the document's first byte in the message
  bool is_base64 = false;    // four characters there are three bytes here
};

struct DocumentText {
  std::string_view text;  // UTF-8, with LT_PADDING readable bytes behind it
  Origin origin;
};

// `content` is what stands in NOIDUNGFILE at `offset` of the message; `name` is for problems ("XML3").
// LT_MALFORMED: not base64, a problem says where. LT_LIMIT: no memory. An empty text: there is nothing in it.
lt_status unwrap(sdk::Host host, std::string_view content, std::uint32_t offset, std::string_view name,
                 DocumentText& out) noexcept;

// Text with &lt; &gt; &amp; &quot; &apos; and numbered characters resolved and CDATA unpacked, in the host's
// memory. An
// '&' that begins none of them stays as it is: some exporters do not escape it. Empty with data null: no
// memory.
lt_text unescape(sdk::Host host, std::string_view text) noexcept;

// `text` begins with '&': the bytes of the reference that it begins; 0 when it begins none.
std::size_t reference_size(std::string_view text) noexcept;

bool is_utf8(std::string_view text) noexcept;

}  // namespace lienthong::bhyt
