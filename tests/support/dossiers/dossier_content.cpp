// What a dossier says: an invented visit with its drugs, services, results and notes.

#include <algorithm>
#include <cstdio>
#include <map>
#include <stdexcept>

#include "adapters/bhyt/table.h"
#include "tests/support/dossiers/dossier.h"
#include "tests/support/dossiers/dossier_random.h"
#include "tests/support/dossiers/dossier_tables.h"

namespace lienthong::test {
namespace {

using Values = DossierValues;
using Texts8 = std::array<const char*, 8>;

constexpr Texts8 kFamilies = {"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Đặng", "Vũ", "Đỗ"};
constexpr Texts8 kMiddles = {"Văn", "Thị", "Hữu", "Ngọc", "Minh", "Đức", "Thanh", "Quỳnh"};
constexpr Texts8 kGivens = {"An", "Bình", "Chiến", "Dũng", "Hạnh", "Khuê", "Lộc", "Thuỷ"};
constexpr Texts8 kStreets = {"Lê Lợi",        "Trần Hưng Đạo", "Nguyễn Huệ",  "Hai Bà Trưng",
                             "Điện Biên Phủ", "Cách Mạng",     "Lý Tự Trọng", "Phan Đình Phùng"};

struct Named {
  const char* code;
  const char* name;
};
constexpr std::array<Named, 8> kDiagnoses = {{{"J18.9", "Viêm phổi, không đặc hiệu"},
                                              {"I10", "Tăng huyết áp vô căn (nguyên phát)"},
                                              {"E11.9", "Đái tháo đường típ 2, không biến chứng"},
                                              {"K29.7", "Viêm dạ dày, không đặc hiệu"},
                                              {"M54.5", "Đau thắt lưng"},
                                              {"N39.0", "Nhiễm khuẩn đường tiết niệu"},
                                              {"A09.0", "Tiêu chảy và viêm dạ dày ruột do nhiễm khuẩn"},
                                              {"H10.9", "Viêm kết mạc, không đặc hiệu"}}};
struct Drug {
  const char* code;
  const char* name;
  const char* unit;
  const char* strength;
  const char* route;
  const char* price;
};
constexpr std::array<Drug, 8> kDrugs = {
    {{"40.155", "Amoxicilin 500mg (dạng trihydrat)", "Viên", "500mg", "1.01", "1250.500"},
     {"40.48", "Paracetamol DHN 500", "Viên", "500mg", "1.01", "480"},
     {"40.677", "Omeprazol 20", "Viên", "20mg", "1.01", "735.25"},
     {"40.491", "Amlodipin 5mg", "Viên", "5mg", "1.01", "350"},
     {"40.805", "Metformin XR 750", "Viên", "750mg", "1.01", "1890.125"},
     {"40.1021", "Natri clorid 0,9% 500ml", "Chai", "0,9%/500ml", "2.15", "8190"},
     {"40.168", "Ceftriaxon 1g", "Lọ", "1g", "2.10", "15750"},
     {"40.988", "Salbutamol khí dung 2,5mg/2,5ml", "Ống", "2,5mg/2,5ml", "5.05", "8400"}}};
struct Service {
  const char* code;
  const char* name;
  const char* group;
  const char* price;
};
constexpr std::array<Service, 8> kServices = {
    {{"22.0120.1370", "Tổng phân tích tế bào máu ngoại vi (bằng máy đếm laser)", "1", "46200"},
     {"23.0075.1494", "Định lượng Glucose [Máu]", "1", "21500"},
     {"18.0119.0028", "Chụp X-quang ngực thẳng", "2", "65400"},
     {"02.0085.1778", "Điện tim thường", "3", "32800"},
     {"03.1957.1033", "Lấy dị vật kết mạc", "18", "64400"},
     {"10.0698.0582", "Phẫu thuật cắt ruột thừa", "8", "2561000"},
     {"02.1896", "Khám Nội", "13", "38700"},
     {"K02.1911", "Giường Nội khoa loại 1 Hạng II - Khoa Hồi sức cấp cứu", "15", "325000"}}};
struct Test {
  const char* service;
  const char* code;
  const char* name;
  const char* value;
  const char* unit;
};
constexpr std::array<Test, 8> kTests = {{{"22.0120.1370", "H01", "Số lượng hồng cầu (RBC)", "4.52", "T/L"},
                                         {"22.0120.1370", "H03", "Huyết sắc tố (HGB)", "138", "g/L"},
                                         {"22.0120.1370", "H13", "Số lượng bạch cầu (WBC)", "11.3", "G/L"},
                                         {"22.0120.1370", "H22", "Số lượng tiểu cầu (PLT)", "255", "G/L"},
                                         {"23.0075.1494", "SH38", "Glucose máu", "7.10", "mmol/L"},
                                         {"23.0075.1494", "", "CRP định lượng", "<0.5", "mg/L"},
                                         {"22.0120.1370", "H99", "Nhóm máu hệ Rh(D)", "Dương tính", ""},
                                         {"18.0119.0028", "", "X-quang ngực thẳng", "", ""}}};

std::string two(std::uint64_t value) {
  char text[24];
  std::snprintf(text, sizeof text, "%02u", static_cast<unsigned>(value));
  return text;
}

// "1250.500" times a whole number, to the digit.
std::string amount(std::string_view price, std::uint64_t times) {
  const auto point = price.find('.');
  const auto decimals = point == std::string_view::npos ? 0 : price.size() - point - 1;
  std::string digits(price.substr(0, point));
  if (decimals > 0) digits += price.substr(point + 1);
  std::string product = std::to_string(std::stoull(digits) * times);
  if (decimals == 0) return product;
  while (product.size() <= decimals) product.insert(0, "0");
  return product.insert(product.size() - decimals, ".");
}

class Visit {
 public:
  Visit(const DossierOptions& options, std::uint32_t number)
      : options_(options),
        random_(options.seed, number),
        number_(number),
        is_old_(options.generation == "4210") {
    day_ = 1 + random_.below(20);
    hour_ = 7 + random_.below(9);
    invent_person();
    common();
  }

