#include "adapters/bhyt/dossier.h"

#include <new>

#include "adapters/bhyt/table_reader.h"

namespace lienthong::bhyt {
namespace {

// Reads the envelope of one dossier: FILEHOSO with LOAIHOSO and NOIDUNGFILE, or tables that stand in it
// directly.
class DossierReader {
 public:
  DossierReader(sdk::Host host, const OpenRules& rules, std::string_view dossier, std::uint32_t offset,
                Record& record) noexcept
      : host_(host), rules_(rules), dossier_(dossier), offset_(offset), record_(record) {}

  lt_status read() noexcept {
    const char* const end = dossier_.data() + dossier_.size();
    const char* at = dossier_.data();
    unsigned depth = 0;
    for (at = find_byte(at, end, '<'); at != end; at = find_byte(at, end, '<')) {
      const Tag tag = read_tag(at, end);
      const char* const from = at;
      at = tag.mark == Mark::Incomplete ? end : tag.end;
      if (tag.mark == Mark::Doctype) return refuse(ProblemNumber::DoctypeRefused, from);
      if (tag.mark == Mark::End) {
        if (depth > 0) --depth;
        if (same_name(tag.name, "FILEHOSO") && has_content_) {
          if (const auto status = read_part(); status != LT_OK) return status;
        }
      }
      if (tag.mark != Mark::Start) continue;
      if (same_name(tag.name, "FILEHOSO")) kind_ = content_ = {};
      if (tag.is_empty) continue;
      if (same_name(tag.name, "LOAIHOSO")) {
        kind_ = text_until(at, end, "</");
        const auto stated = kind_.empty() ? kNoTable : table_of_kind(kind_);
        if (stated != kNoTable) record_.name_table(stated);
      } else if (same_name(tag.name, "NOIDUNGFILE")) {
        content_ = content_until(at, end, tag.name);
        has_content_ = true;
        at = content_.data() + content_.size();
      } else if (table_of_root(tag.name) != kNoTable) {
        content_ = content_until(from, end, tag.name);
        at = content_.data() + content_.size();
        const Tag close = at < end ? read_tag(at, end) : Tag{};
        if (close.mark == Mark::End) at = close.end;
        content_ = {from, static_cast<std::size_t>(at - from)};
        if (const auto status = read_part(); status != LT_OK) return status;
        continue;
      }
      if (++depth > kDeepest) return refuse(ProblemNumber::NestingTooDeep, from);
    }
    return has_content_ ? read_part() : LT_OK;  // a last part that nobody closed
  }

 private:
  static std::string_view text_until(const char* from, const char* end, std::string_view mark) noexcept {
    const char* to = find_text(from, end, mark);
    return trimmed({from, static_cast<std::size_t>(to - from)});
  }

  // What stands before the end tag of that name; all that is left when there is none.
  static std::string_view content_until(const char* from, const char* end, std::string_view name) noexcept {
    for (const char* p = find_byte(from, end, '<'); p != end; p = find_byte(p + 1, end, '<')) {
      if (end - p < 2 || p[1] != '/') continue;
      const Tag tag = read_tag(p, end);
      if (tag.mark == Mark::End && same_name(tag.name, name))
        return {from, static_cast<std::size_t>(p - from)};
    }
    return {from, static_cast<std::size_t>(end - from)};
  }

  std::uint32_t offset_of(const char* at) const noexcept {
    return offset_ + static_cast<std::uint32_t>(at - dossier_.data());
  }

  lt_status refuse(ProblemNumber problem, const char* at) noexcept {
    const char deepest[] = {static_cast<char>('0' + kDeepest / 10), static_cast<char>('0' + kDeepest % 10)};
    const lt_text arguments[] = {{deepest, 2}};
    host_.report(
        {.severity = LT_ERROR, .number = number(problem), .offset = offset_of(at), .arguments = arguments});
    return LT_MALFORMED;
  }

  void note(lt_severity severity, ProblemNumber problem, std::string_view first,
            std::string_view second = {}) noexcept {
    const lt_text arguments[] = {sdk::text(first), sdk::text(second)};
    host_.report({.severity = severity,
                  .number = number(problem),
                  .offset = offset_of(content_.data()),
                  .where = first,
                  .arguments = arguments});
  }

  lt_status read_part() noexcept {
    has_content_ = false;
    const auto stated = kind_.empty() ? kNoTable : table_of_kind(kind_);
    const auto called = stated == kNoTable ? kind_ : table(stated).name;
    if (record_.document_count() >= rules_.limits.documents) {
      note(LT_ERROR, ProblemNumber::TooManyRows, "HOSO");
      return LT_LIMIT;
    }
    DocumentText document;
    const auto status = unwrap(host_, content_, offset_of(content_.data()), called, document);
    if (status != LT_OK) return status;
    if (trimmed(document.text).empty()) {
      note(LT_WARNING, ProblemNumber::ContentEmpty, called);
      return LT_OK;
    }
    const auto document_number = static_cast<std::uint16_t>(record_.document_count());
    TableReader reader(host_, record_.add_document(document), document_number, rules_.limits.rows);
    const auto found = reader.find_root();
    const auto number = found == kNoTable ? stated : found;
    if (number == kNoTable) {
      note(LT_WARNING, ProblemNumber::TableUnknown, called);
      return LT_OK;
    }
    if (stated != kNoTable && found != kNoTable && stated != found)
      note(LT_WARNING, ProblemNumber::TableMismatch, called, table(found).name);
    Rows& rows = record_.rows(number);
    if (rows.is_there && table(number).is_flat()) {
      note(LT_ERROR, ProblemNumber::SummaryTwice, table(number).name);
      return LT_MALFORMED;
    }
    return reader.read(number, rows);
  }

  sdk::Host host_;
  const OpenRules& rules_;
  std::string_view dossier_;
  std::uint32_t offset_;
  Record& record_;
  std::string_view kind_, content_;
  bool has_content_ = false;
};

}  // namespace

lt_status open_dossier(sdk::Host host, const OpenRules& rules, std::string_view dossier, std::uint32_t offset,
                       const Header* header, Record*& out) noexcept {
  void* memory = host.allocate<Record>(1);
  if (memory == nullptr) return LT_LIMIT;
  auto* record = new (memory) Record{};
  if (!record->prepare(host, rules.limits.documents)) return LT_LIMIT;
  lt_status status = DossierReader(host, rules, dossier, offset, *record).read();
  if (status == LT_OK) status = record->complete(host, header, rules.generation);
  out = status == LT_OK ? record : nullptr;
  return status;
}

}  // namespace lienthong::bhyt
