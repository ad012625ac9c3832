// How a dossier is wrapped: every form that exporters use.

#include <stdexcept>

#include "adapters/bhyt/table.h"
#include "tests/support/dossiers/dossier.h"

namespace lienthong::test {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else
      out += c;
  }
  return out;
}

std::string in_utf16(std::string_view utf8) {
  std::string out = "\xFF\xFE";
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const std::size_t size = lead < 0x80   ? 1
                             : lead < 0xE0 ? 2
                                           : 3;  // names and texts stay within the first plane
    std::uint32_t c = size == 1 ? lead : size == 2 ? lead & 0x1FU : lead & 0x0FU;
    for (std::size_t k = 1; k < size; ++k) c = c << 6 | (static_cast<unsigned char>(utf8[i + k]) & 0x3FU);
    out += static_cast<char>(c & 0xff);
    out += static_cast<char>(c >> 8);
    i += size;
  }
  return out;
}

class FileWriter {
 public:
  FileWriter(const DossierOptions& options, const std::function<void(std::string_view)>& write)
      : options_(options), write_(write) {}

  void header(std::uint32_t count) {
    if (options_.variant == "bare" || options_.generation == "CHECKIN") return;
    std::string out(options_.variant == "byte-order-mark" ? kMark : std::string_view());
    out += R"(<?xml version="1.0" encoding="utf-8"?>)";
    out +=
        "\n<" + root() + R"( xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><THONGTINDONVI><MACSKCB>)";
    out += options_.facility + "</MACSKCB></THONGTINDONVI>\n<THONGTINHOSO><NGAYLAP>" + options_.date;
    out += "</NGAYLAP><SOLUONGHOSO>" + std::to_string(count) + "</SOLUONGHOSO><DANHSACHHOSO>\n";
    write_(out);
  }

  void dossier(const Dossier& dossier) {
    const bool is_bare = options_.variant == "bare" || options_.generation == "CHECKIN";
    std::string out;
    if (is_bare) {
      for (const auto& table : dossier) out += table_document(options_, table);
      return write_(out);
    }
    const std::string prefix = options_.variant == "prefixed" ? "bh:" : "";
    out += "<" + prefix + "HOSO>";
    const bool is_last = options_.variant == "summary-last";
    for (std::size_t i = 0; i < dossier.size(); ++i) {
      const auto& table = dossier[is_last ? dossier.size() - 1 - i : i];
      out += "<FILEHOSO><LOAIHOSO>XML" + std::to_string(table.number) + "</LOAIHOSO><NOIDUNGFILE>";
      out += wrapped(table_document(options_, table));
      out += "</NOIDUNGFILE></FILEHOSO>\n";
    }
    out += "</" + prefix + "HOSO>\n";
    write_(out);
  }

  void trailer() {
    if (options_.variant == "bare" || options_.generation == "CHECKIN") return;
    write_("</DANHSACHHOSO></THONGTINHOSO><CHUKYDONVI><Signature>c3ludGhldGlj</Signature></CHUKYDONVI></" +
           root() + ">\n");
  }

 private:
  std::string root() const { return options_.variant == "other-root" ? "BenhVien" : "GIAMDINHHS"; }

  std::string wrapped(const std::string& document) const {
    const auto& variant = options_.variant;
    if (variant == "inline" || variant == "unescaped") return document;
    if (variant == "cdata") return "<![CDATA[" + document + "]]>";
    if (variant == "escaped") return escaped(document);
    if (variant == "byte-order-mark") return std::string(kMark) + to_base64(std::string(kMark) + document);
    if (variant == "utf-16") return to_base64(in_utf16(document));
    return to_base64(document, variant == "base64-lines");
  }

  const DossierOptions& options_;
  const std::function<void(std::string_view)>& write_;
};

std::string value_text(const DossierOptions& options, const std::string& value) {
  if (options.variant == "unescaped" || options.variant == "unescaped-base64") return value;
  if (options.variant == "cdata-values" && value.find_first_of("<&>") != std::string::npos)
    return "<![CDATA[" + value + "]]>";
  return escaped(value);
}

}  // namespace

const std::vector<std::string>& dossier_variants() {
  static const std::vector<std::string> all = {
      "base64",    "base64-lines",     "inline",     "cdata",        "escaped",
      "unescaped", "unescaped-base64", "other-root", "summary-last", "cdata-values",
      "prefixed",  "byte-order-mark",  "utf-16"};
  return all;
}

std::string to_base64(std::string_view bytes, bool lines) {
  constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve(bytes.size() / 3 * 4 + 8);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t bits = 0;
    const std::size_t size = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k)
      bits = bits << 8 | (k < size ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += k <= size ? kLetters[bits >> (18 - 6 * k) & 63] : '=';
    if (lines && i / 3 % 19 == 18) out += "\r\n";
  }
  return out;
}

std::string table_document(const DossierOptions& options, const DossierTable& table) {
  const auto& form = bhyt::table(table.number);
  const bool is_old = options.generation == "4210";
  std::string out;
  if (!form.is_flat() && !is_old) out += "<" + std::string(form.root) + ">";
  if (!form.is_flat()) out += "<" + std::string(form.list) + ">";
  // The root of XML12 is published nowhere; exporters choose their own.
  const std::string_view root = form.root.empty() ? "CHI_TIEU_GIAM_DINH_Y_KHOA" : form.root;
  const std::string row(form.is_flat() ? root : form.row);
  for (const auto& fields : table.rows) {
    out += "<" + row + ">";
    for (const auto& [name, value] : fields) {
      if (value.empty()) {
        out += "<" + name + "></" + name + ">";
      } else {
        out += "<" + name + ">" + value_text(options, value) + "</" + name + ">";
      }
    }
    out += "</" + row + ">";
  }
  if (!form.is_flat()) out += "</" + std::string(form.list) + ">";
  if (!form.is_flat() && !is_old) out += "</" + std::string(form.root) + ">";
  return out;
}

void write_dossiers(const DossierOptions& options, const std::function<void(std::string_view)>& write) {
  FileWriter writer(options, write);
  writer.header(options.count);
  for (std::uint32_t i = 0; i < options.count; ++i) writer.dossier(make_dossier(options, options.first + i));
  writer.trailer();
}

std::string dossier_file(const DossierOptions& options, const std::vector<Dossier>& dossiers) {
  std::string all;
  const std::function<void(std::string_view)> write = [&](std::string_view piece) { all += piece; };
  FileWriter writer(options, write);
  writer.header(static_cast<std::uint32_t>(dossiers.size()));
  for (const auto& dossier : dossiers) writer.dossier(dossier);
  writer.trailer();
  return all;
}

}  // namespace lienthong::test
