#include "gateway/net/http_connection.h"

#include "gateway/net/http_request_builder.h"
#include "gateway/net/http_response_head.h"

namespace lienthong::net {
namespace {

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::size_t kSentWithHead = std::size_t{8} << 10;

std::size_t empty_lines(std::string_view input) noexcept {
  return std::min(input.find_first_not_of("\r\n"), input.size());  // RFC 9112 §2.2: ignored before a request
}

}  // namespace

HttpConnection::HttpConnection(ConnectionParts parts, std::shared_ptr<const HttpShared> shared)
    : Connection(std::move(parts)), shared_(std::move(shared)) {}

void HttpConnection::received(std::string_view bytes) {
  parsing_ = true;
  if (pending_.empty()) {
    const std::size_t used = parse(bytes);
    if (used < bytes.size()) pending_.assign(bytes.substr(used));
  } else {
    pending_.append(bytes);
    parse_pending();
  }
  parsing_ = false;
  if (working_) pause();
}

void HttpConnection::parse_pending() {
  const std::size_t used = parse(pending_);
  if (used == pending_.size()) {
    std::string().swap(pending_);
  } else {
    pending_.erase(0, used);
  }
}

// Returns how many bytes are done with.
std::size_t HttpConnection::parse(std::string_view input) {
  std::size_t at = 0;
  while (at < input.size() && !working_ && !refused_ && is_open()) {
    if (!incoming_) {
      at += empty_lines(input.substr(at));
      if (at == input.size()) break;
      incoming_ = std::make_unique<Incoming>(shared_->header_limit);
      head_only_ = false;
      progress().phase = Phase::Head;
      progress().since = Steady::now();
    }
    std::size_t used = 0;
    const bool go_on = step(input.substr(at), used);
    at += used;
    if (!go_on) break;
  }
  return refused_ || !is_open() ? input.size() : at;
}

// One call of the parser. False when more must be received first.
bool HttpConnection::step(std::string_view input, std::size_t& used) {
  Incoming& in = *incoming_;
  if (const auto refusal = in.parser.put(input, used)) {
    refuse(*refusal);
    return false;
  }
  if (!in.head_taken && in.parser.head_done() && !take_head(used < input.size())) return false;
  progress().body_bytes = in.body.size();
  if (in.parser.done()) {
    dispatch();
    return true;
  }
  return used > 0;
}

bool HttpConnection::take_head(bool more_is_here) {
  Incoming& in = *incoming_;
  in.head_taken = true;
  http_1_0_ = in.parser.http_1_0();
  if (const auto refusal = in.parser.take_head(in.request)) {
    refuse(*refusal);
    return false;
  }
  head_only_ = in.request.method() == "HEAD";
  const std::size_t limit = shared_->handler->body_limit(in.request.method(), in.request.path());
  if (in.parser.content_length().value_or(0) > limit) {
    refuse({413, "the body is larger than is taken here"});
    return false;
  }
  in.body = BodySink({limit, shared_->memory_body, shared_->spool_folder, shared_->budget});
  in.parser.set_body(&in.body);
  progress().phase = Phase::Body;
  progress().since = Steady::now();
  if (in.parser.expects_continue() && !in.parser.done() && !more_is_here) send(kContinue);
  return true;
}

void HttpConnection::dispatch() {
  const std::unique_ptr<Incoming> in = std::move(incoming_);
  FinishedBody body = in->body.finish();
  if (in->body.state() != BodyState::Good)
    return refuse({503, "the body cannot be kept on disk now; try again later"});
  close_next_ = !in->parser.keep_alive() || thread().draining();
  working_ = true;
  progress().phase = Phase::Working;
  RequestBuilder::set_body(in->request, std::move(body.owner), body.bytes);
  RequestBuilder::set_origin(in->request, peer(), thread().index());
  auto self = std::static_pointer_cast<HttpConnection>(shared_from_this());
  Responder responder([self = std::move(self)](Response&& response) { self->answer(std::move(response)); });
  shared_->handler->handle(std::move(in->request), std::move(responder));
}

void HttpConnection::answer(Response&& response) {
  if (thread().is_current()) return complete(std::move(response));
  auto self = std::static_pointer_cast<HttpConnection>(shared_from_this());
  thread_handle()->post([self = std::move(self), response = std::move(response)]() mutable {
    self->complete(std::move(response));
  });
}

void HttpConnection::complete(Response&& response) {
  if (!working_ || !is_open()) return;
  working_ = false;
  write(std::move(response), response.close || close_next_);
  if (parsing_ || !is_open() || refused_) return;
  parsing_ = true;
  if (!pending_.empty()) parse_pending();
  parsing_ = false;
  if (!working_) resume();
}

void HttpConnection::write(Response&& response, bool close) {
  progress().phase = Phase::Idle;
  progress().since = Steady::now();
  thread_local std::string head;
  head.clear();
  append_response_head(head, response, {close, http_1_0_});
  const bool with_body = !head_only_ && may_have_body(response.status) && response.body_size() > 0;
  const bool together = with_body && !response.shared_body && response.body.size() <= kSentWithHead;
  if (together) head.append(response.body);
  send(std::string_view(head));
  if (with_body && !together) {
    if (response.shared_body) {
      send(std::move(response.shared_body));
    } else {
      send(std::move(response.body));
    }
  }
  if (!close) return;
  refused_ = true;  // nothing more is read as a request
  close_after_write();
}

void HttpConnection::refuse(Refusal refusal) {
  incoming_.reset();
  Response response = shared_->handler->refuse(refusal.status, refusal.text);
  if (refusal.status == 405)
    response.headers.emplace_back("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  if (refusal.status == 503) response.headers.emplace_back("Retry-After", "1");
  write(std::move(response), true);
}

bool HttpConnection::ended_by_peer() {
  close_next_ = true;
  return working_;  // a client may end its side and wait for the answer
}

void HttpConnection::limit_broken(TimeoutReason reason) {
  if (reason != TimeoutReason::Head && reason != TimeoutReason::BodyTooSlow)
    return Connection::limit_broken(reason);
  note_timeout();
  refuse({408, "the request came too slowly"});
}

void HttpConnection::draining() {
  close_next_ = true;
  if (!working_ && !incoming_ && unsent() == 0) end(CloseReason::Stopped);
}

void HttpConnection::ended(CloseReason, const Error*) {
  incoming_.reset();
  std::string().swap(pending_);
  shared_.reset();  // a handler that keeps its responders would otherwise keep itself
}

}  // namespace lienthong::net
