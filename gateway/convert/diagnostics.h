#pragma once
// What is wrong with a mapping, a profile or a code table, at the place where its author can correct it.

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace lienthong::convert {

// Line and column count from 1; 0 = the file as a whole.
struct Diagnostic {
  std::string file;
  unsigned line = 0;
  unsigned column = 0;
  std::string message;  // what is wrong, and what was meant
  bool is_warning = false;
};

// Renders "file:line:column: message".
std::string to_string(const Diagnostic& diagnostic);

// Collects everything that is wrong, not only the first thing. One thread.
class Diagnostics {
 public:
  void error(std::string_view file, unsigned line, unsigned column, std::string message);
  void warning(std::string_view file, unsigned line, unsigned column, std::string message);
  const std::vector<Diagnostic>& all() const noexcept { return all_; }
  std::size_t error_count() const noexcept { return errors_; }

  static constexpr std::size_t kLimit = 500;  // a broken file does not fill the screen for ever

 private:
  void add(Diagnostic diagnostic);

  std::vector<Diagnostic> all_;
  std::set<std::string> seen_;
  std::size_t errors_ = 0;
};

}  // namespace lienthong::convert