  Dossier make() {
    if (options_.generation == "CHECKIN") return {table(0, {row(0, check_in())})};
    const auto visit = summary();
    Dossier dossier{table(1, {row(1, visit)})};
    dossier.push_back(table(2, rows(2, drug_count(), [&](auto i) { return drug(i); })));
    dossier.push_back(table(3, rows(3, drug_count(), [&](auto i) { return service(i); })));
    dossier.push_back(table(4, rows(4, drug_count() / 2 + 1, [&](auto i) { return result(i); })));
    dossier.push_back(table(5, rows(5, drug_count() / 5 + 1, [&](auto i) { return note(i); })));
    const auto known = further_tables(options_.generation);
    for (const auto other : options_.tables) {
      if (std::find(known.begin(), known.end(), other) == known.end()) continue;
      std::vector<DossierRow> made;
      for (const auto& values : further_table(other, visit, options_.generation, random_))
        made.push_back(row(other, values));
      dossier.push_back(table(other, std::move(made)));
    }
    return dossier;
  }

 private:
  static DossierTable table(std::uint32_t number, std::vector<DossierRow> rows) {
    return {number, std::move(rows)};
  }

  std::uint32_t drug_count() const { return options_.rows == 0 ? 1 : options_.rows; }

  template <class Make>
  std::vector<DossierRow> rows(std::uint32_t number, std::uint32_t count, const Make& make) {
    std::vector<DossierRow> all;
    for (std::uint32_t i = 0; i < count; ++i) all.push_back(row(number, make(i)));
    return all;
  }

  // The elements that the generation has, in its order; what is not said is empty.
  DossierRow row(std::uint32_t number, const Values& values) const {
    DossierRow made;
    const auto wanted = is_old_ ? bhyt::kOld : bhyt::kNew;
    for (const auto& field : bhyt::table(number).fields) {
      if ((field.generations & wanted) == 0) continue;
      if (field.name == "NHOM_MAU" && options_.generation == "130") continue;
      if (number == 13 && is_of_other_referral(field.name)) continue;
      auto found = values.find(field.name);
      made.emplace_back(field.name, found == values.end() ? std::string() : found->second);
    }
    return made;
  }

  // QĐ 3176 gave XML13 other elements.
  bool is_of_other_referral(std::string_view name) const {
    constexpr std::array<std::string_view, 5> kOlder = {"MA_NOI_DI", "MA_NOI_DEN", "TEN_DICH_VU", "TEN_THUOC",
                                                        "PP_DIEU_TRI"};
    constexpr std::array<std::string_view, 3> kNewer = {"MA_CSKCB_DI", "MA_CSKCB_DEN", "TINH_TRANG_CT"};
    if (options_.generation == "3176") return std::find(kOlder.begin(), kOlder.end(), name) != kOlder.end();
    return std::find(kNewer.begin(), kNewer.end(), name) != kNewer.end();
  }

