// The walls of the house: who may include whom (docs/architecture.md), and where third-party headers may
// appear (docs/dependencies.md). Reads the source files themselves.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {
namespace fs = std::filesystem;

const fs::path kRoot = LIENTHONG_ROOT;

// Room → rooms it may know besides itself and gateway/base.
const std::map<std::string, std::set<std::string>> kMayKnow = {
    {"gateway/base", {}},
    {"gateway/net", {}},
    {"gateway/store", {}},
    {"gateway/convert", {"fhir-model", "adapters/sdk"}},
    {"gateway/journal", {"gateway/store"}},
    {"gateway/identity", {"fhir-model", "gateway/store"}},
    {"gateway/repository", {"fhir-model", "gateway/store", "gateway/identity"}},
    {"gateway/delivery", {"gateway/net", "gateway/store", "gateway/repository"}},
    {"gateway/intake",
     {"fhir-model", "gateway/convert", "gateway/journal", "gateway/repository", "gateway/identity",
      "gateway/delivery", "gateway/store"}},
    {"gateway/sources", {"gateway/net", "gateway/intake"}},
    {"gateway/api", {"gateway/net", "fhir-model", "gateway/store", "gateway/repository", "gateway/identity"}},
};

std::string room_of(const std::string& path) {
  if (path.rfind("fhir-model/", 0) == 0) return "fhir-model";
  const auto first = path.find('/');
  const auto second = path.find('/', first + 1);
  return second == std::string::npos ? path : path.substr(0, second);
}

bool may_know(const std::string& room, const std::string& other) {
  if (room == other) return true;
  if (room == "gateway/app") return true;  // the only room that wires
  if (room == "fhir-model") return false;
  if (room.rfind("adapters/", 0) == 0) return other == "adapters/sdk";
  if (other == "gateway/base") return true;
  const auto found = kMayKnow.find(room);
  return found != kMayKnow.end() && found->second.count(other) > 0;
}

struct Include {
  std::string file, header;
  bool quoted;
  int line;
};

std::vector<fs::path> source_files(const std::vector<std::string>& folders) {
  std::vector<fs::path> files;
  for (const auto& folder : folders) {
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder)) {
      const auto extension = entry.path().extension();
      if (entry.is_regular_file() && (extension == ".h" || extension == ".cpp" || extension == ".c"))
        files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<Include> includes_of(const std::vector<std::string>& folders) {
  static const std::regex kInclude(R"(^\s*#\s*include\s*([<"])([^>"]+)[>"])");
  std::vector<Include> includes;
  for (const auto& file : source_files(folders)) {
    std::ifstream in(file);
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
      std::smatch match;
      if (std::regex_search(line, match, kInclude)) {
        includes.push_back({fs::relative(file, kRoot).string(), match[2], match[1] == "\"", number});
      }
    }
  }
  return includes;
}

struct Library {
  std::vector<std::string> prefixes, folders;
  bool public_headers;
};

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(text);
  for (std::string part; std::getline(in, part, separator);) {
    part.erase(std::remove_if(part.begin(), part.end(), [](char c) { return c == '`' || c == ' '; }),
               part.end());
    if (!part.empty()) parts.push_back(part);
  }
  return parts;
}

// Rows of the table in docs/dependencies.md.
std::vector<Library> listed_libraries() {
  std::ifstream in(kRoot / "docs/dependencies.md");
  std::vector<Library> libraries;
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("| ", 0) != 0 || line.find('`') == std::string::npos) continue;
    std::vector<std::string> cells;
    std::istringstream row(line.substr(1));
    for (std::string cell; std::getline(row, cell, '|');) cells.push_back(cell);
    if (cells.size() < 6) continue;
    libraries.push_back(
        {split(cells[2], ','), split(cells[3], ','), cells[4].find("yes") != std::string::npos});
  }
  return libraries;
}

bool starts_with(const std::string& text, const std::string& prefix) {
  return text.rfind(prefix, 0) == 0;
}

