#include "gateway/app/replay_selection.h"

namespace lienthong::app {

Result<ReplaySelection> ReplaySelection::make(store::Connection& connection, const ReplayCall& call,
                                              SourceId source, const convert::Program& program, Instant now) {
  ReplaySelection selection;
  selection.filter_.source = source;
  selection.filter_.fate = call.fate;
  selection.filter_.from = call.from;
  selection.filter_.until = call.until.value_or(now);
  selection.filter_.limit = kPage;
  if (call.number) {
    const auto message = journal::read_message(connection, *call.number);
    if (!message) return forward(message);
    selection.ended_ = message->source != source;
    selection.only_ = message->row;
  }
  if (!call.waiting) return selection;
  journal::WaitingFilter filter;
  filter.source = source;
  filter.table = call.table;
  filter.limit = 1'000'000;
  const auto waiting = journal::list_waiting(connection, filter);
  if (!waiting) return forward(waiting);
  selection.codes_.emplace();
  for (const auto& code : *waiting) {
    if (program.maps(code.table, code.code)) selection.codes_->push_back(code.row);
  }
  return selection;
}

Result<std::vector<MessageRow>> ReplaySelection::next(store::Connection& connection) {
  std::vector<MessageRow> rows;
  if (ended_) return rows;
  if (only_) {
    ended_ = true;
    rows.push_back(*only_);
    return rows;
  }
  if (codes_) {
    auto waiting = journal::messages_waiting(connection, *codes_, filter_.after, kPage);
    if (!waiting) return waiting;
    rows = std::move(*waiting);
  } else {
    const auto messages = journal::list_messages(connection, filter_);
    if (!messages) return forward(messages);
    for (const auto& message : *messages) rows.push_back(message.row);
  }
  if (!rows.empty()) filter_.after = rows.back();
  ended_ = rows.size() < kPage;
  return rows;
}

}  // namespace lienthong::app
