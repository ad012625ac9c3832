#include "gateway/app/morning_person.h"

#include <fmt/format.h>

#include <string_view>

#include "gateway/base/seeded_random.h"

namespace lienthong::app {
namespace {

constexpr std::array<std::string_view, 20> kFamilies = {
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ",    "Võ",    "Đặng",
    "Bùi",    "Đỗ",   "Hồ", "Ngô",  "Dương", "Lý",    "Đinh", "Trịnh", "Lương", "Cao"};
constexpr std::array<std::string_view, 10> kMaleMiddles = {"Văn",  "Đức",  "Minh", "Quang", "Hữu",
                                                           "Ngọc", "Công", "Xuân", "Thành", "Quốc"};
constexpr std::array<std::string_view, 10> kFemaleMiddles = {
    "Thị", "Thị Ngọc", "Thu", "Thị Thanh", "Kim", "Bích", "Thị Mỹ", "Thị Hồng", "Phương", "Thùy"};
constexpr std::array<std::string_view, 20> kMaleGivens = {
    "An",   "Bình", "Cường", "Dũng", "Đạt",  "Giang", "Hải",   "Hùng", "Khoa", "Lâm",
    "Long", "Nam",  "Nghĩa", "Phúc", "Quân", "Sơn",   "Thắng", "Tuấn", "Việt", "Vinh"};
constexpr std::array<std::string_view, 20> kFemaleGivens = {
    "Anh", "Chi", "Dung", "Đào",   "Hà",   "Hạnh",  "Hoa",  "Hương", "Lan",   "Linh",
    "Mai", "Nga", "Ngân", "Nhung", "Oanh", "Quỳnh", "Thảo", "Trang", "Tuyết", "Yến"};
constexpr std::array<std::string_view, 12> kStreets = {
    "Trần Hưng Đạo", "Lê Lợi",          "Nguyễn Huệ", "Hai Bà Trưng", "Lý Thường Kiệt", "Điện Biên Phủ",
    "Quang Trung",   "Phan Đình Phùng", "Hùng Vương", "Nguyễn Trãi",  "Bà Triệu",       "Ngô Quyền"};
constexpr std::array<std::string_view, 10> kWards = {
    "Phường Hòa Bình",  "Phường Tân Lập", "Xã Đông Sơn",    "Phường Mỹ An",    "Xã Bình Thạnh",
    "Phường Vĩnh Phúc", "Xã Ea Tiêu",     "Phường Thới An", "Thị trấn Phú Mỹ", "Xã Tam Đảo"};

struct Province {
  std::string_view code, name;
};
constexpr std::array<Province, 10> kProvinces = {{{"001", "Thành phố Hà Nội"},
                                                  {"031", "Thành phố Hải Phòng"},
                                                  {"038", "Tỉnh Thanh Hóa"},
                                                  {"040", "Tỉnh Nghệ An"},
                                                  {"046", "Thành phố Huế"},
                                                  {"048", "Thành phố Đà Nẵng"},
                                                  {"066", "Tỉnh Đắk Lắk"},
                                                  {"079", "Thành phố Hồ Chí Minh"},
                                                  {"089", "Tỉnh An Giang"},
                                                  {"092", "Thành phố Cần Thơ"}}};
constexpr std::array<std::string_view, 5> kInsuranceGroups = {"DN", "GD", "HT", "HC", "TE"};

void live_somewhere(InventedPerson& person, SeededRandom& random) {
  person.street = fmt::format("{} {}", 1 + random.below(400), random.pick(kStreets));
  person.ward = random.pick(kWards);
  person.province = random.pick(kProvinces).name;
  person.phone = fmt::format("09{:08}", random.below(100'000'000));
}

void name_person(InventedPerson& person, SeededRandom& random) {
  person.family = random.pick(kFamilies);
  person.middle = person.male ? random.pick(kMaleMiddles) : random.pick(kFemaleMiddles);
  person.given = person.male ? random.pick(kMaleGivens) : random.pick(kFemaleGivens);
}

}  // namespace

InventedPerson invent_person(std::uint64_t seed, std::uint64_t number) {
  SeededRandom random(seed, number);
  InventedPerson person;
  person.male = random.one_in(2);
  name_person(person, random);
  const auto year = 1936 + random.below(90);
  person.birth_date = fmt::format("{}{:02}{:02}", year, 1 + random.below(12), 1 + random.below(28));
  live_somewhere(person, random);
  person.mrn = fmt::format("BN{:03}{:07}", seed % 1000, number);

  // A serial of its own for each million of people, then the next province: no two people share a number.
  const auto& born_in = kProvinces[(number / 1'000'000 + seed) % kProvinces.size()];
  const auto century_and_sex = (year >= 2000 ? 2u : 0u) + (person.male ? 0u : 1u);
  if (!random.one_in(20)) {
    person.citizen_id =
        fmt::format("{}{}{:02}{:06}", born_in.code, century_and_sex, year % 100, number % 1'000'000);
  }
  person.insurance_number =
      fmt::format("{}{}{}{:010}", random.pick(kInsuranceGroups), 1 + random.below(5), born_in.code.substr(1),
                  (seed % 1000) * 10'000'000 + number % 10'000'000);
  return person;
}

void move_house(InventedPerson& person, std::uint64_t seed, std::uint64_t number) {
  SeededRandom random(seed ^ 0x6d6f7665u, number);
  live_somewhere(person, random);
}

}  // namespace lienthong::app
