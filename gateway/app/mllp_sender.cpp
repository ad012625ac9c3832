#include "gateway/app/mllp_sender.h"

#include <future>
#include <memory>
#include <optional>

#include "gateway/app/problem_numbers.h"
#include "gateway/net/mllp_framer.h"

namespace lienthong::app {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kLetGo = 1'024;
constexpr std::size_t kMadeAhead = std::size_t{64} << 20;

// All state lives on the one io thread.
class Run {
 public:
  Run(const MllpSenderOptions& options, MessageSupply supply,
      std::function<void(const SenderAnswer&)> on_answer)
      : options_(options),
        threads_(net::IoThreadsOptions{1, std::chrono::milliseconds(options.rate > 0 ? 2 : 50)}),
        supply_(std::move(supply)),
        on_answer_(std::move(on_answer)),
        lanes_(options.connections) {}

  Result<SenderReport> wait() {
    auto done = done_.get_future();
    threads_.post(0, [this] { begin(); });
    auto outcome = done.get();
    threads_.stop(std::chrono::milliseconds(0));
    if (outcome) return Failure(std::move(*outcome));
    return std::move(report_);
  }

 private:
  // One connection and its place among the lanes; replaced when it fails.
  class Connection final : public net::StreamHandler, public std::enable_shared_from_this<Connection> {
   public:
    Connection(Run& run, std::size_t index) : run_(run), index_(index) {}

    void on_open(std::shared_ptr<net::Stream> stream) override {
      stream_ = std::move(stream);
      run_.lanes_[index_].failing_since.reset();
      run_.proceed(*this);
    }
    void on_bytes(std::string_view bytes) override {
      framer_.feed(bytes);
      for (auto item = framer_.next(); item.kind != net::MllpItem::Kind::NeedMore; item = framer_.next()) {
        if (item.kind != net::MllpItem::Kind::Frame) return stream_->close();
        run_.answered(*this, item.bytes);
      }
    }
    void on_closed(net::CloseReason reason, const Error* error) override {
      stream_.reset();
      if (reason != net::CloseReason::Stopped) run_.closed(index_, error);
    }

    void send(const std::string& message) {
      frame_.assign(1, net::kMllpStart).append(message).append(1, net::kMllpEnd).append(1, '\r');
      sent_at_ = Clock::now();
      waits_ = true;
      stream_->write(frame_);
    }
    void close() {
      if (stream_) stream_->close_after_write();
    }
    std::size_t index() const { return index_; }
    bool is_open() const { return stream_ != nullptr; }
    bool waits() const { return waits_; }
    void done() { waits_ = false; }
    Clock::time_point sent_at() const { return sent_at_; }

   private:
    Run& run_;
    std::size_t index_;
    std::shared_ptr<net::Stream> stream_;
    net::MllpFramer framer_;
    std::string frame_;
    Clock::time_point sent_at_{};
    bool waits_ = false;
  };

  struct Lane {
    std::shared_ptr<Connection> connection;
    std::vector<std::string> queue;
    std::size_t next = 0;  // in the queue; it is in hand while the connection waits
    // Many are let go of at a time, so that the receiver's machine is not kept busy by it.
    void pop() {
      if (++next < kLetGo || next * 2 < queue.size()) return;
      queue.erase(queue.begin(), queue.begin() + static_cast<std::ptrdiff_t>(next));
      next = 0;
    }
    std::optional<Clock::time_point> failing_since;
    bool finished = false;
  };

  void begin() {
    make_ahead();
    started_ = Clock::now();
    for (std::size_t i = 0; i < lanes_.size(); ++i) connect(i);
    tick();
  }

  void connect(std::size_t index) {
    auto connection = std::make_shared<Connection>(*this, index);
    lanes_[index].connection = connection;
    net::connect_stream(threads_, 0, options_.stream, std::move(connection));
  }

  // Sends the connection's next message, if there is one and it is due.
  void proceed(Connection& connection) {
    if (over_ || connection.waits() || !connection.is_open()) return;
    auto& lane = lanes_[connection.index()];
    if (lane.next == lane.queue.size() && !pull(connection.index())) return finish(connection);
    if (!take_turn()) return;
    connection.send(lane.queue[lane.next]);
  }

