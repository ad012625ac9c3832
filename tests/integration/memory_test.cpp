// Memory of the running program. Long form only where it takes long.
#include <sys/resource.h>

#include <catch2/catch.hpp>

#include "gateway/app/mllp_sender.h"
#include "tests/integration/support/content.h"
#include "tests/integration/support/hospital.h"

using namespace lienthong;
using namespace lienthong::test;

namespace {

// Sends about 100,000 messages of new patients.
std::uint64_t play(Hospital& hospital, std::uint64_t first_patient) {
  app::MllpSenderOptions options;
  options.stream.endpoint = hospital.mllp();
  options.connections = 16;
  options.answer_limit = std::chrono::seconds(120);
  const auto report = app::send_messages(
      options, app::supply_from_morning({.patients = 20'000, .first_patient = first_patient}), {});
  REQUIRE(report);
  CHECK(report->accepted == report->sent);
  return report->sent;
}

}  // namespace

TEST_CASE("idle connections cost little, and one more is served") {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  const std::size_t wanted = long_form() ? 10'000 : 500;
  if (files.rlim_max < wanted + 100) {
    WARN("skipped: not enough open files allowed");
    return;
  }
  Hospital hospital;
  std::vector<Peer> idle;
  for (std::size_t i = 0; i < wanted; ++i) idle.emplace_back(hospital.mllp());
  Peer peer(hospital.mllp());
  CHECK(code_of(peer.exchange(admission("c1", "BN1"))) == "AA");
#ifndef __SANITIZE_ADDRESS__
  CHECK(hospital.process().memory_kib("VmRSS") < 120 << 10);
#endif
}

TEST_CASE("resident memory is flat after 100,000 messages") {
  if (!long_form()) {
    WARN("skipped: runs with LIENTHONG_LONG=1");
    return;
  }
  Hospital hospital;
  const auto idle = hospital.process().memory_kib("VmRSS");
  const auto sent = play(hospital, 0);
  CHECK(sent > 80'000);
  const auto after = hospital.process().memory_kib("VmRSS");
  const auto sent_again = play(hospital, 20'000);
  const auto after_twice = hospital.process().memory_kib("VmRSS");
  // All of them were new: repeats would cost nothing.
  CHECK(number(hospital.data(), "SELECT count(*) FROM message") ==
        static_cast<std::int64_t>(sent + sent_again));
  WARN("resident KiB: idle " << idle << ", after " << sent << " messages " << after
                             << ", after twice as many " << after_twice);
#ifndef __SANITIZE_ADDRESS__
  CHECK(idle < 40 << 10);
  CHECK(after < 120 << 10);
  CHECK(after_twice < after + (16 << 10));
#endif
}
