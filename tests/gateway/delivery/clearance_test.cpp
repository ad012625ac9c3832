// Semantics 18 on the bytes: which resources a clearance lets pass, and what is left of references.
#include "gateway/delivery/clearance.h"

#include <catch2/catch.hpp>

#include "gateway/delivery/json_pieces.h"
#include "gateway/delivery/reference_mask.h"

using namespace lienthong::delivery;

namespace {

std::string labelled(const std::string& codes) {
  std::string items;
  for (std::size_t at = 0; at < codes.size();) {
    const auto end = std::min(codes.find(' ', at), codes.size());
    items +=
        (items.empty() ? "" : ",") + (R"({"system":"urn:s","code":")" + codes.substr(at, end - at) + "\"}");
    at = end + 1;
  }
  return R"({"resourceType":"Observation","id":"1","meta":{"security":[)" + items + "]}}";
}

const std::string kMask =
    R"({"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"masked"}]})";

std::string mask(const std::string& json, const std::string& hidden) {
  return mask_references(json, [&](std::string_view target) { return target == hidden; });
}

}  // namespace

TEST_CASE("without a clearance nothing that is labelled passes") {
  const Clearance none;
  CHECK(none.lets_pass(R"({"resourceType":"Patient"})"));
  CHECK(none.lets_pass(labelled("N")));
  CHECK(none.lets_pass(labelled("U L M")));
  CHECK_FALSE(none.lets_pass(labelled("R")));
  CHECK_FALSE(none.lets_pass(labelled("V")));
  CHECK_FALSE(none.lets_pass(labelled("R HIV")));
  CHECK_FALSE(none.lets_pass(labelled("N DELAU")));
}

TEST_CASE("a clearance must cover every label; R stands for the others") {
  const Clearance hiv({"HIV"});
  CHECK(hiv.lets_pass(labelled("R HIV")));
  CHECK(hiv.lets_pass(labelled("HIV N")));
  CHECK_FALSE(hiv.lets_pass(labelled("R HIV PSY")));
  CHECK_FALSE(hiv.lets_pass(labelled("R")));
  CHECK_FALSE(hiv.lets_pass(labelled("V HIV")));
  CHECK_FALSE(Clearance({"hiv"}).lets_pass(labelled("HIV")));
  CHECK(Clearance({"R"}).lets_pass(labelled("R")));
  CHECK(Clearance({"*"}).lets_pass(labelled("V HIV PSY")));
  CHECK(Clearance({"TB", "HIV"}).text() == Clearance({"HIV", "TB"}).text());
}

TEST_CASE("labels are found however the resource is written, and in what it holds") {
  const Clearance none;
  CHECK_FALSE(none.lets_pass("{\"meta\" : {\"security\" :\n [ {\"code\" : \"HIV\"} ] } }"));
  CHECK_FALSE(none.lets_pass(R"({"resourceType":"Bundle","entry":[{"resource":)" + labelled("HIV") + "}]}"));
  CHECK_FALSE(none.lets_pass(R"({"meta":{"security":[{"display":"HIV"}]}})"));
  CHECK_FALSE(none.lets_pass(R"({"meta":{"security":[{"extension":[{"url":"x\"]"}],"code":"HIV"}]}})"));
  CHECK(none.lets_pass(R"({"meta":{"security":[]}})"));
  // Words in texts, and an element of that name that is no list of labels.
  CHECK(none.lets_pass(R"({"note":[{"text":"\"security\":[{\"code\":\"HIV\"}]"}]})"));
  CHECK(none.lets_pass(R"({"rest":[{"security":{"cors":true}}]})"));
  CHECK_FALSE(none.lets_pass(R"({"meta":{"security":[{"code":"HIV")"));
}

TEST_CASE("a masked reference keeps its place and says nothing") {
  CHECK(mask(R"({"encounter":{"reference":"Encounter/1","display":"X"},"a":1})", "Encounter/1") ==
        R"({"encounter":)" + kMask + R"(,"a":1})");
  CHECK(mask(R"({"result":[{"reference":"Observation/1"},{"display":"Y","reference" : "Observation/2"}]})",
             "Observation/2") == R"({"result":[{"reference":"Observation/1"},)" + kMask + "]}");
  const std::string other = R"({"encounter":{"reference":"Encounter/2"},"text":"Encounter/1"})";
  CHECK(mask(other, "Encounter/1") == other);
  // A text that says "reference", and strings with brackets and quotes.
  const std::string text = R"({"a":["reference","Encounter/1"],"b":"} \" {\"reference\":\"Encounter/1\""})";
  CHECK(mask(text, "Encounter/1") == text);
  CHECK(mask(R"({"x":{"y":{"reference":"A/1","identifier":{"value":"9"}}}})", "A/1") ==
        R"({"x":{"y":)" + kMask + "}}");
  CHECK(mask("", "A/1").empty());
}

TEST_CASE("a message's Bundle leaves without what is not cleared") {
  const auto entry = [](const std::string& id, const std::string& resource) {
    return R"({"fullUrl":"urn:uuid:)" + id + R"(","resource":)" + resource +
           R"(,"request":{"method":"PUT"}})";
  };
  const std::string head = R"({"resourceType":"Bundle","type":"transaction","entry":[)";
  const auto patient = entry("p", R"({"resourceType":"Patient","name":[{"text":"a,]}"}]})");
  const auto report = entry("r", R"({"result":[{"reference":"urn:uuid:o"}]})");
  const auto result = entry("o", labelled("R HIV"));
  std::size_t withheld = 0;
  CHECK(cleared_bundle(head + patient + "," + result + "," + report + "]}", Clearance(), withheld) ==
        head + patient + "," + entry("r", R"({"result":[)" + kMask + "]}") + "]}");
  CHECK(withheld == 1);
  const auto whole = head + patient + "," + result + "]}";
  CHECK(cleared_bundle(whole, Clearance({"HIV"}), withheld) == whole);
  CHECK(withheld == 1);
  CHECK(cleared_bundle(head + result + "]}", Clearance(), withheld).empty());
  CHECK(cleared_bundle(R"({"resourceType":"Bundle","type":"transaction"})", Clearance(), withheld) ==
        R"({"resourceType":"Bundle","type":"transaction"})");
}

TEST_CASE("a value ends where it ends") {
  CHECK(value_size(R"({"a":[1,"}"]},2)") == 13);
  CHECK(value_size(R"("a\"b",1)") == 6);
  CHECK(value_size("12,3") == 2);
  CHECK(value_size("true]") == 4);
  CHECK(value_size("{\"a\"") == 4);
  CHECK(value_size("") == 0);
}
