#include <catch2/catch.hpp>
#include <cstdlib>

#include "gateway/app/config_reader.h"
#include "gateway/app/config_reference.h"
#include "gateway/app/secret.h"
#include "gateway/app/settings.h"
#include "tests/gateway/app/run_binary.h"

using namespace lienthong;
using namespace lienthong::app;
using namespace std::chrono_literals;

namespace {

// A configuration with `text` behind the least there must be.
ConfigOutcome read(const std::string& text) {
  return read_config("[gateway]\nname = \"g\"\n" + text, "/etc/lienthong/test.toml");
}

// All problems, one a line, without remedies.
std::string said(const ConfigOutcome& outcome, Language language = Language::English) {
  std::string lines;
  for (const auto& problem : outcome.problems) {
    const auto text = to_string(problem, "test.toml", language);
    lines += text.substr(0, text.find('\n')) + '\n';
  }
  return lines;
}

// NAME.crt and NAME.key in the folder, good for so many days from now.
void make_certificate(const test::TempFolder& folder, const std::string& name, const std::string& days) {
  const auto key = folder.file(name + ".key"), request = folder.file(name + ".csr");
  const auto command = "openssl req -new -newkey rsa:2048 -nodes -subj /CN=x -keyout " + key + " -out " +
                       request + " 2>/dev/null && openssl x509 -req -in " + request + " -signkey " + key +
                       " -days " + days + " -out " + folder.file(name + ".crt") +
                       " 2>/dev/null && chmod 600 " + key;
  REQUIRE(std::system(command.c_str()) == 0);
}

const std::string kSource = "[[source]]\nname = \"his\"\nprofile = \"hl7v2\"\nfacility = \"79999\"\n";

}  // namespace

TEST_CASE("the least configuration has the defaults of the table") {
  const auto outcome = read("");
  INFO(said(outcome));
  REQUIRE(outcome.ok());
  const auto& config = outcome.config;
  CHECK(config.gateway.name == "g");
  CHECK(config.gateway.utc_offset == "+07:00");
  CHECK(config.http.listen == "127.0.0.1:8080");
  CHECK(config.repository.enabled);
  CHECK(config.sources.empty());
}

TEST_CASE("every setting of a source is read into its place") {
  const auto outcome = read(kSource + R"(
kind = "mllp"
listen = "127.0.0.1:2575"
facility_name = "Bệnh viện Mẫu"
state = "shadow"
test = true
acknowledge = "processed"
unknown_types = "refuse"
duplicates = "strict"
duplicate_window = "3d"
null_deletes = true
precedence = 200
charset = "windows-1258"
utc_offset = "+08:00"
allow = ["10.0.0.0/8", "192.168.1.7"]
message_limit = "2 MiB"
connections = 12
idle_timeout = "10m"
expect = "every 30m, Mon-Sat 07-17"
)");
  INFO(said(outcome));
  REQUIRE(outcome.ok());
  const auto& source = outcome.config.sources.at(0);
  CHECK(source.kind == SourceKind::Mllp);
  CHECK(source.state == SourceState::Shadow);
  CHECK(source.test);
  CHECK(source.acknowledge == AckPolicy::Processed);
  CHECK(source.unknown_types == UnknownTypes::Refuse);
  CHECK(source.duplicates == Duplicates::Strict);
  CHECK(source.duplicate_window == 72h);
  CHECK(source.null_deletes);
  CHECK(source.precedence == 200);
  CHECK(source.charset == "windows-1258");
  CHECK(source.utc_offset == "+08:00");
  CHECK(source.allow == std::vector<std::string>{"10.0.0.0/8", "192.168.1.7"});
  CHECK(source.message_limit == 2u << 20);
  CHECK(source.connections == 12);
  CHECK(source.idle_timeout == 10min);
  CHECK(source.expect.every == 30min);
}

TEST_CASE("every setting of a destination is read into its place") {
  const test::TempFolder folder;
  const auto token = folder.write("token", "s3cret\n");
  const auto outcome = read(
      "[[destination]]\nname = \"province\"\nurl = \"https://p.example/fhir\"\ntoken.file = \"" + token + R"("
resources = ["Patient", "Encounter"]
maximum_entries = 50
maximum_bytes = "1 MiB"
connections = 2
timeout = "5s"
retry_first = "100ms"
retry_longest = "1m"
test = true
)");
  INFO(said(outcome));
  REQUIRE(outcome.ok());
  const auto& destination = outcome.config.destinations.at(0);
  CHECK(destination.kind == DestinationKind::Fhir);
  CHECK(destination.resources == std::vector<std::string>{"Patient", "Encounter"});
  CHECK(destination.maximum_entries == 50);
  CHECK(destination.maximum_bytes == 1u << 20);
  CHECK(destination.connections == 2);
  CHECK(destination.timeout == 5s);
  CHECK(destination.retry_first == 100ms);
  CHECK(destination.retry_longest == 1min);
  CHECK(read_secret(destination.token).value() == "s3cret");
}

