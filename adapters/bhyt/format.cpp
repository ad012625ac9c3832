#include "adapters/bhyt/format.h"

#include <algorithm>
#include <charconv>

#include "adapters/bhyt/dossier.h"
#include "adapters/bhyt/markup.h"
#include "adapters/bhyt/problems.h"
#include "adapters/sdk/nearest.h"

namespace lienthong::bhyt {
namespace {

constexpr std::string_view kOptions[] = {"generation", "max_dossier", "max_rows"};

bool read_limit(std::string_view text, std::uint32_t most, std::uint32_t& out) noexcept {
  const auto result = std::from_chars(text.data(), text.data() + text.size(), out);
  return result.ec == std::errc() && result.ptr == text.data() + text.size() && out > 0 && out <= most;
}

// Whether the bytes are one dossier as framing cuts it, without anything around.
bool is_cut(std::string_view message) noexcept {
  if (message.empty() || message[0] != '<') return false;
  const Tag tag = read_tag(message.data(), message.data() + message.size());
  return tag.mark == Mark::Start && (same_name(tag.name, "HOSO") || table_of_root(tag.name) != kNoTable);
}

}  // namespace

lt_status Format::set(sdk::Host host, std::string_view name, std::string_view value) noexcept {
  constexpr std::uint32_t kMostBytes = 1'000'000'000;
  bool is_fine = false;
  if (name == "max_dossier") {
    is_fine = read_limit(value, kMostBytes, limits_.dossier);
  } else if (name == "max_rows") {
    is_fine = read_limit(value, Node::kMostRows - 1, limits_.rows);
  } else if (name == "generation") {
    for (const auto known :
         {Generation::Unknown, Generation::Q4210, Generation::Q130, Generation::Q4750, Generation::Q3176}) {
      if (value != generation_name(known)) continue;
      generation_ = known;
      is_fine = true;
    }
  } else {
    return host.refuse_option(number(ProblemNumber::OptionUnknown), name, sdk::nearest(name, kOptions));
  }
  return is_fine ? LT_OK : host.refuse_option(number(ProblemNumber::OptionWrong), name, value);
}

lt_status Format::open(const Stream* stream, sdk::Host host, std::string_view message,
                       Record*& out) const noexcept {
  const OpenRules rules{limits_, generation_};
  if (is_cut(message))
    return open_dossier(host, rules, message, 0, stream == nullptr ? nullptr : &stream->header(), out);
  // A file that came alone, or a dossier behind its file's header: its one dossier, under that header.
  Stream alone(Stream::Trust::Marks);
  std::size_t consumed = 0;
  std::string_view dossier;
  lt_status status = alone.frame(host, limits_.dossier, message, true, consumed, dossier);
  if (status == LT_END) host.report({.severity = LT_FATAL, .number = number(ProblemNumber::NoDossier)});
  if (status != LT_OK) return LT_MALFORMED;
  const Header header = stream == nullptr ? alone.header() : stream->header();
  std::size_t more = 0;
  std::string_view second;
  const lt_host silent = {sizeof(lt_host), LT_ABI_MINOR, nullptr, nullptr, [](void*, const lt_problem*) {},
                          nullptr};
  status = alone.frame(sdk::Host(&silent), limits_.dossier, message.substr(consumed), true, more, second);
  if (status == LT_OK) {
    host.report({.severity = LT_FATAL, .number = number(ProblemNumber::SeveralDossiers)});
    return LT_MALFORMED;
  }
  const auto offset = static_cast<std::uint32_t>(dossier.data() - message.data());
  return open_dossier(host, rules, dossier, offset, &header, out);
}

lt_status Format::preamble(const Stream& stream, sdk::Host host, lt_text& bytes) const noexcept {
  const Header& header = stream.header();
  const std::string_view parts[] = {"<GIAMDINHHS><THONGTINDONVI><MACSKCB>",
                                    header.facility.view(),
                                    "</MACSKCB></THONGTINDONVI><THONGTINHOSO><NGAYLAP>",
                                    header.date.view(),
                                    "</NGAYLAP><SOLUONGHOSO>",
                                    header.count.view(),
                                    "</SOLUONGHOSO>"};
  bytes = {nullptr, 0};
  const bool says_more = !header.facility.view().empty() || !header.date.view().empty();
  if (!says_more && !header.is_sound) return LT_OK;
  std::size_t size = header.is_sound ? kWholeMark.size() : 0;
  for (const auto part : parts) size += says_more ? part.size() : 0;
  char* out = host.allocate<char>(size);
  if (out == nullptr) return LT_LIMIT;
  bytes = {out, size};
  for (const auto part : parts) {
    if (says_more) out = std::copy(part.begin(), part.end(), out);
  }
  if (header.is_sound) std::copy(kWholeMark.begin(), kWholeMark.end(), out);
  return LT_OK;
}

}  // namespace lienthong::bhyt
