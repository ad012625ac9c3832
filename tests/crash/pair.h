#pragma once
// A hospital that delivers to a province, both as processes, and a sender that plays a morning into the
// hospital while they are killed and started again.

#include <chrono>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "gateway/app/morning.h"
#include "tests/integration/support/content.h"
#include "tests/integration/support/hospital.h"

namespace lienthong::test {

enum class Victim { Hospital, Province };

// When the share of the round's messages is acknowledged, and a little later.
struct Kill {
  Victim victim = Victim::Hospital;
  double share = 0;
  std::chrono::microseconds later{0};
};

struct Round {
  app::MorningOptions morning;
  std::vector<Kill> kills;  // by share
};

// One thread.
class Pair {
 public:
  Pair();

  // Plays the round's morning over four connections, as `lienthong send --retry` does. Returns when every
  // message is acknowledged; all must be accepted.
  void play(const Round& round, bool with_kills);
  // Waits until the hospital's outbox is empty.
  void drain() const;
  // SIGTERM to both; both must end well.
  void stop();

  Content hospital_content() const { return read_content(hospital_->address("http")); }
  Content province_content() const { return read_content(province_->address("http"), kToken); }
  std::string hospital_data() const { return folder_.file("hospital"); }
  std::string province_data() const { return folder_.file("province"); }
  // Control ids of what was acknowledged.
  const std::set<std::string>& acknowledged() const { return acknowledged_; }

 private:
  static constexpr const char* kToken = "an-invented-token-of-the-test";
  void write_province(const std::string& http);
  void write_hospital(const std::string& http, const std::string& mllp);
  void kill_and_restart(Victim victim);

  TempFolder folder_;
  std::unique_ptr<GatewayProcess> province_, hospital_;
  std::set<std::string> acknowledged_;
};

}  // namespace lienthong::test