TEST_CASE("an unknown setting is named with its place and the nearest right name") {
  CHECK(said(read("[http]\nlisten = \"127.0.0.1:1\"\nlisen = \"127.0.0.1:2\"\n")) ==
        "test.toml:5:1: there is no setting \"lisen\" in [http]: did you mean \"listen\"?\n");
  CHECK(said(read("[htp]\n")).find("did you mean \"http\"?") != std::string::npos);
  CHECK(said(read("[http]\ntls.certifcate = \"x\"\n")).find("did you mean \"tls.certificate\"?") !=
        std::string::npos);
  CHECK(said(read("[http]\nzzzzzzzz = 1\n")).find("did you mean") == std::string::npos);
}

TEST_CASE("all errors are said at once, in the order of the file") {
  const auto outcome = read(R"(io_threads = 1000
log_level = "loud"
utc_offset = 7
[store]
wal_limit = "1 KiB"
keep_messages = 30
[[source]]
name = "HIS"
connections = "many"
null_deletes = "yes"
allow = ["10.0.0.0/99"]
expect = "sometimes"
)");
  CHECK(said(outcome) ==
        "test.toml:3:14: \"io_threads\" must be a whole number from 0 to 64\n"
        "test.toml:4:13: \"log_level\" must be one of: debug, info, warning, error, off\n"
        "test.toml:5:14: \"utc_offset\" must be a text in double quotes\n"
        "test.toml:7:13: \"wal_limit\" must be a size from 16 MiB to 16 GiB, such as \"16 MiB\"\n"
        "test.toml:8:17: \"keep_messages\" must be a time from 0 to 36500d, such as \"30s\" or \"5m\"\n"
        "test.toml:9:1: \"profile\" is required in [source]\n"
        "test.toml:10:8: \"name\" must be a name of small letters, digits and hyphens (at most 60)\n"
        "test.toml:11:15: \"connections\" must be a whole number from 1 to 100000\n"
        "test.toml:12:16: \"null_deletes\" must be true or false\n"
        "test.toml:13:9: \"allow\" must hold addresses or blocks of them, such as \"10.0.0.0/8\"\n"
        "test.toml:14:10: \"expect\" must say how often and when, such as \"every 30m, Mon-Sat 07-17\"\n");
}

TEST_CASE("what is no TOML, or says a thing twice, is an error with its line") {
  CHECK(said(read_config("[gateway\n", "x")).starts_with("test.toml:1:"));
  CHECK(said(read_config("[gateway]\nname = \"a\"\nname = \"b\"\n", "x")).starts_with("test.toml:3:"));
  CHECK(said(read_config("", "x")) == "test.toml: \"name\" is required in [gateway]\n");
}

TEST_CASE("sections written the wrong way are explained") {
  CHECK(said(read("[source]\nname = \"x\"\n")).find("is written [[source]]") != std::string::npos);
  CHECK(said(read("[[http]]\nlisten = \"\"\n")).find("must be a section, written [http]") !=
        std::string::npos);
}

TEST_CASE("messages come in Vietnamese too") {
  CHECK(said(read("[http]\nlisen = \"\"\n"), Language::Vietnamese) ==
        "test.toml:4:1: mục [http] không có thiết lập \"lisen\": có phải ý bạn là \"listen\"?\n");
}

TEST_CASE("a source without a facility is refused, and one with both kinds too") {
  const std::string head = "[[source]]\nname = \"his\"\nprofile = \"hl7v2\"\nlisten = \"127.0.0.1:2575\"\n";
  CHECK(said(read(head)).find("the source \"his\" needs \"facility\" or \"facilities\"") !=
        std::string::npos);
  CHECK(said(read(head + "facility = \"1\"\nfacilities = { \"A\" = \"1\" }\n")).find("both") !=
        std::string::npos);
  const auto table = read(head + "facilities = { \"BV A\" = \"1\", \"BV B\" = \"2\" }\n");
  REQUIRE(table.ok());
  CHECK(table.config.sources[0].facilities.size() == 2);
  CHECK(table.config.sources[0].facilities[0] == std::pair<std::string, std::string>("BV A", "1"));
}

