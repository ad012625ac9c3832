#pragma once
// Makes a dictionary from the first messages of each source that has none, beside the work.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/ids.h"
#include "gateway/journal/dictionaries.h"
#include "gateway/store/store.h"

namespace lienthong::journal {

struct TrainerOptions {
  std::size_t samples = 2'000;                         // messages a source
  std::size_t sample_bytes = std::size_t{4} << 20;     // or this much, whichever comes first
  std::size_t largest_sample = std::size_t{16} << 10;  // of a longer message only the head is taken
  std::size_t dictionary_bytes = std::size_t{16} << 10;
};

// Any thread. Trains on a thread of its own; store, dictionaries and clock must outlive it. A training that
// fails (too few or too different samples) is tried again with the next ones.
class DictionaryTrainer {
 public:
  DictionaryTrainer(store::Store& store, Dictionaries& dictionaries, const Clock& clock,
                    TrainerOptions options = {});
  ~DictionaryTrainer();
  DictionaryTrainer(const DictionaryTrainer&) = delete;
  DictionaryTrainer& operator=(const DictionaryTrainer&) = delete;

  // Offers a message; copied only while its source still needs samples. Call after the message is accepted.
  void offer(SourceId source, std::string_view raw);

 private:
  struct Samples {
    std::string bytes;
    std::vector<std::size_t> sizes;
  };
  void run();
  void train(SourceId source, const Samples& samples);

  store::Store& store_;
  Dictionaries& dictionaries_;
  const Clock& clock_;
  const TrainerOptions options_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::map<SourceId, Samples> collecting_;
  std::deque<std::pair<SourceId, Samples>> ready_;
  std::set<SourceId> in_training_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace lienthong::journal
