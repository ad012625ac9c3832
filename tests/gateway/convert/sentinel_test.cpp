// Semantics 29: a value that is changed changes the output, or stands in the loss report. And: whatever
// stands in the output was said by the input, a code table or the mapping.
#include <cctype>
#include <set>

#include <rapidjson/document.h>

#include "gateway/convert/charset.h"
#include "gateway/convert/explain.h"
#include "gateway/convert/program_data.h"
#include "tests/gateway/convert/loaded_profile.h"
#include "tests/gateway/convert/samples.h"

using namespace lienthong;
using namespace lienthong::convert;

namespace {

constexpr Instant kNow{std::chrono::seconds(1'800'000'000)};

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Another value of the same kind: a date stays a date, a number a number, a code a code.
std::string sentinel_of(std::string_view value) {
  std::string changed(value);
  if (is_number(value) && value.size() >= 8 && (value[0] == '1' || value[0] == '2')) {
    changed[3] = value[3] == '5' ? '6' : '5';  // another year
    if (changed.substr(4, 4) == "0229") changed[7] = '8';
  } else if (is_number(value)) {
    changed.back() = value.back() == '7' ? '8' : '7';
  } else if (const auto digit = changed.find_first_of("0123456789"); digit != std::string::npos) {
    changed[digit] = changed[digit] == '7' ? '8' : '7';
  } else {
    changed = "Zq" + changed;
  }
  return changed;
}

std::string bundle_of(Converter& converter, const std::string& message, ProblemSink& problems) {
  const PaddedBytes bytes(message);
  if (!converter.open(bytes.view(), nullptr, kNow, problems)) return "not opened";
  const auto converted = converter.convert(problems);
  return converted ? std::string((*converted)->bundle) : "not converted";
}

bool is_reported(const ProblemSink& problems, const std::string& place) {
  return std::any_of(problems.problems().begin(), problems.problems().end(),
                     [&](const Problem& problem) { return problem.where_input.starts_with(place); });
}

// What the input, the tables and the mapping's files say.
class Sayings {
 public:
  explicit Sayings(const Program& program) {
    for (const auto& table : program.data().tables) {
      for (const auto& row : table->rows()) {
        for (const auto* cell : {&row.target_code, &row.target_display, &row.target_system})
          cells_.insert(*cell);
      }
    }
    for (const char* folder : {"messages", "segments", "types"}) {
      for (const auto& file :
           std::filesystem::directory_iterator(std::string(LIENTHONG_ROOT "/mappings/hl7v2/") + folder))
        mapping_ += text_of_file(file.path());
    }
  }

  // The message with its escapes undone, and as digits only.
  void set_message(std::string_view message) {
    input_ = std::string(message) + "\n" + unescaped(message) + "\n" + without_formats(message);
    digits_.clear();
    for (const char c : message) {
      if (c != '-' && c != ':' && c != 'T' && c != '.') digits_ += c;
    }
  }

  bool said(const std::string& value) const {
    if (value.empty() || cells_.count(value) != 0 || in(input_, value) || in(mapping_, value)) return true;
    return said_as_time(value) || said_as_number(value) || said_as_namespace(value) || said_in_words(value);
  }

 private:
  static bool in(const std::string& text, const std::string& wanted) {
    return text.find(wanted) != std::string::npos;
  }
  static std::string unescaped(std::string_view message) {
    static const std::pair<std::string, std::string> kEscapes[] = {
        {"\\F\\", "|"}, {"\\S\\", "^"}, {"\\T\\", "&"}, {"\\R\\", "~"}, {"\\.br\\", "\n"}, {"\\E\\", "\\"}};
    std::string out(message);
    for (const auto& [escape, text] : kEscapes) {
      for (std::size_t at = 0; (at = out.find(escape, at)) != std::string::npos; at += text.size())
        out.replace(at, escape.size(), text);
    }
    return out;
  }
  // Without the sequences that have no plain text: indents, highlights, character sets.
  static std::string without_formats(std::string_view message) {
    constexpr std::size_t kLongest = 8;
    std::string out;
    for (std::size_t at = 0; at < message.size(); ++at) {
      const auto end = message[at] == '\\' ? message.find('\\', at + 1) : std::string_view::npos;
      if (end == std::string_view::npos || end - at > kLongest) {
        out += message[at];
        continue;
      }
      const auto name = message.substr(at + 1, end - at - 1);
      if (name == ".br" || name == ".ce" || name.starts_with(".sp")) out += '\n';
      if (name.starts_with(".sk")) out += ' ';
      at = end;
    }
    return out;
  }
  // Its digits are the input's; ":00" seconds and the zone may be added (semantics 13).
  bool said_as_time(const std::string& value) const {
    if (value.size() < 4 || !is_number(value.substr(0, 4))) return false;
    std::string digits;
    const auto zone =
        value.find('T') == std::string::npos ? value.size() : value.find_first_of("+-Z", value.find('T'));
    for (const char c : value.substr(0, std::min(zone, value.size()))) {
      if (c != '-' && c != ':' && c != 'T' && c != '.') digits += c;
    }
    if (in(digits_, digits)) return true;
    return value.find('T') != std::string::npos && digits.ends_with("00") &&
           in(digits_, digits.substr(0, digits.size() - 2));
  }
  bool said_as_number(const std::string& value) const {
    return value.starts_with("0.") && in(input_, value.substr(1));
  }
  bool said_as_namespace(const std::string& value) const {
    if (value.starts_with("urn:oid:") || value.starts_with("urn:uuid:"))
      return in(input_, value.substr(value[4] == 'o' ? 8 : 9));
    if (!value.starts_with("urn:lienthong:local")) return false;
    std::string plain;
    for (std::size_t i = 19; i < value.size(); ++i) {
      if (value[i] == '%') {
        plain += static_cast<char>(std::stoi(value.substr(i + 1, 2), nullptr, 16));
        i += 2;
      } else {
        plain += value[i];
      }
    }
    for (const auto part : cut(plain, ':')) {
      if (!part.empty() && !in(input_, std::string(part)) && !in(mapping_, std::string(part))) return false;
    }
    return true;
  }
  // Joined texts: lines, words, parts of a place.
  bool said_in_words(const std::string& value) const {
    std::string word;
    for (const char c : value + " ") {
      if (c != ' ' && c != '\n' && c != '-' && c != '\t') {
        word += c;
      } else if (!word.empty() && !in(input_, word)) {
        return false;
      } else {
        word.clear();
      }
    }
    return true;
  }

  std::set<std::string> cells_;
  std::string mapping_, input_, digits_;
};

// What the gateway itself names: ids, references to them, the links of merged patients, and its tags.
bool is_own(const std::string& name) {
  return name == "id" || name == "fullUrl" || name == "reference" || name == "request" ||
         name == "resourceType" || name == "data" || name == "link" || name == "tag";
}

void find_unsaid(const rapidjson::Value& value, const std::string& path, const Sayings& sayings,
                 std::vector<std::string>& unsaid) {
  if (value.IsObject()) {
    for (const auto& member : value.GetObject()) {
      const std::string name = member.name.GetString();
      if (!is_own(name)) find_unsaid(member.value, path + "." + name, sayings, unsaid);
    }
  } else if (value.IsArray()) {
    for (const auto& item : value.GetArray()) find_unsaid(item, path, sayings, unsaid);
  } else if (value.IsString()) {
    const std::string text(value.GetString(), value.GetStringLength());
    if (!sayings.said(text)) unsaid.push_back(path + " = " + text);
  }
}

std::vector<std::string> unsaid_of(const std::string& bundle, const Sayings& sayings) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseNumbersAsStringsFlag>(bundle.data(),
                                                                                         bundle.size());
  std::vector<std::string> unsaid;
  if (document.HasParseError() || !document.HasMember("entry")) return unsaid;
  for (const auto& entry : document["entry"].GetArray())
    find_unsaid(entry["resource"], entry["resource"]["resourceType"].GetString(), sayings, unsaid);
  return unsaid;
}

}  // namespace

TEST_CASE("a changed value changes the output or stands in the loss report") {
  const auto program = shipped_program("hl7v2");
  const auto settings = program->profile().defaults;
  auto converter = std::move(*make_converter(program, settings));
  Sayings sayings(*program);
  std::size_t changed = 0;
  for (const auto& message : case_messages()) {
    ProblemSink problems;
    const auto explanation = explain(program, settings, message, kNow, problems);
    REQUIRE(explanation);
    std::set<std::string> unread;
    for (const auto& value : explanation->unread) unread.insert(value.place);
    const auto original = bundle_of(*converter, message, problems);
    for (const auto& leaf : leaves_of(message)) {
      auto mutated = message;
      mutated.replace(leaf.at, leaf.size, sentinel_of(std::string_view(message).substr(leaf.at, leaf.size)));
      ProblemSink reported;
      const auto bundle = bundle_of(*converter, mutated, reported);
      INFO(leaf.place << " in " << message);
      CHECK((bundle != original || unread.count(leaf.place) == 1 || is_reported(reported, leaf.place)));
      changed += bundle != original;
      sayings.set_message(mutated);
      const auto unsaid = unsaid_of(bundle, sayings);
      INFO((unsaid.empty() ? "" : unsaid.front()));
      CHECK(unsaid.empty());
    }
  }
  CHECK(changed > 100);
}

TEST_CASE("every value of the output was said by the input, a code table or the mapping") {
  const auto program = shipped_program("hl7v2");
  auto converter = std::move(*make_converter(program, program->profile().defaults));
  Sayings sayings(*program);
  std::size_t checked = 0;
  each_corpus_message(*converter, [&](const std::string& name, std::string_view message) {
    // Other character sets and delimiters, and escapes for bytes, are told apart in tests of their own.
    if (!is_utf8(message) || message.find("MSH|^~\\&|") != 0 ||
        message.find("\\X") != std::string_view::npos || message.find("8859") != std::string_view::npos)
      return;
    ProblemSink problems;
    const auto bundle = bundle_of(*converter, std::string(message), problems);
    sayings.set_message(message);
    const auto unsaid = unsaid_of(bundle, sayings);
    INFO(name << ": " << (unsaid.empty() ? "" : unsaid.front()));
    CHECK(unsaid.empty());
    ++checked;
  });
  CHECK((checked > 1000 || !std::filesystem::exists(kCorpusFolder)));
}
