// Completing a record: what only the whole dossier can tell.

#include "adapters/bhyt/record.h"

#include <algorithm>

#include "adapters/bhyt/list.h"
#include "adapters/bhyt/markup.h"

namespace lienthong::bhyt {
namespace {

constexpr std::uint32_t kCheckIn = 0, kSummary = 1, kBoard = 12, kReferral = 13;
constexpr std::string_view kNames[] = {"auto", "4210", "130", "4750", "3176", "CHECKIN"};
// In force from: QĐ 4750 from 1 July 2024, QĐ 3176 from 1 January 2025.
constexpr std::string_view kDay4750 = "20240701", kDay3176 = "20250101";

bool is_day(std::string_view text) noexcept {
  return text.size() >= 8 &&
         std::all_of(text.begin(), text.begin() + 8, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string_view generation_name(Generation generation) noexcept {
  return kNames[static_cast<std::size_t>(generation)];
}

bool Record::prepare(sdk::Host host, std::uint32_t most) noexcept {
  documents_ = host.allocate<DocumentText>(most);
  return documents_ != nullptr;
}

const DocumentText& Record::add_document(const DocumentText& document) noexcept {
  documents_[document_count_] = document;
  return documents_[document_count_++];
}

std::string_view Record::text(sdk::Host host, const Value& value) const noexcept {
  if ((value.flags & kRaw) == 0) return trimmed(value.view());
  return trimmed(sdk::view(unescape(host, value.view())));
}

std::string_view Record::text_of(sdk::Host host, std::uint32_t table, std::uint32_t row,
                                 std::string_view name) const noexcept {
  const auto field = find_field(table, name);
  if (field == kNoField || row >= tables_[table].count) return {};
  return text(host, tables_[table].row(row)[field]);
}

void Record::put_fact(FactKind kind, std::string_view text) noexcept {
  facts_[static_cast<std::size_t>(kind)] = {text.data(), text.size()};
}

lt_status Record::complete(sdk::Host host, const Header* header, Generation fixed) noexcept {
  if (tables_[kSummary].count == 0 && tables_[kCheckIn].count == 0) {
    host.report({.severity = LT_ERROR, .number = number(ProblemNumber::SummaryMissing)});
    return LT_MALFORMED;
  }
  if (const auto status = check_keys(host); status != LT_OK) return status;
  find_generation(host, fixed);
  find_facts(host, header);
  check_facility(host, header);
  check_cards(host);
  return group_results(host);
}

// Every row names the visit it belongs to; a row of another one would put its content on the wrong person.
lt_status Record::check_keys(sdk::Host host) noexcept {
  const std::uint32_t first = tables_[kSummary].count != 0 ? kSummary : kCheckIn;
  const auto key = text_of(host, first, 0, "MA_LK");
  for (std::uint32_t t = 0; t < kTableCount; ++t) {
    const auto field = find_field(t, "MA_LK");
    if (field == kNoField) continue;
    for (std::uint32_t r = 0; r < tables_[t].count; ++r) {
      const auto own = text(host, tables_[t].row(r)[field]);
      if (own.empty() || own == key) continue;
      return refuse_row(host, t, tables_[t].row(r)[field]);
    }
  }
  return check_board(host);
}

lt_status Record::refuse_row(sdk::Host host, std::uint32_t number_of_table,
                             const Value& value) const noexcept {
  const auto name = table(number_of_table).name;
  const lt_text arguments[] = {sdk::text(name)};
  host.report({.severity = LT_ERROR,
               .number = number(ProblemNumber::RowOfAnotherDossier),
               .offset = offset_of(value.data, value.document),
               .where = name,
               .arguments = arguments});
  return LT_MALFORMED;
}

// XML12 has no MA_LK: it is somebody else's when neither the citizen id nor the birth date is that of XML1.
// One of them alone may be mistyped.
lt_status Record::check_board(sdk::Host host) const noexcept {
  const auto differs = [&](std::string_view name, std::size_t size) {
    const auto own = text_of(host, kBoard, 0, name).substr(0, size);
    const auto known = text_of(host, kSummary, 0, name).substr(0, size);
    return !own.empty() && !known.empty() && own != known;
  };
  if (tables_[kBoard].count == 0 || !differs("SO_CCCD", 12) || !differs("NGAY_SINH", 8)) return LT_OK;
  return refuse_row(host, kBoard, tables_[kBoard].row(0)[find_field(kBoard, "SO_CCCD")]);
}

void Record::find_generation(sdk::Host host, Generation fixed) noexcept {
  if (tables_[kSummary].count == 0) {
    generation_ = Generation::CheckIn;
    return;
  }
  if (fixed != Generation::Unknown) {
    generation_ = fixed;
    return;
  }
  const Value* row = tables_[kSummary].row(0);
  const auto fields = table(kSummary).fields;
  int balance = 0;  // elements that only the newer ones have, less those that only the old one has
  for (std::uint32_t f = 0; f < fields.size(); ++f) {
    if ((row[f].flags & kThere) == 0) continue;
    if (fields[f].generations == kNew) ++balance;
    if (fields[f].generations == kOld) --balance;
  }
  if (balance < 0) {
    generation_ = Generation::Q4210;
    return;
  }
  const auto has = [&](std::uint32_t t, std::string_view name) {
    const auto field = find_field(t, name);
    return tables_[t].count != 0 && (tables_[t].row(0)[field].flags & kThere) != 0;
  };
  if (has(kReferral, "MA_CSKCB_DI") || has(kReferral, "MA_NOI_DI")) {
    generation_ = has(kReferral, "MA_CSKCB_DI") ? Generation::Q3176 : Generation::Q4750;
    return;
  }
  const auto end = text_of(host, kSummary, 0, "NGAY_RA");
  const auto day = is_day(end) ? end.substr(0, 8) : std::string_view();
  generation_ = Generation::Q130;
  if (has(kSummary, "NHOM_MAU") || day >= kDay4750) generation_ = Generation::Q4750;
  if (day >= kDay3176) generation_ = Generation::Q3176;
}

void Record::find_facts(sdk::Host host, const Header* header) noexcept {
  const std::uint32_t first = tables_[kSummary].count != 0 ? kSummary : kCheckIn;
  auto facility = text_of(host, first, 0, "MA_CSKCB");
  if (header != nullptr) {
    if (facility.empty()) facility = sdk::view(host.copy(header->facility.view()));
    put_fact(FactKind::Date, sdk::view(host.copy(header->date.view())));
    put_fact(FactKind::Count, sdk::view(host.copy(header->count.view())));
  }
  put_fact(FactKind::Facility, facility);
  put_fact(FactKind::Generation, generation_name(generation_));
  if (is_uncertain_birth(host)) put_fact(FactKind::UncertainBirth, "true");
  for (std::uint32_t t = 0; t < kTableCount; ++t) {
    if (is_named_[t] || tables_[t].is_there)
      put_fact(static_cast<FactKind>(static_cast<std::uint32_t>(FactKind::NamedTable0) + t), table(t).name);
  }
  if (header == nullptr || !header->is_sound) return;
  for (std::uint32_t t = 0; t < kTableCount; ++t) {
    if (tables_[t].is_there)
      put_fact(static_cast<FactKind>(static_cast<std::uint32_t>(FactKind::WholeTable0) + t), table(t).name);
  }
}

// Semantics 17: 1 January stands for "day not known" where QĐ 4210 asks for a whole date, and where the
// citizen id (its digits 5 and 6 are the year) says another year.
bool Record::is_uncertain_birth(sdk::Host host) const noexcept {
  const auto birth = text_of(host, kSummary, 0, "NGAY_SINH");
  if (birth.size() < 8 || birth.substr(4, 4) != "0101") return false;
  if (generation_ == Generation::Q4210) return true;
  const auto citizen = text_of(host, kSummary, 0, "SO_CCCD");
  return citizen.size() == 12 && is_day(citizen) && citizen.substr(4, 2) != birth.substr(2, 2);
}

void Record::check_facility(sdk::Host host, const Header* header) noexcept {
  const auto& own = facts_[static_cast<std::size_t>(FactKind::Facility)];
  const std::string_view dossier(own.data, own.size);
  if (header == nullptr || header->facility.view().empty() || dossier == header->facility.view()) return;
  const lt_text arguments[] = {sdk::text(header->facility.view()), sdk::text(dossier)};
  host.report({.number = number(ProblemNumber::FacilityDiffers), .where = "MACSKCB", .arguments = arguments});
}

// Cards, the facilities they are registered with and the days they are valid stand in lists side by side.
void Record::check_cards(sdk::Host host) noexcept {
  if (tables_[kSummary].count == 0) return;
  const std::string_view cards_name = generation_ == Generation::Q4210 ? "MA_THE" : "MA_THE_BHYT";
  const auto cards = count_items(text_of(host, kSummary, 0, cards_name), FieldKind::Plain);
  for (const std::string_view name : {"MA_DKBD", "GT_THE_TU", "GT_THE_DEN"}) {
    const auto others = count_items(text_of(host, kSummary, 0, name), FieldKind::Plain);
    if (others == 0 || others == cards) continue;
    const lt_text arguments[] = {sdk::text(cards_name), sdk::text(name)};
    host.report({.number = number(ProblemNumber::ListsDiffer), .where = "XML1", .arguments = arguments});
  }
}

}  // namespace lienthong::bhyt
