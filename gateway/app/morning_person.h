#pragma once
// Invented people. Names, addresses and numbers have the shape of real ones and belong to nobody.

#include <cstdint>
#include <string>

namespace lienthong::app {

struct InventedPerson {
  std::string family, middle, given;
  bool male = false;
  std::string birth_date;        // YYYYMMDD
  std::string mrn;               // the hospital's number of the patient; unique per (seed, number)
  std::string citizen_id;        // 12 digits: province 3, century and sex 1, year 2, serial 6; empty for some
  std::string insurance_number;  // 15 characters: group 2, benefit 1, province 2, social insurance 10
  std::string street, ward, province;
  std::string phone;
};

// The same arguments always give the same person; different numbers give different people.
InventedPerson invent_person(std::uint64_t seed, std::uint64_t number);

// What an A08 or A31 changes: another address and telephone of the same person.
void move_house(InventedPerson& person, std::uint64_t seed, std::uint64_t number);

}  // namespace lienthong::app
