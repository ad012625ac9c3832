// Overlays: whole elements by name, parts of them by path.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "gateway/base/bytes.h"
#include "tests/gateway/convert/loaded_profile.h"

using namespace lienthong::convert;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

// A base "base" with a patient, and an overlay "vendor" with the lines given.
class Overlaid {
 public:
  explicit Overlaid(const std::string& lines)
      : path_(fs::temp_directory_path() / ("lienthong-overlay-" + std::to_string(::getpid()))) {
    write("base/profile.toml", "adapter = \"hl7v2\"\nversion = \"1\"\n[defaults]\nfacility = \"F\"\n");
    write("base/messages/ADT.yaml", "takes: ADT^A01\nmake:\n  - patient: { use: PID, from: PID }\n");
    write("base/segments/PID.yaml", R"(resource: Patient
key: { value: PID-3.1 }
identifier:
  - { system: = urn:one, value: PID-3.1 }
  - { system: = urn:two, value: PID-18.1 }
name: { text: PID-5.1, family: PID-5.2 }
birthDate: PID-7.1
)");
    write("vendor/profile.toml", "extends = \"base\"\nversion = \"1\"\n");
    write("vendor/segments/PID.yaml", "extends: base/segments/PID\n" + lines);
  }
  ~Overlaid() { fs::remove_all(path_); }

  std::string errors() const {
    Diagnostics diagnostics;
    CHECK_FALSE(load_profile({{path_.string()}}, "vendor", test_adapters(), diagnostics));
    std::string all;
    for (const auto& diagnostic : diagnostics.all()) all += to_string(diagnostic) + '\n';
    return all;
  }
  std::shared_ptr<const Program> program() const {
    Diagnostics diagnostics;
    auto program = load_profile({{path_.string()}}, "vendor", test_adapters(), diagnostics);
    for (const auto& diagnostic : diagnostics.all()) UNSCOPED_INFO(to_string(diagnostic));
    REQUIRE(program);
    return *program;
  }
  // What becomes of one patient.
  std::string bundle() const {
    const auto made = program();
    auto settings = made->profile().defaults;
    auto converter = make_converter(made, settings);
    REQUIRE(converter);
    const lienthong::PaddedBytes message(
        "MSH|^~\\&|A|B|C|D|20260302080000||ADT^A01|1|P|2.5\rPID|1||N1||An^Le||19800102|||||||||||S1^x\r");
    lienthong::ProblemSink problems;
    REQUIRE((*converter)->open(message.view(), nullptr, lienthong::Instant{}, problems));
    const auto converted = (*converter)->convert(problems);
    REQUIRE(converted);
    return std::string((*converted)->bundle);
  }
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
  }

 private:
  fs::path path_;
};

}  // namespace

TEST_CASE("overlay: a part of an element is replaced, added and removed by its path") {
  const auto bundle =
      Overlaid("name.family: PID-3.1\nname.given: PID-5.1\nname.text:\nidentifier[1].system: = urn:new\n")
          .bundle();
  CHECK_THAT(bundle, Contains(R"("family":"N1")") && Contains(R"("given":["An"])") &&
                         !Contains(R"("text":)") && Contains("urn:one") && Contains("urn:new") &&
                         !Contains("urn:two"));
}

TEST_CASE("overlay: a list's item is replaced, removed and added") {
  CHECK_THAT(Overlaid("identifier[0]: { system: = urn:other, value: PID-3.1 }\n").bundle(),
             Contains("urn:other") && Contains("urn:two") && !Contains("urn:one"));
  CHECK_THAT(Overlaid("identifier[0]:\n").bundle(), !Contains("urn:one") && Contains("urn:two"));
  CHECK_THAT(Overlaid("identifier[+]: { system: = urn:three, value: PID-3.1 }\n").bundle(),
             Contains("urn:one") && Contains("urn:two") && Contains("urn:three"));
  CHECK_THAT(Overlaid("name[+]: { text: PID-3.1 }\n").bundle(),
             Contains(R"("family":"Le")") && Contains(R"({"text":"N1"})"));
}

TEST_CASE("overlay: a whole element is replaced or removed by its name") {
  CHECK_THAT(Overlaid("name: { text: PID-3.1 }\nbirthDate:\n").bundle(),
             Contains(R"("name":[{"text":"N1"}])") && !Contains("birthDate"));
}

TEST_CASE("overlay: a path that leads nowhere is an error at its place with the nearest name") {
  CHECK_THAT(Overlaid("nane.family: PID-3.1\n").errors(), Contains("PID.yaml:2:1:") && Contains("\"name\""));
  CHECK_THAT(Overlaid("identifier[2].system: = urn:x\n").errors(), Contains("has 2 items"));
  CHECK_THAT(Overlaid("identifier.system: = urn:x\n").errors(), Contains("identifier[0]"));
  CHECK_THAT(Overlaid("birthDate.x: PID-3.1\n").errors(), Contains("replace it as a whole"));
  CHECK_THAT(Overlaid("name.suffix:\n").errors(), Contains("suffix"));
  CHECK_THAT(Overlaid("identifier[x]y.system: = urn:x\n").errors(), Contains("PID.yaml:2"));
}

TEST_CASE("a program knows its files, and its identity changes with any of them") {
  const Overlaid overlaid("name.family: PID-3.1\n");
  const auto one = overlaid.program();
  std::vector<std::string> names;
  for (const auto& file : one->files()) names.push_back(file.name);
  CHECK(names == std::vector<std::string>{"base/messages/ADT.yaml", "base/profile.toml",
                                          "base/segments/PID.yaml", "vendor/profile.toml",
                                          "vendor/segments/PID.yaml"});
  CHECK(one->identity().starts_with("vendor 1 #"));
  CHECK(overlaid.program()->identity() == one->identity());
  CHECK(read_program_files(*one)->size() == names.size());
  overlaid.write("base/segments/PID.yaml",
                 "resource: Patient\nkey: { value: PID-3.1 }\nname: { family: PID-5.2 }\n");
  CHECK(overlaid.program()->identity() != one->identity());
  CHECK_FALSE(read_program_files(*one));
}
