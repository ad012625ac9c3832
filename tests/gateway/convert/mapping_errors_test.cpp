#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/gateway/convert/loaded_profile.h"

using namespace lienthong::convert;
namespace fs = std::filesystem;

namespace {

// A folder of mappings that lives as long as the test: a profile "broken" with a patient.
class Folder {
 public:
  Folder()
      : path_(fs::temp_directory_path() /
              ("lienthong-mapping-" + std::to_string(getpid()) + "-" + std::to_string(count_++))) {
    write("profile.toml", "adapter = \"hl7v2\"\n");
    write("messages/ADT.yaml", "takes: ADT^A01\nmake:\n  - patient: { use: PID, from: PID }\n");
    write("codes/sex.csv", "code,text,system,target code,display,target system,comment\nM,,,male,,,\n");
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  void write(const std::string& name, const std::string& text) const {
    const auto file = path_ / "broken" / name;
    fs::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }
  void patient(const std::string& rules) const {
    write("segments/PID.yaml", "resource: Patient\nkey: { value: PID-3.1 }\n" + rules);
  }
  // All errors, as "file:line:column: message" without the folder.
  std::vector<std::string> errors(const std::string& name = "broken") const {
    Diagnostics diagnostics;
    const auto program = load_profile({{path_.string()}}, name, test_adapters(), diagnostics);
    CHECK_FALSE(program);
    std::vector<std::string> texts;
    for (const auto& diagnostic : diagnostics.all()) {
      auto text = to_string(diagnostic);
      const auto prefix = (path_ / name).string() + "/";
      if (text.rfind(prefix, 0) == 0) text.erase(0, prefix.size());
      texts.push_back(text);
    }
    return texts;
  }

 private:
  static inline std::atomic<int> count_{0};
  fs::path path_;
};

std::string only(const std::vector<std::string>& errors) {
  std::string all;
  for (const auto& error : errors) all += error + "\n";
  return all;
}

}  // namespace

TEST_CASE("an unknown element is named with its place and the nearest one") {
  Folder folder;
  folder.patient("birthdate: PID-7\n");
  CHECK(only(folder.errors()) ==
        "segments/PID.yaml:3:1: Patient has no element \"birthdate\"; was \"birthDate\" meant?\n");
}

TEST_CASE("an unknown source, table, verb and wrong type are all told at once") {
  Folder folder;
  folder.patient(
      "birthDate: { text: PID-7 }\ngender: { code: PID-8, table: sexx }\nactive: { bolean: PID-30 }\nname: "
      "[{ family: PDI-5 }]\n");
  const auto errors = folder.errors();
  REQUIRE(errors.size() == 4);
  CHECK(errors[0] ==
        "segments/PID.yaml:3:14: Patient.birthDate is a date: write \"date\" instead of \"text\"");
  CHECK(errors[1].find("segments/PID.yaml:4:31: there is no codes/sexx.csv; was \"sex\" meant?") == 0);
  CHECK(errors[2].find("segments/PID.yaml:5:11: there is no verb \"bolean\"") == 0);
  CHECK(
      errors[3].find(
          "segments/PID.yaml:6:18: the adapter hl7v2 knows no source \"PDI-5\" here; was \"PID-5\" meant?") ==
      0);
}

TEST_CASE("a list for a single complex value, and each-made for one, are refused") {
  Folder folder;
  folder.patient("maritalStatus: { coding: { code: PID-16, display: = x }, text: = y, txt: = z }\n");
  const auto errors = folder.errors();
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].find("segments/PID.yaml:3:69: Patient.maritalStatus has no element \"txt\"") == 0);
}

TEST_CASE("codes outside a required value set are refused, in the mapping and in tables") {
  Folder folder;
  folder.write("codes/sex.csv", "code,text,system,target code,display,target system,comment\nM,,,man,,,\n");
  folder.patient("gender: { code: PID-8, table: sex, else: unknwon }\n");
  const auto errors = folder.errors();
  REQUIRE(errors.size() == 2);
  CHECK(errors[0].find("codes/sex.csv:2:1: Patient.gender must be a code of "
                       "http://hl7.org/fhir/ValueSet/administrative-gender; \"man\" is none") == 0);
  CHECK(errors[1].find("segments/PID.yaml:3:42: ") == 0);
  CHECK(errors[1].find("was \"unknown\" meant?") != std::string::npos);
}

