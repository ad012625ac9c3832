#include "gateway/net/http_client.h"

#include "gateway/net/ascii.h"
#include "gateway/net/http_client_pool.h"
#include "gateway/net/net_errors.h"

namespace lienthong::net {
namespace {

// A line break or blank in the request line would be a request of its own.
bool is_line(const ClientRequest& request) noexcept {
  constexpr std::string_view kForbidden(" \t\r\n\0", 5);
  return !request.method.empty() && request.method.find_first_of(kForbidden) == std::string::npos &&
         request.path.find_first_of(kForbidden) == std::string::npos;
}

class PooledHttpClient final : public HttpClient {
 public:
  PooledHttpClient(std::shared_ptr<IoThread> thread, std::shared_ptr<ClientPool> pool)
      : thread_(std::move(thread)), pool_(std::move(pool)) {
    thread_->post([pool = pool_] { pool->open(); });
  }
  ~PooledHttpClient() override {
    thread_->post(
        [pool = pool_] { pool->shut({Category::Interrupted, kTimedOut, "the client was closed"}); });
  }
  PooledHttpClient(const PooledHttpClient&) = delete;
  PooledHttpClient& operator=(const PooledHttpClient&) = delete;

  void send(ClientRequest request, ClientCallback callback) override {
    const auto limit = request.timeout.count() > 0 ? request.timeout : pool_->options().request_timeout;
    ClientJob job;
    job.callback = std::move(callback);
    job.deadline = Steady::now() + limit;
    job.repeatable = request.repeatable;
    job.answers_head = request.method == "HEAD";
    const bool good = is_line(request);
    if (good) job.head = pool_->head_of(request);
    if (!request.body.empty()) job.body = std::make_shared<const std::string>(std::move(request.body));
    // The callback must be called even when the thread takes no more.
    auto shared = std::make_shared<ClientJob>(std::move(job));
    const bool posted = thread_->post([pool = pool_, shared, good] {
      if (good) return pool->submit(std::move(*shared));
      shared->callback(fail(Category::Incorrect, kBadEndpoint,
                            "the request's method or path holds a blank or a line break"));
    });
    if (!posted) shared->callback(fail(Category::Interrupted, kTimedOut, "the program is stopping"));
  }

 private:
  std::shared_ptr<IoThread> thread_;
  std::shared_ptr<ClientPool> pool_;
};

}  // namespace

std::string_view ClientResponse::header(std::string_view name) const noexcept {
  for (const HeaderPair& header : headers) {
    if (equals_ignoring_case(header.first, name)) return header.second;
  }
  return {};
}

Result<std::unique_ptr<HttpClient>> HttpClient::make(IoThreads& threads, HttpClientOptions options) {
  auto base = parse_base_url(options.base_url);
  if (!base) return forward(base);
  if (base->https && !options.tls) {
    auto tls = make_tls_client({});
    if (!tls) return forward(tls);
    options.tls = std::move(*tls);
  }
  const auto& thread = threads.thread(options.io_thread);
  auto pool = std::make_shared<ClientPool>(thread, std::move(options), std::move(*base));
  return std::make_unique<PooledHttpClient>(thread, std::move(pool));
}

}  // namespace lienthong::net