TEST_CASE("an mllp source needs an address, an http source must have none of its own") {
  CHECK(said(read(kSource)).find("needs \"listen\"") != std::string::npos);
  CHECK(read(kSource + "kind = \"http\"\n").ok());
  CHECK(said(read(kSource + "kind = \"http\"\nlisten = \"127.0.0.1:1\"\n")).find("have no place here") !=
        std::string::npos);
  CHECK(said(read("[http]\nlisten = \"\"\n" + kSource + "kind = \"http\"\n")).find("http.listen is empty") !=
        std::string::npos);
}

TEST_CASE("two sources, destinations or tokens of one name, and two listeners of one address, are refused") {
  const auto two = kSource + "listen = \"127.0.0.1:2575\"\n" + kSource + "listen = \"127.0.0.1:2575\"\n";
  const auto lines = said(read(two));
  CHECK(lines.find("the name \"his\" is used twice in [[source]]") != std::string::npos);
  CHECK(lines.find("two listeners have the address 127.0.0.1:2575") != std::string::npos);
  CHECK(read(kSource +
             "listen = \"127.0.0.1:0\"\n[[source]]\nname = \"lis\"\nprofile = \"hl7v2\"\nfacility = \"1\"\n"
             "listen = \"127.0.0.1:0\"\n")
            .ok());
}

TEST_CASE("a listener beyond this machine needs TLS and proof of who connects, or insecure = true") {
  const test::TempFolder folder;
  make_certificate(folder, "tls", "400");
  const auto pem = folder.file("tls.crt");
  const auto tls = "tls.certificate = \"" + pem + "\"\ntls.key = \"" + folder.file("tls.key") + "\"\n";
  const auto ca = "tls.client_ca = \"" + pem + "\"\n";
  const std::string open = "listen = \"0.0.0.0:2575\"\n", allow = "allow = [\"10.0.0.0/8\"]\n";
  CHECK(said(read(kSource + open)).find("beyond this machine, without TLS") != std::string::npos);
  CHECK_FALSE(read(kSource + open + allow).ok());
  CHECK_FALSE(read(kSource + open + tls).ok());
  CHECK(read(kSource + open + tls + allow).ok());
  CHECK(read(kSource + open + tls + ca).ok());
  CHECK(read(kSource + "listen = \"[::1]:2575\"\n").ok());

  const auto insecure = read(kSource + open + "insecure = true\n");
  CHECK(insecure.ok());
  CHECK(said(insecure).find("warning: [source his] listens at 0.0.0.0:2575 without TLS") !=
        std::string::npos);

  CHECK_FALSE(read("[http]\nlisten = \":8080\"\n").ok());
  CHECK_FALSE(read("[http]\nlisten = \":8080\"\n" + allow).ok());
  CHECK_FALSE(read("[http]\nlisten = \":8443\"\n" + tls).ok());
  const auto token = folder.write("token", "t");
  CHECK(
      read("[http]\nlisten = \":8443\"\n" + tls + "[[http.token]]\nname = \"t\"\nfile = \"" + token + "\"\n")
          .ok());
}

TEST_CASE("a destination beyond this machine needs https, or insecure = true") {
  const std::string head = "[[destination]]\nname = \"p\"\n";
  CHECK(said(read(head)).find("needs \"url\"") != std::string::npos);
  CHECK(said(read(head + "url = \"http://10.1.2.3/fhir\"\n")).find("in the clear") != std::string::npos);
  CHECK(read(head + "url = \"http://127.0.0.1:8090/fhir\"\n").ok());
  CHECK(read(head + "url = \"http://[::1]:8090/fhir\"\n").ok());
  CHECK(read(head + "url = \"http://10.1.2.3/fhir\"\ninsecure = true\n").ok());
  CHECK(said(read(head + "kind = \"folder\"\n")).find("needs \"folder\"") != std::string::npos);
  CHECK(said(read(head + "url = \"https://p/fhir\"\nretry_first = \"1h\"\n")).find("retry_first is longer") !=
        std::string::npos);
}

TEST_CASE("a secret in the file itself is refused") {
  CHECK(said(read("[[http.token]]\nname = \"t\"\nsecret = \"abc\"\n")).find("must not stand in this file") !=
        std::string::npos);
  CHECK(said(read("[[destination]]\nname = \"p\"\nurl = \"https://p/fhir\"\ntoken = \"abc\"\n"))
            .find("must not stand in this file") != std::string::npos);
  CHECK(
      said(read("[http]\ntls.key = \"-----BEGIN PRIVATE KEY-----\"\n")).find("must not stand in this file") !=
      std::string::npos);
}

