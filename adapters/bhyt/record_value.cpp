// Answers: how many, which, what, where.

#include <algorithm>
#include <charconv>

#include "adapters/bhyt/list.h"
#include "adapters/bhyt/markup.h"
#include "adapters/bhyt/record.h"
#include "adapters/bhyt/table_reader.h"

namespace lienthong::bhyt {
namespace {

constexpr std::uint32_t kDrugs = 2, kServices = 3;

// Parts of a birth date that are not known are written 0: they are left out, hours as well (QĐ 4750).
std::string_view known_date(std::string_view text) noexcept {
  const auto zeros = [&](std::size_t from, std::size_t size) {
    return text.size() >= from + size &&
           text.substr(from, size).find_first_not_of('0') == std::string_view::npos;
  };
  if (text.size() < 8) return text;
  if (zeros(4, 2)) return text.substr(0, 4);
  if (zeros(6, 2)) return text.substr(0, 6);
  return zeros(8, 4) ? text.substr(0, 8) : text;
}

// Entries of a list as it stands in the document: the ';' of a reference such as &amp; separates nothing.
std::size_t count_raw_items(std::string_view list, FieldKind kind) noexcept {
  std::size_t references = 0;
  for (auto at = list.find('&'); at != std::string_view::npos; at = list.find('&', at + 1)) {
    if (reference_size(list.substr(at)) != 0) ++references;
  }
  const auto items = count_items(list, kind);
  if (references == 0 || items == 0) return items;
  const bool ends_in_reference =
      trimmed(list).back() == ';';  // then the last one was no separator at its end
  return std::max<std::size_t>(1, items + (ends_in_reference ? 1 : 0) - references);
}

// Short text on the stack.
class ShortText {
 public:
  void add(std::string_view text) noexcept {
    const auto size = std::min(text.size(), sizeof bytes_ - size_);
    std::copy_n(text.data(), size, bytes_ + size_);
    size_ += size;
  }
  void add_index(std::uint32_t number) noexcept {
    add("[");
    char digits[12];
    const auto result = std::to_chars(digits, digits + sizeof digits, number);
    add({digits, static_cast<std::size_t>(result.ptr - digits)});
    add("]");
  }
  std::string_view view() const noexcept { return {bytes_, size_}; }

