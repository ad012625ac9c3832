#pragma once
// Semantics 17: vital signs that an exporting program wrote where it had none. Some programs fill in
// constants; one of them alone means nothing, so values are suspected only when four or more different
// constants of one program stand together. They are kept and tagged, never changed.
//
// The table codes/made-up-values.csv: a row's code is EXPORTER|SYSTEM|CODES|VALUES|UNIT, its target code the
// name of the constant. Several codes and values, with blanks between, are one constant: each must have its
// value ("8480-6 8462-4|120 80"). Rows of one name are one constant in several ways. The unit (UCUM) may be
// empty; it is compared where the result states one, too. Immutable after construction; any thread.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/convert/code_table.h"

namespace lienthong::convert {

// A row: what an exporter writes.
struct MadeUpConstant {
  struct Part {
    std::string code, value;  // a number without zeros at its end
  };
  std::string exporter, name, system, unit;
  std::vector<Part> parts;
};

class MadeUpValues {
 public:
  MadeUpValues() = default;
  // `table` may be null: then nothing is made up. Rows that are not of that form are errors.
  MadeUpValues(const CodeTable* table, Diagnostics& diagnostics);

  static constexpr std::size_t kFewest = 4;

  // How many codes of an Observation, or of its components, may be of a constant: below kFewest in a whole
  // message there is nothing to find. `json` as the machine writes it. Linear in the text.
  std::size_t count_codes(std::string_view json) const noexcept;

  // One program's constants in one place: of one patient, one visit, one minute.
  struct Found {
    std::string exporter;
    std::size_t constants = 0;
    std::vector<std::size_t> observations;  // indices, ascending
  };
  // `observations`: their JSON as the machine writes it.
  std::vector<Found> find(std::span<const std::string_view> observations) const;

 private:
  void add(const CodeRow& row, Diagnostics& diagnostics);
  bool has_known_code(std::string_view codings) const noexcept;

  std::vector<MadeUpConstant> constants_;
  std::vector<std::string> codes_;  // sorted
};

}  // namespace lienthong::convert
