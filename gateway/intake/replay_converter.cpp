#include "gateway/base/bytes.h"
#include "gateway/intake/replay.h"

namespace lienthong::intake {

Result<ReplayConverter::Said> ReplayConverter::convert(convert::Converter& converter,
                                                       const journal::StoredMessage& message,
                                                       std::string_view bytes, ProblemSink& problems) {
  auto envelope = converter.open(bytes, nullptr, message.received_at, problems);
  if (!envelope) return forward(envelope);
  auto conversion = converter.convert(problems);
  if (conversion) return Said{*envelope, *conversion};
  if (conversion.error().category == Category::Unsupported) return Said{*envelope, nullptr};
  return forward(conversion);
}

Result<ReplayConverter::Said> ReplayConverter::now(const journal::StoredMessage& message,
                                                   std::string_view bytes, ProblemSink& problems) {
  if (converter_ == nullptr) {
    auto made = convert::make_converter(program_, rules_.settings);
    if (!made) return forward(made);
    converter_ = std::move(*made);
  }
  return convert(*converter_, message, bytes, problems);
}

std::optional<ReplayConverter::Said> ReplayConverter::before(const journal::StoredMessage& message,
                                                             std::string_view bytes) {
  if (message.fate != journal::Fate::Stored) return std::nullopt;
  auto [found, missing] = earlier_converters_.try_emplace(message.profile);
  if (missing) {
    const auto program = message.profile == identity() ? program_ : earlier_(message.profile);
    auto made = program == nullptr ? fail(Category::NotFound, 0, "")
                                   : convert::make_converter(program, rules_.settings);
    if (made) found->second = std::move(*made);
  }
  if (found->second == nullptr) return std::nullopt;
  ProblemSink ignored;
  auto said = convert(*found->second, message, bytes, ignored);
  return said ? std::optional(*said) : std::nullopt;
}

Result<Comparison> compare_message(store::Connection& connection, const journal::Dictionaries& dictionaries,
                                   ReplayConverter& converter, MessageRow row) {
  Comparison comparison;
  auto message = journal::read_message(connection, row);
  if (!message) return forward(message);
  auto raw = journal::read_raw(connection, dictionaries, row);
  if (!raw) return forward(raw);
  comparison.message = std::move(*message);
  const PaddedBytes bytes(*raw);
  const auto text = [](const ReplayConverter::Said& said) {
    return said.conversion == nullptr ? std::nullopt : std::optional(std::string(said.conversion->bundle));
  };
  if (const auto before = converter.before(comparison.message, bytes.view())) {
    comparison.earlier_known = true;
    comparison.before = text(*before);
  }
  if (const auto after = converter.now(comparison.message, bytes.view(), comparison.problems))
    comparison.after = text(*after);
  return comparison;
}

}  // namespace lienthong::intake
