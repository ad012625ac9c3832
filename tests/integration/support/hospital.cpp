#include "tests/integration/support/hospital.h"

namespace lienthong::test {

std::string write_hospital(const TempFolder& folder, const HospitalOptions& options) {
  std::string text = "[gateway]\nname = \"" + options.name + "\"\ndata_dir = \"" + options.name + "\"\n";
  text += options.gateway + "\n[http]\nlisten = \"" + options.http_listen + "\"\n" + options.sections;
  text += "\n[[source]]\nname = \"his\"\nlisten = \"" + options.mllp_listen +
          "\"\nprofile = \"hl7v2\"\nfacility = \"79999\"\n" + options.source + "\n";
  return folder.write(options.name + ".toml", text);
}

Hospital::Hospital(const HospitalOptions& options)
    : name_(options.name),
      config_(write_hospital(folder_, options)),
      process_(std::make_unique<GatewayProcess>(config_)) {
  process_->ready();
}

Ran Hospital::run(std::vector<std::string> words) const {
  words.insert(words.begin() + 1, {"--config", config_});
  return run_binary(words);
}

void Hospital::restart() {
  process_.reset();
  process_ = std::make_unique<GatewayProcess>(config_);
  process_->ready();
}

std::string adt(const std::string& trigger, const std::string& control_id, const std::string& time,
                const std::string& segments) {
  return "MSH|^~\\&|HIS|79999|LIENTHONG|79999|" + time + "+0700||ADT^" + trigger + "^ADT_A01|" + control_id +
         "|P|2.5.1|||||VNM|UNICODE UTF-8\rEVN|" + trigger + "|" + time + "\r" + segments;
}

std::string admission(const std::string& control_id, const std::string& number, const std::string& family) {
  return adt("A01", control_id, "20260302080000",
             "PID|1||" + number + "^^^79999^MR||" + family + "^An^Văn^^^^L||19800115|M\r" +
                 "PV1|1|I|NOI^P201^G1^79999|R|||||||||||||||L" + number +
                 "^^^79999^VN|||||||||||||||||||||||||20260302080000\r");
}

}  // namespace lienthong::test
