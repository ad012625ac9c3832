#pragma once
// Writes the HL7 v2.5.1 messages of one invented patient's day.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/app/morning_person.h"
#include "gateway/base/seeded_random.h"

namespace lienthong::app {

// Where a visit stands when a message is written.
struct MorningVisit {
  char patient_class = 'O';    // PV1-2: I, O, E
  std::string number;          // PV1-19
  std::string location;        // PV1-3
  std::string prior_location;  // PV1-6, after a transfer
  std::string doctor;          // PV1-7
  std::string diagnosis;       // DG1-3; empty = none yet
  std::string allergy;         // AL1-3; empty = none
  std::chrono::sys_seconds admitted{};
  std::chrono::sys_seconds discharged{};  // epoch = not yet
};

struct MorningLetterhead {
  std::string_view application;  // MSH-3
  std::string_view facility;     // MSH-4
  std::string control_id;
  std::chrono::sys_seconds at;  // local time
};

// A visit for this patient: location, doctor, diagnosis and allergy by chance.
MorningVisit invent_visit(SeededRandom& random, const std::string& number, std::chrono::sys_seconds admitted);
std::string invent_location(SeededRandom& random);

// An ADT message; `trigger` as in MSH-9.2 ("A01").
std::string write_adt(const MorningLetterhead& head, std::string_view trigger, const InventedPerson& person,
                      const MorningVisit& visit);

struct MorningOrder {
  std::uint64_t panel = 0;        // which of the laboratory's panels
  std::string placer, filler;     // order numbers
  std::uint64_t values_seed = 0;  // the results' values
  std::chrono::sys_seconds collected;
  bool corrected = false;  // OBX-11 C with other values instead of F
};

// An ORU^R01 of one order. `order.panel` is taken modulo the number of panels.
std::string write_oru(const MorningLetterhead& head, const InventedPerson& person, const MorningVisit& visit,
                      const MorningOrder& order);

}  // namespace lienthong::app