  std::string moment(std::uint64_t day, std::uint64_t hour, std::uint64_t minute) const {
    return options_.date.substr(0, 4) + "02" + two(std::min<std::uint64_t>(day, 28)) + two(hour) +
           two(minute);
  }

  void invent_person() {
    is_male_ = random_.one_in(2);
    name_ = std::string(random_.pick(kFamilies)) + " " + (is_male_ ? "Văn" : "Thị") + " " +
            random_.pick(kMiddles) + " " + random_.pick(kGivens);
    birth_ =
        std::to_string(1940 + random_.below(80)) + two(1 + random_.below(12)) + two(1 + random_.below(28));
    citizen_ = "0" + two(1 + random_.below(96));
    citizen_ += std::to_string(birth_[0] == '2' ? (is_male_ ? 2 : 3) : (is_male_ ? 0 : 1));
    citizen_ += birth_.substr(2, 2) + random_.digits(6);
    sex_ = is_male_ ? "1" : "2";
    if (number_ != options_.first) return;
    const auto& given = options_.person;
    if (!given.name.empty()) name_ = given.name;
    if (!given.birth_date.empty()) birth_ = given.birth_date;
    if (!given.citizen_id.empty()) citizen_ = given.citizen_id;
    if (!given.sex.empty()) sex_ = given.sex;
  }

  void common() {
    char serial[16];
    std::snprintf(serial, sizeof serial, "%07u", number_);
    key_ = options_.facility + "_" + serial;
    patient_ = std::string("BN") + serial;
    card_ = "GD4" + options_.facility.substr(0, 2) + random_.digits(10);
    doctor_ = random_.digits(6) + "/HNO-CCHN";
    in_ = moment(day_, hour_, 15);
    kind_ = random_.one_in(3) ? "03" : "01";
    out_ = kind_ == "03" ? moment(day_ + 5, 15, 30) : moment(day_, hour_ + 3, 40);
    main_ = random_.pick(kDiagnoses);
    second_ = random_.pick(kDiagnoses);
  }

  Values person() const {
    return {{"MA_LK", key_},
            {"MA_BN", patient_},
            {"HO_TEN", name_},
            {"SO_CCCD", citizen_},
            {"NGAY_SINH", is_old_ ? birth_ : birth_ + "0000"},
            {"GIOI_TINH", sex_},
            {"MA_QUOCTICH", "000"},
            {"MA_DANTOC", "01"},
            {"MA_NGHE_NGHIEP", "00000"},
            {"MA_THE_BHYT", card_},
            {"MA_THE", card_},
            {"MA_DKBD", options_.facility},
            {"GT_THE_TU", options_.date.substr(0, 4) + "0101"},
            {"GT_THE_DEN", options_.date.substr(0, 4) + "1231"},
            {"MA_CSKCB", options_.facility},
            {"MA_LOAI_KCB", is_old_ ? kind_.substr(1) : kind_},
            {"MA_DOITUONG_KCB", "1.1"},
            {"NGAY_VAO", in_},
            {"NGAY_RA", out_},
            {"MA_KHOA", "K02"},
            {"STT", "1"}};
  }

  Values check_in() {
    auto values = person();
    values["MA_DICH_VU"] = "02.1896";
    values["TEN_DICH_VU"] = "Khám Nội";
    values["NGAY_YL"] = in_;
    return values;
  }

