#pragma once
// What the journal's tests share: a store in a folder of its own and invented messages.

#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <thread>

#include "gateway/journal/compressor.h"
#include "gateway/journal/messages.h"
#include "gateway/journal/schema.h"
#include "gateway/store/store.h"

namespace lienthong::test {

class JournalFixture {
 public:
  JournalFixture() {
    std::string pattern = (std::filesystem::temp_directory_path() / "lienthong-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    open();
  }
  ~JournalFixture() {
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  JournalFixture(const JournalFixture&) = delete;
  JournalFixture& operator=(const JournalFixture&) = delete;

  void open() {
    store_.reset();
    store::StoreOptions options;
    options.path = file("store.db");
    auto opened = store::Store::open(options, journal::migrations());
    if (!opened) throw std::runtime_error(to_string(opened.error()));
    store_ = std::move(*opened);
  }
  store::Store& store() { return *store_; }
  std::string file(const std::string& name) const { return (folder_ / name).string(); }
  std::unique_ptr<store::Reader> reader() { return std::move(store_->open_reader().value()); }

  // Runs on the writer; throws what the work answers if it fails.
  template <class F>
  void write(F work) {
    const Result<void> done =
        store_->submit_and_wait([&work](store::Transaction& transaction) -> Result<void> {
          if constexpr (std::is_void_v<decltype(work(transaction))>) {
            work(transaction);
            return {};
          } else {
            return work(transaction);
          }
        });
    if (!done) throw std::runtime_error(to_string(done.error()));
  }

 private:
  std::filesystem::path folder_;
  std::unique_ptr<store::Store> store_;
};

inline constexpr Instant kMorning = Instant(std::chrono::microseconds(1'760'000'000'000'000));
inline constexpr SourceId kHis{1};
inline constexpr SourceId kLis{2};

inline MessageNumber number_at(Instant at) {
  const auto micros = static_cast<std::uint64_t>(at.time_since_epoch().count());
  return MessageNumber{new_uuid_v7(micros / 1'000)};
}

inline journal::NewMessage message_at(Instant at, std::string_view control_id, std::uint64_t hash,
                                      SourceId source = kHis) {
  journal::NewMessage message;
  message.number = number_at(at);
  message.source = source;
  message.received_at = at;
  message.kind = "ADT^A01";
  message.control_id = control_id;
  message.hash = journal::ContentHash{hash};
  message.profile = "hl7v2/1";
  return message;
}

// An invented admission; no two are equal.
inline std::string invented_message(int i) {
  const std::string n = std::to_string(100'000 + i * 7);
  return "MSH|^~\\&|HIS|BV" + n.substr(0, 2) + "|LT|LT|20260105" + n + "||ADT^A01^ADT_A01|" + n +
         "|P|2.5\rEVN|A01|20260105" + n + "\rPID|1||" + n + "^^^BV^MR||NGUYỄN^VĂN " + n + "||1980" +
         n.substr(0, 4) + "|M|||" + n + " Đường Số " + n.substr(2) +
         "^^Quận 1^TP HCM^700000^VN\rPV1|1|I|KHOA" + n.substr(3) + "^P1^G" + n.substr(4) + "\r";
}

template <class Done>
bool wait_until(Done done) {
  for (int i = 0; i < 4'000; ++i) {
    if (done()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

}  // namespace lienthong::test
