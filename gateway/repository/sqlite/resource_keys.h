#pragma once
// A resource's search keys as they leave the thread that prepared it: codes and references still by their
// texts.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/result.h"
#include "gateway/repository/sqlite/key_scheme.h"

namespace lienthong::repository::sqlite {

// A row stands in the posting list of a parameter and a value.
struct PostingKey {
  ParameterNumber parameter = 0;
  std::int64_t value = 0;
  friend auto operator<=>(const PostingKey&, const PostingKey&) = default;
};

// Movable; owns its texts.
struct ResourceKeys {
  struct Span {
    std::uint32_t first = 0, size = 0;
  };
  struct Token {
    ParameterNumber parameter = 0;
    Span system, code;
  };
  struct Reference {
    ParameterNumber parameter = 0;
    TypeNumber type = 0;
    Span id;
  };
  struct Text {
    ParameterNumber parameter = 0;
    Span folded;
  };

  std::vector<PostingKey> postings;  // dates, numbers, URLs: known without the store
  std::vector<Token> tokens;
  std::vector<Reference> references;
  std::vector<Text> strings;
  std::vector<std::uint64_t> unique;
  std::string texts;
  Span patient;  // id of the Patient that the resource belongs to; empty: none
  // What meta.tag says, as flags of the version (resource_table.h): HTEST (semantics 19), a copy from a claim
  // (16), made up by an exporter (17).
  std::uint32_t tags = 0;

  std::string_view text(Span span) const { return std::string_view(texts).substr(span.first, span.size); }
  Span keep(std::string_view text) {
    texts += text;
    return {static_cast<std::uint32_t>(texts.size() - text.size()), static_cast<std::uint32_t>(text.size())};
  }
};

// Makes keys. One thread at a time; reuses its memory.
class KeyMaker {
 public:
  explicit KeyMaker(std::shared_ptr<const KeyScheme> scheme);
  ~KeyMaker();
  KeyMaker(const KeyMaker&) = delete;
  KeyMaker& operator=(const KeyMaker&) = delete;

  const KeyScheme& scheme() const;
  // `body` as stored: "{…}" without resourceType and id. What is no JSON has no keys.
  ResourceKeys make(TypeNumber type, std::string_view body);

  // The keys in the library's form, for matches(); valid until the next call. Null: no JSON.
  const fhir::search::SearchKeys* extract(TypeNumber type, std::string_view body);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The calling thread's own maker for a scheme.
KeyMaker& thread_key_maker(const std::shared_ptr<const KeyScheme>& scheme);

}  // namespace lienthong::repository::sqlite
