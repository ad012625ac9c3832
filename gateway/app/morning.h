#pragma once
// A morning of HL7 v2 in a hospital: admissions, visits, transfers, discharges and laboratory results of
// invented people. For the demonstration, for measurements and for load tests.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lienthong::app {

struct MorningOptions {
  std::uint64_t patients = 100;
  std::uint64_t seed = 1;           // another seed: other people, other control ids
  std::uint64_t first_patient = 0;  // patients are numbered from here: several senders share one seed
  std::chrono::sys_days day = std::chrono::year(2026) / 3 / 2;
  std::string facility = "79999";  // MSH-4 and the assigning authority of numbers
  bool corrections = true;  // changed addresses (A08, A31), corrected results, cancelled discharges (A13)
  bool duplicates = false;  // about one message in twenty is sent twice
};

struct MorningMessage {
  std::string text;  // segments end in CR
  std::string type;  // "ADT^A01"
  std::uint64_t patient = 0;
  bool repeated = false;  // the same message once more
};

// Messages in the order of their time, patients interleaved in groups; the same options give the same bytes.
// Memory does not grow with the number of patients. One thread.
class Morning {
 public:
  explicit Morning(MorningOptions options);

  // False when the morning is over.
  bool next(MorningMessage& message);

 private:
  struct Event {
    std::chrono::sys_seconds at;
    MorningMessage message;
  };
  void fill();
  void add_patient(std::uint64_t number);

  MorningOptions options_;
  std::uint64_t next_patient_;
  std::vector<Event> events_;
  std::size_t next_event_ = 0;
};

}  // namespace lienthong::app
