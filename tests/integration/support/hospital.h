#pragma once
// A gateway with its configuration in a folder of its own.

#include <memory>
#include <string>

#include "tests/gateway/app/run_binary.h"
#include "tests/integration/support/gateway_process.h"
#include "tests/integration/support/peers.h"

namespace lienthong::test {

// What a hospital's configuration says beyond its name, data folder and HTTP listener. Texts are TOML.
struct HospitalOptions {
  std::string gateway;                      // more settings of [gateway], by line
  std::string sections;                     // more sections
  std::string source;                       // more settings of the source "his"
  std::string mllp_listen = "127.0.0.1:0";  // port 0: any free one
  std::string http_listen = "127.0.0.1:0";
  std::string name = "hospital";
};

// Writes FOLDER/NAME.toml and returns its path; the data lie in FOLDER/NAME. One MLLP source "his" of the
// facility 79999 with the profile hl7v2.
std::string write_hospital(const TempFolder& folder, const HospitalOptions& options = {});

// The same, started and ready.
class Hospital {
 public:
  explicit Hospital(const HospitalOptions& options = {});

  GatewayProcess& process() { return *process_; }
  net::Endpoint mllp() const { return process_->address("mllp his"); }
  net::Endpoint http() const { return process_->address("http"); }
  std::string data() const { return folder_.file(name_); }
  const TempFolder& folder() const { return folder_; }
  // Runs a command of the program with this gateway's configuration; the command's name comes first.
  Ran run(std::vector<std::string> words) const;
  // Starts it again on the same data (the ports may be others).
  void restart();

 private:
  TempFolder folder_;
  std::string name_, config_;
  std::unique_ptr<GatewayProcess> process_;
};

// An HL7 v2 message about an invented patient. `trigger`: "A01". Segments behind MSH and EVN are the test's.
std::string adt(const std::string& trigger, const std::string& control_id, const std::string& time,
                const std::string& segments);
// The same with PID and PV1 of the patient and visit `number`.
std::string admission(const std::string& control_id, const std::string& number,
                      const std::string& family = "Nguyễn");

}  // namespace lienthong::test
