#include "gateway/app/morning_message.h"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <span>

namespace lienthong::app {
namespace {

using Time = std::chrono::sys_seconds;

constexpr std::array<std::string_view, 8> kWards = {"NOI^P201^G1", "NOI^P202^G3", "NGOAI^P305^G2",
                                                    "SAN^P110^G1", "NHI^P402^G5", "HSCC^P001^G2",
                                                    "TIM^P501^G4", "THAN^P210^G1"};
constexpr std::array<std::string_view, 6> kDoctors = {"BS0011^Trần^Hạnh^Thị", "BS0012^Lê^Quang^Minh",
                                                      "BS0013^Phạm^Tâm^Ngọc", "BS0014^Võ^Sơn^Hữu",
                                                      "BS0015^Đỗ^Yến^Thị",    "BS0016^Bùi^Khải^Đức"};
constexpr std::array<std::string_view, 8> kDiagnoses = {"I10^Tăng huyết áp vô căn (nguyên phát)^I10",
                                                        "E11.9^Đái tháo đường típ 2 không có biến chứng^I10",
                                                        "J18.9^Viêm phổi, không đặc hiệu^I10",
                                                        "K35.8^Viêm ruột thừa cấp^I10",
                                                        "A90^Sốt xuất huyết Dengue^I10",
                                                        "N20.0^Sỏi thận^I10",
                                                        "O80^Đẻ thường một thai^I10",
                                                        "J45.9^Hen phế quản, không đặc hiệu^I10"};
constexpr std::array<std::string_view, 4> kAllergies = {"PENI^Penicillin^L", "ASPI^Aspirin^L", "TOM^Tôm^L",
                                                        "PHAN^Phấn hoa^L"};

// One test of the laboratory: LOINC code, name, unit as the analyser writes it, lowest and highest value
// printed, in units of the last decimal, and the reference range.
struct Test {
  std::string_view code, name, unit;
  std::uint64_t low, high;
  int decimals;
  std::uint64_t normal_low, normal_high;
};

constexpr std::array<Test, 6> kBloodCount = {{{"6690-2", "Bạch cầu", "G/L", 250, 1850, 2, 400, 1000},
                                              {"789-8", "Hồng cầu", "T/L", 280, 620, 2, 380, 560},
                                              {"718-7", "Hemoglobin", "g/L", 70, 180, 0, 120, 165},
                                              {"4544-3", "Hematocrit", "L/L", 210, 540, 3, 350, 480},
                                              {"787-2", "MCV", "fL", 700, 1040, 1, 800, 1000},
                                              {"777-3", "Tiểu cầu", "G/L", 40, 520, 0, 150, 400}}};
constexpr std::array<Test, 5> kChemistry = {{{"14749-6", "Glucose", "mmol/L", 32, 215, 1, 39, 64},
                                             {"22664-7", "Urê", "mmol/L", 18, 240, 1, 25, 75},
                                             {"14682-9", "Creatinin", "µmol/L", 38, 420, 0, 53, 115},
                                             {"1920-8", "AST", "U/L", 9, 320, 0, 0, 40},
                                             {"1742-6", "ALT", "U/L", 7, 410, 0, 0, 41}}};
constexpr std::array<Test, 3> kElectrolytes = {{{"2951-2", "Natri", "mmol/L", 122, 156, 0, 135, 145},
                                                {"2823-3", "Kali", "mmol/L", 24, 68, 1, 35, 50},
                                                {"2075-0", "Clo", "mmol/L", 88, 116, 0, 98, 107}}};

struct Panel {
  std::string_view code;  // OBR-4
  std::span<const Test> tests;
};
constexpr std::array<Panel, 3> kPanels = {{{"58410-2^Tổng phân tích tế bào máu^LN", kBloodCount},
                                           {"24323-8^Sinh hóa máu^LN", kChemistry},
                                           {"24326-1^Điện giải đồ^LN", kElectrolytes}}};

std::string stamp(Time at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(at - day);
  return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

// A value in units of its last decimal: (1234, 2) → "12.34".
std::string decimal(std::uint64_t value, int decimals) {
  if (decimals == 0) return std::to_string(value);
  std::uint64_t power = 1;
  for (int i = 0; i < decimals; ++i) power *= 10;
  return fmt::format("{}.{:0{}}", value / power, value % power, decimals);
}

auto into(std::string& out) {
  return std::back_inserter(out);
}

void append_head(std::string& out, const MorningLetterhead& head, std::string_view type) {
  fmt::format_to(into(out), "MSH|^~\\&|{}|{}|LIENTHONG|{}|{}+0700||{}|{}|P|2.5.1|||||VNM|UNICODE UTF-8\r",
                 head.application, head.facility, head.facility, stamp(head.at), type, head.control_id);
}

void append_person(std::string& out, std::string_view facility, const InventedPerson& p) {
  fmt::format_to(into(out), "PID|1||{}^^^{}^MR", p.mrn, facility);
  if (!p.citizen_id.empty()) fmt::format_to(into(out), "~{}^^^CCCD^NI", p.citizen_id);
  fmt::format_to(into(out), "~{}^^^BHYT^HC||{}^{}^{}^^^^L||{}|{}|||{}^^{}^{}^^VNM^H||{}^PRN^CP\r",
                 p.insurance_number, p.family, p.given, p.middle, p.birth_date, p.male ? 'M' : 'F', p.street,
                 p.ward, p.province, p.phone);
}

void append_visit(std::string& out, std::string_view facility, const MorningVisit& visit) {
  const auto prior = visit.prior_location.empty() ? "" : visit.prior_location + '^' + std::string(facility);
  fmt::format_to(into(out), "PV1|1|{}|{}^{}|R||{}|{}||||||||||||{}^^^{}^VN|||||||||||||||||||||||||{}",
                 visit.patient_class, visit.location, facility, prior, visit.doctor, visit.number, facility,
                 stamp(visit.admitted));
  if (visit.discharged != Time{}) out += '|' + stamp(visit.discharged);
  out += '\r';
}

void append_result(std::string& out, std::size_t number, const Test& test, std::uint64_t value,
                   const MorningOrder& order, Time at) {
  const auto* flag = value < test.normal_low ? "L" : value > test.normal_high ? "H" : "N";
  fmt::format_to(into(out), "OBX|{}|NM|{}^{}^LN||{}|{}|{}-{}|{}|||{}|||{}\r", number, test.code, test.name,
                 decimal(value, test.decimals), test.unit, decimal(test.normal_low, test.decimals),
                 decimal(test.normal_high, test.decimals), flag, order.corrected ? 'C' : 'F', stamp(at));
}

std::string_view structure_of(std::string_view trigger) {
  // HL7 v2.5.1 table 0354: several triggers share one structure.
  if (trigger == "A04" || trigger == "A08" || trigger == "A13") return "ADT_A01";
  if (trigger == "A11") return "ADT_A09";
  if (trigger == "A28" || trigger == "A31") return "ADT_A05";
  if (trigger == "A02") return "ADT_A02";
  return trigger == "A03" ? "ADT_A03" : "ADT_A01";
}

}  // namespace

std::string invent_location(SeededRandom& random) {
  return std::string(random.pick(kWards));
}

MorningVisit invent_visit(SeededRandom& random, const std::string& number, Time admitted) {
  MorningVisit visit;
  visit.number = number;
  visit.admitted = admitted;
  visit.location = invent_location(random);
  visit.doctor = random.pick(kDoctors);
  visit.diagnosis = random.pick(kDiagnoses);
  if (random.one_in(5)) visit.allergy = random.pick(kAllergies);
  return visit;
}

std::string write_adt(const MorningLetterhead& head, std::string_view trigger, const InventedPerson& person,
                      const MorningVisit& visit) {
  std::string out;
  out.reserve(1024);
  append_head(out, head, fmt::format("ADT^{}^{}", trigger, structure_of(trigger)));
  fmt::format_to(into(out), "EVN|{}|{}\r", trigger, stamp(head.at));
  append_person(out, head.facility, person);
  if (trigger == "A28" || trigger == "A31") {
    out += "PV1|1|N\r";  // HL7 v2.5.1 §3.3.28: PV1 is required, "not applicable" says that there is no visit
    return out;
  }
  append_visit(out, head.facility, visit);
  if (trigger == "A02" || trigger == "A11") return out;
  if (!visit.allergy.empty() && trigger != "A03") {
    fmt::format_to(into(out), "AL1|1|DA|{}|MO|Nổi mề đay\r", visit.allergy);
  }
  fmt::format_to(into(out), "DG1|1||{}||{}|{}\r", visit.diagnosis, stamp(visit.admitted),
                 trigger == "A03" ? 'F' : 'A');
  return out;
}

std::string write_oru(const MorningLetterhead& head, const InventedPerson& person, const MorningVisit& visit,
                      const MorningOrder& order) {
  const auto& panel = kPanels[order.panel % kPanels.size()];
  SeededRandom random(order.values_seed, order.corrected ? 1 : 0);
  std::string out;
  out.reserve(1536);
  append_head(out, head, "ORU^R01^ORU_R01");
  append_person(out, head.facility, person);
  append_visit(out, head.facility, visit);
  fmt::format_to(into(out), "ORC|RE|{}|{}\r", order.placer, order.filler);
  fmt::format_to(into(out), "OBR|1|{}|{}|{}|||{}|||||||||{}||||||{}||LAB|{}\r", order.placer, order.filler,
                 panel.code, stamp(order.collected), visit.doctor, stamp(head.at),
                 order.corrected ? 'C' : 'F');
  std::size_t number = 0;
  for (const auto& test : panel.tests) {
    append_result(out, ++number, test, test.low + random.below(test.high - test.low), order, order.collected);
  }
  fmt::format_to(into(out), "SPM|1|{}^{}||BLD^Máu^HL70487|||||||||||||{}\r", order.placer, order.filler,
                 stamp(order.collected));
  return out;
}

}  // namespace lienthong::app
