#pragma once
// Messages for tests of rules that must hold for all of them: the corpus beside the repository, and the
// inputs of the shipped cases.

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/bytes.h"
#include "gateway/convert/converter.h"

namespace lienthong::convert {

inline const char* const kCorpusFolder = LIENTHONG_ROOT "/../shared/corpus/hl7v2";

inline std::string text_of_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// Each message of a file's bytes, in a buffer with padding of its own.
inline void each_message(Converter& converter, const std::string& text,
                         const std::function<void(std::string_view)>& visit) {
  const PaddedBytes bytes(text);
  const auto stream = converter.open_stream();
  for (std::size_t at = 0;;) {
    ProblemSink problems;
    std::size_t consumed = 0;
    std::string_view found;
    const auto step = stream->next(bytes.view().substr(at), true, consumed, found, problems);
    at += consumed;
    if (step == MessageStream::Step::Malformed && consumed > 0) continue;
    if (step != MessageStream::Step::Message) return;
    visit(PaddedBytes(found).view());
  }
}

// False, with a warning, when the corpus is not at hand.
inline bool each_corpus_message(Converter& converter,
                                const std::function<void(const std::string&, std::string_view)>& visit) {
  namespace fs = std::filesystem;
  if (!fs::exists(kCorpusFolder)) {
    WARN("the corpus is not at hand: " << kCorpusFolder);
    return false;
  }
  for (const auto& file : fs::recursive_directory_iterator(kCorpusFolder)) {
    if (!file.is_regular_file()) continue;
    const auto name = file.path().string();
    each_message(converter, text_of_file(file.path()),
                 [&](std::string_view message) { visit(name, message); });
  }
  return true;
}

// The inputs of the shipped cases, segments ending in CR.
inline std::vector<std::string> case_messages() {
  std::vector<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(LIENTHONG_ROOT "/mappings/hl7v2/cases")) {
    if (file.path().extension() == ".case") files.push_back(file.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> messages;
  for (const auto& file : files) {
    const auto text = text_of_file(file);
    auto input = text.substr(0, text.find("\n----"));
    std::replace(input.begin(), input.end(), '\n', '\r');
    for (auto at = input.find("MSH|"); at != std::string::npos;) {
      const auto next = input.find("\rMSH|", at);
      messages.push_back(input.substr(at, next - at) + "\r");
      at = next == std::string::npos ? next : next + 1;
    }
  }
  return messages;
}

// One value of a message with the usual delimiters, cut as deep as it is.
struct Leaf {
  std::size_t at = 0, size = 0;
  std::string place;  // as explain() names it: "PID[1]-3[2].4.1"
};

inline std::vector<std::string_view> cut(std::string_view text, char delimiter) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0;; ++at) {
    const auto end = std::min(text.find(delimiter, at), text.size());
    parts.push_back(text.substr(at, end - at));
    if (end == text.size()) return parts;
    at = end;
  }
}

inline void add_leaves(std::string_view message, std::string_view field, const std::string& place,
                       std::vector<Leaf>& leaves) {
  const auto repetitions = cut(field, '~');
  for (std::size_t r = 0; r < repetitions.size(); ++r) {
    const auto components = cut(repetitions[r], '^');
    for (std::size_t c = 0; c < components.size(); ++c) {
      const auto parts = cut(components[c], '&');
      for (std::size_t s = 0; s < parts.size(); ++s) {
        if (parts[s].empty()) continue;
        auto name = place;
        if (repetitions.size() > 1) name += "[" + std::to_string(r + 1) + "]";
        if (components.size() > 1 || parts.size() > 1) name += "." + std::to_string(c + 1);
        if (parts.size() > 1) name += "." + std::to_string(s + 1);
        leaves.push_back({static_cast<std::size_t>(parts[s].data() - message.data()), parts[s].size(), name});
      }
    }
  }
}

inline std::vector<Leaf> leaves_of(std::string_view message) {
  std::vector<Leaf> leaves;
  std::vector<std::string_view> seen;
  for (const auto segment : cut(message, '\r')) {
    if (segment.size() < 4) continue;
    const auto name = segment.substr(0, 3);
    seen.push_back(name);
    const auto place =
        std::string(name) + "[" + std::to_string(std::count(seen.begin(), seen.end(), name)) + "]-";
    const auto fields = cut(segment, '|');
    const bool is_header = name == "MSH";
    for (std::size_t f = is_header ? 2 : 1; f < fields.size(); ++f)
      add_leaves(message, fields[f], place + std::to_string(is_header ? f + 1 : f), leaves);
  }
  return leaves;
}

}  // namespace lienthong::convert
