#pragma once
// One opened dossier: its tables as rows of values, and answers to the questions of lt_adapter about them.
//
// Lies in the host's memory; trivially destructible; one thread.

#include <cstdint>
#include <string_view>

#include "adapters/bhyt/framing.h"
#include "adapters/bhyt/node.h"
#include "adapters/bhyt/path.h"
#include "adapters/bhyt/rows.h"
#include "adapters/bhyt/table.h"

namespace lienthong::bhyt {

// QĐ 4210 has elements of its own; 130, 4750 and 3176 share theirs and are told apart by what each added,
// else by the day from which they were in force.
enum class Generation : std::uint8_t { Unknown, Q4210, Q130, Q4750, Q3176, CheckIn };
std::string_view generation_name(Generation generation) noexcept;  // "4210" …; "CHECKIN"

struct Limits {
  std::uint32_t dossier = 33'554'432;  // bytes
  std::uint32_t rows = 100'000;        // of one table
  std::uint32_t documents = 128;       // in one dossier
};

class Record {
 public:
  // lt_adapter's functions with the same names.
  lt_status envelope(sdk::Host host, lt_envelope& out) const noexcept;
  std::size_t count(lt_node node, lt_path path) noexcept;
  lt_node child(lt_node node, lt_path path, std::size_t i) noexcept;
  lt_status get(sdk::Host host, lt_node node, lt_path path, lt_value& out) noexcept;
  lt_text place(sdk::Host host, lt_node node, lt_path path) noexcept;
  lt_status each_value(sdk::Host host, lt_each_value each, void* context) noexcept;

  // While it is being filled.
  Rows& rows(std::uint32_t table) noexcept { return tables_[table]; }
  const Rows& rows(std::uint32_t table) const noexcept { return tables_[table]; }
  // The dossier says that it has this table, with or without content.
  void name_table(std::uint32_t table) noexcept { is_named_[table] = true; }
  // Memory for `most` documents; false at the host's limit.
  bool prepare(sdk::Host host, std::uint32_t most) noexcept;
  std::uint32_t document_count() const noexcept { return document_count_; }
  const DocumentText& add_document(const DocumentText& document) noexcept;
  // Checks what only the whole dossier can tell, groups results; the record is complete then.
  lt_status complete(sdk::Host host, const Header* header, Generation fixed) noexcept;

  // The text of a value, unescaped.
  std::string_view text(sdk::Host host, const Value& value) const noexcept;
  std::string_view text_of(sdk::Host host, std::uint32_t table, std::uint32_t row,
                           std::string_view name) const noexcept;

 private:
  static constexpr std::uint32_t kNoRow = 0xffffffff;
  // Rows of XML4 with one service and one result time: group_rows_[first … first + count).
  struct Group {
    std::uint32_t first = 0, count = 0;
    std::uint32_t order = kNoRow;  // the first row of XML3 with this service
  };

  lt_status check_keys(sdk::Host host) noexcept;
  lt_status check_board(sdk::Host host) const noexcept;
  lt_status refuse_row(sdk::Host host, std::uint32_t number_of_table, const Value& value) const noexcept;
  void check_facility(sdk::Host host, const Header* header) noexcept;
  void check_cards(sdk::Host host) noexcept;
  void find_generation(sdk::Host host, Generation fixed) noexcept;
  void find_facts(sdk::Host host, const Header* header) noexcept;
  bool is_uncertain_birth(sdk::Host host) const noexcept;
  lt_status group_results(sdk::Host host) noexcept;

  // Empty `data` when the row or the element is not there.
  Value value_at(Node node, Path path) const noexcept;
  std::uint32_t row_of(Node node, std::uint32_t table) const noexcept;
  void give(sdk::Host host, const Value& value, FieldKind kind, lt_value& out) const noexcept;
  void give_item(sdk::Host host, Node node, std::uint32_t field, lt_value& out) const noexcept;
  lt_status give_number(sdk::Host host, Node node, Path path, lt_value& out) const noexcept;
  void give_fact(Path path, lt_value& out) const noexcept;
  std::uint32_t offset_of(const char* at, std::uint32_t document) const noexcept;
  lt_status tell(sdk::Host host, lt_each_value each, void* context, Node node, std::string_view name,
                 const Value& value) const noexcept;
  void put_fact(FactKind kind, std::string_view text) noexcept;

  Rows tables_[kTableCount];
  bool is_named_[kTableCount] = {};
  DocumentText* documents_ = nullptr;
  std::uint32_t document_count_ = 0;
  Group* groups_ = nullptr;
  std::uint32_t group_count_ = 0;
  std::uint32_t* group_rows_ = nullptr;
  Fact facts_[kFactCount];
  Generation generation_ = Generation::Unknown;
};

}  // namespace lienthong::bhyt