  Values summary() {
    auto values = person();
    const std::string address = std::to_string(1 + random_.below(200)) + " đường " + random_.pick(kStreets) +
                                ", phường " + std::to_string(1 + random_.below(20));
    const Values more = {{"DIA_CHI", address},
                         {"NHOM_MAU", "O+"},
                         {"MATINH_CU_TRU", options_.facility.substr(0, 2)},
                         {"MAHUYEN_CU_TRU", "760"},
                         {"MAXA_CU_TRU", "26734"},
                         {"DIEN_THOAI", "09" + random_.digits(8)},
                         {"LY_DO_VV", "Sốt, ho ra đờm & đau ngực"},
                         {"CHAN_DOAN_VAO", main_.name},
                         {"CHAN_DOAN_RV", std::string(main_.name) + "; " + second_.name},
                         {"TEN_BENH", std::string(main_.name) + "; " + second_.name},
                         {"MA_BENH_CHINH", main_.code},
                         {"MA_BENH", main_.code},
                         {"MA_BENH_KT", second_.code},
                         {"MA_BENHKHAC", second_.code},
                         {"MA_LYDO_VVIEN", "1"},
                         {"MA_TAI_NAN", "0"},
                         {"SO_NGAY_DTRI", kind_ == "03" ? "6" : "0"},
                         {"KET_QUA_DTRI", "2"},
                         {"MA_LOAI_RV", "1"},
                         {"TINH_TRANG_RV", "1"},
                         {"GHI_CHU", "Uống thuốc theo đơn, tái khám khi sốt > 38,5 độ"},
                         {"NGAY_TTOAN", out_},
                         {"T_THUOC", "125500.5"},
                         {"T_VTYT", "0"},
                         {"T_TONGCHI_BV", "1250500.50"},
                         {"T_TONGCHI_BH", "1250500.50"},
                         {"T_TONGCHI", "1250500.50"},
                         {"T_BNTT", "0"},
                         {"T_BNCCT", "250100.10"},
                         {"T_BHTT", "1000400.40"},
                         {"T_NGUONKHAC", "0"},
                         {"T_BHTT_GDV", "1000400.40"},
                         {"NAM_QT", options_.date.substr(0, 4)},
                         {"THANG_QT", "02"},
                         {"CAN_NANG", "56.50"},
                         {"MA_HSBA", "HS" + patient_.substr(2)},
                         {"MA_TTDV", random_.digits(10)}};
    values.insert(more.begin(), more.end());
    return values;
  }

  Values cost(std::uint32_t i, std::string_view price, std::uint64_t quantity) {
    const auto total = amount(price, quantity);
    return {{"MA_LK", key_},
            {"STT", std::to_string(i + 1)},
            {"PHAM_VI", "1"},
            {"TYLE_TT", "100"},
            {"TYLE_TT_BH", "100"},
            {"TYLE_TT_DV", "100"},
            {"SO_LUONG", std::to_string(quantity)},
            {"DON_GIA", std::string(price)},
            {"DON_GIA_BV", std::string(price)},
            {"DON_GIA_BH", std::string(price)},
            {"THANH_TIEN", total},
            {"THANH_TIEN_BV", total},
            {"THANH_TIEN_BH", total},
            {"T_NGUONKHAC", "0"},
            {"T_NGUONKHAC_NSNN", "0"},
            {"T_NGUONKHAC_VTNN", "0"},
            {"T_NGUONKHAC_VTTN", "0"},
            {"T_NGUONKHAC_CL", "0"},
            {"MUC_HUONG", "80"},
            {"T_BNTT", "0"},
            {"T_BNCCT", "0"},
            {"T_BHTT", total},
            {"MA_KHOA", "K02"},
            {"MA_BAC_SI", doctor_},
            {"MA_BENH", std::string(main_.code) + ";" + second_.code},
            {"NGAY_YL", moment(day_ + i / 40, hour_, 20 + i % 40)},
            {"MA_PTTT", is_old_ ? "0" : "1"}};
  }

  Values drug(std::uint32_t i) {
    const auto& drug = random_.pick(kDrugs);
    auto values = cost(i, drug.price, 1 + random_.below(30));
    const Values more = {{"MA_THUOC", drug.code},
                         {"MA_NHOM", "4"},
                         {"TEN_THUOC", drug.name},
                         {"DON_VI_TINH", drug.unit},
                         {"HAM_LUONG", drug.strength},
                         {"DUONG_DUNG", drug.route},
                         {"DANG_BAO_CHE", "Viên nén bao phim"},
                         {"LIEU_DUNG", "1 viên/lần * 2 lần/ngày * 5 ngày"},
                         {"CACH_DUNG", "Uống sau khi ăn, sáng và tối"},
                         {"SO_DANG_KY", "VD-" + random_.digits(5) + "-" + random_.digits(2)},
                         {"TT_THAU", "123/QĐ-SYT;G1;N2;2025"},
                         {"NGAY_TH_YL", moment(day_ + i / 40, hour_ + 1, i % 60)},
                         {"NGUON_CTRA", "1"}};
    values.insert(more.begin(), more.end());
    return values;
  }

