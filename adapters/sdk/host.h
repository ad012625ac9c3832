#pragma once
// The host's services (lt_host) as C++.
//
// A Host is two words, passed by value, valid during the call it was passed to.  Nothing here throws.

#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

#include "adapters/sdk/adapter.h"

namespace lienthong::sdk {

constexpr std::uint32_t kNoOffset = UINT32_MAX;

inline std::string_view view(lt_text text) noexcept {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}
constexpr lt_text text(std::string_view view) noexcept {
  return {view.data(), view.size()};
}

// Something wrong with the data.  `number` is a line of the adapter's problems.tsv; `arguments` fill {0}, {1}
// … and never hold patients' data, which belong into `value`.
struct Problem {
  lt_severity severity = LT_WARNING;
  std::uint32_t number = 0;
  std::uint32_t offset = kNoOffset;  // byte offset in the message
  std::string_view where = {};       // "PID[1]-7"; empty = the message as a whole
  std::string_view value = {};
  std::span<const lt_text> arguments = {};
};

class Host {
 public:
  explicit Host(const lt_host* host) noexcept : host_(host) {}

  // Zeroed memory for `count` objects, for the lifetime adapter.h names; nullptr at the host's limit.
  template <class T>
  T* allocate(std::size_t count) const noexcept {
    static_assert(std::is_trivially_destructible_v<T>, "nobody destroys what lies in the host's memory");
    if (count > SIZE_MAX / sizeof(T)) return nullptr;
    return static_cast<T*>(host_->allocate(host_->context, count * sizeof(T), alignof(T)));
  }

  // A copy in the host's memory; empty text (data nullptr) when the host refused.
  lt_text copy(std::string_view source) const noexcept {
    char* bytes = allocate<char>(source.size() + 1);
    if (bytes == nullptr) return {nullptr, 0};
    if (!source.empty()) std::memcpy(bytes, source.data(), source.size());
    return {bytes, source.size()};
  }

  void report(const Problem& problem) const noexcept {
    const lt_problem raw{sizeof(lt_problem),       problem.severity,        problem.number,
                         problem.offset,           text(problem.where),     text(problem.value),
                         problem.arguments.data(), problem.arguments.size()};
    host_->problem(host_->context, &raw);
  }

  // An option that cannot be had: problem `number` with its name and `second` (what was meant, or the value).
  lt_status refuse_option(std::uint32_t number, std::string_view name,
                          std::string_view second) const noexcept {
    const lt_text arguments[] = {text(name), text(second)};
    report({.severity = LT_FATAL, .number = number, .where = name, .arguments = arguments});
    return LT_OPTION;
  }

  // Bytes in the named character set ("" = the source's) as UTF-8 in message memory.
  lt_status decode(std::string_view charset, std::string_view bytes, lt_text& utf8) const noexcept {
    return host_->decode(host_->context, text(charset), text(bytes), &utf8);
  }

 private:
  const lt_host* host_;
};

}  // namespace lienthong::sdk
