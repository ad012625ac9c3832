// Files are cut into dossiers, however they arrive; what is wrong with them is told.

#include "tests/adapters/bhyt/bhyt_host.h"

namespace lienthong::test {
namespace {

DossierOptions small(std::uint32_t count) {
  DossierOptions options;
  options.count = count;
  options.rows = 2;
  return options;
}

std::string without(std::string text, const std::string& part) {
  const auto at = text.find(part);
  REQUIRE(at != std::string::npos);
  return text.erase(at, part.size());
}

std::string replaced(std::string text, const std::string& part, const std::string& by) {
  const auto at = text.find(part);
  REQUIRE(at != std::string::npos);
  return text.replace(at, part.size(), by);
}

}  // namespace

TEST_CASE("every variant of the envelope is cut into the same number of dossiers, byte by byte and at once") {
  Adapter adapter("bhyt");
  for (const auto& variant : dossier_variants()) {
    INFO(variant);
    auto options = small(3);
    options.variant = variant;
    const auto file = dossier_file(options);
    const auto whole = cut(adapter, file);
    CHECK(whole.messages.size() == 3);
    CHECK(whole.malformed == 0);
    CHECK(whole.problems.empty());
    const auto pieces = cut(adapter, file, 997);
    CHECK(pieces.messages == whole.messages);
    CHECK(pieces.problems.empty());
  }
}

TEST_CASE("a file that arrives byte by byte gives the same dossiers and the same problems") {
  Adapter adapter("bhyt");
  auto options = small(2);
  options.variant = "inline";
  const auto file = replaced(dossier_file(options), "<SOLUONGHOSO>2<", "<SOLUONGHOSO>5<");
  const auto whole = cut(adapter, file);
  const auto pieces = cut(adapter, file, 1);
  CHECK(whole.messages.size() == 2);
  CHECK(pieces.messages == whole.messages);
  CHECK(whole.heard(ProblemNumber::DossierCount));
  CHECK(pieces.heard(ProblemNumber::DossierCount));
}

TEST_CASE("a wrong SOLUONGHOSO is told after the dossiers, with both numbers") {
  Adapter adapter("bhyt");
  const auto made = cut(adapter, replaced(dossier_file(small(2)), "<SOLUONGHOSO>2<", "<SOLUONGHOSO>3<"));
  CHECK(made.messages.size() == 2);
  REQUIRE(made.problems.size() == 1);
  CHECK(made.problems[0].number == bhyt::number(ProblemNumber::DossierCount));
  CHECK(made.problems[0].arguments == std::vector<std::string>{"3", "2"});
}

TEST_CASE("a truncated file loses its last dossier only, and says so") {
  Adapter adapter("bhyt");
  const auto file = dossier_file(small(3));
  const auto last = file.rfind("<HOSO>");
  const auto made = cut(adapter, std::string_view(file).substr(0, last + 200));
  CHECK(made.messages.size() == 2);
  CHECK(made.heard(ProblemNumber::DossierTruncated));
  CHECK(made.heard(ProblemNumber::FileTruncated));
}

TEST_CASE("a file cut off between dossiers is truncated as well") {
  Adapter adapter("bhyt");
  const auto file = dossier_file(small(3));
  const auto last = file.rfind("<HOSO>");
  const auto made = cut(adapter, std::string_view(file).substr(0, last));
  CHECK(made.messages.size() == 2);
  CHECK(made.heard(ProblemNumber::FileTruncated));
  CHECK(made.heard(ProblemNumber::DossierCount));
}

TEST_CASE("a dossier that is not closed does not take the next one with it") {
  Adapter adapter("bhyt");
  const auto made = cut(adapter, without(dossier_file(small(3)), "</HOSO>"));
  CHECK(made.messages.size() == 2);
  CHECK(made.malformed >= 1);
  CHECK(made.heard(ProblemNumber::DossierTruncated));
}

TEST_CASE("a document type declaration refuses the whole file") {
  Adapter adapter("bhyt");
  const auto file =
      replaced(dossier_file(small(1)), "<GIAMDINHHS", "<!DOCTYPE GIAMDINHHS [<!ENTITY a \"b\">]><GIAMDINHHS");
  for (const std::size_t step : {0U, 1U}) {
    const auto made = cut(adapter, file, step);
    CHECK(made.messages.empty());
    CHECK(made.heard(ProblemNumber::DoctypeRefused));
  }
}

TEST_CASE("ten thousand elements within each other are refused, not followed") {
  Adapter adapter("bhyt");
  std::string file;
  for (int i = 0; i < 10000; ++i) file += "<a>";
  const auto made = cut(adapter, file);
  CHECK(made.messages.empty());
  CHECK(made.heard(ProblemNumber::NestingTooDeep));
}

TEST_CASE("a file without a signature is taken with a remark") {
  Adapter adapter("bhyt");
  auto file = dossier_file(small(1));
  file = replaced(file, "<Signature>c3ludGhldGlj</Signature>", "");
  const auto made = cut(adapter, file);
  CHECK(made.messages.size() == 1);
  CHECK(made.malformed == 0);
  REQUIRE(made.problems.size() == 1);
  CHECK(made.problems[0].number == bhyt::number(ProblemNumber::NotSigned));
  CHECK(made.problems[0].severity == LT_WARNING);
}

TEST_CASE("what is no insurance XML is said to be none") {
  Adapter adapter("bhyt");
  CHECK(cut(adapter, "MSH|^~\\&|HIS|BV\rPID|1\r").heard(ProblemNumber::NoDossier));
  CHECK(cut(adapter, "<html><body>not found</body></html>").heard(ProblemNumber::NoDossier));
  CHECK(cut(adapter, std::string("\xFF\xFE<\0G\0", 6)).heard(ProblemNumber::TwoByteText));
  CHECK(cut(adapter, "").problems.empty());
}

TEST_CASE("a dossier above the limit is left out, named, and the next one is taken") {
  Adapter adapter("bhyt", {{"max_dossier", "4000"}});
  auto options = small(1);
  options.rows = 40;
  const auto large = make_dossier(options, 1);
  Dossier tiny{make_dossier(options, 2)[0]};
  const auto file = dossier_file(options, {large, tiny});
  const auto made = cut(adapter, file, 512);
  CHECK(made.messages.size() == 1);
  CHECK(made.heard(ProblemNumber::DossierTooLarge));
}

TEST_CASE("options that are unknown or wrong are refused with the nearest name") {
  Adapter unknown("bhyt", {{"max_dosier", "1"}});
  CHECK(unknown.status() == LT_OPTION);
  CHECK(unknown.host().problems.at(0).arguments.at(1) == "max_dossier");
  CHECK(Adapter("bhyt", {{"generation", "917"}}).status() == LT_OPTION);
  CHECK(Adapter("bhyt", {{"generation", "4210"}}).status() == LT_OK);
}

}  // namespace lienthong::test
