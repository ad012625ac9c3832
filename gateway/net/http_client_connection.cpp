#include "gateway/net/http_client_connection.h"

#include "gateway/net/net_errors.h"

namespace lienthong::net {

ClientConnection::ClientConnection(ConnectionParts parts, std::shared_ptr<ClientPool> pool)
    : Connection(std::move(parts)), pool_(std::move(pool)) {}

void ClientConnection::opened() {
  opened_ = true;
  pool_->ready(std::static_pointer_cast<ClientConnection>(shared_from_this()));
}

void ClientConnection::begin(ClientJob job) {
  parser_ = std::make_unique<ResponseParser>(pool_->options().response_limit, job.answers_head);
  send(std::string_view(job.head));
  if (job.body && !job.body->empty()) send(job.body);
  job_ = std::move(job);
}

void ClientConnection::received(std::string_view bytes) {
  if (!job_) return end(CloseReason::ByUs);  // an answer nobody asked for
  const auto parsed = parser_->put(bytes);
  if (!parsed) {
    fail_job(parsed.error());
    return end(CloseReason::ByUs);
  }
  if (parser_->done()) deliver();
}

void ClientConnection::deliver() {
  const bool keep = parser_->keep_alive() && unsent() == 0 && !thread().draining();
  ClientResponse response = parser_->take();
  ClientCallback callback = std::move(job_->callback);
  job_.reset();
  parser_.reset();
  reused_ = true;
  progress().since = Steady::now();
  if (keep) {
    pool_->ready(std::static_pointer_cast<ClientConnection>(shared_from_this()));
  } else {
    end(CloseReason::ByUs);
  }
  callback(std::move(response));
}

bool ClientConnection::ended_by_peer() {
  if (!job_ || !parser_->started()) return false;
  const auto finished = parser_->put_end();
  if (finished) {
    deliver();
  } else {
    fail_job(finished.error());
  }
  return false;
}

void ClientConnection::fail_job(const Error& error) {
  if (!job_) return;
  ClientCallback callback = std::move(job_->callback);
  job_.reset();
  callback(Failure(error));
}

void ClientConnection::ticked(Steady::time_point now) {
  const auto keep_alive = pool_->options().keep_alive;
  if (!job_ && opened_ && keep_alive.count() > 0 && now - progress().since > keep_alive)
    return end(CloseReason::ByUs);
  if (!job_ || now < job_->deadline) return;
  fail_job({Category::Interrupted, kTimedOut, "the server did not answer in time"});
  end(CloseReason::ByUs);
}

void ClientConnection::draining() {
  if (!job_) end(CloseReason::Stopped);
}

void ClientConnection::ended(CloseReason reason, const Error* error) {
  const auto pool = pool_;
  // A server may close a kept-alive connection at the moment a request is sent on it (RFC 9110 §9.2.2, RFC
  // 9112 §9.3.1).
  const bool again = job_ && reused_ && !parser_->started() && job_->repeatable && !job_->repeated;
  if (job_ && again && reason != CloseReason::Stopped) {
    ClientJob job = std::move(*job_);
    job_.reset();
    job.repeated = true;
    pool->gone(*this, nullptr);
    return pool->repeat(std::move(job));
  }
  const Error stopped{Category::Interrupted, kTimedOut, "the program is stopping"};
  const Error cut{Category::Unavailable, kCutOff, "the server closed the connection without an answer"};
  if (error == nullptr) error = reason == CloseReason::Stopped ? &stopped : &cut;
  pool->gone(*this, opened_ ? nullptr : error);
  fail_job(*error);
}

}  // namespace lienthong::net