TEST_CASE("required elements that no rule sets are told") {
  Folder folder;
  folder.patient("communication: [{ preferred: = true }]\n");
  const auto errors = folder.errors();
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].find(
            "segments/PID.yaml:3:17: Patient.communication.language is required (1..) but no rule sets it") ==
        0);
}

TEST_CASE("duplicate keys and circles are told with both places") {
  Folder folder;
  folder.patient("birthDate: PID-7\nbirthDate: PID-8\n");
  CHECK(only(folder.errors()).find("segments/PID.yaml:4:1: \"birthDate\" stands twice (first on line 3)") ==
        0);

  Folder circle;
  circle.write("segments/PID.yaml", "extends: broken/segments/PID\n");
  CHECK(only(circle.errors())
            .find("segments/PID.yaml:1:10: \"broken/segments/PID\" extends this file in turn: a circle") ==
        0);

  Folder types;
  types.write(
      "types/CX.yaml",
      "reads: CX\nmakes: Identifier\nvalue: CX.1\nassigner: { identifier: { as: CX, from: CX.4 } }\n");
  types.patient("identifier: [{ each: PID-3, as: CX }]\n");
  CHECK(only(types.errors()).find("\"CX\" uses itself: a circle") != std::string::npos);
}

TEST_CASE("a broken condition names the column within it") {
  Folder folder;
  folder.patient("birthDate: { date: PID-7, if: PID-7 and and PID-8 }\n");
  CHECK(only(folder.errors()).find("segments/PID.yaml:3:") == 0);
}

TEST_CASE("a profile that is not there is answered with the nearest name") {
  Folder folder;
  Diagnostics diagnostics;
  const auto program = load_profile({{LIENTHONG_ROOT "/mappings"}}, "hl7v", test_adapters(), diagnostics);
  REQUIRE_FALSE(program);
  CHECK(program.error().text == "there is no profile \"hl7v\"; was \"hl7v2\" meant?");
}

TEST_CASE("unreadable YAML and TOML are errors, not exceptions") {
  Folder folder;
  folder.patient("name: [{ family: PID-5\n");
  CHECK(only(folder.errors()).find("not readable as YAML") != std::string::npos);
  folder.write("profile.toml", "adapter = hl7v2\n");
  CHECK(only(folder.errors()).find("profile.toml:1:11: not readable as TOML") == 0);
}

TEST_CASE("words about keys are checked: the resource they name, its type, the role, and that there is one") {
  Folder folder;
  folder.patient("birthDate: PID-7\n");
  folder.write("segments/PV1.yaml",
               "resource: Encounter\nkey: { value: PV1-19.1 }\nstatus: = unknown\nclass: { code: = IMP }\n");
  folder.write("messages/ADT.yaml", R"(takes: ADT^A40
make:
  - patient: { use: PID, from: PID }
  - visit: { use: PV1, from: PV1, moved-from: patient, role: mention }
  - a: { use: PID, from: PID, role: mention, merged-into: nobody }
  - b: { use: PID, from: PID, role: mention, merged-into: visit }
  - c: { use: PID, from: PID, merged-into: patient }
  - d: { use: PV1, from: PV1, role: mention, renumbered-as: patient }
  - e: { use: PID, from: PID, role: mention, merged-into: patient, renumbered-as: patient }
)");
  const auto errors = folder.errors();
  REQUIRE(errors.size() == 6);
  CHECK(errors[0] == "messages/ADT.yaml:4:35: \"moved-from\" needs \"role: subject\"");
  CHECK(errors[1] == "messages/ADT.yaml:5:59: no resource \"nobody\" is made in this message");
  CHECK(errors[2] == "messages/ADT.yaml:6:59: \"merged-into\" is said of Patient and names a Patient");
  CHECK(errors[3] == "messages/ADT.yaml:7:31: \"merged-into\" needs \"role: mention\"");
  CHECK(errors[4] == "messages/ADT.yaml:8:61: \"renumbered-as\" is said of two resources of one type");
  CHECK(errors[5] ==
        "messages/ADT.yaml:9:68: only one of \"merged-into\", \"renumbered-as\" and \"moved-from\"");
}

TEST_CASE("a tab in a mapping is named as one, and the file is not said to be absent") {
  Folder folder;
  folder.patient("name:\n\t- { family: PID-5 }\n");
  const auto all = only(folder.errors());
  INFO(all);
  CHECK(all.find("; line 4 is indented by a tab: YAML is indented by spaces") != std::string::npos);
  CHECK(all.find("segments/PID.yaml cannot be used as it is") != std::string::npos);
  CHECK(all.find("there is no segments/PID.yaml") == std::string::npos);
}
