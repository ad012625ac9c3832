// Dossiers that are broken or made to break the reader: each is refused by name, as a whole, in linear time.

#include "adapters/bhyt/base64.h"
#include "tests/adapters/bhyt/bhyt_host.h"

namespace lienthong::test {
namespace {

// One dossier with XML1 and the given text as a second table.
std::string with_table(const std::string& kind, const std::string& content) {
  DossierOptions options;
  const auto dossier = make_dossier(options, 1);
  auto file = dossier_file(options, {{dossier[0]}});
  const auto at = file.find("</HOSO>");
  return file.insert(
      at, "<FILEHOSO><LOAIHOSO>" + kind + "</LOAIHOSO><NOIDUNGFILE>" + content + "</NOIDUNGFILE></FILEHOSO>");
}

std::string drugs(const std::string& rows) {
  return to_base64("<CHITIEU_CHITIET_THUOC><DSACH_CHI_TIET_THUOC>" + rows +
                   "</DSACH_CHI_TIET_THUOC></CHITIEU_CHITIET_THUOC>");
}

std::string drug(const std::string& values) {
  return drugs("<CHI_TIET_THUOC>" + values + "</CHI_TIET_THUOC>");
}

// Refused, with this problem and at least one error.
void check_refused(const std::string& file, ProblemNumber problem) {
  Adapter adapter("bhyt");
  Opened opened(adapter, file);
  CHECK(opened.status() != LT_OK);
  CHECK(adapter.host().heard(bhyt::number(problem)));
}

std::string times(const std::string& text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("base64 that is not is refused, and the character is named") {
  Adapter adapter("bhyt");
  Opened opened(adapter, with_table("XML2", "PENISV*USRVU="));
  CHECK(opened.status() == LT_MALFORMED);
  REQUIRE(adapter.host().problems.size() == 1);
  const auto& problem = adapter.host().problems[0];
  CHECK(problem.number == bhyt::number(ProblemNumber::Base64Invalid));
  CHECK(problem.where == "XML2");
  CHECK(problem.arguments == std::vector<std::string>{"XML2", "7"});
  check_refused(with_table("XML2", "PENISVRJRVU=PENI"), ProblemNumber::Base64Invalid);
  check_refused(with_table("XML2", "PENIS"), ProblemNumber::Base64Invalid);
}

TEST_CASE("base64 is decoded to the byte, with blanks anywhere and any padding") {
  const auto decode = [](std::string_view text) -> std::string {
    std::string out(bhyt::decoded_capacity(text.size()), '\0');
    const auto made = bhyt::decode_base64(text, out.data());
    return made.valid ? out.substr(0, made.size) : "invalid";
  };
  for (std::size_t size = 0; size < 70; ++size) {
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(i * 37 + size);
    const auto encoded = to_base64(bytes);
    CHECK(decode(encoded) == bytes);
    CHECK(decode(encoded.substr(0, encoded.find('='))) == bytes);
    std::string spaced;
    for (const char c : encoded) spaced += std::string(1, c) + (spaced.size() % 5 == 0 ? "\r\n" : "");
    CHECK(decode(spaced) == bytes);
  }
  for (const auto* wrong : {"A", "AB=C", "A===", "AB-D", "AB==CD==", "====", "\xC3\xA9=="})
    CHECK(decode(wrong) == "invalid");
}

TEST_CASE("declarations within a table are refused: no entity is ever followed") {
  const std::string bomb =
      "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]>"
      "<CHITIEU_CHITIET_THUOC><DSACH_CHI_TIET_THUOC/></CHITIEU_CHITIET_THUOC>";
  check_refused(with_table("XML2", to_base64(bomb)), ProblemNumber::DoctypeRefused);
  check_refused(with_table("XML2", "<![CDATA[" + bomb + "]]>"), ProblemNumber::DoctypeRefused);
  check_refused(with_table("XML2", drug("<MA_LK>1</MA_LK><!DOCTYPE a>")), ProblemNumber::DoctypeRefused);
  check_refused(with_table("XML2", drug("<TEN_THUOC><!ENTITY a \"b\"></TEN_THUOC>")),
                ProblemNumber::DoctypeRefused);
}

TEST_CASE("an entity that nobody declared stays text") {
  Adapter adapter("bhyt");
  Opened opened(
      adapter,
      with_table("XML2", drug("<TEN_THUOC>A &nbsp; B & C &#67; &#x1F600; &#0; &amp;lt;</TEN_THUOC>")));
  REQUIRE(opened.status() == LT_OK);
  CHECK(opened.get("XML2/TEN_THUOC") == "A &nbsp; B & C C \xF0\x9F\x98\x80 &#0; &lt;");
}

TEST_CASE("ten thousand elements within each other are refused wherever they stand") {
  const auto deep = times("<a>", 10000) + times("</a>", 10000);
  check_refused(with_table("XML2", to_base64(deep)), ProblemNumber::NestingTooDeep);
  check_refused(with_table("XML2", deep), ProblemNumber::NestingTooDeep);
  check_refused(with_table("XML2", drug(deep)), ProblemNumber::NestingTooDeep);
  check_refused(with_table("XML2", drugs(deep)), ProblemNumber::NestingTooDeep);
  check_refused(with_table("XML2", drug("<TEN_THUOC>" + deep + "</TEN_THUOC>")),
                ProblemNumber::ValueUnclosed);
}

TEST_CASE("values and rows that are not closed are refused") {
  check_refused(with_table("XML2", drug("<TEN_THUOC>A<DON_VI_TINH>B</DON_VI_TINH>")),
                ProblemNumber::ValueUnclosed);
  check_refused(with_table("XML2", drug("<TEN_THUOC>A")), ProblemNumber::ValueUnclosed);
  check_refused(with_table("XML2", drug("<MA_THUOC>1</MA_THUOC></KHAC>")), ProblemNumber::MarkupBroken);
  check_refused(
      with_table("XML2", to_base64("<CHITIEU_CHITIET_THUOC><DSACH_CHI_TIET_THUOC><CHI_TIET_THUOC>")),
      ProblemNumber::MarkupBroken);
  check_refused(with_table("XML2", to_base64("words")), ProblemNumber::MarkupBroken);
}

TEST_CASE("an unescaped '<' is text, with any markup of its own left alone") {
  Adapter adapter("bhyt");
  Opened opened(
      adapter,
      with_table("XML2",
                 drug("<TEN_THUOC>CSST<M75_T37_HA120/70> a < b <= c <d</TEN_THUOC><MA_NHOM>4</MA_NHOM>")));
  REQUIRE(opened.status() == LT_OK);
  CHECK(opened.get("XML2/TEN_THUOC") == "CSST<M75_T37_HA120/70> a < b <= c <d");
  CHECK(opened.get("XML2/MA_NHOM") == "4");
}

TEST_CASE("attributes, comments, prefixes, empty elements, other cases and orders are read through") {
  Adapter adapter("bhyt");
  Opened opened(
      adapter, with_table("XML2", drug("<!-- x --><b:MA_NHOM xsi:nil=\"false\">4</b:MA_NHOM><?x y?>"
                                       "<ten_thuoc a='>'>Thuốc</ten_thuoc ><MA_THUOC/><HAM_LUONG></HAM_LUONG>"
                                       "<SO_LUONG><![CDATA[1]]>2<![CDATA[3]]></SO_LUONG>")));
  REQUIRE(opened.status() == LT_OK);
  CHECK(opened.get("XML2/MA_NHOM") == "4");
  CHECK(opened.get("XML2/TEN_THUOC") == "Thuốc");
  CHECK(opened.get("XML2/SO_LUONG") == "123");
  CHECK(opened.presence("XML2/MA_THUOC") == LT_EMPTY);
  CHECK(opened.presence("XML2/HAM_LUONG") == LT_EMPTY);
  CHECK(opened.presence("XML2/DON_GIA") == LT_ABSENT);
}

TEST_CASE("tables and elements that nobody knows are reported, and the dossier is taken") {
  Adapter adapter("bhyt");
  Opened unknown_table(adapter, with_table("XML17", to_base64("<GI_DO><A>1</A></GI_DO>")));
  CHECK(unknown_table.status() == LT_OK);
  CHECK(adapter.host().heard(bhyt::number(ProblemNumber::TableUnknown)));
  Opened unknown_element(adapter,
                         with_table("XML2", drug("<MA_NOI_BO><X>1</X></MA_NOI_BO><MA_NHOM>4</MA_NHOM>")));
  REQUIRE(unknown_element.status() == LT_OK);
  CHECK(unknown_element.get("XML2/MA_NHOM") == "4");
  CHECK(adapter.host().heard(bhyt::number(ProblemNumber::ElementUnknown)));
  bool is_listed = false;
  for (const auto& one : unknown_element.values()) is_listed |= one.path == "XML2/MA_NOI_BO";
  CHECK(is_listed);
}

TEST_CASE("a document of another table than stated is read as what it is, with a remark") {
  Adapter adapter("bhyt");
  Opened opened(adapter, with_table("XML3", drug("<MA_NHOM>4</MA_NHOM>")));
  REQUIRE(opened.status() == LT_OK);
  CHECK(opened.count("XML2") == 1);
  CHECK(adapter.host().heard(bhyt::number(ProblemNumber::TableMismatch)));
}

TEST_CASE("a row of another dossier refuses the dossier") {
  check_refused(with_table("XML2", drug("<MA_LK>79999_0000002</MA_LK>")), ProblemNumber::RowOfAnotherDossier);
}

TEST_CASE("a dossier without XML1, or with two, says nothing certain and is refused") {
  DossierOptions options;
  auto dossier = make_dossier(options, 1);
  check_refused(dossier_file(options, {{dossier[1]}}), ProblemNumber::SummaryMissing);
  check_refused(dossier_file(options, {{dossier[0], dossier[0]}}), ProblemNumber::SummaryTwice);
}

TEST_CASE("a dossier of another facility than its file is taken as its own, with a remark") {
  Adapter adapter("bhyt");
  DossierOptions options;
  auto dossier = make_dossier(options, 1);
  field_of(dossier, 1, 0, "MA_CSKCB") = "79001";
  Opened opened(adapter, dossier_file(options, {dossier}));
  REQUIRE(opened.status() == LT_OK);
  CHECK(str(opened.envelope().sender) == "79001");
  CHECK(adapter.host().heard(bhyt::number(ProblemNumber::FacilityDiffers)));
}

TEST_CASE("limits on rows and memory refuse the dossier") {
  Adapter narrow("bhyt", {{"max_rows", "3"}});
  DossierOptions options;
  const auto file = dossier_file(options);
  CHECK(Opened(narrow, file).status() == LT_LIMIT);
  CHECK(narrow.host().heard(bhyt::number(ProblemNumber::TooManyRows)));
  Adapter adapter("bhyt");
  for (std::size_t limit = 1000; limit < 40000; limit += 1500) {
    adapter.host().forget();
    adapter.host().set_limit(limit);
    CHECK(Opened(adapter, file).status() == LT_LIMIT);
  }
}

TEST_CASE("several dossiers given as one message are refused rather than mixed") {
  DossierOptions options;
  options.count = 2;
  check_refused(dossier_file(options), ProblemNumber::SeveralDossiers);
}

TEST_CASE("damaged text is repaired by the host, with a remark") {
  Adapter adapter("bhyt");
  Opened opened(adapter, with_table("XML2", drug("<TEN_THUOC>Thu\xE8"
                                                 "c</TEN_THUOC>")));
  CHECK(opened.status() == LT_OK);
  CHECK(adapter.host().heard(bhyt::number(ProblemNumber::TextRepaired)));
}

TEST_CASE("a dossier cut off anywhere is refused or read, never more") {
  Adapter adapter("bhyt");
  DossierOptions options;
  options.rows = 2;
  options.variant = "inline";
  const auto file = dossier_file(options);
  for (std::size_t size = 0; size < file.size(); size += 7) {
    Opened opened(adapter, std::string_view(file).substr(0, size));
    const bool has_dossier = size >= file.find("</HOSO>") + 7;
    CHECK((opened.status() == LT_OK) == has_dossier);
  }
}

TEST_CASE("work grows with the bytes, not with what they hold") {
  Adapter adapter("bhyt");
  const auto rows = times("<a\"<CHI_TIET_THUOC", 200000);
  CHECK(Opened(adapter, with_table("XML2", drugs(rows))).status() != LT_OK);
  const auto elements = times("<A1>x</A1>", 100000);
  CHECK(Opened(adapter, with_table("XML2", drug(elements))).status() == LT_OK);
  const auto open = times("<TEN_THUOC>", 100000);
  CHECK(Opened(adapter, with_table("XML2", drug(open))).status() != LT_OK);
  const auto dossiers = times("<HOSO>", 100000);
  CHECK(cut(adapter, dossiers).messages.empty());
}

}  // namespace lienthong::test
