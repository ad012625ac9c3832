#include "tests/support/dossiers/dossier_tables.h"

#include <stdexcept>

namespace lienthong::test {
namespace {

// "202602041530" → "20260204"
std::string day(const std::string& moment) {
  return moment.substr(0, 8);
}

std::string in_year(const DossierValues& visit, const std::string& month_and_day) {
  return visit.at("NGAY_RA").substr(0, 4) + month_and_day;
}

DossierValues certificate(const DossierValues& visit) {
  auto values = visit;
  values["PP_DIEUTRI"] = "Nội khoa";
  values["NGAY_CT"] = day(visit.at("NGAY_RA"));
  values["TEN_BS"] = "Lý Thu Hà";
  return values;
}

std::vector<DossierValues> hiv_care(const DossierValues& visit) {
  auto first = visit;
  const DossierValues more = {{"NGAYKD_HIV", "20190312"},
                              {"NOI_LAY_MAU_XN", "79998"},
                              {"NOI_XN_KD", "79997"},
                              {"NOI_BDDT_ARV", "79996"},
                              {"BDDT_ARV", "20190401"},
                              {"MA_PHAC_DO_DIEU_TRI_BD", "1f"},
                              {"MA_BAC_PHAC_DO_BD", "1"},
                              {"MA_LYDO_DTRI", "3"},
                              {"LOAI_DTRI_LAO", "1"},
                              {"SANG_LOC_LAO", "2"},
                              {"PHACDO_DTRI_LAO", "22"},
                              {"NGAYBD_DTRI_LAO", in_year(visit, "0105")},
                              {"NGAYKT_DTRI_LAO", in_year(visit, "0405")},
                              {"KQ_DTRI_LAO", "1"},
                              {"MA_LYDO_XNTL_VR", "1"},
                              {"NGAY_XN_TLVR", in_year(visit, "0202")},
                              {"KQ_XNTL_VR", "2"},
                              {"NGAY_KQ_XN_TLVR", in_year(visit, "0203")},
                              {"MA_LOAI_BN", "1"},
                              {"GIAI_DOAN_LAM_SANG", "1"},
                              {"NHOM_DOI_TUONG", "5"},
                              {"MA_TINH_TRANG_DK", "3;7"},
                              {"NGAY_BAT_DAU_DT_CTX", "20190405"},
                              {"MA_XU_TRI", "1;4"},
                              {"NGAY_BAT_DAU_XU_TRI", day(visit.at("NGAY_RA"))},
                              {"NGAY_KET_THUC_XU_TRI", in_year(visit, "0601")},
                              {"MA_PHAC_DO_DIEU_TRI", "TDF+3TC+DTG"},
                              {"MA_BAC_PHAC_DO", "1"},
                              {"SO_NGAY_CAP_THUOC_ARV", "90"},
                              {"NGAY_CHUYEN_PHAC_DO", "20220110"},
                              {"LY_DO_CHUYEN_PHAC_DO", "4"}};
  for (const auto& [name, value] : more) first[name] = value;
  auto second = visit;  // a child that was exposed, tested before its result is there
  const DossierValues child = {{"MA_LOAI_BN", "2"},        {"MA_TINH_TRANG_DK", "1"},
                               {"LAN_XN_PCR", "1"},        {"NGAY_XN_PCR", in_year(visit, "0201")},
                               {"NGAY_KQ_XN_PCR", ""},     {"MA_KQ_XN_PCR", "0"},
                               {"NHOM_DOI_TUONG", "11"},   {"LOAI_DTRI_LAO", "0"},
                               {"SANG_LOC_LAO", "1"},      {"NGAY_NHAN_TT_MANG_THAI", in_year(visit, "0115")},
                               {"GIAI_DOAN_LAM_SANG", ""}, {"MA_XU_TRI", "5"}};
  for (const auto& [name, value] : child) second[name] = value;
  return {first, second};
}

std::vector<DossierValues> births(const DossierValues& visit, DossierRandom& random) {
  std::vector<DossierValues> rows;
  for (const std::string child : {"Hoa", "Quả"}) {
    auto values = certificate(visit);
    const DossierValues more = {{"HO_TEN_NND", visit.at("HO_TEN")},
                                {"NGAYSINH_NND", day(visit.at("NGAY_SINH"))},
                                {"SO_CCCD_NND", visit.at("SO_CCCD")},
                                {"HO_TEN_CHA", "Đinh Văn Mẫu"},
                                {"MA_THE_TAM", "TE179" + random.digits(10)},
                                {"HO_TEN_CON", "Đinh Mẫu " + child},
                                {"GIOI_TINH_CON", child == "Hoa" ? "2" : "1"},
                                {"SO_CON", "2"},
                                {"LAN_SINH", "1"},
                                {"SO_CON_SONG", "2"},
                                {"CAN_NANG_CON", "2450"},
                                {"NGAY_SINH_CON", visit.at("NGAY_VAO")},
                                {"NOI_SINH_CON", "Khoa Sản"},
                                {"TINH_TRANG_CON", "Khoẻ, khóc to & hồng hào"},
                                {"SINHCON_PHAUTHUAT", "1"},
                                {"SINHCON_DUOI32TUAN", "0"},
                                {"GHI_CHU", "Song thai"},
                                {"NGUOI_DO_DE", "Tô Thị Nga"},
                                {"NGUOI_GHI_PHIEU", "Hồ Minh"},
                                {"SO", child == "Hoa" ? "17" : "18"},
                                {"QUYEN_SO", "2026/1"}};
    for (const auto& [name, value] : more) values[name] = value;
    rows.push_back(std::move(values));
  }
  return rows;
}

// XML10 and XML11.
DossierValues leave(const DossierValues& visit) {
  auto values = certificate(visit);
  const DossierValues more = {{"SO_SERI", "AB" + visit.at("MA_BN")},
                              {"SO_CT", "CT" + visit.at("MA_BN")},
                              {"SO_NGAY", "3"},
                              {"SO_NGAY_NGHI", "3"},
                              {"DON_VI", "Công ty Mẫu <Bốn mùa>"},
                              {"TU_NGAY", in_year(visit, "0301")},
                              {"DEN_NGAY", in_year(visit, "0303")}};
  for (const auto& [name, value] : more) values[name] = value;
  return values;
}

DossierValues board(const DossierValues& visit) {
  auto values = visit;
  const DossierValues more = {{"NGUOI_CHU_TRI", "Phan Văn Chủ"},
                              {"CHUC_VU", "1"},
                              {"NGAY_HOP", day(visit.at("NGAY_RA"))},
                              {"MA_DOI_TUONG", "3;5"},
                              {"KHAM_GIAM_DINH", "2"},
                              {"SO_BIEN_BAN", "BB" + visit.at("MA_BN")},
                              {"TYLE_TTCT_CU", "21"},
                              {"DANG_HUONG_CHE_DO", "3;4"},
                              {"NGAY_CHUNG_TU", in_year(visit, "0102")},
                              {"SO_GIAY_GIOI_THIEU", "GT12"},
                              {"NGAY_DE_NGHI", in_year(visit, "0103")},
                              {"MA_DONVI", "DV01"},
                              {"GIOI_THIEU_CUA", "Công ty Mẫu"},
                              {"KET_QUA_KHAM", "Hạn chế gấp khớp gối"},
                              {"SO_VAN_BAN_CAN_CU", "VB 22"},
                              {"TYLE_TTCT_MOI", "31"},
                              {"TONG_TYLE_TTCT", "45"},
                              {"DANG_KHUYETTAT", "1"},
                              {"MUC_DO_KHUYETTAT", "2"},
                              {"DE_NGHI", "Giám định lại sau hai năm"},
                              {"DUOC_XACDINH", "Bệnh nghề nghiệp"}};
  for (const auto& [name, value] : more) values[name] = value;
  return values;
}

DossierValues referral(const DossierValues& visit, const std::string& generation) {
  auto values = certificate(visit);
  DossierValues more = {{"SO_HOSO", "HS9"},
                        {"SO_CHUYENTUYEN", "26/77"},
                        {"GIAY_CHUYEN_TUYEN", "CT" + visit.at("MA_BN")},
                        {"DAU_HIEU_LS", "Đau hố chậu phải"},
                        {"QT_BENHLY", "Đau hai ngày, sốt nhẹ"},
                        {"TOMTAT_KQ", "Bạch cầu 15 G/L"},
                        {"MA_LOAI_RV", "2"},
                        {"MA_LYDO_CT", "2"},
                        {"HUONG_DIEU_TRI", "Phẫu thuật"},
                        {"PHUONGTIEN_VC", "Xe cứu thương"},
                        {"HOTEN_NGUOI_HT", "Đỗ Thị Tống"},
                        {"CHUCDANH_NGUOI_HT", "Điều dưỡng"},
                        {"MA_BAC_SI", "000123/HNO-CCHN"}};
  const DossierValues older = {{"MA_NOI_DI", "79995"},
                               {"MA_NOI_DEN", "79001"},
                               {"TEN_DICH_VU", "Siêu âm ổ bụng"},
                               {"TEN_THUOC", "Paracetamol"},
                               {"PP_DIEU_TRI", "Giảm đau"}};
  const DossierValues newer = {
      {"MA_CSKCB_DI", "79995;79994"}, {"MA_CSKCB_DEN", "79001"}, {"TINH_TRANG_CT", "Tỉnh, tiếp xúc tốt"}};
  for (const auto& [name, value] : generation == "3176" ? newer : older) more[name] = value;
  for (const auto& [name, value] : more) values[name] = value;
  return values;
}

std::vector<DossierValues> tuberculosis(const DossierValues& visit) {
  std::vector<DossierValues> rows;
  for (const std::string row : {"1", "2"}) {
    auto values = visit;
    const bool is_latent = row == "2";
    const DossierValues more = {{"STT", row},
                                {"PHANLOAI_LAO_VITRI", is_latent ? "" : "1"},
                                {"PHANLOAI_LAO_TS", "1"},
                                {"PHANLOAI_LAO_HIV", "2"},
                                {"PHANLOAI_LAO_VK", is_latent ? "2" : "1"},
                                {"PHANLOAI_LAO_KT", is_latent ? "" : "4"},
                                {"LOAI_DTRI_LAO", is_latent ? "1" : "3"},
                                {"NGAYBD_DTRI_LAO", in_year(visit, is_latent ? "0210" : "0110")},
                                {"PHACDO_DTRI_LAO", is_latent ? "22" : "14"},
                                {"NGAYKT_DTRI_LAO", is_latent ? "" : in_year(visit, "0710")},
                                {"KET_QUA_DTRI_LAO", is_latent ? "" : "2"},
                                {"NGAYKD_HIV", "20190312"},
                                {"BDDT_ARV", "20190401"},
                                {"NGAY_BAT_DAU_DT_CTX", "20190405"}};
    for (const auto& [name, value] : more) values[name] = value;
    rows.push_back(std::move(values));
  }
  return rows;
}

DossierValues discharge(const DossierValues& visit) {
  auto values = certificate(visit);
  values["SO_LUU_TRU"] = "26." + visit.at("MA_BN");
  values["QT_BENHLY"] = "Sốt ba ngày, ho khan";
  values["TOMTAT_KQ"] = "X-quang: mờ đáy phổi phải";
  values["SO_GIAYHEN_KL"] = "GH" + visit.at("MA_BN");
  values["NGAY_HEN_KL"] = in_year(visit, "0315");
  return values;
}

}  // namespace

std::vector<DossierValues> further_table(std::uint32_t number, const DossierValues& visit,
                                         const std::string& generation, DossierRandom& random) {
  switch (number) {
    case 6:
      return hiv_care(visit);
    case 7:
    case 8:
    case 14:
      return {discharge(visit)};
    case 9:
      return births(visit, random);
    case 10:
    case 11:
      return {leave(visit)};
    case 12:
      return {board(visit)};
    case 13:
      return {referral(visit, generation)};
    case 15:
      return tuberculosis(visit);
    default:
      throw std::out_of_range("no such table: XML" + std::to_string(number));
  }
}

}  // namespace lienthong::test
