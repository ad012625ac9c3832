// The insurance XML's mapping on generated dossiers: every generation and wrapping, sensitivity labels.
// Invented people only.

#include "tests/support/dossiers/dossier.h"
#include "gateway/base/bytes.h"
#include "gateway/convert/converter.h"
#include "tests/gateway/convert/loaded_profile.h"

namespace lienthong::convert {
namespace {

using test::DossierOptions;

// The bundles of a file, in order.
std::vector<std::string> bundles(const std::string& file, ProblemSink& problems) {
  SourceSettings settings;
  settings.name = "his";
  settings.facility = "local";
  auto converter = make_converter(shipped_program("bhyt"), settings);
  REQUIRE(converter);
  const PaddedBytes bytes(file);
  auto rest = bytes.view();
  const auto stream = (*converter)->open_stream();
  std::vector<std::string> all;
  for (;;) {
    std::size_t consumed = 0;
    std::string_view message;
    const auto step = stream->next(rest, true, consumed, message, problems);
    if (step != MessageStream::Step::Message) return all;
    rest.remove_prefix(consumed);
    const PaddedBytes padded(message);
    const Instant received{std::chrono::seconds(1'772'500'000)};
    REQUIRE((*converter)->open(padded.view(), stream.get(), received, problems));
    const auto conversion = (*converter)->convert(problems);
    REQUIRE(conversion);
    all.emplace_back((*conversion)->bundle);
  }
}

std::size_t times(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// The entry of the first resource of a type that holds `part`.
std::string entry_of(const std::string& bundle, const std::string& type, const std::string& part) {
  for (auto at = bundle.find("{\"resourceType\":\"" + type); at != std::string::npos;
       at = bundle.find("{\"resourceType\":\"" + type, at + 1)) {
    const auto entry = bundle.substr(at, bundle.find(",\"request\":", at) - at);
    if (entry.find(part) != std::string::npos) return entry;
  }
  FAIL("no " + type + " with " + part);
  return {};
}

const std::string kHiv = "\"code\":\"HIV\"";

}  // namespace

TEST_CASE("a dossier becomes the same bundle in every wrapping, without errors") {
  for (const std::string generation : {"4210", "130", "4750", "3176"}) {
    DossierOptions options;
    options.generation = generation;
    options.count = 2;
    ProblemSink problems;
    const auto expected = bundles(test::dossier_file(options), problems);
    REQUIRE(expected.size() == 2);
    CHECK_FALSE(problems.has_errors());
    for (const auto& variant : test::dossier_variants()) {
      INFO(generation << " " << variant);
      options.variant = variant;
      CHECK(bundles(test::dossier_file(options), problems) == expected);
    }
  }
}

TEST_CASE("rows in are resources out: nothing is lost between the tables and the bundle") {
  DossierOptions options;
  options.rows = 23;
  ProblemSink problems;
  const auto dossier = test::make_dossier(options, 1);
  const auto bundle = bundles(test::dossier_file(options, {dossier}), problems).at(0);
  const auto made = [&](const std::string& type) {
    return times(bundle, "{\"resourceType\":\"" + type + "\"");
  };
  CHECK(made("MedicationRequest") == dossier[1].rows.size());
  CHECK(made("ServiceRequest") + made("Procedure") + made("SupplyDelivery") == dossier[2].rows.size());
  CHECK(made("Observation") == dossier[3].rows.size() + dossier[4].rows.size() + 2);
  CHECK(times(bundle, "\"productOrService\"") == dossier[1].rows.size() + dossier[2].rows.size());
}

TEST_CASE("amounts are kept to the digit, in dong") {
  DossierOptions options;
  auto dossier = test::make_dossier(options, 1);
  test::field_of(dossier, 1, 0, "T_TONGCHI_BV") = "1234567890123.40";
  test::field_of(dossier, 2, 0, "DON_GIA") = "0.125";
  ProblemSink problems;
  const auto bundle = bundles(test::dossier_file(options, {dossier}), problems).at(0);
  CHECK(bundle.find(R"("total":{"value":1234567890123.40,"currency":"VND"})") != std::string::npos);
  CHECK(bundle.find(R"("unitPrice":{"value":0.125,"currency":"VND"})") != std::string::npos);
}

TEST_CASE("a supply's end is no end of the visit, and taken home is not dead") {
  DossierOptions options;
  auto dossier = test::make_dossier(options, 1);
  test::field_of(dossier, 1, 0, "MA_LOAI_KCB") = "05";
  test::field_of(dossier, 1, 0, "NGAY_RA") = "202603312359";
  test::field_of(dossier, 1, 0, "KET_QUA_DTRI") = "6";
  ProblemSink problems;
  auto bundle = bundles(test::dossier_file(options, {dossier}), problems).at(0);
  const auto visit = entry_of(bundle, "Encounter", "MA_LK");
  CHECK(visit.find("\"end\":") == std::string::npos);
  CHECK(visit.find(R"(supply-end","valueDateTime":"2026-03-31T23:59:00+07:00")") != std::string::npos);
  CHECK(bundle.find("deceased") == std::string::npos);
  test::field_of(dossier, 1, 0, "KET_QUA_DTRI") = "5";
  bundle = bundles(test::dossier_file(options, {dossier}), problems).at(0);
  CHECK(bundle.find("\"deceasedBoolean\":true") != std::string::npos);
}

TEST_CASE("a visit for HIV labels all of its dossier but who it was and who paid") {
  DossierOptions options;
  auto dossier = test::make_dossier(options, 1);
  ProblemSink problems;
  const auto plain = bundles(test::dossier_file(options, {dossier}), problems).at(0);
  CHECK(plain.find("\"security\"") == std::string::npos);
  test::field_of(dossier, 1, 0, "MA_BENH_KT") = "B20.7";
  for (auto& table : dossier) {
    for (auto& row : table.rows) {
      for (auto& [name, value] : row) {
        if (table.number == 3 && name == "MA_BENH") value = "J18.9";
      }
    }
  }
  const auto bundle = bundles(test::dossier_file(options, {dossier}), problems).at(0);
  CHECK(entry_of(bundle, "Condition", "B20.7").find(kHiv) != std::string::npos);
  CHECK(entry_of(bundle, "Encounter", "MA_LK").find(kHiv) != std::string::npos);
  CHECK(entry_of(bundle, "Patient", "MA_BN").find(kHiv) == std::string::npos);
  CHECK(entry_of(bundle, "MedicationRequest", "authoredOn").find(kHiv) != std::string::npos);
  std::size_t who = 0;
  for (const auto* type : {"Patient", "Practitioner", "Organization", "Location", "Coverage"})
    who += times(bundle, std::string(R"("resource":{"resourceType":")") + type + '"');
  CHECK(times(bundle, "\"fullUrl\"") - who == times(bundle, kHiv));
}

TEST_CASE(
    "that a dossier has the table of HIV care or of tuberculosis labels all of it, whatever the table "
    "holds") {
  const auto is_all_labelled = [](const std::string& bundle, const std::string& label) {
    std::size_t who = 0;
    for (const auto* type : {"Patient", "Practitioner", "Organization", "Location", "Coverage"})
      who += times(bundle, std::string(R"("resource":{"resourceType":")") + type + '"');
    return times(bundle, "\"fullUrl\"") - who == times(bundle, "\"security\"") &&
           times(bundle, "\"code\":\"" + label + "\"") == times(bundle, "\"security\"");
  };
  for (const std::string generation : {"4210", "130", "4750", "3176"}) {
    for (const auto& [number, label] : {std::pair<std::uint32_t, std::string>(6, "HIV"), {15, "TB"}}) {
      INFO(generation << " XML" << number);
      DossierOptions options;
      options.generation = generation;
      options.tables = {number};
      ProblemSink problems;
      if (generation == "3176" || (generation == "4750" && number == 6))
        CHECK(is_all_labelled(bundles(test::dossier_file(options), problems).at(0), label));
      options.tables.clear();
      auto file = test::dossier_file(options);
      const auto kind = "<FILEHOSO><LOAIHOSO>XML" + std::to_string(number) + "</LOAIHOSO>";
      file.insert(file.rfind("</HOSO>"), kind + "<NOIDUNGFILE></NOIDUNGFILE></FILEHOSO>");
      CHECK(is_all_labelled(bundles(file, problems).at(0), label));
    }
  }
}

TEST_CASE("words are found small and capital, alone or as a beginning; codes in their systems") {
  const auto labels = [](const std::string& name, const std::string& diagnosis) {
    DossierOptions options;
    auto dossier = test::make_dossier(options, 1);
    test::field_of(dossier, 3, 0, "TEN_DICH_VU") = name;
    test::field_of(dossier, 1, 0, "MA_BENH_KT") = diagnosis;
    ProblemSink problems;
    const auto bundle = bundles(test::dossier_file(options, {dossier}), problems).at(0);
    std::string found;
    for (const auto* code : {"HIV", "TB", "PSY", "ETH", "STD", "SDV"})
      if (times(bundle, "\"code\":\"" + std::string(code) + "\"") > 0) found += std::string(code) + " ";
    return found;
  };
  CHECK(labels("Khám Nội", "I10").empty());
  CHECK(labels("hiv nhanh", "I10") == "HIV ");
  CHECK(labels("Anti-HIV1/2", "I10") == "HIV ");
  CHECK(labels("HIVAb", "I10") == "HIV ");
  CHECK(labels("Viện Archiv", "I10").empty());
  CHECK(labels("CD45", "I10").empty());
  CHECK(labels("Đếm CD4", "I10") == "HIV ");
  CHECK(labels("Khám tâm thần", "I10") == "PSY ");
  CHECK(labels("KHÁM TÂM THẦN", "I10") == "PSY ");
  CHECK(labels("An toàn lao động", "I10").empty());
  CHECK(labels("Khám Nội", "O98.7") == "HIV ");
  CHECK(labels("Khám Nội", "F10.2") == "ETH ");
  CHECK(labels("Khám Nội", "A15.0") == "TB ");
  CHECK(labels("Khám Nội", "T74.1") == "SDV ");
}

TEST_CASE("a test named HIV labels its result and its report") {
  DossierOptions options;
  auto dossier = test::make_dossier(options, 1);
  test::field_of(dossier, 4, 0, "TEN_CHI_SO") = "HIV Ab test nhanh";
  ProblemSink problems;
  const auto bundle = bundles(test::dossier_file(options, {dossier}), problems).at(0);
  const auto result = entry_of(bundle, "Observation", "HIV Ab");
  CHECK(result.find(kHiv) != std::string::npos);
  CHECK(result.find("claims-copy") != std::string::npos);
  CHECK(entry_of(bundle, "DiagnosticReport", test::field_of(dossier, 4, 0, "MA_DICH_VU")).find(kHiv) !=
        std::string::npos);
  CHECK(times(bundle, "\"security\"") == 2);
}

TEST_CASE("a doubtful birth date is marked, and parts that are not known are left out") {
  DossierOptions options;
  auto dossier = test::make_dossier(options, 1);
  test::field_of(dossier, 1, 0, "NGAY_SINH") = "197500000000";
  ProblemSink problems;
  CHECK(bundles(test::dossier_file(options, {dossier}), problems).at(0).find(R"("birthDate":"1975")") !=
        std::string::npos);
  test::field_of(dossier, 1, 0, "NGAY_SINH") = "197501010000";
  test::field_of(dossier, 1, 0, "SO_CCCD") = "079074001234";
  CHECK(bundles(test::dossier_file(options, {dossier}), problems).at(0).find("urn:lienthong:uncertain") !=
        std::string::npos);
}

}  // namespace lienthong::convert