TEST_CASE("a token comes from exactly one file or variable that exists and is not empty") {
  const test::TempFolder folder;
  const auto token = [](const std::string& line) { return read("[[http.token]]\nname = \"t\"\n" + line); };
  CHECK(said(token("")).find("needs one of") != std::string::npos);
  CHECK(said(token("file = \"a\"\nenvironment = \"B\"\n")).find("needs one of") != std::string::npos);
  CHECK(said(token("file = \"" + folder.file("absent") + "\"\n")).find("cannot be read") !=
        std::string::npos);
  CHECK(said(token("file = \"" + folder.write("empty", " \n") + "\"\n")).find("holds no token") !=
        std::string::npos);
  CHECK(said(token("environment = \"LIENTHONG_NO_SUCH\"\n")).find("is not set") != std::string::npos);

  const auto open = token("file = \"" + folder.write("open", "x", 0644) + "\"\n");
  CHECK(open.ok());
  CHECK(said(open).find("can be read by every user") != std::string::npos);
  CHECK(token("file = \"" + folder.write("closed", "x", 0600) + "\"\n").problems.empty());
}

TEST_CASE("relative paths mean: beside the file; credential: means systemd's folder") {
  const test::TempFolder folder;
  const auto file = folder.write("g.toml", "[gateway]\nname = \"g\"\ndata_dir = \"data\"\n");
  const auto outcome = load_config(file);
  REQUIRE(outcome.ok());
  CHECK(outcome.config.gateway.data_dir == folder.file("data"));

  ::setenv("CREDENTIALS_DIRECTORY", folder.path().c_str(), 1);
  make_certificate(folder, "tls", "400");
  const auto credential = read("[http]\ntls.certificate = \"" + folder.file("tls.crt") +
                               "\"\ntls.key = \"credential:tls.key\"\n");
  ::unsetenv("CREDENTIALS_DIRECTORY");
  CHECK(credential.ok());
  CHECK(credential.config.http.tls.key == folder.file("tls.key"));
}

TEST_CASE("a file that cannot be read is said so") {
  CHECK(said(load_config("/no/such/file.toml")) ==
        "test.toml: cannot read /no/such/file.toml: No such file or directory\n");
}

TEST_CASE("an unknown resource type is no route") {
  CHECK(said(read("[[destination]]\nname = \"p\"\nurl = \"https://p/fhir\"\nresources = [\"Patients\"]\n"))
            .find("FHIR R4 resource types") != std::string::npos);
}

TEST_CASE("the table of settings is sound: names unique, help in both languages, defaults within bounds") {
  for (const auto& section : all_sections()) {
    std::vector<std::string> names;
    for (const auto& setting : section.settings) {
      INFO(section.path << "." << setting.name);
      CHECK(std::find(names.begin(), names.end(), setting.name) == names.end());
      names.push_back(setting.name);
      CHECK_FALSE(setting.help.english.empty());
      CHECK_FALSE(setting.help.vietnamese.empty());
      CHECK((setting.kind == SettingKind::Choice) == !setting.choices.empty());
    }
  }
}

TEST_CASE("every default, written out, reads back without a problem") {
  for (const auto& section : all_sections()) {
    if (section.repeated) continue;
    std::string text = section.path == "gateway" ? "" : "[" + std::string(section.path) + "]\n";
    for (const auto& setting : section.settings) {
      if (!setting.default_text.empty()) text += setting.name + " = " + setting.default_text + "\n";
    }
    const auto outcome = read(text);
    INFO(text << said(outcome));
    CHECK(outcome.problems.empty());
  }
}

TEST_CASE("docs/configuration.md is what the table of settings says") {
  const auto page = test::read_all(LIENTHONG_ROOT "/docs/configuration.md");
  INFO("write it anew: lienthong check --settings > docs/configuration.md");
  CHECK(page == configuration_page());
}

TEST_CASE("the examples are right") {
  for (const auto* name : {"hospital.toml", "province.toml"}) {
    const auto outcome = load_config(std::string(LIENTHONG_ROOT "/examples/") + name);
    INFO(name << '\n' << said(outcome));
    CHECK(outcome.ok());
    // The folder that a system puts its files into is made by whoever takes the example into use.
    for (const auto& problem : outcome.problems) CHECK(problem.problem.number == 9057);
  }
}

TEST_CASE("a configuration that is not UTF-8 says how to save it, not a line's syntax") {
  std::string wide = "\xFF\xFE";
  for (const char c : std::string("[gateway]\nname = \"g\"\n")) wide += std::string{c, '\0'};
  CHECK(said(read_config(wide, "test.toml")) == "test.toml:1:1: the file is not UTF-8 text\n");
  CHECK(said(read_config(wide.substr(2), "test.toml")) == "test.toml:1:1: the file is not UTF-8 text\n");
  CHECK(said(read("[[source]]\nfacility_name = \"B\xEA\xECnh\"\n")).find(":4:") != std::string::npos);
  CHECK(read_config("\xEF\xBB\xBF[gateway]\r\nname = \"g\"\r\n", "test.toml").ok());
}

