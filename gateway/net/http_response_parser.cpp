#include "gateway/net/http_response_parser.h"

#include <boost/beast/http/basic_parser.hpp>

#include "gateway/net/net_errors.h"

namespace lienthong::net {

namespace http = boost::beast::http;
using ErrorCode = boost::beast::error_code;
using BeastText = boost::beast::string_view;

namespace {

constexpr std::uint32_t kHeaderLimit = 64U << 10;
constexpr std::size_t kMaxHeaders = 256;

Failure bad_answer(const std::string& why) {
  return fail(Category::Incorrect, kBadAnswer, "the server's answer cannot be used: " + why);
}

}  // namespace

class ResponseParser::Impl final : public http::basic_parser<false> {
 public:
  Impl(std::size_t limit, bool answers_head) : limit_(limit) {
    header_limit(kHeaderLimit);
    body_limit(boost::none);
    eager(true);
    if (answers_head) skip(true);
  }
  ClientResponse response;
  bool too_long = false;

 private:
  void on_request_impl(http::verb, BeastText, BeastText, int, ErrorCode&) override {}
  void on_response_impl(int code, BeastText, int, ErrorCode&) override { response.status = code; }
  void on_field_impl(http::field, BeastText name, BeastText value, ErrorCode& error) override {
    if (is_header_done()) return;
    if (response.headers.size() >= kMaxHeaders) {
      error = http::error::header_limit;
      return;
    }
    response.headers.emplace_back(std::string(name.data(), name.size()),
                                  std::string(value.data(), value.size()));
  }
  void on_header_impl(ErrorCode&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode& error) override {
    if (!length) return;
    if (*length > limit_) return refuse(error);
    response.body.reserve(std::min<std::size_t>(*length, std::size_t{1} << 20));
  }
  std::size_t on_body_impl(BeastText bytes, ErrorCode& error) override { return keep(bytes, error); }
  void on_chunk_header_impl(std::uint64_t, BeastText, ErrorCode&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, BeastText bytes, ErrorCode& error) override {
    return keep(bytes, error);
  }
  void on_finish_impl(ErrorCode&) override {}

  void refuse(ErrorCode& error) {
    too_long = true;
    error = http::error::body_limit;
  }
  std::size_t keep(BeastText bytes, ErrorCode& error) {
    if (bytes.size() > limit_ - response.body.size()) {
      refuse(error);
    } else {
      response.body.append(bytes.data(), bytes.size());
    }
    return bytes.size();
  }

  const std::size_t limit_;
};

ResponseParser::ResponseParser(std::size_t body_limit, bool answers_head)
    : body_limit_(body_limit), answers_head_(answers_head) {
  restart();
}
ResponseParser::~ResponseParser() = default;

void ResponseParser::restart() {
  impl_ = std::make_unique<Impl>(body_limit_, answers_head_);
}

Result<void> ResponseParser::put(std::string_view bytes) {
  started_ = true;
  pending_.append(bytes);
  std::size_t at = 0;
  while (at < pending_.size() && !done()) {
    ErrorCode error;
    const std::size_t used =
        impl_->put(boost::asio::const_buffer(pending_.data() + at, pending_.size() - at), error);
    at += used;
    if (impl_->too_long) return bad_answer("it is larger than the limit");
    if (error && error != http::error::need_more) return bad_answer(error.message());
    const bool interim = impl_->is_done() && impl_->response.status / 100 == 1;
    if (interim) restart();
    if (used == 0 && !interim) break;
  }
  pending_.erase(0, at);
  if (!done() && pending_.size() > kHeaderLimit) return bad_answer("a line is too long");
  return {};
}

Result<void> ResponseParser::put_end() {
  ErrorCode error = http::error::partial_message;
  if (impl_->got_some()) impl_->put_eof(error);
  if (!error && impl_->is_done()) return {};
  return fail(Category::Unavailable, kCutOff,
              "the server closed the connection before its answer was complete");
}

bool ResponseParser::done() const noexcept {
  return impl_->is_done() && impl_->response.status / 100 != 1;
}
bool ResponseParser::keep_alive() const noexcept {
  return impl_->keep_alive() && pending_.empty();
}
ClientResponse ResponseParser::take() {
  return std::move(impl_->response);
}

}  // namespace lienthong::net