 private:
  char bytes_[192];
  std::size_t size_ = 0;
};

}  // namespace

std::uint32_t Record::offset_of(const char* at, std::uint32_t document) const noexcept {
  if (at == nullptr || document >= document_count_) return 0;
  const auto& from = documents_[document];
  const auto within = at - from.text.data();
  if (within < 0 || static_cast<std::size_t>(within) > from.text.size()) return from.origin.offset;
  return message_offset(from.origin, static_cast<std::size_t>(within));
}

std::uint32_t Record::row_of(Node node, std::uint32_t table) const noexcept {
  switch (node.kind) {
    case NodeKind::Row:
    case NodeKind::Item:
      return node.table == table ? node.row : 0;
    case NodeKind::Group: {
      if (node.row >= group_count_) return kNoRow;
      const Group& group = groups_[node.row];
      return table == kServices ? group.order : group_rows_[group.first];
    }
    default:
      return 0;
  }
}

Value Record::value_at(Node node, Path path) const noexcept {
  const Rows& rows = tables_[path.table];
  const auto row = row_of(node, path.table);
  return row < rows.count && path.field < rows.field_count ? rows.row(row)[path.field] : Value{};
}

std::size_t Record::count(lt_node packed, lt_path packed_path) noexcept {
  const Path path = Path::unpack(packed_path);
  const Node node = Node::unpack(packed);
  switch (path.kind) {
    case PathKind::Rows:
      if (node.kind != NodeKind::Group) return tables_[path.table].count;
      if (node.row >= group_count_) return 0;
      return path.table == kServices ? (groups_[node.row].order == kNoRow ? 0 : 1) : groups_[node.row].count;
    case PathKind::Groups:
      return group_count_;
    case PathKind::Field: {
      const auto kind = table(path.table).fields[path.field].kind;
      const Value value = value_at(node, path);
      const auto items =
          (value.flags & kRaw) == 0 ? count_items(value.view(), kind) : count_raw_items(value.view(), kind);
      return std::min<std::size_t>(items, Node::kMostItems - 1);
    }
    case PathKind::Fact:
      return facts_[path.field].size == 0 ? 0 : 1;
    default:
      return 1;
  }
}

lt_node Record::child(lt_node packed, lt_path packed_path, std::size_t i) noexcept {
  const Path path = Path::unpack(packed_path);
  const Node node = Node::unpack(packed);
  const auto at = static_cast<std::uint32_t>(i);
  switch (path.kind) {
    case PathKind::Rows: {
      if (node.kind != NodeKind::Group) return Node{NodeKind::Row, path.table, at, 0, 0}.pack();
      const Group& group = groups_[node.row];
      const auto row = path.table == kServices ? group.order : group_rows_[group.first + at];
      return Node{NodeKind::Row, path.table, row, 0, 0}.pack();
    }
    case PathKind::Groups:
      return Node{NodeKind::Group, path.table, at, 0, 0}.pack();
    case PathKind::Field:
      return Node{NodeKind::Item, path.table, row_of(node, path.table), path.field, at}.pack();
    default:
      return packed;
  }
}

void Record::give(sdk::Host host, const Value& value, FieldKind kind, lt_value& out) const noexcept {
  if ((value.flags & kThere) == 0) return;
  auto content = text(host, value);
  if (kind == FieldKind::BirthDate) content = known_date(content);
  out.text = sdk::text(content);
  out.presence = content.empty() ? LT_EMPTY : LT_VALUE;
  out.offset = offset_of(value.data, value.document);
  out.length = offset_of(value.data + value.size, value.document) - out.offset;
}

void Record::give_item(sdk::Host host, Node node, std::uint32_t field, lt_value& out) const noexcept {
  const Rows& rows = tables_[node.table];
  if (node.row >= rows.count || field >= rows.field_count) return;
  const Value& value = rows.row(node.row)[field];
  if ((value.flags & kThere) == 0) return;
  const auto list = (value.flags & kRaw) == 0 ? value.view() : sdk::view(unescape(host, value.view()));
  const auto item = item_at(list, table(node.table).fields[field].kind, node.item);
  out.text = sdk::text(item);
  out.presence = item.empty() ? LT_EMPTY : LT_VALUE;
  // An entry reaches to the next one, so that all entries together are the whole value.
  const bool is_own = (value.flags & kRaw) == 0 && item.data() != nullptr;
  const char* const from = is_own ? item.data() : value.data;
  const auto rest = static_cast<std::size_t>(value.data + value.size - from);
  const auto size = is_own ? std::min(item.size() + 1, rest) : value.size;
  out.offset = offset_of(from, value.document);
  out.length = offset_of(from + size, value.document) - out.offset;
}

lt_status Record::give_number(sdk::Host host, Node node, Path path, lt_value& out) const noexcept {
  auto number = row_of(node, path.table);
  if (number == kNoRow || number >= tables_[path.table].count) return LT_OK;
  if (path.kind == PathKind::CostNumber && path.table == kServices) number += tables_[kDrugs].count;
  char digits[12];
  const auto result = std::to_chars(digits, digits + sizeof digits, number + 1);
  out.text = host.copy({digits, static_cast<std::size_t>(result.ptr - digits)});
  out.presence = LT_VALUE;
  return out.text.data == nullptr ? LT_LIMIT : LT_OK;
}

void Record::give_fact(Path path, lt_value& out) const noexcept {
  const Fact& fact = facts_[path.field];
  out.text = {fact.data, fact.size};
  out.presence = fact.size == 0 ? LT_ABSENT : LT_VALUE;
}

lt_status Record::get(sdk::Host host, lt_node packed, lt_path packed_path, lt_value& out) noexcept {
  out = {{nullptr, 0}, sdk::kNoOffset, 0, LT_ABSENT, LT_VALUE_UTF8};
  const Path path = Path::unpack(packed_path);
  const Node node = Node::unpack(packed);
  switch (path.kind) {
    case PathKind::Field:
      give(host, value_at(node, path), table(path.table).fields[path.field].kind, out);
      break;
    case PathKind::None:
      if (node.kind == NodeKind::Item) give_item(host, node, node.field, out);
      if (node.kind == NodeKind::Row) {  // a row has no value but is there
        out.text = sdk::text(table(node.table).name);
        out.presence = LT_VALUE;
      }
      break;
    case PathKind::Parallel:
      if (node.kind == NodeKind::Item) give_item(host, node, path.field, out);
      break;
    case PathKind::Fact:
      give_fact(path, out);
      break;
    case PathKind::RowNumber:
    case PathKind::CostNumber:
      return give_number(host, node, path, out);
    case PathKind::Rows:
    case PathKind::Groups:
      if (count(packed, packed_path) == 0) break;
      out.text = sdk::text(table(path.table).name);
      out.presence = LT_VALUE;
      break;
  }
  return LT_OK;
}

lt_text Record::place(sdk::Host host, lt_node packed, lt_path packed_path) noexcept {
  const Path path = Path::unpack(packed_path);
  const Node node = Node::unpack(packed);
  ShortText out;
  if (path.kind == PathKind::Fact) {
    out.add("HOSO");
    return host.copy(out.view());
  }
  const bool is_own = path.kind == PathKind::None;
  if (is_own && node.kind == NodeKind::Root) {
    out.add("HOSO");
    return host.copy(out.view());
  }
  const auto number = is_own ? node.table : path.table;
  out.add(table(number).name);
  const auto row = row_of(node, number);
  if (tables_[number].count > 1 && row != kNoRow) out.add_index(row + 1);
  const bool is_item = node.kind == NodeKind::Item && (is_own || path.kind == PathKind::Parallel);
  if (path.kind == PathKind::Field || is_item) {
    const auto field = is_item && is_own ? node.field : path.field;
    out.add("/");
    out.add(table(number).fields[field].name);
  }
  if (is_item) out.add_index(node.item + 1);
  return host.copy(out.view());
}

lt_status Record::tell(sdk::Host host, lt_each_value each, void* context, Node node, std::string_view name,
                       const Value& value) const noexcept {
  lt_value out{{nullptr, 0}, sdk::kNoOffset, 0, LT_ABSENT, LT_VALUE_UTF8};
  give(host, value, FieldKind::Plain, out);
  ShortText path, where;
  path.add(table(node.table).name);
  where.add(table(node.table).name);
  if (tables_[node.table].count > 1) where.add_index(node.row + 1);
  for (auto* text : {&path, &where}) {
    text->add("/");
    text->add(name);
  }
  each(context, sdk::text(where.view()), sdk::text(path.view()), &out);
  return LT_OK;
}

lt_status Record::each_value(sdk::Host host, lt_each_value each, void* context) noexcept {
  for (std::uint32_t t = 0; t < kTableCount; ++t) {
    const Rows& rows = tables_[t];
    std::uint32_t extra = 0;
    for (std::uint32_t r = 0; r < rows.count; ++r) {
      const Node node{NodeKind::Row, t, r, 0, 0};
      for (std::uint32_t f = 0; f < rows.field_count; ++f) {
        const Value& value = rows.row(r)[f];
        if ((value.flags & kThere) != 0) tell(host, each, context, node, table(t).fields[f].name, value);
      }
      for (; extra < rows.extra_count && rows.extras[extra].row == r; ++extra)
        tell(host, each, context, node, rows.extras[extra].name, rows.extras[extra].value);
    }
  }
  return LT_OK;
}

lt_status Record::envelope(sdk::Host host, lt_envelope& out) const noexcept {
  const bool is_check_in = generation_ == Generation::CheckIn;
  const std::uint32_t first = is_check_in ? 0 : 1;
  char type[16] = "XML";
  const auto name = generation_name(generation_);
  std::copy(name.begin(), name.end(), type + 3);
  out.type = is_check_in ? sdk::text(name) : host.copy({type, 3 + name.size()});
  out.control_id = sdk::text(text_of(host, first, 0, "MA_LK"));
  const auto fact = [&](FactKind kind) {
    const Fact& known = facts_[static_cast<std::size_t>(kind)];
    return lt_text{known.data, known.size};
  };
  out.sender = fact(FactKind::Facility);
  out.time = out.event_time = fact(FactKind::Date);
  if (out.time.size == 0)
    out.event_time = sdk::text(text_of(host, first, 0, is_check_in ? "NGAY_YL" : "NGAY_TTOAN"));
  out.version = sdk::text(name);
  return LT_OK;
}

}  // namespace lienthong::bhyt