  Values service(std::uint32_t i) {
    const auto& service = kServices[i % kServices.size()];
    const bool is_supply = i % 9 == 8;
    auto values = cost(i, is_supply ? "12500.25" : service.price, 1);
    const Values more = {{"MA_DICH_VU", is_supply ? "" : service.code},
                         {"TEN_DICH_VU", is_supply ? "" : service.name},
                         {"MA_VAT_TU", is_supply ? "N03.02.070.0001" : ""},
                         {"TEN_VAT_TU", is_supply ? "Bơm tiêm nhựa 5ml <vô khuẩn>" : ""},
                         {"MA_NHOM", is_supply ? "10" : service.group},
                         {"DON_VI_TINH", is_supply ? "Cái" : "Lần"},
                         {"NGUOI_THUC_HIEN", doctor_},
                         {"MA_GIUONG", std::string_view(service.group) == "15" ? "H001" : ""},
                         {"NGAY_TH_YL", moment(day_ + i / 40, hour_ + 1, i % 60)},
                         {"NGAY_KQ", moment(day_ + i / 40, hour_ + 2, i % 60)},
                         {"MA_MAY", "XN.1." + options_.facility + ".A123"}};
    values.insert(more.begin(), more.end());
    return values;
  }

  Values result(std::uint32_t i) {
    const auto& test = kTests[i % kTests.size()];
    const bool is_image = std::string_view(test.value).empty();
    return {{"MA_LK", key_},
            {"STT", std::to_string(i + 1)},
            {"MA_DICH_VU", test.service},
            {"MA_CHI_SO", test.code},
            {"TEN_CHI_SO", test.name},
            {"GIA_TRI", test.value},
            {"DON_VI_DO", test.unit},
            {"MO_TA",
             is_image ? "Bóng tim không to. Hai phế trường sáng đều, không thấy tổn thương khu trú." : ""},
            {"KET_LUAN", is_image ? "Hình ảnh tim phổi trong giới hạn bình thường" : ""},
            {"MA_MAY", "XN.1." + options_.facility + ".A123"},
            {"NGAY_KQ", moment(day_ + i / static_cast<std::uint32_t>(kTests.size()), hour_ + 2, 5)},
            {"MA_BS_DOC_KQ", doctor_}};
  }

  Values note(std::uint32_t i) {
    return {{"MA_LK", key_},
            {"STT", std::to_string(i + 1)},
            {"DIEN_BIEN_LS",
             "Người bệnh tỉnh, tiếp xúc tốt. CSST<M75_T37_HA120/70_NT18_HL2> Tim đều, phổi thông khí rõ"},
            {"DIEN_BIEN", "Người bệnh tỉnh, tiếp xúc tốt. Tim đều, phổi thông khí rõ, bụng mềm"},
            {"GIAI_DOAN_BENH", ""},
            {"HOI_CHAN", i % 2 == 0 ? "Thống nhất điều trị nội khoa" : ""},
            {"PHAU_THUAT", ""},
            {"THOI_DIEM_DBLS", moment(day_ + i, hour_ + 1, 0)},
            {"NGAY_YL", moment(day_ + i, hour_ + 1, 0)},
            {"NGUOI_THUC_HIEN", doctor_}};
  }

  const DossierOptions& options_;
  DossierRandom random_;
  std::uint32_t number_;
  bool is_old_;
  std::uint64_t day_ = 1, hour_ = 8;
  bool is_male_ = true;
  std::string name_, birth_, citizen_, sex_, key_, patient_, card_, doctor_, in_, out_, kind_;
  Named main_{}, second_{};
};

}  // namespace

std::vector<std::uint32_t> further_tables(const std::string& generation) {
  if (generation == "4210" || generation == "CHECKIN") return {};
  if (generation == "130") return {6, 7, 8, 9, 10, 11, 12};
  return {6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
}

Dossier make_dossier(const DossierOptions& options, std::uint32_t number) {
  return Visit(options, number).make();
}

std::string& field_of(Dossier& dossier, std::uint32_t table, std::uint32_t row, std::string_view name) {
  for (auto& one : dossier) {
    if (one.number != table) continue;
    for (auto& field : one.rows.at(row)) {
      if (field.first == name) return field.second;
    }
  }
  throw std::out_of_range("no such element: " + std::string(name));
}

}  // namespace lienthong::test
