#include "gateway/journal/dictionary_trainer.h"

#define ZDICT_STATIC_LINKING_ONLY  // the parameters of the training; exported, but not fixed for all versions
#include <zdict.h>

#include <utility>

#include "gateway/base/named_thread.h"
#include "gateway/journal/compression_level.h"

namespace lienthong::journal {
namespace {

// What ZDICT_trainFromBuffer tries out, at five times this cost, and arrives at with messages: long segments.
ZDICT_fastCover_params_t long_segments() noexcept {
  ZDICT_fastCover_params_t parameters{};
  parameters.k = 2'000;
  parameters.d = 8;
  parameters.f = 20;
  parameters.accel = 1;
  parameters.zParams.compressionLevel = kCompressionLevel;
  return parameters;
}

}  // namespace

DictionaryTrainer::DictionaryTrainer(store::Store& store, Dictionaries& dictionaries, const Clock& clock,
                                     TrainerOptions options)
    : store_(store), dictionaries_(dictionaries), clock_(clock), options_(options) {
  thread_ = named_thread("lt-train", [this] { run(); });
}

DictionaryTrainer::~DictionaryTrainer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void DictionaryTrainer::offer(SourceId source, std::string_view raw) {
  if (raw.empty() || dictionaries_.active(source) != nullptr) return;
  const std::lock_guard lock(mutex_);
  if (in_training_.count(source) != 0) return;
  Samples& samples = collecting_[source];
  const std::string_view head = raw.substr(0, options_.largest_sample);
  samples.bytes += head;
  samples.sizes.push_back(head.size());
  if (samples.sizes.size() < options_.samples && samples.bytes.size() < options_.sample_bytes) return;
  in_training_.insert(source);
  ready_.emplace_back(source, std::move(samples));
  collecting_.erase(source);
  wake_.notify_one();
}

void DictionaryTrainer::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stopping_ || !ready_.empty(); });
    if (stopping_) return;
    const auto [source, samples] = std::move(ready_.front());
    ready_.pop_front();
    lock.unlock();
    train(source, samples);
    lock.lock();
    in_training_.erase(source);
  }
}

void DictionaryTrainer::train(SourceId source, const Samples& samples) {
  std::string bytes(options_.dictionary_bytes, '\0');
  const std::size_t size =
      ZDICT_trainFromBuffer_fastCover(bytes.data(), bytes.size(), samples.bytes.data(), samples.sizes.data(),
                                      static_cast<unsigned>(samples.sizes.size()), long_segments());
  if (ZDICT_isError(size) != 0) return;  // too few or too different: the next samples may do
  bytes.resize(size);
  DictionaryId id;
  const Result<void> kept = store_.submit_and_wait([&](store::Transaction& transaction) -> Result<void> {
    const auto inserted = Dictionaries::insert(transaction, source, clock_.now(), bytes);
    if (!inserted) return forward(inserted);
    id = *inserted;
    return {};
  });
  if (kept) dictionaries_.activate(source, id, bytes);
}

}  // namespace lienthong::journal
