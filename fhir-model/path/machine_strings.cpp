// Functions of strings (FHIRPath 2.0 §5.6). Positions and lengths count characters, not bytes.
#include <re2/re2.h>

#include <algorithm>
#include <array>

#include "fhir-model/path/machine.h"
#include "fhir-model/path/utf8.h"

namespace fhir::path {
namespace {

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n\f\v";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return "";
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

// Appends the substitution with $1, ${name} replaced by what the groups matched; "\$" is a dollar.
void append_substitution(std::string& out, std::string_view text, const re2::RE2& pattern,
                         const std::vector<re2::StringPiece>& groups) {
  const auto append_group = [&](std::size_t index) {
    if (index < groups.size() && groups[index].data() != nullptr)
      out.append(groups[index].data(), groups[index].size());
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    const std::size_t close = text[i] == '$' && next == '{' ? text.find('}', i) : std::string_view::npos;
    if (text[i] == '\\' && next != '\0') {
      out.push_back(next);
      ++i;
    } else if (text[i] == '$' && next >= '0' && next <= '9') {
      append_group(static_cast<std::size_t>(next - '0'));
      ++i;
    } else if (close != std::string_view::npos) {
      const auto& names = pattern.NamedCapturingGroups();
      const auto found = names.find(std::string(text.substr(i + 2, close - i - 2)));
      if (found != names.end()) append_group(static_cast<std::size_t>(found->second));
      i = close;
    } else {
      out.push_back(text[i]);
    }
  }
}

}  // namespace

bool Machine::eval_string(const Step& step, Range range, const Scope& scope) {
  if (range.size() > 1)
    return fail_execution(step, "A function of strings takes one string, not several items.");
  if (range.size() == 0) return true;
  Value item;
  const bool known = to_system(stack_[range.begin], item);
  if (failed()) return false;
  if (!known || item.kind != ValueKind::String) {
    return fail_execution(step, std::string(function_info(step.function).name) + "() takes a string.");
  }
  const std::string_view text = item.string();
  stack_.resize(range.begin);
  if (!charge(text.size() / 64)) return false;
  switch (step.function) {
    case Function::Upper:
      return push_text(to_upper(text));
    case Function::Lower:
      return push_text(to_lower(text));
    case Function::Length:
      return push_integer(static_cast<std::int64_t>(count_characters(text)));
    case Function::Trim:
      return push(Value::of_string(trimmed(text)));
    case Function::ToChars:
      for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = character_length(static_cast<unsigned char>(text[at]));
        if (!push(Value::of_string(text.substr(at, length)))) return false;
        at += length;
      }
      return true;
    case Function::Substring:
      return eval_substring(step, text, scope);
    case Function::Replace:
      return eval_replace(step, text, scope);
    case Function::Matches:
    case Function::MatchesFull:
    case Function::ReplaceMatches:
      return eval_matching(step, text, scope);
    default:
      break;
  }
  std::string_view argument;
  bool present = false;
  if (!string_argument(step, 0, scope, argument, present)) return false;
  if (!present) return true;
  if (step.function == Function::Split) return push_split(text, argument);
  if (step.function >= Function::Encode && step.function <= Function::Unescape) {
    return eval_codec(step, text, argument);
  }
  return string_search(step, text, argument);
}

bool Machine::string_search(const Step& step, std::string_view text, std::string_view argument) {
  switch (step.function) {
    case Function::StartsWith:
      return push_boolean(text.starts_with(argument));
    case Function::EndsWith:
      return push_boolean(text.ends_with(argument));
    case Function::Contains:
      return push_boolean(text.find(argument) != std::string_view::npos);
    default:
      break;
  }
  const std::size_t found = step.function == Function::IndexOf ? text.find(argument) : text.rfind(argument);
  if (found == std::string_view::npos) return push_integer(-1);
  return push_integer(static_cast<std::int64_t>(count_characters(text.substr(0, found))));
}

bool Machine::eval_substring(const Step& step, std::string_view text, const Scope& scope) {
  std::int64_t start = 0, count = 0;
  bool present = false, limited = false;
  if (!integer_argument(step, 0, scope, start, present)) return false;
  if (step.argument_count == 2 && !integer_argument(step, 1, scope, count, limited)) return false;
  if (!present || start < 0) return true;
  const std::size_t from = character_offset(text, static_cast<std::size_t>(start));
  if (from >= text.size()) return true;
  std::string_view part = text.substr(from);
  if (limited)
    part = count <= 0 ? "" : part.substr(0, character_offset(part, static_cast<std::size_t>(count)));
  return push(Value::of_string(part));
}

