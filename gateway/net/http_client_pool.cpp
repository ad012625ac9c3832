#include "gateway/net/http_client_pool.h"

#include <algorithm>

#include "gateway/net/ascii.h"
#include "gateway/net/http_client_connection.h"
#include "gateway/net/http_response_head.h"
#include "gateway/net/net_errors.h"

namespace lienthong::net {
namespace {

constexpr std::chrono::milliseconds kExpireEvery{250};

// Time limits are those of the requests, see ClientConnection::ticked.
constexpr Timeouts kNoTimeouts{std::chrono::milliseconds(0),
                               std::chrono::milliseconds(0),
                               std::chrono::milliseconds(0),
                               std::chrono::milliseconds(0),
                               0,
                               std::chrono::milliseconds(0)};

Error stopping() {
  return {Category::Interrupted, kTimedOut, "the program is stopping"};
}

void fail_job(ClientJob& job, const Error& error) {
  std::exchange(job.callback, nullptr)(Failure(error));
}

}  // namespace

ClientPool::ClientPool(std::shared_ptr<IoThread> thread, HttpClientOptions options, BaseUrl base)
    : thread_(std::move(thread)), options_(std::move(options)), base_(std::move(base)) {}

void ClientPool::open() {
  thread_->add_drainable(shared_from_this());
  expire();
}

std::string ClientPool::head_of(const ClientRequest& request) const {
  std::string head;
  head.append(request.method)
      .append(" ")
      .append(base_.path)
      .append(request.path)
      .append(" HTTP/1.1\r\nHost: ");
  head.append(base_.host_header).append("\r\n");
  for (const HeaderPair& header : request.headers) {
    if (!is_sendable(header) || equals_ignoring_case(header.first, "host")) continue;
    head.append(header.first).append(": ").append(header.second).append("\r\n");
  }
  const bool has_body = !request.body.empty() || request.method == "POST" || request.method == "PUT" ||
                        request.method == "PATCH";
  if (has_body) head.append("Content-Length: ").append(std::to_string(request.body.size())).append("\r\n");
  return head.append("\r\n");
}

void ClientPool::submit(ClientJob job) {
  if (shut_ || thread_->draining()) return fail_job(job, stopping());
  if (waiting_.size() >= options_.max_waiting) {
    return fail_job(job, {Category::Busy, kTooManyWaiting, "too many requests wait for this server"});
  }
  waiting_.push_back(std::move(job));
  serve_waiting();
}

void ClientPool::repeat(ClientJob job) {
  if (shut_ || thread_->draining()) return fail_job(job, stopping());
  waiting_.push_front(std::move(job));
  // Others that were idle were probably closed at the same time: a new one, if there may be one more.
  if (all_.size() + connecting_ < options_.max_connections) return connect();
  serve_waiting();
}

void ClientPool::serve_waiting() {
  while (!waiting_.empty() && !idle_.empty()) {
    const auto connection = std::move(idle_.back());
    idle_.pop_back();
    ClientJob job = std::move(waiting_.front());
    waiting_.pop_front();
    connection->begin(std::move(job));
  }
  while (waiting_.size() > connecting_ && all_.size() + connecting_ < options_.max_connections) connect();
}

void ClientPool::connect() {
  ++connecting_;
  Connector::start(thread_, base_.endpoint, options_.connect_timeout,
                   [self = shared_from_this()](Result<Connector::Connected> result) {
                     self->connected(std::move(result));
                   });
}

void ClientPool::connected(Result<Connector::Connected> result) {
  --connecting_;
  if (!result) return connect_failed(result.error());
  if (shut_) return;
  const TlsClient* tls = base_.https ? &*options_.tls : nullptr;
  auto parts = make_parts(thread_, std::move(*result), tls, base_.endpoint.host, kNoTimeouts);
  if (!parts) return connect_failed(parts.error());
  const auto connection = std::make_shared<ClientConnection>(std::move(*parts), shared_from_this());
  all_.push_back(connection.get());
  connection->start();
}

void ClientPool::connect_failed(const Error& error) {
  if (!waiting_.empty()) {
    ClientJob job = std::move(waiting_.front());
    waiting_.pop_front();
    fail_job(job, error);
  }
  serve_waiting();
}

void ClientPool::ready(const std::shared_ptr<ClientConnection>& connection) {
  idle_.push_back(connection);
  serve_waiting();
}

void ClientPool::gone(ClientConnection& connection, const Error* connect_error) {
  std::erase(all_, &connection);
  std::erase_if(idle_, [&](const auto& idle) { return idle.get() == &connection; });
  if (shut_) return;
  if (connect_error != nullptr) return connect_failed(*connect_error);
  serve_waiting();
}

// Ends what has waited too long for a connection; as long as the pool is open.
void ClientPool::expire() {
  if (shut_) return;
  const auto now = Steady::now();
  std::vector<ClientJob> late;
  const auto first_late = std::stable_partition(waiting_.begin(), waiting_.end(),
                                                [&](const ClientJob& job) { return job.deadline > now; });
  std::move(first_late, waiting_.end(), std::back_inserter(late));
  waiting_.erase(first_late, waiting_.end());
  for (ClientJob& job : late) {
    fail_job(job, {Category::Interrupted, kTimedOut, "no connection to the server became free in time"});
  }
  thread_->run_after(kExpireEvery, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->expire();
  });
}

void ClientPool::shut(const Error& why) {
  if (std::exchange(shut_, true)) return;
  auto waiting = std::exchange(waiting_, {});
  for (ClientJob& job : waiting) fail_job(job, why);
  const auto all = all_;
  std::vector<std::shared_ptr<ClientConnection>> open;
  for (ClientConnection* connection : all) {
    open.push_back(std::static_pointer_cast<ClientConnection>(connection->shared_from_this()));
  }
  idle_.clear();
  for (const auto& connection : open) {
    connection->fail_job(why);
    connection->end(CloseReason::Stopped);
  }
  thread_->remove_drainable(this);
}

// Requests on a connection go on; those without one have nothing to wait for any more.
void ClientPool::begin_drain() {
  auto waiting = std::exchange(waiting_, {});
  for (ClientJob& job : waiting) fail_job(job, stopping());
}

void ClientPool::cut_off() {
  shut(stopping());
}

}  // namespace lienthong::net