  // Inventing messages takes about as long as sending them: before the clock starts, so that on a machine
  // shared with the receiver it does not take the receiver's time.
  void make_ahead() {
    for (std::size_t bytes = 0; bytes < kMadeAhead && !exhausted_;) bytes += take_one();
  }

  // Takes messages from the supply until one belongs to this connection, whose queue has been sent.
  bool pull(std::size_t index) {
    auto& lane = lanes_[index];
    lane.queue.clear();
    lane.next = 0;
    while (lane.queue.empty() && !exhausted_) take_one();
    return !lane.queue.empty();
  }

  // Puts the supply's next message into its lane; how many bytes it has.
  std::size_t take_one() {
    SuppliedMessage message;
    exhausted_ = !supply_(message);
    if (exhausted_) return 0;
    const auto size = message.text.size();
    lanes_[message.lane % lanes_.size()].queue.push_back(std::move(message.text));
    return size;
  }

  // With a rate: whether one more message may go now.
  bool take_turn() {
    if (options_.rate == 0) return true;
    const auto since = std::chrono::duration<double>(Clock::now() - started_).count();
    if (static_cast<double>(turns_) > since * options_.rate) return false;
    ++turns_;
    return true;
  }

  void answered(Connection& connection, std::string_view answer) {
    if (!connection.waits()) return;  // an answer nobody asked for, such as a deferred application ACK
    connection.done();
    lanes_[connection.index()].pop();
    const auto took =
        std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - connection.sent_at());
    report_.latencies.push_back(static_cast<std::uint32_t>(took.count()));
    SenderAnswer said{hl7_field(answer, "MSA", 1), hl7_field(answer, "MSA", 2), hl7_field(answer, "MSA", 3)};
    if (said.text.empty()) said.text = hl7_field(answer, "ERR", 8);
    ++report_.sent;
    ++(said.code == "AA" || said.code == "CA" ? report_.accepted : report_.refused);
    if (on_answer_) on_answer_(said);
    proceed(connection);
  }

  void finish(Connection& connection) {
    auto& lane = lanes_[connection.index()];
    if (lane.finished) return;
    lane.finished = true;
    connection.close();
    if (++finished_ == lanes_.size()) end(std::nullopt);
  }

  void closed(std::size_t index, const Error* error) {
    auto& lane = lanes_[index];
    if (over_ || lane.finished) return;
    const auto now = Clock::now();
    if (!lane.failing_since) lane.failing_since = now;
    if (now - *lane.failing_since < options_.retry) {
      ++report_.reconnects;
      threads_.post_after(0, std::chrono::milliseconds(200), [this, index] {
        if (!over_) connect(index);
      });
      return;
    }
    const auto text = to_string(options_.stream.endpoint) + " closed the connection without an answer";
    end(error != nullptr ? *error : Error{Category::Unavailable, kNoAnswer, text});
  }

  // Wakes connections that wait for their turn, and ends those that wait too long for an answer.
  void tick() {
    if (over_) return;
    const auto now = Clock::now();
    for (auto& lane : lanes_) {
      auto& connection = *lane.connection;
      const bool late = connection.waits() && now - connection.sent_at() > options_.answer_limit;
      if (late && connection.is_open()) {
        const auto text = to_string(options_.stream.endpoint) + " gave no answer in time";
        return end(Error{Category::Interrupted, kNoAnswer, text});
      }
      if (!lane.finished) proceed(connection);
    }
    threads_.post_after(0, std::chrono::milliseconds(1), [this] { tick(); });
  }

  void end(std::optional<Error> error) {
    if (over_) return;
    over_ = true;
    report_.took = Clock::now() - started_;
    done_.set_value(std::move(error));
  }

  const MllpSenderOptions& options_;
  net::IoThreads threads_;
  MessageSupply supply_;
  std::function<void(const SenderAnswer&)> on_answer_;
  std::vector<Lane> lanes_;
  std::promise<std::optional<Error>> done_;
  SenderReport report_;
  Clock::time_point started_{};
  std::uint64_t turns_ = 0;
  std::size_t finished_ = 0;
  bool exhausted_ = false;
  bool over_ = false;
};

}  // namespace

Result<SenderReport> send_messages(const MllpSenderOptions& options, MessageSupply supply,
                                   std::function<void(const SenderAnswer&)> on_answer) {
  Run run(options, std::move(supply), std::move(on_answer));
  return run.wait();
}

}  // namespace lienthong::app
