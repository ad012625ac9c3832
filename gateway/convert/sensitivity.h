#pragma once
// Semantics 18: which resources speak of what must be guarded (HIV, tuberculosis, psychiatry, substance use
// …), by the table codes/sensitivity.csv, for every format.
//
// The row "*" is for all that is labelled. Else a row's code is SYSTEMS|FORM, for codings of a system
// of one of these forms (like.h; blanks between them), or |WORD, for a word of two characters or more
// anywhere in the resource, in capitals or not (A to Z), or |WORD* for words that begin so; its target is the
// label. Immutable after construction; any thread.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/convert/code_table.h"

namespace lienthong::convert {

class Sensitivity {
 public:
  // `table` may be null: then nothing is sensitive. Labels beyond 32 are left out.
  explicit Sensitivity(const CodeTable* table);

  bool empty() const noexcept { return rules_.empty() && words_.empty(); }
  // A bit for each label that the resource's own codes and texts ask for. Linear in the text.
  std::uint32_t labels_of(std::string_view json) const noexcept;
  // Whether a resource with this text, or with this code, has to be asked for labels: when no value of it
  // has, none is due. Much cheaper, and asked while the values are written. `json`: a string, with 15
  // readable bytes behind it.
  bool may_name(std::string_view json) const noexcept;
  // Rules whose form any code may have ("*", or a single character as "1") are not among them: these are
  // asked for where their system stands (may_be_system, also within may_name).
  bool may_be_code(std::string_view code) const noexcept;
  // Whether such a system stands in the text.
  bool may_be_system(std::string_view text) const noexcept;
  // The items of meta.security for these labels, separated by commas.
  std::string security(std::uint32_t labels) const;

 private:
  struct Rule {
    std::string systems, form;
    std::uint32_t label = 0;
    bool is_of_system = false;  // its form says nothing: its systems do
  };
  struct Word {
    std::string text;  // in small letters
    std::uint32_t label = 0;
    bool is_open = false;  // other letters may follow
  };
  std::uint32_t label_of(const CodeRow& row);
  void add_rule(Rule rule);
  void add_word(std::string text, std::uint32_t label);
  bool may_begin(const char* at) const noexcept;
  bool may_have_word(std::string_view json) const noexcept;
  std::uint32_t labels_of_words(std::string_view json) const noexcept;
  std::uint32_t labels_of_word(std::string_view json, std::size_t at) const noexcept;
  std::uint32_t labels_of_code(std::string_view json, std::size_t at, std::string_view code) const noexcept;

  std::vector<Rule> rules_;
  std::vector<std::string> systems_;  // of the rules of a system
  std::vector<Word> words_;
  std::vector<std::uint64_t> begins_;  // bits of the three characters that words begin with
  bool begins_with_sign_ = false;      // a word begins with what is no letter
  std::vector<std::string> labels_;    // Codings as JSON
  std::uint32_t every_ = 0;            // what all that is sensitive has
  std::array<std::vector<std::uint16_t>, 256> rules_of_;  // by the character that codes begin with
};

}  // namespace lienthong::convert
