#include "gateway/app/mllp_sender.h"

#include <catch2/catch.hpp>
#include <map>
#include <mutex>

#include "gateway/net/mllp_framer.h"
#include "gateway/net/stream_server.h"
#include "tests/gateway/app/run_binary.h"

using namespace lienthong;
using namespace lienthong::app;
using namespace std::chrono_literals;

namespace {

// A receiver that keeps what it gets, and may close instead of answering.
class Receiver {
 public:
  explicit Receiver(unsigned closes = 0, std::string code = "AA") : closes_(closes), code_(std::move(code)) {
    net::StreamServerOptions options;
    options.endpoint = {"127.0.0.1", 0};
    server_ = net::StreamServer::start(threads_, std::move(options), [this](const net::Peer&) {
                const std::lock_guard lock(mutex_);
                ++connections_;
                return std::make_shared<Session>(*this);
              }).value();
  }

  MllpSenderOptions options() const {
    MllpSenderOptions options;
    options.stream.endpoint = server_->endpoint();
    return options;
  }
  std::vector<std::string> received() {
    const std::lock_guard lock(mutex_);
    return received_;
  }
  unsigned connections() {
    const std::lock_guard lock(mutex_);
    return connections_;
  }

 private:
  class Session final : public net::StreamHandler {
   public:
    explicit Session(Receiver& receiver) : receiver_(receiver) {}
    void on_open(std::shared_ptr<net::Stream> stream) override { stream_ = std::move(stream); }
    void on_closed(net::CloseReason, const Error*) override { stream_.reset(); }
    void on_drain() override { stream_->close(); }
    void on_bytes(std::string_view bytes) override {
      framer_.feed(bytes);
      for (auto item = framer_.next(); item.kind == net::MllpItem::Kind::Frame; item = framer_.next()) {
        if (!receiver_.take(item.bytes)) return stream_->close();
        const auto id = std::string(hl7_field(item.bytes, "MSH", 10));
        stream_->write("\x0bMSH|^~\\&|R\rMSA|" + receiver_.code_ + "|" + id + "|why\r\x1c\r");
      }
    }

   private:
    Receiver& receiver_;
    std::shared_ptr<net::Stream> stream_;
    net::MllpFramer framer_;
  };

  bool take(std::string_view message) {
    const std::lock_guard lock(mutex_);
    if (closes_ > 0) return --closes_, false;
    received_.emplace_back(message);
    return true;
  }

  unsigned closes_;
  std::string code_;
  std::mutex mutex_;
  std::vector<std::string> received_;
  unsigned connections_ = 0;
  net::IoThreads threads_{1};
  std::unique_ptr<net::StreamServer> server_;
};

std::vector<std::string> morning(std::uint64_t patients) {
  Morning morning({.patients = patients});
  MorningMessage message;
  std::vector<std::string> texts;
  while (morning.next(message)) texts.push_back(message.text);
  return texts;
}

}  // namespace

TEST_CASE("a sender sends every message once, in order, and hears each answer") {
  Receiver receiver;
  std::vector<std::string> ids;
  const auto report =
      send_messages(receiver.options(), supply_from_morning({.patients = 20}), [&](const auto& answer) {
        CHECK(answer.code == "AA");
        CHECK(answer.text == "why");
        ids.emplace_back(answer.control_id);
      });
  REQUIRE(report);
  const auto expected = morning(20);
  CHECK(report->sent == expected.size());
  CHECK(report->accepted == expected.size());
  CHECK(report->latencies.size() == expected.size());
  CHECK(receiver.received() == expected);
  REQUIRE(ids.size() == expected.size());
  CHECK(ids.front() == hl7_field(expected.front(), "MSH", 10));
}

TEST_CASE("with several connections each patient's messages stay in order") {
  Receiver receiver;
  auto options = receiver.options();
  options.connections = 8;
  REQUIRE(send_messages(options, supply_from_morning({.patients = 100}), {}));
  CHECK(receiver.connections() == 8);
  std::map<std::string, std::vector<std::string>> sent, got;
  for (const auto& m : morning(100)) sent[std::string(hl7_field(m, "PID", 3))].push_back(m);
  for (const auto& m : receiver.received()) got[std::string(hl7_field(m, "PID", 3))].push_back(m);
  CHECK(sent == got);
}

TEST_CASE("a refusal is counted, not an error of the call") {
  Receiver receiver(0, "AE");
  const auto report = send_messages(receiver.options(), supply_from_morning({.patients = 1}), {});
  REQUIRE(report);
  CHECK(report->refused == report->sent);
  CHECK(report->accepted == 0);
}

TEST_CASE(
    "with --retry a message is sent again when its connection fails, and nothing is lost or reordered") {
  Receiver receiver(2);
  auto options = receiver.options();
  options.retry = 30s;
  const auto report = send_messages(options, supply_from_morning({.patients = 3}), {});
  REQUIRE(report);
  CHECK(report->reconnects == 2);
  CHECK(receiver.received() == morning(3));
}

TEST_CASE("without --retry a closed connection ends the run with an error") {
  Receiver receiver(1);
  const auto report = send_messages(receiver.options(), supply_from_morning({.patients = 3}), {});
  REQUIRE_FALSE(report);
  CHECK(report.error().category == Category::Unavailable);
}

TEST_CASE("files are cut into messages at MSH, without batch segments and MLLP's bytes") {
  const auto messages = split_hl7(
      "\xef\xbb\xbf"
      "FHS|^~\\&\r\nBHS|^~\\&\r\n\x0bMSH|^~\\&|A\r\nPID|1\r\n\x1c\rMSH|^~\\&|B\nPID|2\n\nBTS|2\nFTS|1\n");
  REQUIRE(messages.size() == 2);
  CHECK(messages[0] == "MSH|^~\\&|A\rPID|1\r");
  CHECK(messages[1] == "MSH|^~\\&|B\rPID|2\r");
  CHECK(split_hl7("").empty());
}

TEST_CASE("fields are counted as HL7 does") {
  const std::string message = "MSH|^~\\&|HIS|BV\rPID|1||77^^^BV\rMSA|AA|9\r";
  CHECK(hl7_field(message, "MSH", 3) == "HIS");
  CHECK(hl7_field(message, "PID", 3) == "77^^^BV");
  CHECK(hl7_field(message, "MSA", 2) == "9");
  CHECK(hl7_field(message, "MSA", 3).empty());
  CHECK(hl7_field(message, "EVN", 1).empty());
  CHECK(hl7_field("", "MSH", 1).empty());
}

TEST_CASE("a file without a message is no file to send") {
  const test::TempFolder folder;
  const auto supply = supply_from_files({folder.write("list.csv", "number;name\n1;x\n")});
  REQUIRE_FALSE(supply);
  CHECK(supply.error().text.find("list.csv holds no HL7 v2 message") != std::string::npos);
  CHECK_FALSE(supply_from_files({folder.write("empty.hl7", "")}));
  CHECK(supply_from_files({folder.write("one.hl7", "MSH|^~\\&|A\r")}));
}
