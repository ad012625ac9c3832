#pragma once
// Internal to delivery: what a Destination does, on its thread. destination.cpp holds the loop,
// destination_shipping.cpp what goes out, destination_answers.cpp what comes back.

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "gateway/base/named_thread.h"
#include "gateway/delivery/bundle_builder.h"
#include "gateway/delivery/destination.h"
#include "gateway/delivery/lane_queue.h"
#include "gateway/delivery/shipment.h"

namespace lienthong::delivery {

using Steady = Shipment::Steady;

class Destination::Impl {
 public:
  Impl(DestinationServices services, DestinationOptions options, std::unique_ptr<Sender> sender);

  const DestinationOptions& options() const noexcept { return options_; }
  void start() {
    thread_ = named_thread("lt-to-" + options_.name, [this] { run(); });
  }
  void wake();
  void stop();
  std::optional<Instant> away_since() const;

 private:
  struct Answer {
    std::uint64_t shipment;
    SendResult result;
  };

  void run();
  Result<void> refill();
  Result<void> send_what_can_be();
  Result<bool> ship_resources();
  Result<bool> ship_message();
  Result<bool> ship_cleared(Shipment shipment, std::string bundle);
  Result<bool> gather_lanes(BundleBuilder& builder, Shipment& shipment);
  Result<bool> gather_lane(BundleBuilder& builder, Shipment& shipment, Lane lane);
  Result<void> take_out(const std::vector<Delivered>& withheld);
  void dispatch(Shipment shipment, std::string bundle);
  void handle(const Answer& answer, std::vector<Shipment>& confirmed);
  void confirm(const std::vector<Shipment>& confirmed);
  void forget(const Shipment& shipment, const std::vector<std::int64_t>& again);
  void one_less_alone(Lane lane);
  void refuse(Shipment& shipment, const SendResult& result);
  void hold(Shipment& shipment, const SendResult& result);
  void release(const Shipment& shipment);
  void bury_front(Shipment& shipment, const SendResult& result);
  bool bury_unsent(const OutboxEntry& entry, const Error& error);
  bool bury_entry(const OutboxEntry& entry, const SendResult& result);
  bool waits_again(const OutboxEntry& entry);
  bool wait();
  void note_away(bool away);

  DestinationServices services_;
  DestinationOptions options_;
  std::unique_ptr<Sender> sender_;
  Counter& delivered_;
  Counter& dead_;
  Counter& withheld_;
  Histogram& took_;

  // Shared with callbacks.
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Answer> answers_;
  bool woken_ = true;
  bool idle_ = false;  // waits for anything to do
  bool stopping_ = false;
  std::optional<Instant> away_since_;  // the first failure since it last took something

  // The destination's thread only.
  std::unique_ptr<store::Reader> reader_;
  LaneQueue queue_;
  std::int64_t cursor_ = 0;
  std::unordered_map<std::uint64_t, Shipment> on_the_way_;
  std::unordered_set<std::int64_t> in_flight_;  // resources
  // Lanes whose bundle was refused: so many entries of them are sent one by one, to find the one at fault.
  std::unordered_map<std::int64_t, std::size_t> alone_;
  std::uint64_t next_shipment_ = 1;
  Steady::time_point paused_until_{};
  Steady::time_point held_at_{};
  std::chrono::milliseconds backoff_{0};
  std::thread thread_;
};

}  // namespace lienthong::delivery
