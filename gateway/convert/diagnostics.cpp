#include "gateway/convert/diagnostics.h"

#include <utility>

namespace lienthong::convert {

std::string to_string(const Diagnostic& diagnostic) {
  std::string text = diagnostic.file;
  if (diagnostic.line > 0) {
    text += ":" + std::to_string(diagnostic.line) + ":" + std::to_string(diagnostic.column);
  }
  return text + (diagnostic.is_warning ? ": warning: " : ": ") + diagnostic.message;
}

void Diagnostics::error(std::string_view file, unsigned line, unsigned column, std::string message) {
  add({std::string(file), line, column, std::move(message), false});
}

void Diagnostics::warning(std::string_view file, unsigned line, unsigned column, std::string message) {
  add({std::string(file), line, column, std::move(message), true});
}

// A data type's file is compiled for each rule that uses it, and is wrong each time: said once.
void Diagnostics::add(Diagnostic diagnostic) {
  if (!diagnostic.is_warning) ++errors_;
  if (all_.size() >= kLimit || !seen_.insert(to_string(diagnostic)).second) return;
  all_.push_back(std::move(diagnostic));
}

}  // namespace lienthong::convert
