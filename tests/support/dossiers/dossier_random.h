#pragma once
// Random numbers for dossiers: the same from the same seed, everywhere.

#include <string>

#include "gateway/base/seeded_random.h"

namespace lienthong::test {

class DossierRandom : public SeededRandom {
 public:
  using SeededRandom::SeededRandom;

  std::string digits(std::size_t count) {
    std::string text;
    while (text.size() < count) text += static_cast<char>('0' + below(10));
    return text;
  }
};

}  // namespace lienthong::test
