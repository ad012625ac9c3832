#include "adapters/bhyt/table.h"

#include <algorithm>
#include <array>

#include "adapters/bhyt/generated/field_names.h"

namespace lienthong::bhyt {
namespace {

// Root, list and row elements: CV 1245's templates for QĐ 130 and its amendments. The name of XML12's root is
// not published; that table is typed into the portal.
constexpr Table kTables[kTableCount] = {
    {"XML0", "CHI_TIEU_TRANG_THAI_KCB", "DSACH_TRANG_THAI_KCB", "TRANG_THAI_KCB", kFields0},
    {"XML1", "TONG_HOP", "", "", kFields1},
    {"XML2", "CHITIEU_CHITIET_THUOC", "DSACH_CHI_TIET_THUOC", "CHI_TIET_THUOC", kFields2},
    {"XML3", "CHITIEU_CHITIET_DVKT_VTYT", "DSACH_CHI_TIET_DVKT", "CHI_TIET_DVKT", kFields3},
    {"XML4", "CHITIEU_CHITIET_DICHVUCANLAMSANG", "DSACH_CHI_TIET_CLS", "CHI_TIET_CLS", kFields4},
    {"XML5", "CHITIEU_CHITIET_DIENBIENLAMSANG", "DSACH_CHI_TIET_DIEN_BIEN_BENH", "CHI_TIET_DIEN_BIEN_BENH",
     kFields5},
    {"XML6", "CHI_TIEU_HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS",
     "DSACH_HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS", "HO_SO_BENH_AN_CHAM_SOC_VA_DIEU_TRI_HIV_AIDS",
     kFields6},
    {"XML7", "CHI_TIEU_DU_LIEU_GIAY_RA_VIEN", "", "", kFields7},
    {"XML8", "CHI_TIEU_DU_LIEU_TOM_TAT_HO_SO_BENH_AN", "", "", kFields8},
    {"XML9", "CHI_TIEU_DU_LIEU_GIAY_CHUNG_SINH", "DSACH_GIAYCHUNGSINH", "DU_LIEU_GIAY_CHUNG_SINH", kFields9},
    {"XML10", "CHI_TIEU_DU_LIEU_GIAY_NGHI_DUONG_THAI", "", "", kFields10},
    {"XML11", "CHI_TIEU_DU_LIEU_GIAY_CHUNG_NHAN_NGHI_VIEC_HUONG_BAO_HIEM_XA_HOI", "", "", kFields11},
    {"XML12", "", "", "", kFields12},
    {"XML13", "CHI_TIEU_GIAYCHUYENTUYEN", "", "", kFields13},
    {"XML14", "CHI_TIEU_GIAYHEN_KHAMLAI", "", "", kFields14},
    {"XML15", "CHI_TIEU_DIEUTRI_BENHLAO", "DSACH_CHITIET_DIEUTRI_BENHLAO", "CHITIET_DIEUTRI_BENHLAO",
     kFields15},
};

char folded(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

constexpr std::size_t kSlots = 256;  // more than three times the largest table

std::size_t slot_of(std::string_view name) noexcept {
  std::uint32_t hash = static_cast<std::uint32_t>(name.size());
  for (const char c : name) hash = hash * 31 + static_cast<unsigned char>(folded(c));
  return (hash ^ hash >> 8) % kSlots;
}

// Open addressing; 0 is free, else the field's number + 1.
struct NameIndex {
  std::array<std::array<std::uint8_t, kSlots>, kTableCount> slots{};
  NameIndex() noexcept {
    for (std::size_t t = 0; t < kTableCount; ++t) {
      for (std::size_t f = 0; f < kTables[t].fields.size(); ++f) {
        auto at = slot_of(kTables[t].fields[f].name);
        while (slots[t][at] != 0) at = (at + 1) % kSlots;
        slots[t][at] = static_cast<std::uint8_t>(f + 1);
      }
    }
  }
};

const NameIndex& name_index() noexcept {
  static const NameIndex index;
  return index;
}

}  // namespace

bool same_name(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return folded(x) == folded(y); });
}

const Table& table(std::uint32_t number) noexcept {
  return kTables[number];
}

std::uint32_t find_table(std::string_view name) noexcept {
  for (std::uint32_t i = 0; i < kTableCount; ++i) {
    if (same_name(kTables[i].name, name)) return i;
  }
  return kNoTable;
}

std::uint32_t table_of_kind(std::string_view loaihoso) noexcept {
  if (same_name(loaihoso, "CHECKIN")) return 0;
  if (loaihoso.size() > 3 && same_name(loaihoso.substr(0, 3), "XML")) loaihoso.remove_prefix(3);
  std::uint32_t number = 0;
  if (loaihoso.empty() || loaihoso.size() > 2) return kNoTable;
  for (const char c : loaihoso) {
    if (c < '0' || c > '9') return kNoTable;
    number = number * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return number < kTableCount ? number : kNoTable;
}

std::uint32_t table_of_root(std::string_view element) noexcept {
  if (element.empty()) return kNoTable;
  for (std::uint32_t i = 0; i < kTableCount; ++i) {
    for (const auto name : {kTables[i].root, kTables[i].list, kTables[i].row}) {
      if (!name.empty() && same_name(name, element)) return i;
    }
  }
  return kNoTable;
}

std::uint32_t find_field(std::uint32_t table, std::string_view name) noexcept {
  const auto& slots = name_index().slots[table];
  for (auto at = slot_of(name); slots[at] != 0; at = (at + 1) % kSlots) {
    if (same_name(kTables[table].fields[slots[at] - 1u].name, name)) return slots[at] - 1u;
  }
  return kNoField;
}

}  // namespace lienthong::bhyt
