#pragma once
// A message as the journal takes it and as it gives it back.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/base/clock.h"
#include "gateway/base/ids.h"

namespace lienthong::journal {

// What became of a message (docs: "fate"). Numbers are stored; never change them.
enum class Fate : std::uint8_t {
  Stored = 0,       // accepted; its claims are applied (or, in a learning source, only kept)
  Refused = 1,      // answered with an error; kept for triage
  Quarantined = 2,  // could not be worked on without danger; kept raw for a person to look at
  Discarded = 3,    // refused or quarantined, and a person has decided that nothing is to be done about it
};

std::string_view name_of(Fate fate) noexcept;  // "stored"

using BatchRow = StrongId<struct BatchRowTag, std::int64_t>;
// Hash of a message's content without what changes on a resend (HL7 v2: MSH-7). The caller computes it.
using ContentHash = StrongId<struct ContentHashTag, std::uint64_t>;
// 0 = compressed without a dictionary.
using DictionaryId = StrongId<struct DictionaryTag, std::uint32_t>;

// Bytes as Compressor made them.
struct CompressedRaw {
  std::string_view bytes;  // a zstd frame; owned by who made it
  DictionaryId dictionary;
  std::uint64_t raw_size = 0;
};

// Where a message lies in its batch, whose raw bytes are kept once.
struct BatchPlace {
  BatchRow batch;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

// A message to be kept. Views live until append() returns.
struct NewMessage {
  MessageNumber number;
  SourceId source;
  Instant received_at;
  std::string_view kind;        // "ADT^A01", "xml1"; few different ones
  std::string_view control_id;  // "" = none
  ContentHash hash;
  Fate fate = Fate::Stored;
  std::string_view profile;   // profile or mapping and its version, as one text; few different ones
  std::string_view problems;  // compact JSON; "" = none
  std::string_view answer;    // what the sender heard, in the caller's own form; "" = the plain acceptance
  // One of the two: the bytes, or where they lie in a batch.
  CompressedRaw raw;
  std::optional<BatchPlace> place;
};

// A kept message without its bytes (see read_raw).
struct StoredMessage {
  MessageRow row;
  MessageNumber number;
  SourceId source;
  Instant received_at;
  std::string kind;
  std::string control_id;
  ContentHash hash;
  Fate fate = Fate::Stored;
  std::string profile;
  std::string problems;
  std::string answer;
  std::optional<BatchPlace> place;
  std::uint64_t raw_size = 0;
};

}  // namespace lienthong::journal
