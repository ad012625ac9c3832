#pragma once
// SQL text that is written in the program: one object a statement, at namespace scope in a .cpp file:
//   const store::Sql kInsertMessage("INSERT INTO message(row, number) VALUES (?1, ?2)");
// Each connection prepares it once and keeps it.

#include <cstddef>
#include <string_view>

namespace lienthong::store {

class Sql {
 public:
  // `text` must live as long as the program (a literal). Any thread.
  explicit Sql(const char* text) noexcept;
  Sql(const Sql&) = delete;
  Sql& operator=(const Sql&) = delete;

  std::string_view text() const noexcept { return text_; }
  // Place in each connection's cache; small and dense.
  std::size_t index() const noexcept { return index_; }

 private:
  std::string_view text_;
  std::size_t index_;
};

}  // namespace lienthong::store
