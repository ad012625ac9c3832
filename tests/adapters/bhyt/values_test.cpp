// Values by path, in every generation and every wrapping.

#include "adapters/bhyt/framing.h"
#include "adapters/bhyt/table.h"
#include "tests/adapters/bhyt/bhyt_host.h"

namespace lienthong::test {
namespace {

// All values of a dossier as the generator wrote them: "XML2[1]/MA_THUOC=…", empty ones left out.
std::vector<std::string> written(const Dossier& dossier) {
  std::vector<std::string> all;
  for (const auto& one : dossier) {
    for (std::size_t r = 0; r < one.rows.size(); ++r) {
      for (const auto& [name, value] : one.rows[r]) {
        if (value.empty()) continue;
        const std::string index = one.rows.size() > 1 ? "[" + std::to_string(r + 1) + "]" : "";
        all.push_back("XML" + std::to_string(one.number) + index + "/" + name + "=" + value);
      }
    }
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::vector<std::string> told(Opened& opened) {
  std::vector<std::string> all;
  for (const auto& one : opened.values()) {
    if (!one.text.empty()) all.push_back(one.place + "=" + one.text);
  }
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace

TEST_CASE("every value of every generation and variant is read as it was written") {
  Adapter adapter("bhyt");
  for (const std::string generation : {"4210", "130", "4750", "3176"}) {
    for (const auto& variant : dossier_variants()) {
      INFO(generation << " " << variant);
      DossierOptions options;
      options.generation = generation;
      options.variant = variant;
      options.tables = further_tables(generation);
      options.rows = 9;
      const auto file = dossier_file(options);
      Opened opened(adapter, file);
      REQUIRE(opened.status() == LT_OK);
      CHECK(adapter.host().problems.empty());
      CHECK(told(opened) == written(make_dossier(options, 1)));
    }
  }
}

TEST_CASE("the envelope names decision, visit, facility and day") {
  Adapter adapter("bhyt");
  for (const std::string generation : {"4210", "3176", "CHECKIN"}) {
    DossierOptions options;
    options.generation = generation;
    options.facility = "01013";
    Opened opened(adapter, dossier_file(options));
    REQUIRE(opened.status() == LT_OK);
    const auto envelope = opened.envelope();
    CHECK(str(envelope.type) == (generation == "CHECKIN" ? generation : "XML" + generation));
    CHECK(str(envelope.control_id) == "01013_0000001");
    CHECK(str(envelope.sender) == "01013");
    if (generation != "CHECKIN") CHECK(str(envelope.time) == "20260301");
  }
}

TEST_CASE("the header of the file is visible to each of its dossiers") {
  Adapter adapter("bhyt");
  DossierOptions options;
  options.count = 2;
  const auto file = dossier_file(options);
  const OpenStream stream(adapter);
  std::size_t from = 0;
  for (int i = 0; i < 2; ++i) {
    std::size_t consumed = 0;
    lt_text message{};
    REQUIRE(adapter.table().frame(adapter.instance(), stream.get(), adapter.host().host(),
                                  txt(std::string_view(file).substr(from)), 1, &consumed, &message) == LT_OK);
    from += consumed;
    Opened opened(adapter, str(message), stream.get());
    REQUIRE(opened.status() == LT_OK);
    CHECK(opened.get("HOSO/NGAYLAP") == "20260301");
    CHECK(opened.get("HOSO/SOLUONGHOSO") == "2");
    CHECK(opened.get("HOSO/XML3") == "XML3");
  }
}

TEST_CASE(
    "a dossier kept behind the preamble of its file opens alone, with the header and its file's verdict") {
  Adapter adapter("bhyt");
  DossierOptions options;
  options.count = 2;
  const auto file = dossier_file(options);
  const OpenStream stream(adapter);
  std::size_t consumed = 0;
  lt_text message{}, preamble{};
  REQUIRE(adapter.table().frame(adapter.instance(), stream.get(), adapter.host().host(), txt(file), 1,
                                &consumed, &message) == LT_OK);
  REQUIRE(adapter.table().preamble(adapter.instance(), stream.get(), adapter.host().host(), &preamble) ==
          LT_OK);
  Opened opened(adapter, str(preamble) + str(message));
  REQUIRE(opened.status() == LT_OK);
  CHECK(adapter.host().problems.empty());
  CHECK(opened.get("HOSO/NGAYLAP") == "20260301");
  CHECK(opened.get("HOSO/SOLUONGHOSO") == "2");
  CHECK(opened.get("HOSO/XML2") == "XML2");
  CHECK(opened.get("XML1/MA_LK") == "79999_0000001");
  Opened within(adapter, str(preamble) + str(message), stream.get());
  REQUIRE(within.status() == LT_OK);
  CHECK(within.get("HOSO/XML2") == "XML2");
}

TEST_CASE("rows that are missing may be taken as removed only from a whole file of the stated number") {
  Adapter adapter("bhyt");
  DossierOptions options;
  const auto file = dossier_file(options);
  CHECK(Opened(adapter, file).get("HOSO/XML2") == "XML2");
  auto counted = file;
  counted.replace(counted.find("<SOLUONGHOSO>1"), 14, "<SOLUONGHOSO>2");
  CHECK(Opened(adapter, counted).get("HOSO/XML2").empty());
  const auto cut_off = file.substr(0, file.rfind("</DANHSACHHOSO>"));
  CHECK(Opened(adapter, cut_off).get("HOSO/XML2").empty());
  const auto from = file.find("<HOSO>");
  const auto alone = file.substr(from, file.find("</HOSO>") + 7 - from);
  CHECK(Opened(adapter, alone).get("HOSO/XML2").empty());
}

namespace {

// The streams of a file that is read twice: to its end, and from its beginning with what the end told.
struct ReadTwice {
  ReadTwice(Adapter& of, std::string_view file, bool is_clean) : adapter(of), whole(of), again(of) {
    lt_text message{};
    std::size_t consumed = 0;
    for (std::size_t from = 0;
         adapter.table().frame(adapter.instance(), whole.get(), adapter.host().host(), txt(file.substr(from)),
                               1, &consumed, &message) != LT_END;)
      from += consumed;
    REQUIRE(adapter.table().foresee(adapter.instance(), again.get(), whole.get(), is_clean ? 1 : 0) == LT_OK);
    REQUIRE(adapter.table().frame(adapter.instance(), again.get(), adapter.host().host(), txt(file), 0,
                                  &consumed, &message) == LT_OK);
    first = str(message);
    lt_text before{};
    REQUIRE(adapter.table().preamble(adapter.instance(), again.get(), adapter.host().host(), &before) ==
            LT_OK);
    preamble = str(before);
  }
  bool may_remove() {
    const bool alone = Opened(adapter, preamble + first).get("HOSO/XML2") == "XML2";
    const bool within = Opened(adapter, first, again.get()).get("HOSO/XML2") == "XML2";
    CHECK(alone == within);  // what is kept says it as it was taken
    return within;
  }

  Adapter& adapter;
  OpenStream whole, again;
  std::string first, preamble;
};

}  // namespace

TEST_CASE("a file that is read twice may remove if its end was well, and says so where it is kept") {
  Adapter adapter("bhyt");
  DossierOptions options;
  options.count = 2;
  for (const auto& variant : dossier_variants()) {
    INFO(variant);
    options.variant = variant;
    CHECK(ReadTwice(adapter, dossier_file(options), true).may_remove());
  }
  options.variant = "base64";
  const auto file = dossier_file(options);
  CHECK_FALSE(ReadTwice(adapter, file, false).may_remove());
  CHECK_FALSE(ReadTwice(adapter, file.substr(0, file.rfind("</GIAMDINHHS>")), true).may_remove());
  auto miscounted = file;
  miscounted.replace(miscounted.find("<SOLUONGHOSO>2"), 14, "<SOLUONGHOSO>3");
  CHECK_FALSE(ReadTwice(adapter, miscounted, true).may_remove());
  auto littered = file;
  littered.insert(littered.rfind("<HOSO>"), "HOSO>");
  CHECK_FALSE(ReadTwice(adapter, littered, true).may_remove());
  options.variant = "bare";
  options.count = 1;
  CHECK(ReadTwice(adapter, dossier_file(options), true).may_remove() ==
        false);  // its first table is no whole dossier
}

TEST_CASE("the mark of a whole file counts only where it was kept, not in what is sent") {
  Adapter adapter("bhyt");
  DossierOptions options;
  auto file = dossier_file(options);
  file.replace(file.find("<SOLUONGHOSO>1"), 14, "<SOLUONGHOSO>2");
  file.insert(file.find("<HOSO>"), bhyt::kWholeMark);
  const OpenStream stream(adapter);
  std::size_t consumed = 0;
  lt_text message{};
  REQUIRE(adapter.table().frame(adapter.instance(), stream.get(), adapter.host().host(), txt(file), 1,
                                &consumed, &message) == LT_OK);
  CHECK(Opened(adapter, str(message), stream.get()).get("HOSO/XML2").empty());
}

TEST_CASE("the board's minutes, which name no visit, must be of the same person") {
  Adapter adapter("bhyt");
  DossierOptions options;
  options.tables = {12};
  const auto status = [&](const std::string& citizen, const std::string& birth) {
    auto dossier = make_dossier(options, 1);
    field_of(dossier, 1, 0, "SO_CCCD") = "079090001234";
    field_of(dossier, 1, 0, "NGAY_SINH") = "199002030000";
    field_of(dossier, 12, 0, "SO_CCCD") = citizen;
    field_of(dossier, 12, 0, "NGAY_SINH") = birth;
    return Opened(adapter, dossier_file(options, {dossier})).status();
  };
  CHECK(status("079090001234", "19900203") == LT_OK);
  CHECK(status("079090001243", "19900203") == LT_OK);  // mistyped
  CHECK(status("", "19850101") == LT_OK);
  CHECK(status("079085009999", "19850101") == LT_MALFORMED);
  CHECK(adapter.host().heard(bhyt::number(ProblemNumber::RowOfAnotherDossier)));
}

TEST_CASE("that a dossier has a table is told whatever the table holds") {
  Adapter adapter("bhyt");
  DossierOptions options;
  options.variant = "inline";
  const auto file = dossier_file(options);
  const auto with = [&](const std::string& part) {
    auto text = file;
    text.insert(text.rfind("</HOSO>"), part);
    return Opened(adapter, text).get("HOSO/CO_XML6");
  };
  CHECK(with("").empty());
  CHECK(with("<FILEHOSO><LOAIHOSO>XML6</LOAIHOSO><NOIDUNGFILE/></FILEHOSO>") == "XML6");
  CHECK(with("<FILEHOSO><LOAIHOSO>xml06</LOAIHOSO><NOIDUNGFILE> </NOIDUNGFILE></FILEHOSO>") == "XML6");
  CHECK(with("<FILEHOSO><LOAIHOSO>XML6</"
             "LOAIHOSO><NOIDUNGFILE><CHI_TIEU_HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS/>"
             "</NOIDUNGFILE></FILEHOSO>") == "XML6");
  CHECK(Opened(adapter, file).get("HOSO/CO_XML1") == "XML1");
}

TEST_CASE("a file that arrives in pieces is waited for until it is known to be whole, up to a bound") {
  Adapter adapter("bhyt");
  const auto first_of = [&](const std::string& file, std::size_t piece) {
    const OpenStream stream(adapter);
    std::size_t consumed = 0, to = 0;
    lt_text message{};
    lt_status status = LT_NEED_MORE;
    while (status == LT_NEED_MORE) {
      const bool is_end = to == file.size();
      status = adapter.table().frame(adapter.instance(), stream.get(), adapter.host().host(),
                                     txt(std::string_view(file).substr(0, to)), is_end ? 1 : 0, &consumed,
                                     &message);
      to = std::min(file.size(), to + piece);
    }
    REQUIRE(status == LT_OK);
    Opened opened(adapter, str(message), stream.get());
    return opened.get("HOSO/XML2");
  };
  DossierOptions options;
  options.count = 2;
  CHECK(first_of(dossier_file(options), 4096) == "XML2");
  options.count = 150;
  const auto large = dossier_file(options);
  REQUIRE(large.size() > (std::size_t{5} << 20));
  CHECK(first_of(large, std::size_t{1} << 20).empty());
}

TEST_CASE("lists have entries, parallel lists stay parallel, diagnoses split at commas as well") {
  Adapter adapter("bhyt");
  DossierOptions options;
  auto dossier = make_dossier(options, 1);
  field_of(dossier, 1, 0, "MA_THE_BHYT") = "GD4790000000001; HT3790000000002";
  field_of(dossier, 1, 0, "GT_THE_TU") = "20260101;20260215";
  field_of(dossier, 1, 0, "GT_THE_DEN") = "20260214";
  field_of(dossier, 1, 0, "MA_BENH_KT") = "I10,E11.9;;K29.7;";
  Opened opened(adapter, dossier_file(options, {dossier}));
  REQUIRE(opened.status() == LT_OK);
  REQUIRE(opened.count("XML1/MA_THE_BHYT") == 2);
  const auto cards = adapter.path("XML1/MA_THE_BHYT");
  const auto second = opened.child("XML1/MA_THE_BHYT", 1);
  CHECK(opened.get(second, ".", cards) == "HT3790000000002");
  CHECK(opened.get(second, ".GT_THE_TU", cards) == "20260215");
  CHECK(opened.get(second, ".GT_THE_DEN", cards).empty());
  CHECK(opened.place(second, 0) == "XML1/MA_THE_BHYT[2]");
  CHECK(adapter.host().heard(bhyt::number(ProblemNumber::ListsDiffer)));
  REQUIRE(opened.count("XML1/MA_BENH_KT") == 4);
  const auto codes = adapter.path("XML1/MA_BENH_KT");
  CHECK(opened.get(opened.child("XML1/MA_BENH_KT", 1), ".", codes) == "E11.9");
  CHECK(opened.get(opened.child("XML1/MA_BENH_KT", 2), ".", codes).empty());
  CHECK(opened.get(opened.child("XML1/MA_BENH_KT", 3), ".", codes) == "K29.7");
}

TEST_CASE("references within a list separate nothing") {
  Adapter adapter("bhyt");
  DossierOptions options;
  options.variant = "inline";
  auto dossier = make_dossier(options, 1);
  field_of(dossier, 1, 0, "MA_DKBD") = "79&01;79002";
  Opened opened(adapter, dossier_file(options, {dossier}));
  REQUIRE(opened.count("XML1/MA_DKBD") == 2);
  const auto list = adapter.path("XML1/MA_DKBD");
  CHECK(opened.get(opened.child("XML1/MA_DKBD", 0), ".", list) == "79&01");
  CHECK(opened.get(opened.child("XML1/MA_DKBD", 1), ".", list) == "79002");
}

TEST_CASE("unknown parts of a birth date are left out, and doubtful ones are marked") {
  Adapter adapter("bhyt");
  const auto birth = [&](const std::string& generation, const std::string& date, const std::string& citizen) {
    DossierOptions options;
    options.generation = generation;
    auto dossier = make_dossier(options, 1);
    field_of(dossier, 1, 0, "NGAY_SINH") = date;
    if (generation != "4210") field_of(dossier, 1, 0, "SO_CCCD") = citizen;
    Opened opened(adapter, dossier_file(options, {dossier}));
    return opened.get("XML1/NGAY_SINH") + (opened.get("HOSO/NGAY_SINH_CHUA_CHAC").empty() ? "" : "?");
  };
  CHECK(birth("3176", "197500000000", "") == "1975");
  CHECK(birth("3176", "197503000000", "") == "197503");
  CHECK(birth("3176", "197503040000", "") == "19750304");
  CHECK(birth("3176", "202602030715", "") == "202602030715");
  CHECK(birth("3176", "197501010000", "079075001234") == "19750101");
  CHECK(birth("3176", "197501010000", "079074001234") == "19750101?");
  CHECK(birth("4210", "19750101", "") == "19750101?");
  CHECK(birth("4210", "19750304", "") == "19750304");
}

TEST_CASE("results stand by service and time, with the row of XML3 that ordered them") {
  Adapter adapter("bhyt");
  DossierOptions options;
  options.rows = 16;
  Opened opened(adapter, dossier_file(options));
  const auto groups = adapter.path("XML4[MA_DICH_VU]");
  std::size_t rows = 0;
  for (std::size_t g = 0; g < opened.count("XML4[MA_DICH_VU]"); ++g) {
    const auto group = opened.child("XML4[MA_DICH_VU]", g);
    const auto within = opened.count(group, "XML4", groups);
    rows += within;
    const auto service = opened.get(group, "MA_DICH_VU", groups);
    for (std::size_t i = 0; i < within; ++i) {
      const auto row = opened.child(group, "XML4", groups, i);
      CHECK(opened.get(row, "MA_DICH_VU", adapter.path("XML4", groups)) == service);
    }
    REQUIRE(opened.count(group, "XML3", groups) == 1);
    const auto order = opened.child(group, "XML3", groups, 0);
    CHECK(opened.get(order, "MA_DICH_VU", adapter.path("XML3", groups)) == service);
  }
  CHECK(rows == opened.count("XML4"));
}

TEST_CASE("rows are numbered within their table, and costs over both tables") {
  Adapter adapter("bhyt");
  DossierOptions options;
  options.rows = 3;
  Opened opened(adapter, dossier_file(options));
  const auto services = adapter.path("XML3");
  const auto second = opened.child("XML3", 1);
  CHECK(opened.get(second, "row", services) == "2");
  CHECK(opened.get(second, "item", services) == "5");
}

TEST_CASE("paths that no decision knows are refused with the nearest name") {
  Adapter adapter("bhyt");
  CHECK(adapter.nearest("XML1/HO_TN") == "XML1/HO_TEN");
  CHECK(adapter.nearest("XML1/HO_TEN") == "!");
  CHECK(adapter.nearest("XML1/MA_THE") == "!");
  CHECK(adapter.nearest("HOSO/NGAYLP") == "HOSO/NGAYLAP");
  CHECK(adapter.nearest("MA_DICHVU", adapter.path("XML3")) == "MA_DICH_VU");
  CHECK(adapter.nearest("XML99").size() > 0);
  CHECK(adapter.nearest("HO_TEN", adapter.path("XML3")) != "!");
}

TEST_CASE("every element of every table has a path, and its own") {
  Adapter adapter("bhyt");
  std::vector<lt_path> paths;
  for (std::uint32_t t = 0; t < bhyt::kTableCount; ++t) {
    for (const auto& field : bhyt::table(t).fields) {
      paths.push_back(adapter.path(std::string(bhyt::table(t).name) + "/" + std::string(field.name)));
    }
  }
  std::sort(paths.begin(), paths.end());
  CHECK(std::adjacent_find(paths.begin(), paths.end()) == paths.end());
}

}  // namespace lienthong::test
