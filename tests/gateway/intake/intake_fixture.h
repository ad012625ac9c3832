#pragma once
// One source's intake as the program runs it: real store, repository, adapter and mapping. The test's thread
// stands for the io thread: it gives messages and runs their completions. All people are invented.

#include <catch2/catch.hpp>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "gateway/convert/program.h"
#include "gateway/delivery/schema.h"
#include "gateway/intake/quarantine.h"
#include "gateway/intake/source_intake.h"
#include "gateway/journal/messages.h"
#include "gateway/journal/schema.h"
#include "gateway/repository/repository.h"
#include "gateway/store/names.h"

namespace lienthong::intake {

inline constexpr Instant kMorning{std::chrono::seconds(1'772'410'500)};  // 2026-03-02T07:15:00+07:00

// `folder`: of mappings that come before the shipped ones.
inline std::shared_ptr<const convert::Program> load_program(const std::string& profile,
                                                            const std::string& folder = {}) {
  static convert::AdapterRegistry adapters;
  static bool is_loaded = false;
  convert::Diagnostics diagnostics;
  if (!is_loaded) adapters.load_folder(LIENTHONG_BUILD "/lib/lienthong/adapters", diagnostics, nullptr);
  is_loaded = true;
  convert::MappingFolders folders{{LIENTHONG_ROOT "/mappings"}};
  if (!folder.empty()) folders.roots.insert(folders.roots.begin(), folder);
  auto loaded = convert::load_profile(folders, profile, adapters, diagnostics);
  for (const auto& diagnostic : diagnostics.all()) UNSCOPED_INFO(to_string(diagnostic));
  REQUIRE(loaded.has_value());
  return *loaded;
}

inline std::shared_ptr<const convert::Program> program_of(const std::string& profile) {
  static std::map<std::string, std::shared_ptr<const convert::Program>> programs;
  auto& program = programs[profile];
  if (program == nullptr) program = load_program(profile);
  return program;
}

inline const fhir::validate::Validator& validator() {
  static const fhir::validate::Validator made;
  return made;
}

// Completions wait until the test's thread runs them.
class TestThread final : public store::CompletionExecutor {
 public:
  void post(std::vector<store::Completed>&& batch) override {
    {
      const std::lock_guard lock(mutex_);
      for (auto& completed : batch) waiting_.push_back(std::move(completed));
    }
    came_.notify_one();
  }
  template <class Done>
  void run_until(Done done) {
    while (!done()) {
      std::unique_lock lock(mutex_);
      REQUIRE(came_.wait_for(lock, std::chrono::seconds(60), [this] { return !waiting_.empty(); }));
      auto completed = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      completed();
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<store::Completed> waiting_;
};

struct IntakeSetup {
  SourceRules rules;
  bool repository = true;
  std::string vfs;
  std::size_t queue_jobs = 20'000;
  std::string profile = "hl7v2";
};

class IntakeFixture {
 public:
  explicit IntakeFixture(IntakeSetup setup = {}) : setup_(std::move(setup)) {
    std::string pattern = std::filesystem::temp_directory_path() / "lienthong-intake-XXXXXX";
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    folder_ = pattern;
    open();
  }
  ~IntakeFixture() {
    close();
    std::filesystem::remove_all(folder_);
  }

  void open() {
    store::StoreOptions options;
    options.path = folder_ + "/test.db";
    options.vfs = setup_.vfs;
    options.queue_jobs = setup_.queue_jobs;
    options.full_retry = std::chrono::milliseconds(5);
    std::vector<store::Migration> migrations(journal::migrations().begin(), journal::migrations().end());
    for (const auto& one : repository::sqlite::migrations()) migrations.push_back(one);
    for (const auto& one : delivery::migrations()) migrations.push_back(one);
    auto opened = store::Store::open(std::move(options), migrations);
    REQUIRE(opened.has_value());
    store_ = std::move(*opened);
    outbox_ = std::make_unique<delivery::Outbox>();
    store_->add_hook(outbox_.get());
    REQUIRE(outbox_->load(*reader()).has_value());
    quarantine_ = std::make_unique<Quarantine>();
    in_hand_ = std::move(journal::InHandSlots::open(folder_ + "/in-hand", 1).value());
    REQUIRE(quarantine_->load(*store_, *in_hand_, clock_).has_value());
    trainer_ = std::make_unique<journal::DictionaryTrainer>(*store_, dictionaries_, clock_);
    if (setup_.repository) repository_ = repository::sqlite::make_repository();
    name_everything();
    make();
  }
  void close() {
    if (store_ == nullptr) return;
    trainer_.reset();
    store_->stop();
    intake_.reset();
    in_hand_.reset();
    store_.reset();
    repository_.reset();
  }
  // The rules of the source from now on.
  void change(SourceRules rules) {
    rules.id = setup_.rules.id;
    rules.facility = setup_.rules.facility;
    if (rules.settings.facility.empty() && rules.settings.facilities.empty())
      rules.settings.facility = "BVMAU";
    rules.settings.name = "his";
    setup_.rules = std::move(rules);
    make();
  }

  Outcome take(std::string_view message) {
    std::optional<Outcome> outcome;
    intake_->take(0, message, [&outcome](Outcome one) { outcome = std::move(one); });
    thread_.run_until([&outcome] { return outcome.has_value(); });
    return std::move(*outcome);
  }
  Outcome take_beginning(std::string_view beginning) {
    std::optional<Outcome> outcome;
    intake_->take_beginning(0, beginning, [&outcome](Outcome one) { outcome = std::move(one); });
    thread_.run_until([&outcome] { return outcome.has_value(); });
    return std::move(*outcome);
  }
  std::vector<Outcome> take_all(std::string_view body) { return take_all(*intake_, body); }
  std::vector<Outcome> take_all(SourceIntake& intake, std::string_view body) {
    std::optional<std::vector<Outcome>> outcomes;
    const auto owner = std::make_shared<const std::string>(body);
    intake.take_all(0, *owner, owner, [&outcomes](std::vector<Outcome> all) { outcomes = std::move(all); });
    thread_.run_until([&outcomes] { return outcomes.has_value(); });
    return std::move(*outcomes);
  }

  std::vector<journal::StoredMessage> journal(std::size_t limit = 100) {
    journal::MessageFilter filter;
    filter.limit = limit;
    auto messages = journal::list_messages(*reader(), filter);
    REQUIRE(messages.has_value());
    return std::move(*messages);
  }
  std::string raw(MessageRow row) {
    auto bytes = journal::read_raw(*reader(), dictionaries_, row);
    REQUIRE(bytes.has_value());
    return *bytes;
  }
  std::uint64_t count(std::string_view type) {
    return repository::sqlite::make_repository()->count(*reader(), type).value();
  }
  std::vector<repository::StoredVersion> resources(std::string_view type) {
    repository::SearchRequest request;
    request.type = type;
    auto page = repository_->search(*reader(), request);
    REQUIRE(page.has_value());
    return std::move(page->resources);
  }
  std::vector<repository::StoredVersion> search(std::string_view type, const std::string& query) {
    repository::SearchRequest request;
    request.type = type;
    request.terms = repository::parse_query(query);
    auto page = repository_->search(*reader(), request);
    REQUIRE(page.has_value());
    return std::move(page->resources);
  }
  std::vector<delivery::OutboxEntry> waiting(delivery::EntryKind kind = delivery::EntryKind::Resource) {
    return delivery::read_entries(*reader(), destination_, kind, 0, 1000).value();
  }
  void deliver_all() {
    std::vector<delivery::Delivered> delivered;
    for (const auto& entry : waiting())
      delivered.push_back({delivery::EntryKind::Resource, entry.entry, entry.change});
    std::vector<std::int64_t> again;
    REQUIRE(store_->submit_and_wait([&](store::Transaction& transaction) {
      return delivery::remove_delivered(transaction, delivered, again);
    }));
  }

  // Another source of the same facility; close() must not come before its end.
  std::unique_ptr<SourceIntake> another_source(const std::string& name,
                                               std::shared_ptr<const convert::Program> program) {
    SourceRules rules = setup_.rules;
    rules.settings.name = name;
    rules.settings.facility = "BVMAU";
    REQUIRE(store_->submit_and_wait([&](store::Transaction& transaction) -> Result<void> {
      rules.id = store::source_id(transaction, name).value();
      return {};
    }));
    auto made = SourceIntake::make(services(), std::move(rules), std::move(program));
    REQUIRE(made.has_value());
    return std::move(*made);
  }

  store::Store& store() { return *store_; }
  FixedClock& clock() { return clock_; }
  TestThread& thread() { return thread_; }
  SourceIntake& intake() { return *intake_; }
  Services services() {
    return {*store_,
            clock_,
            dictionaries_,
            *trainer_,
            *in_hand_,
            *quarantine_,
            *outbox_,
            repository_.get(),
            metrics_,
            1,
            [this](unsigned) { return &thread_; },
            &validator()};
  }
  SourceId source() const { return setup_.rules.id; }
  std::string in_hand_file() const { return folder_ + "/in-hand"; }
  std::unique_ptr<store::Reader> reader() {
    auto opened = store_->open_reader();
    REQUIRE(opened.has_value());
    return std::move(*opened);
  }

 private:
  void name_everything() {
    REQUIRE(store_->submit_and_wait([this](store::Transaction& transaction) -> Result<void> {
      setup_.rules.id = store::source_id(transaction, "his").value();
      setup_.rules.facility = store::facility_id(transaction, "BVMAU").value();
      destination_ = store::destination_id(transaction, "province").value();
      outbox_->set_routes({{destination_, {}}});
      return {};
    }));
  }
  void make() {
    auto rules = setup_.rules;
    rules.settings.name = "his";
    if (rules.settings.facility.empty() && rules.settings.facilities.empty())
      rules.settings.facility = "BVMAU";
    auto made = SourceIntake::make(services(), std::move(rules), program_of(setup_.profile));
    REQUIRE(made.has_value());
    intake_ = std::move(*made);
  }

  IntakeSetup setup_;
  std::string folder_;
  FixedClock clock_{kMorning};
  Metrics metrics_;
  TestThread thread_;
  journal::Dictionaries dictionaries_;
  std::unique_ptr<delivery::Outbox> outbox_;
  std::unique_ptr<Quarantine> quarantine_;
  std::unique_ptr<repository::Repository> repository_;
  std::unique_ptr<journal::InHandSlots> in_hand_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<journal::DictionaryTrainer> trainer_;
  DestinationId destination_;
  std::unique_ptr<SourceIntake> intake_;
};

// What a header of a message says; the rest is the same for all.
struct Header {
  std::string control = "C1";
  std::string type = "ADT^A01^ADT_A01";
  std::string time = "20260302081530";
  std::string processing = "P";
  std::string accept_ack, application_ack;  // MSH-15, MSH-16
  std::string sender = "BVMAU";
};

inline std::string header(const Header& head) {
  return "MSH|^~\\&|HIS|" + head.sender + "|LT|SYT|" + head.time + "||" + head.type + "|" + head.control +
         "|" + head.processing + "|2.5.1|||" + head.accept_ack + "|" + head.application_ack +
         "|VNM|UNICODE UTF-8\r";
}

inline std::string admission(const Header& head = {}, const std::string& sex = "F") {
  return header(head) + "EVN|A01|20260302081500\rPID|1||BN0001^^^BVMAU^MR||Lê^Thị^Mẫu^^^^L||19900101|" + sex +
         "\rPV1|1|I|NOI^P1^G1^BVMAU" + std::string(4, '|') + "BS1^Trần^Thị Mẫu" + std::string(12, '|') +
         "VN1" + std::string(25, '|') + "20260302080000\r";
}

inline std::string results(const std::string& control) {
  Header head;
  head.control = control;
  head.type = "ORU^R01^ORU_R01";
  return header(head) +
         "PID|1||BN0001^^^BVMAU^MR||Lê^Thị^Mẫu\rORC|RE|DH1|LAB1||CM\r"
         "OBR|1|DH1|LAB1|CTM^Công thức máu^L|||20260302080500|||||||||||||||20260302081500||LAB|F\r"
         "OBX|1|NM|718-7^Hemoglobin^LN||12.50|g/dL|||||F\r"
         "OBX|2|NM|PLT^Tiểu cầu^L||250|G/L|||||F\r"
         "OBX|3|NM|NA^Natri^L||7,5|mmol/L|||||F\r";
}

}  // namespace lienthong::intake
