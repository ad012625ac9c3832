#pragma once
// All that the validator can say.

#include <cstdint>
#include <string_view>

namespace fhir::validate {

// One kind of finding. The stable name is message_of(id).key; the numbers may change.
enum class MessageId : std::uint8_t {
  NotReadable,
  LimitIssues,
  LimitDepth,
  LimitWork,
  NotAResource,
  UnknownResourceType,
  AbstractResource,
  DuplicateMember,
  UnknownMember,
  EmptyArray,
  EmptyObject,
  EmptyText,
  NullValue,
  ArrayWanted,
  ArrayNotWanted,
  ObjectWanted,
  PrimitiveWanted,
  WrongJsonType,
  NoUnderscore,
  UnderscoreMisaligned,
  SeveralChoices,
  MinimumMissing,
  MaximumExceeded,
  BadBoolean,
  BadInteger,
  BadDecimal,
  OutOfRange,
  BadDate,
  BadDateTime,
  DateTimeNeedsZone,
  BadInstant,
  BadTime,
  BadId,
  BadCode,
  BadUri,
  BadOid,
  BadUuid,
  BadBase64,
  CanonicalNotAbsolute,
  ControlCharacter,
  SurroundingSpace,
  TextTooLong,
  NarrativeUnsafe,
  NarrativeLinkScheme,
  NarrativeLinkBroken,
  AttachmentSize,
  InvariantFailed,
  InvariantNotEvaluated,
  CodeNotInRequired,
  CodeNotInExtensible,
  CodeNotInPreferred,
  CodeNotInMaximum,
  CodeMissingInRequired,
  CodeUnknown,
  SystemRelative,
  SystemIsValueSet,
  UnitInvalid,
  ReferenceForm,
  ReferenceTarget,
  ReferenceNotContained,
  ReferenceTypeMismatch,
  ReferenceAmbiguous,
  ReferenceNotInBundle,
  ReferenceTargetProfile,
  ReferenceAggregation,
  LinkNotForType,
  FullUrlMissing,
  FullUrlRelative,
  FullUrlMismatch,
  FullUrlNoId,
  EntryUnreachable,
  SearchEntryWithoutId,
  FirstEntryMissing,
  DocumentFirst,
  MessageFirst,
  ExtensionUrlMissing,
  ExtensionUrlVersion,
  ExtensionUnknown,
  ExtensionUnknownRefused,
  ModifierExtensionUnknown,
  ExtensionContext,
  ExtensionContextInvariant,
  ExtensionModifierMisplaced,
  ExtensionPartUnknown,
  IdentifierNotUri,
  IdentifierSystemRelative,
  ExampleUrl,
  ProfileUnknown,
  ProfileWrongType,
  ProfileMinimum,
  ProfileMaximum,
  ProfileType,
  ProfileFixed,
  ProfilePattern,
  ProfileInvariant,
  ProfileMaxLength,
  ProfileMinValue,
  ProfileMaxValue,
  ProfileReference,
  SliceMinimum,
  SliceMaximum,
  SliceNone,
  SliceOrder,
  SliceNotAtEnd,
  kCount
};

// The texts of a kind of finding. {0}, {1} … stand for the issue's arguments.
struct Message {
  std::string_view key;         // "unknown-element": stable, for programs
  std::string_view issue_type;  // code of OperationOutcome.issue.code
  std::string_view english;
  std::string_view vietnamese;
};

// Lives as long as the program. Any thread.
const Message& message_of(MessageId id);

}  // namespace fhir::validate
