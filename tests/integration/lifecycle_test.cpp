// How it ends, and what it does when the disk is full.
#include <sys/mount.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "gateway/app/hl7_supply.h"
#include "tests/integration/support/content.h"
#include "tests/integration/support/hospital.h"

using namespace lienthong;
using namespace lienthong::test;
using Catch::Contains;

namespace {

// A small file system in memory; gone when the test ends.
class SmallDisk {
 public:
  explicit SmallDisk(const std::string& path) : path_(path) {
    mounted_ = ::mount("tmpfs", path_.c_str(), "tmpfs", 0, "size=24m") == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(path_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool mounted() const { return mounted_; }

  // Writes a file until nothing fits any more.
  void fill() const {
    std::ofstream out(path_ + "/filler", std::ios::binary | std::ios::app);
    const std::string block(4096, 'x');
    while (out.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
  }
  void make_room() const { ::unlink((path_ + "/filler").c_str()); }

 private:
  std::string path_;
  bool mounted_ = false;
};

}  // namespace

TEST_CASE("SIGTERM: what is in hand is answered; what was not answered was not kept") {
  Hospital hospital;
  std::string frames;
  constexpr int kMessages = 300;
  for (int i = 0; i < kMessages; ++i)
    frames += "\x0b" + admission("c" + std::to_string(i), "BN" + std::to_string(i)) + "\x1c\r";
  Peer peer(hospital.mllp());
  REQUIRE(peer.send(frames));
  std::vector<std::string> answered;
  answered.push_back(peer.answer().value());
  hospital.process().ask_to_stop();
  while (auto answer = peer.answer()) answered.push_back(std::move(*answer));
  CHECK(hospital.process().wait_for_end() == 0);

  std::vector<std::string> ids;
  for (const auto& answer : answered) {
    CHECK(code_of(answer) == "AA");
    ids.emplace_back(app::hl7_field(answer, "MSA", 2));
  }
  CHECK(query(hospital.data(), "SELECT control_id FROM message ORDER BY row") == ids);
  CHECK_THAT(hospital.process().log(), Contains("event=stopped"));
}

TEST_CASE("SIGTERM while nothing happens ends with 0 and closes idle connections") {
  Hospital hospital;
  Peer idle(hospital.mllp());
  Peer half(hospital.mllp());
  half.send("\x0bMSH|^~\\&|");
  REQUIRE(code_of(Peer(hospital.mllp()).exchange(admission("c1", "BN1"))) == "AA");
  CHECK(hospital.process().stop() == 0);
  CHECK(idle.rest().empty());
}

TEST_CASE(
    "a full disk: AR and 503 while it lasts, then it goes on by itself; what was acknowledged is there") {
  const TempFolder folder;
  const SmallDisk disk(folder.path());
  if (!disk.mounted()) {
    WARN("skipped: a small file system cannot be mounted here");
    return;
  }
  HospitalOptions options;
  options.source =
      "[[source]]\nname = \"portal\"\nkind = \"http\"\nprofile = \"hl7v2\"\nfacility = \"79999\"\n";
  GatewayProcess process(write_hospital(folder, options));
  Peer peer(process.ready().address("mllp his"));
  std::vector<std::string> accepted;
  int next = 0;
  // A message that takes room, so that the log's file has to grow.
  const auto send = [&] {
    const auto id = "c" + std::to_string(next++);
    const auto code =
        code_of(peer.exchange(admission(id, "BN" + id) + "ZZZ|" + std::string(20'000, 'z') + "\r"));
    if (code == "AA") accepted.push_back(id);
    return code;
  };
  REQUIRE(send() == "AA");
  disk.fill();
  std::string code = "AA";
  for (int i = 0; i < 5000 && code == "AA"; ++i) code = send();
  CHECK(code == "AR");
  CHECK(process.is_running());
  const auto refused = http(process.address("http"), "POST", "/ingest/portal", admission("p1", "BNp1"));
  CHECK(refused.status == 503);
  CHECK_THAT(refused.head, Contains("Retry-After"));
  CHECK(http(process.address("http"), "GET", "/health").status == 503);

  disk.make_room();
  REQUIRE(eventually([&] { return send() == "AA"; }));
  CHECK(http(process.address("http"), "GET", "/health").status == 200);
  CHECK(process.stop() == 0);
  const auto data = folder.file("hospital");
  for (const auto& id : accepted)
    CHECK(query(data, "SELECT fate FROM message WHERE control_id='" + id + "'") ==
          std::vector<std::string>{"0"});
  CHECK(number(data, "SELECT count(*) FROM message") == static_cast<std::int64_t>(accepted.size()));
}