bool Machine::eval_replace(const Step& step, std::string_view text, const Scope& scope) {
  std::string_view pattern, substitution;
  bool has_pattern = false, has_substitution = false;
  if (!string_argument(step, 0, scope, pattern, has_pattern)) return false;
  if (!string_argument(step, 1, scope, substitution, has_substitution)) return false;
  if (!has_pattern || !has_substitution) return true;
  std::string out;
  if (pattern.empty()) {  // around every character
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t length = character_length(static_cast<unsigned char>(text[at]));
      out.append(substitution).append(text.substr(at, length));
      at += length;
      if (out.size() > limits_.memory) return fail_limit("memory");
    }
    return push_text(out.append(substitution));
  }
  std::size_t at = 0;
  for (std::size_t found = text.find(pattern); found != std::string_view::npos;
       found = text.find(pattern, at)) {
    out.append(text.substr(at, found - at)).append(substitution);
    at = found + pattern.size();
    if (out.size() > limits_.memory) return fail_limit("memory");
  }
  return push_text(out.append(text.substr(at)));
}

bool Machine::eval_matching(const Step& step, std::string_view text, const Scope& scope) {
  const bool replace = step.function == Function::ReplaceMatches;
  std::array<std::string_view, 3> arguments;
  for (std::size_t i = 0; i < step.argument_count; ++i) {
    bool present = false;
    if (!string_argument(step, i, scope, arguments[i], present)) return false;
    if (!present) return true;
  }
  const std::string_view flags = replace ? arguments[2] : arguments[1];
  if (replace) return replace_matches(step, text, arguments[0], arguments[1], flags);
  const re2::RE2* pattern = step.data != 0 ? program_->patterns[step.data - 1].get() : nullptr;
  std::shared_ptr<const re2::RE2> own;
  if (pattern == nullptr) {
    own = compile_pattern(arguments[0], flags);
    pattern = own.get();
    if (!pattern->ok())
      return fail_execution(step, "The regular expression cannot be used: " + pattern->error() + ".");
  }
  const auto anchor = step.function == Function::MatchesFull ? re2::RE2::ANCHOR_BOTH : re2::RE2::UNANCHORED;
  return push_boolean(pattern->Match(piece(text), 0, text.size(), anchor, nullptr, 0));
}

bool Machine::replace_matches(const Step& step, std::string_view text, std::string_view pattern_text,
                              std::string_view substitution, std::string_view flags) {
  if (pattern_text.empty()) return push(Value::of_string(text));
  const auto own = step.data == 0 ? compile_pattern(pattern_text, flags) : nullptr;
  const re2::RE2& pattern = own ? *own : *program_->patterns[step.data - 1];
  if (!pattern.ok())
    return fail_execution(step, "The regular expression cannot be used: " + pattern.error() + ".");
  std::vector<re2::StringPiece> groups(static_cast<std::size_t>(pattern.NumberOfCapturingGroups()) + 1);
  std::string out;
  std::size_t at = 0;
  while (at <= text.size() && charge(1) &&
         pattern.Match(piece(text), at, text.size(), re2::RE2::UNANCHORED, groups.data(),
                       static_cast<int>(groups.size()))) {
    const auto found = static_cast<std::size_t>(groups[0].data() - text.data());
    out.append(text.substr(at, found - at));
    append_substitution(out, substitution, pattern, groups);
    at = found + groups[0].size();
    if (groups[0].empty()) {  // step over one character, or the same place would match for ever
      const std::size_t length =
          at < text.size() ? character_length(static_cast<unsigned char>(text[at])) : 1;
      out.append(text.substr(std::min(at, text.size()), length));
      at += length;
    }
    if (out.size() > limits_.memory) return fail_limit("memory");
  }
  if (failed()) return false;
  return push_text(out.append(text.substr(std::min(at, text.size()))));
}

bool Machine::push_split(std::string_view text, std::string_view separator) {
  if (separator.empty()) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t length = character_length(static_cast<unsigned char>(text[at]));
      if (!push(Value::of_string(text.substr(at, length)))) return false;
      at += length;
    }
    return true;
  }
  std::size_t at = 0;
  for (std::size_t found = text.find(separator); found != std::string_view::npos;
       found = text.find(separator, at)) {
    if (!push(Value::of_string(text.substr(at, found - at)))) return false;
    at = found + separator.size();
  }
  return push(Value::of_string(text.substr(at)));
}

bool Machine::eval_join(const Step& step, Range range, const Scope& scope) {
  std::string_view separator;
  bool present = false;
  if (step.argument_count == 1 && !string_argument(step, 0, scope, separator, present)) return false;
  if (range.size() == 0) return true;
  std::string out;
  for (std::size_t i = range.begin; i < range.end; ++i) {
    Value item;
    const bool known = to_system(Value(stack_[i]), item);
    if (failed()) return false;
    if (!known || item.kind != ValueKind::String) return fail_execution(step, "join() takes strings.");
    if (i != range.begin) out.append(separator);
    out.append(item.string());
    if (out.size() > limits_.memory) return fail_limit("memory");
  }
  stack_.resize(range.begin);
  return push_text(out);
}

}  // namespace fhir::path
