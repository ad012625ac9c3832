#include "gateway/convert/explain.h"

#include <algorithm>
#include <map>
#include <utility>

#include "gateway/base/bytes.h"
#include "gateway/convert/adapter_converter.h"
#include "gateway/convert/error_numbers.h"
#include "gateway/convert/json_places.h"

namespace lienthong::convert {
namespace {

struct Span {
  std::uint32_t from, to;
  bool operator<(const Span& other) const noexcept { return from < other.from; }
};

// Places of the input, for "is this within one of them?".
class Spans {
 public:
  void add(std::uint32_t offset, std::uint32_t length) { spans_.push_back({offset, offset + length}); }
  void close() {
    std::sort(spans_.begin(), spans_.end());
    std::vector<Span> joined;
    for (const auto& span : spans_) {
      if (!joined.empty() && span.from <= joined.back().to)
        joined.back().to = std::max(joined.back().to, span.to);
      else
        joined.push_back(span);
    }
    spans_ = std::move(joined);
  }
  bool covers(std::uint32_t offset, std::uint32_t length) const {
    auto found = std::upper_bound(spans_.begin(), spans_.end(), Span{offset, 0});
    if (found == spans_.begin()) return false;
    --found;
    return offset + length <= found->to;
  }

 private:
  std::vector<Span> spans_;
};

struct Listing {
  MessageContext* message = nullptr;
  const Spans* mapped = nullptr;
  const Spans* conditions = nullptr;
  Explanation* explanation = nullptr;
};

std::string text_of(lt_text text) {
  return text.size == 0 ? std::string() : std::string(text.data, text.size);
}

void list_value(void* context, lt_text place, lt_text path, const lt_value* value) {
  auto& listing = *static_cast<Listing*>(context);
  if (value->presence != LT_VALUE) return;
  ++listing.explanation->value_count;
  if (listing.mapped->covers(value->offset, value->length)) return;
  Unread unread;
  unread.place = text_of(place);
  unread.path = text_of(path);
  unread.value = listing.message->decoded(value->text);
  unread.length = value->length;
  unread.used_in_condition = listing.conditions->covers(value->offset, value->length);
  listing.explanation->unread.push_back(std::move(unread));
}

void explain_writes(const Conversion& conversion, const ProgramData& program, const Trace& trace,
                    MessageContext& message, Explanation& out) {
  std::map<std::string, unsigned> counts;
  std::size_t at = 0;
  for (const auto& claim : conversion.claims) {
    const auto from = static_cast<std::uint32_t>(claim.json.data() - conversion.bundle.data());
    const auto to = from + static_cast<std::uint32_t>(claim.json.size());
    const auto name = std::string(claim.resource_type) + "[" +
                      std::to_string(++counts[std::string(claim.resource_type)]) + "]";
    for (const auto& value : json_places(claim.json)) {
      Explained row;
      row.element = name + "." + value.path;
      row.value = value.text;
      while (at < trace.writes.size() && trace.writes[at].output < from + value.offset) ++at;
      if (at < trace.writes.size() && trace.writes[at].output == from + value.offset) {
        const auto& write = trace.writes[at];
        const auto& mark = program.mark_entries[program.marks[write.instruction]];
        row.file = program.files[mark.file];
        row.line = mark.line;
        for (std::uint32_t i = 0; i < write.read_count; ++i) {
          const auto& read = trace.reads[write.reads_at + i];
          const auto place = message.place(read.node, read.path);
          if (row.place.find(place) == std::string::npos) row.place += (row.place.empty() ? "" : " ") + place;
        }
      }
      out.elements.push_back(std::move(row));
    }
    static_cast<void>(to);
  }
}

}  // namespace

Result<Explanation> explain(const std::shared_ptr<const Program>& program, const SourceSettings& settings,
                            std::string_view message, Instant received, ProblemSink& problems) {
  auto converter = make_adapter_converter(program, settings);
  if (!converter) return forward(converter);
  const PaddedBytes bytes(message);
  return explain(**converter, nullptr, bytes.view(), received, problems);
}

Result<Explanation> explain(Converter& any, MessageStream* stream, std::string_view message, Instant received,
                            ProblemSink& problems) {
  auto& converter = static_cast<AdapterConverter&>(any);  // the only kind that make_converter() makes
  Trace trace;
  converter.set_trace(&trace);
  auto opened = converter.open(message, stream, received, problems);
  auto converted = opened ? converter.convert(problems) : Result<const Conversion*>(forward(opened));
  converter.set_trace(nullptr);
  if (!converted) return forward(converted);
  auto& context = converter.message();
  Explanation explanation;
  explain_writes(**converted, converter.program(), trace, context, explanation);
  Spans mapped, conditions;
  for (const auto& read : trace.reads) mapped.add(read.offset, read.length);
  for (const auto& read : trace.conditions) conditions.add(read.offset, read.length);
  mapped.close();
  conditions.close();
  Listing listing{&context, &mapped, &conditions, &explanation};
  if (context.adapter().each_value(context.record(), &context.host(), list_value, &listing) != LT_OK) {
    return fail(Category::Fault, kAdapterFault, "the adapter cannot list the values of this message");
  }
  return explanation;
}

}  // namespace lienthong::convert
