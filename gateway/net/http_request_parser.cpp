#include "gateway/net/http_request_parser.h"

#include <boost/beast/http/basic_parser.hpp>
#include <vector>

#include "gateway/net/ascii.h"
#include "gateway/net/http_request_builder.h"

namespace lienthong::net {

namespace http = boost::beast::http;
using ErrorCode = boost::beast::error_code;
using BeastText = boost::beast::string_view;

namespace {

constexpr std::size_t kMaxHeaders = 128;

std::string_view plain(BeastText text) noexcept {
  return {text.data(), text.size()};
}

std::optional<Refusal> refusal_of(const ErrorCode& error, bool start_line_done) {
  if (error == http::error::header_limit) {
    if (!start_line_done) return Refusal{414, "the request line is too long"};
    return Refusal{431, "the head of the request is too long"};
  }
  if (error == http::error::bad_version) return Refusal{505, "only HTTP/1.1 and HTTP/1.0 are spoken here"};
  if (error == http::error::bad_content_length || error == http::error::multiple_content_length ||
      error == http::error::bad_transfer_encoding) {
    return Refusal{400, "the length of the body is stated in contradictory ways"};
  }
  if (error == http::error::bad_chunk || error == http::error::bad_chunk_extension) {
    return Refusal{400, "the chunked body is malformed"};
  }
  return Refusal{400, "the request is malformed"};
}

Refusal refusal_of(BodyState state) noexcept {
  if (state == BodyState::TooLong) return {413, "the body is larger than is taken here"};
  if (state == BodyState::NoBudget) return {503, "too many bytes are in work; try again later"};
  return {503, "the body cannot be kept on disk now; try again later"};
}

}  // namespace

class RequestParser::Impl final : public http::basic_parser<true> {
 public:
  explicit Impl(std::size_t limit) : header_limit_bytes(limit) {
    header_limit(static_cast<std::uint32_t>(limit));
    body_limit(boost::none);  // BodySink decides
    builder.reserve(512);
  }

  const std::size_t header_limit_bytes;
  std::size_t head_bytes = 0;
  RequestBuilder builder;
  BodySink* body = nullptr;
  bool start_line_done = false;
  bool http_1_0 = false;
  bool expects = false;
  bool bad_expectation = false;
  bool other_encoding = false;
  bool has_encoding = false;
  unsigned hosts = 0;
  unsigned lengths = 0;

 private:
  void on_request_impl(http::verb, BeastText method, BeastText target, int version, ErrorCode&) override {
    start_line_done = true;
    http_1_0 = version == 10;
    builder.start(plain(method), plain(target));
  }
  void on_response_impl(int, BeastText, int, ErrorCode&) override {}

  void on_field_impl(http::field field, BeastText name, BeastText value, ErrorCode& error) override {
    if (is_header_done()) return;  // a trailer: allowed, not used
    if (builder.header_count() >= kMaxHeaders) {
      error = http::error::header_limit;
      return;
    }
    builder.header(plain(name), plain(value));
    note(field, plain(value));
  }

  void note(http::field field, std::string_view value) {
    switch (field) {
      case http::field::host:
        ++hosts;
        break;
      case http::field::content_length:
        // RFC 9112 §6.3 would let equal repetitions pass; no honest client sends them.
        lengths += value.find(',') == std::string_view::npos ? 1 : 2;
        break;
      case http::field::transfer_encoding:
        has_encoding = true;
        other_encoding = !equals_ignoring_case(value, "chunked");
        break;
      case http::field::expect:
        expects = equals_ignoring_case(value, "100-continue");
        bad_expectation = !expects;
        break;
      default:
        break;
    }
  }

  void on_header_impl(ErrorCode&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}
  std::size_t on_body_impl(BeastText bytes, ErrorCode& error) override { return take(bytes, error); }
  void on_chunk_header_impl(std::uint64_t, BeastText, ErrorCode&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, BeastText bytes, ErrorCode& error) override {
    return take(bytes, error);
  }
  void on_finish_impl(ErrorCode&) override {}

  std::size_t take(BeastText bytes, ErrorCode& error) {
    const auto promised = content_length();
    const BodyState kept = body->append(plain(bytes), promised ? static_cast<std::size_t>(*promised) : 0);
    if (kept != BodyState::Good) error = http::error::body_limit;
    return bytes.size();
  }
};

RequestParser::RequestParser(std::size_t header_limit) : impl_(std::make_unique<Impl>(header_limit)) {}
RequestParser::~RequestParser() = default;

std::optional<Refusal> RequestParser::put(std::string_view bytes, std::size_t& used) {
  ErrorCode error;
  const bool in_head = !impl_->is_header_done();
  used = impl_->put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
  if (in_head) {
    impl_->head_bytes += used;
    if (impl_->head_bytes > impl_->header_limit_bytes) error = http::error::header_limit;
  } else if (error == http::error::need_more && bytes.size() - used > impl_->header_limit_bytes) {
    error = http::error::header_limit;  // a chunk's extensions or trailers without end
  }
  if (!error || error == http::error::need_more) return std::nullopt;
  if (error == http::error::body_limit) return refusal_of(impl_->body->state());
  return refusal_of(error, impl_->start_line_done);
}

bool RequestParser::head_done() const noexcept {
  return impl_->is_header_done();
}
bool RequestParser::done() const noexcept {
  return impl_->is_done();
}
bool RequestParser::keep_alive() const noexcept {
  return impl_->keep_alive();
}
bool RequestParser::http_1_0() const noexcept {
  return impl_->http_1_0;
}
bool RequestParser::expects_continue() const noexcept {
  return impl_->expects && !impl_->http_1_0;
}
void RequestParser::set_body(BodySink* body) noexcept {
  impl_->body = body;
}

std::optional<std::uint64_t> RequestParser::content_length() const noexcept {
  const auto length = impl_->content_length();
  if (!length) return std::nullopt;
  return *length;
}

std::optional<Refusal> RequestParser::take_head(Request& out) {
  const Impl& head = *impl_;
  if (head.hosts > 1 || (head.hosts == 0 && !head.http_1_0))
    return Refusal{400, "exactly one Host header is needed"};
  if (head.lengths > 1 || (head.lengths > 0 && head.has_encoding) || (head.has_encoding && head.http_1_0)) {
    return Refusal{400, "the length of the body is stated in contradictory ways"};
  }
  if (head.other_encoding) return Refusal{501, "of transfer encodings only chunked is taken"};
  if (head.bad_expectation) return Refusal{417, "of expectations only 100-continue is met"};
  if (!impl_->builder.finish(out)) return Refusal{400, "the request's target is malformed"};
  if (out.method() == "CONNECT" || out.method() == "TRACE") return Refusal{405, "this method is not offered"};
  return std::nullopt;
}

}  // namespace lienthong::net
