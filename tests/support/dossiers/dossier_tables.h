#pragma once
// What the tables from XML6 on say of an invented visit: programmes, certificates and letters.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/support/dossiers/dossier_random.h"

namespace lienthong::test {

using DossierValues = std::map<std::string, std::string, std::less<>>;

// The rows of table `number` (6 … 15). `visit` holds what XML1 says, which the tables repeat; with
// `generation` "3176" XML13 has its new elements.
std::vector<DossierValues> further_table(std::uint32_t number, const DossierValues& visit,
                                         const std::string& generation, DossierRandom& random);

}  // namespace lienthong::test
