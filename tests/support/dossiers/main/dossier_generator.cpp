// dossier_generator: writes synthetic insurance XML to standard output.

#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/support/dossiers/dossier.h"

namespace {

using lienthong::test::DossierOptions;

int usage() {
  std::fputs(
      "dossier_generator [--count N] [--generation 4210|130|4750|3176|CHECKIN] [--facility CODE] [--variant "
      "V]\n"
      "  [--rows N] [--seed N] [--first N] [--date yyyyMMdd] [--all-tables]\n"
      "  [--name TEXT] [--citizen-id N] [--birth-date yyyyMMdd] [--sex 1|2|3]   (of the first dossier)\n"
      "variants:",
      stderr);
  for (const auto& variant : lienthong::test::dossier_variants())
    std::fprintf(stderr, " %s", variant.c_str());
  std::fputs(" bare\n", stderr);
  return 2;
}

// False when there is no such option.
bool set(DossierOptions& options, const std::string& name, const std::string& value) {
  const auto number = static_cast<std::uint32_t>(std::strtoul(value.c_str(), nullptr, 10));
  if (name == "--count")
    options.count = number;
  else if (name == "--generation")
    options.generation = value;
  else if (name == "--facility")
    options.facility = value;
  else if (name == "--variant")
    options.variant = value;
  else if (name == "--rows")
    options.rows = number;
  else if (name == "--seed")
    options.seed = number;
  else if (name == "--first")
    options.first = number;
  else if (name == "--date")
    options.date = value;
  else if (name == "--name")
    options.person.name = value;
  else if (name == "--citizen-id")
    options.person.citizen_id = value;
  else if (name == "--birth-date")
    options.person.birth_date = value;
  else if (name == "--sex")
    options.person.sex = value;
  else
    return false;
  return true;
}

}  // namespace

int main(int count, char** arguments) {
  DossierOptions options;
  for (int i = 1; i < count; ++i) {
    const std::string name = arguments[i];
    if (name == "--all-tables") {
      options.tables = {6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    } else if (i + 1 >= count || !set(options, name, arguments[++i])) {
      return usage();
    }
  }
  lienthong::test::write_dossiers(
      options, [](std::string_view piece) { std::fwrite(piece.data(), 1, piece.size(), stdout); });
  return std::fflush(stdout) == 0 ? 0 : 1;
}
