// The contract of the command line, on the built program as a process.

#include <catch2/catch.hpp>
#include <fstream>

#include "gateway/app/command_line.h"
#include "gateway/app/version.h"
#include "tests/gateway/app/run_binary.h"

using namespace lienthong;
using test::run_binary;

namespace {

bool contains(const std::string& text, const std::string& what) {
  return text.find(what) != std::string::npos;
}

std::size_t count_lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("without arguments the help goes to standard error, exit 2") {
  const auto ran = run_binary({});
  CHECK(ran.code == 2);
  CHECK(ran.out.empty());
  CHECK(contains(ran.err, "lienthong COMMAND"));
  CHECK(count_lines(ran.err) < 25);
}

TEST_CASE("--help goes to standard output, exit 0, in both languages") {
  const auto english = run_binary({"--help"});
  CHECK(english.code == 0);
  CHECK(contains(english.out, "commands:"));
  CHECK(english.err.empty());
  CHECK(contains(run_binary({"--help", "--lang", "vi"}).out, "các lệnh:"));
  CHECK(contains(run_binary({"--lang=vi", "--help"}).out, "các lệnh:"));
  CHECK(contains(run_binary({"--help"}, "", {{"LANG", "vi_VN.UTF-8"}}).out, "các lệnh:"));
  CHECK(contains(run_binary({"--help"}, "", {{"LANG", "vi_VN.UTF-8"}, {"LC_ALL", "en_US.UTF-8"}}).out,
                 "commands:"));
}

TEST_CASE("every command has help with an example, in both languages") {
  for (const auto& command : app::all_commands()) {
    const std::string name(command.name);
    INFO(name);
    const auto ran = run_binary({name, "--help"});
    CHECK(ran.code == 0);
    CHECK(contains(ran.out, "example:\n  lienthong " + name));
    CHECK(contains(run_binary({name, "--help", "--lang", "vi"}).out, "ví dụ:\n"));
    CHECK_FALSE(command.summary.vietnamese.empty());
    for (const auto& option : command.options) CHECK_FALSE(option.help.vietnamese.empty());
  }
}

TEST_CASE("a wrong call ends with 2 and says what was meant") {
  CHECK(contains(run_binary({"convret"}).err, "did you mean \"convert\"?"));
  CHECK(run_binary({"convret"}).code == 2);
  const auto option = run_binary({"convert", "--profil", "hl7v2"});
  CHECK(option.code == 2);
  CHECK(contains(option.err, "did you mean --profile?"));
  CHECK(contains(run_binary({"convert"}).err, "needs the option --profile"));
  CHECK(contains(run_binary({"convert", "--profile"}).err, "needs a value"));
  CHECK(contains(run_binary({"explain", "--profile", "hl7v2", "a", "b"}).err, "one argument too many"));
  CHECK(contains(run_binary({"explain", "--profile", "hl7v2"}).err, "needs more arguments"));
  CHECK(contains(run_binary({"explain", "--values=yes", "f"}).err, "takes no value"));
  CHECK(run_binary({"--lang", "fr", "--help"}).code == 2);
  CHECK(contains(run_binary({"convret", "--lang", "vi"}).err, "có phải ý bạn là \"convert\"?"));
}

TEST_CASE("--version is that of the build") {
  CHECK(run_binary({"--version"}).out == "lienthong " + std::string(app::kVersion) + "\n");
  CHECK(contains(test::read_all(LIENTHONG_ROOT "/CMakeLists.txt"), "VERSION " + std::string(app::kVersion)));
}

TEST_CASE("check says every error of a configuration with its place, exit 2") {
  const test::TempFolder folder;
  const auto file = folder.write("g.toml", "[gateway]\nnme = \"g\"\n[http]\nlisten = \"8080\"\n");
  const auto ran = run_binary({"check", "--config", file});
  CHECK(ran.code == 2);
  CHECK(ran.out.empty());
  CHECK(contains(ran.err, file + ":2:1: there is no setting \"nme\" in [gateway]: did you mean \"name\"?"));
  CHECK(contains(ran.err, file + ":1:1: \"name\" is required in [gateway]"));
  CHECK(contains(ran.err, file + ":4:10: \"listen\" must be an address and a port"));
}

TEST_CASE("check --settings prints the reference page") {
  const auto ran = run_binary({"check", "--settings"});
  CHECK(ran.code == 0);
  CHECK(ran.out == test::read_all(LIENTHONG_ROOT "/docs/configuration.md"));
}

TEST_CASE("serve refuses a wrong configuration before it opens a port, exit 2") {
  const test::TempFolder folder;
  const auto file = folder.write("g.toml", "[gateway]\nname = \"g\"\n[http]\nlisten = \"0.0.0.0:0\"\n");
  const auto ran = run_binary({"serve", "--config", file});
  CHECK(ran.code == 2);
  CHECK(contains(ran.err, "beyond this machine"));
  CHECK(run_binary({"serve", "--config", folder.file("absent.toml")}).code == 2);
}

TEST_CASE("an unknown profile or folder of mappings is the call's fault") {
  const auto folder = run_binary({"convert", "--profile", "hl7v2", "--mappings", "/no/such/folder"}, "");
  CHECK(folder.code == 2);
  CHECK(contains(folder.err, "no mappings at /no/such/folder"));
}

TEST_CASE("bench morning writes the same messages twice") {
  const auto first = run_binary({"bench", "morning", "--patients", "20"});
  CHECK(first.code == 0);
  CHECK(first.out.starts_with("MSH|^~\\&|"));
  CHECK(first.out == run_binary({"bench", "morning", "--patients", "20"}).out);
  CHECK(run_binary({"bench", "morning", "--patients", "many"}).code == 2);
  CHECK(run_binary({"bench", "evening"}).code == 2);
}

TEST_CASE("send needs something to send and somebody to send to") {
  CHECK(run_binary({"send", "--mllp", "127.0.0.1"}).code == 2);
  CHECK(run_binary({"send", "--mllp", "127.0.0.1:1"}).code == 2);
  const auto nobody = run_binary({"send", "--mllp", "127.0.0.1:1", "--morning", "1"});
  CHECK(nobody.code == 1);
  CHECK(contains(nobody.err, "LT-"));
}

TEST_CASE("store names its actions and needs a database") {
  CHECK(run_binary({"store", "polish"}).code == 2);
  CHECK(run_binary({"store", "stats"}).code == 2);
  const auto absent = run_binary({"store", "stats", "--database", "/no/such/lienthong.db"});
  CHECK(absent.code == 1);
  CHECK(absent.out.empty());
}

TEST_CASE("fhirpath prints one JSON array of typed results; an error ends with 1") {
  const test::TempFolder folder;
  const auto json = folder.write(
      "patient.json",
      R"({"resourceType":"Patient","birthDate":"1980-05-12","name":[{"given":["An"],"family":"Lê"}]})");
  const auto ran = run_binary({"fhirpath", "name.given | name.family", json});
  CHECK(ran.code == 0);
  CHECK(ran.out == "[{\"type\":\"string\",\"value\":\"An\"},{\"type\":\"string\",\"value\":\"Lê\"}]\n");
  CHECK(run_binary({"fhirpath", "1.50 + 1"}).out == "[{\"type\":\"decimal\",\"value\":2.50}]\n");
  CHECK(run_binary({"fhirpath", "{}"}).out == "[]\n");
  CHECK(run_binary({"fhirpath", "-1 + 3"}).out == "[{\"type\":\"integer\",\"value\":2}]\n");
  const auto xml =
      folder.write("patient.xml", R"(<Patient xmlns="http://hl7.org/fhir"><active value="true"/></Patient>)");
  CHECK(run_binary({"fhirpath", "active", xml}).out == "[{\"type\":\"boolean\",\"value\":true}]\n");
  const auto wrong = run_binary({"fhirpath", "name.(", json});
  CHECK(wrong.code == 1);
  CHECK(wrong.out.empty());
  CHECK_FALSE(wrong.err.empty());
  CHECK(run_binary({"fhirpath", "name", folder.write("x.json", "{")}).code == 1);
}
