#include "gateway/net/http_request_builder.h"

#include <cstring>

#include "gateway/net/ascii.h"

namespace lienthong::net {
namespace {

// RFC 9112 §3.2: origin-form, absolute-form ("http://host/path", of which the path counts) or "*".
bool split_target(std::string_view target, std::string_view& path, std::string_view& query) {
  path = target;
  const std::size_t scheme = target.find("://");
  const std::size_t slash = target.find('/');
  if (slash != 0 && scheme != std::string_view::npos && scheme < slash) {
    const std::size_t at = target.find_first_of("/?", scheme + 3);
    path = at == std::string_view::npos ? std::string_view("/") : target.substr(at);
  }
  const std::size_t question = path.find('?');
  query = question == std::string_view::npos ? std::string_view() : path.substr(question + 1);
  path = path.substr(0, question);
  if (path.find('#') != std::string_view::npos) return false;
  return path == "*" || (!path.empty() && path.front() == '/');
}

bool split_query(std::string_view query, std::vector<HeaderPair>& out) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view item = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (item.empty()) continue;
    const std::size_t equals = std::min(item.find('='), item.size());
    HeaderPair& pair = out.emplace_back();
    const std::string_view value = equals < item.size() ? item.substr(equals + 1) : std::string_view();
    if (!percent_decode(item.substr(0, equals), true, pair.first)) return false;
    if (!percent_decode(value, true, pair.second)) return false;
  }
  return true;
}

}  // namespace

RequestBuilder::Span RequestBuilder::keep(std::string_view text) {
  const Span span{static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(text.size())};
  text_.append(text);
  return span;
}

void RequestBuilder::start(std::string_view method, std::string_view target) {
  method_ = keep(method);
  target_ = keep(target);
}

void RequestBuilder::header(std::string_view name, std::string_view value) {
  if (fields_.empty()) fields_.reserve(12);
  const Span kept = keep(name);
  fields_.push_back({kept, keep(value)});
}

bool RequestBuilder::finish(Request& out) {
  out.storage_ = std::make_unique_for_overwrite<char[]>(text_.size() + 1);
  std::memcpy(out.storage_.get(), text_.data(), text_.size());
  const auto view = [&](Span span) { return std::string_view(out.storage_.get() + span.at, span.size); };
  out.method_ = view(method_);
  out.target_ = view(target_);
  out.headers_.reserve(fields_.size());
  for (const Field& field : fields_) out.headers_.push_back({view(field.name), view(field.value)});
  if (!split_target(out.target_, out.path_, out.query_)) return false;
  if (split_query(out.query_, out.parameters_)) return true;
  out.parameters_.clear();
  return false;
}

void RequestBuilder::set_body(Request& out, std::shared_ptr<const void> owner,
                              std::string_view bytes) noexcept {
  out.body_owner_ = std::move(owner);
  out.body_ = bytes;
}

void RequestBuilder::set_origin(Request& out, std::shared_ptr<const Peer> peer, unsigned io_thread) noexcept {
  out.peer_ = std::move(peer);
  out.io_thread_ = io_thread;
}

}  // namespace lienthong::net