// Headers of the standard library have no dot and no slash; these are the C and POSIX ones in use.
bool is_system_header(const std::string& header) {
  static const std::set<std::string> kPosix = {
      "errno.h",   "fcntl.h",  "unistd.h", "signal.h", "dlfcn.h",  "iconv.h",   "poll.h",   "netdb.h",
      "stddef.h",  "stdint.h", "string.h", "stdlib.h", "stdio.h",  "pwd.h",     "malloc.h", "time.h",
      "termios.h", "spawn.h",  "ftw.h",    "dirent.h", "limits.h", "pthread.h", "fnmatch.h"};
  if (header.find('/') == std::string::npos && header.find('.') == std::string::npos) return true;
  if (starts_with(header, "sys/") || starts_with(header, "netinet/") || starts_with(header, "arpa/"))
    return true;
  return kPosix.count(header) > 0 || (header.size() > 10 && header.find("intrin.h") != std::string::npos);
}

std::string third_party_complaint(const Include& include, const std::vector<Library>& libraries) {
  for (const auto& library : libraries) {
    const bool matches = std::any_of(library.prefixes.begin(), library.prefixes.end(),
                                     [&](const auto& prefix) { return starts_with(include.header, prefix); });
    if (!matches) continue;
    const bool allowed = std::any_of(library.folders.begin(), library.folders.end(), [&](const auto& folder) {
      return starts_with(include.file, folder + "/");
    });
    if (!allowed) return "not in a folder that docs/dependencies.md lists for it";
    const bool in_header = include.file.size() > 2 && include.file.substr(include.file.size() - 2) == ".h";
    if (in_header && !library.public_headers && !starts_with(include.file, "tests/"))
      return "in a header; only .cpp files may";
    return "";
  }
  return "not listed in docs/dependencies.md";
}

}  // namespace

TEST_CASE("Every include between rooms is one that the architecture allows") {
  std::vector<std::string> wrong;
  for (const auto& include : includes_of({"gateway", "fhir-model", "adapters"})) {
    if (!include.quoted) continue;
    const auto slash = include.header.find('/');
    const bool local = slash == std::string::npos;  // a plug-in's own files
    if (local && starts_with(include.file, "adapters/")) continue;
    if (!may_know(room_of(include.file), room_of(include.header))) {
      wrong.push_back(include.file + ":" + std::to_string(include.line) + " includes " + include.header);
    }
  }
  CAPTURE(wrong);
  CHECK(wrong.empty());
}

TEST_CASE("Third-party headers appear only where docs/dependencies.md allows them") {
  const auto libraries = listed_libraries();
  REQUIRE(libraries.size() > 5);
  std::vector<std::string> wrong;
  for (const auto& include : includes_of({"gateway", "fhir-model", "adapters", "tests"})) {
    if (include.quoted || is_system_header(include.header)) continue;
    if (include.header == "catch2/catch.hpp" && starts_with(include.file, "tests/")) continue;
    const auto complaint = third_party_complaint(include, libraries);
    if (!complaint.empty()) {
      wrong.push_back(include.file + ":" + std::to_string(include.line) + " <" + include.header +
                      ">: " + complaint);
    }
  }
  CAPTURE(wrong);
  CHECK(wrong.empty());
}

TEST_CASE("No source file is over 500 lines, and every header has #pragma once or a guard") {
  std::vector<std::string> wrong;
  for (const auto& file : source_files({"gateway", "fhir-model", "adapters", "tests"})) {
    if (file.string().find("/generated/") != std::string::npos) continue;
    std::ifstream in(file);
    std::stringstream buffer;
    buffer << in.rdbuf();
    const auto text = buffer.str();
    const auto lines = std::count(text.begin(), text.end(), '\n');
    if (lines > 500)
      wrong.push_back(fs::relative(file, kRoot).string() + ": " + std::to_string(lines) + " lines");
    const bool guarded = text.find("#pragma once") != std::string::npos ||
                         text.find("#ifndef LIENTHONG_") != std::string::npos;
    if (file.extension() == ".h" && !guarded) wrong.push_back(file.string() + ": no guard");
  }
  CAPTURE(wrong);
  CHECK(wrong.empty());
}