TEST_CASE("a source's profile that does not exist has its line and the nearest name") {
  auto outcome = read(kSource + "listen = \"127.0.0.1:0\"\n");
  REQUIRE(outcome.ok());
  check_profiles(outcome.config, {{"bhyt", false}, {"hl7v2"}}, outcome.problems);
  CHECK(said(outcome).empty());
  check_profiles(outcome.config, {{"bhyt"}, {"hl7v3"}}, outcome.problems);
  check_profiles(outcome.config, {{"bhyt"}}, outcome.problems);
  check_profiles(outcome.config, {{"hl7v2", false}}, outcome.problems);
  CHECK(said(outcome) ==
        "test.toml:5:11: there is no profile \"hl7v2\": did you mean \"hl7v3\"?\n"
        "test.toml:5:11: there is no profile \"hl7v2\"\n"
        "test.toml:5:11: an mllp source takes HL7 v2, and the format of the profile \"hl7v2\" has no "
        "acknowledgements\n");
}

TEST_CASE("a setting's place in the file; one that is not written stands where its section begins") {
  const auto outcome = read(kSource + "listen = \"127.0.0.1:0\"\n");
  CHECK(place_in_file(outcome.config, place_of_source(0) + ".listen") == "/etc/lienthong/test.toml:7:10");
  CHECK(place_in_file(outcome.config, place_of_source(0) + ".tls.key") == "/etc/lienthong/test.toml:3:1");
  CHECK(place_in_file(outcome.config, "http.listen") == "/etc/lienthong/test.toml");
}

TEST_CASE("folders of mappings and adapters that are not there have their line") {
  CHECK(said(read("mappings = \"/no/such\"\nadapters = \"/nor/such\"\n")) ==
        "test.toml:3:12: there is no folder /no/such\ntest.toml:4:12: there is no folder /nor/such\n");
}

TEST_CASE("a data folder that is a file is said before the start") {
  const test::TempFolder folder;
  const auto file = folder.write("file", "");
  CHECK(said(read("data_dir = \"" + file + "\"\n")) == "test.toml:3:12: " + file + " is not a folder\n");
}

TEST_CASE("a certificate that has ended is a warning; one that its key does not fit is an error") {
  const test::TempFolder folder;
  make_certificate(folder, "old", "-1");
  make_certificate(folder, "soon", "3");
  make_certificate(folder, "long", "400");
  const auto with = [&](const std::string& certificate, const std::string& key) {
    return read("[http]\nlisten = \"127.0.0.1:0\"\ntls.certificate = \"" + folder.file(certificate) +
                "\"\ntls.key = \"" + folder.file(key) + "\"\n");
  };
  CHECK(said(with("long.crt", "long.key")).empty());
  CHECK(with("old.crt", "old.key").ok());
  CHECK(said(with("old.crt", "old.key")).find("test.toml:5:19: warning: the certificate in ") == 0);
  CHECK(said(with("old.crt", "old.key")).find(" has ended on 2") != std::string::npos);
  CHECK(said(with("soon.crt", "soon.key")).find("warning: the certificate in ") != std::string::npos);
  CHECK(with("soon.crt", "soon.key").ok());
  CHECK(said(with("long.crt", "old.key")).find("test.toml:5:19: TLS cannot be used: ") == 0);
  CHECK_FALSE(with("long.crt", "old.key").ok());
  CHECK_FALSE(with("long.key", "long.key").ok());
}

TEST_CASE("folders of sources and destinations: a file is an error, an absent one a warning for a source") {
  const test::TempFolder folder;
  const auto file = folder.write("file", "");
  const auto source = [&](const std::string& path) {
    return read(kSource + "kind = \"folder\"\nfolder = \"" + path + "\"\n");
  };
  CHECK(said(source(folder.path())).empty());
  CHECK(said(source(file)) == "test.toml:8:10: " + file + " is not a folder\n");
  CHECK(source(folder.file("later")).ok());
  CHECK(said(source(folder.file("later"))).find("test.toml:8:10: warning: there is no folder ") == 0);
  const auto destination = [&](const std::string& path) {
    return read("[[destination]]\nname = \"d\"\nkind = \"folder\"\nfolder = \"" + path + "\"\n");
  };
  CHECK(said(destination(folder.path())).empty());
  CHECK(said(destination(file)) == "test.toml:6:10: there is no folder " + file + "\n");
}
