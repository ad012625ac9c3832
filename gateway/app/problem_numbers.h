#pragma once
// The numbers of this room's problems; their texts stand in problems.tsv.

#include <cstdint>

namespace lienthong::app {

inline constexpr std::uint16_t kCannotRead = 9001;              // {0} file, {1} why
inline constexpr std::uint16_t kNotToml = 9002;                 // {0} what the parser says
inline constexpr std::uint16_t kUnknownSetting = 9003;          // {0} name, {1} section
inline constexpr std::uint16_t kDidYouMean = 9004;              // {0} name, {1} section, {2} nearest
inline constexpr std::uint16_t kSecretInFile = 9005;            // {0} setting
inline constexpr std::uint16_t kNotASection = 9006;             // {0} name
inline constexpr std::uint16_t kNotARepeated = 9007;            // {0} name
inline constexpr std::uint16_t kRequired = 9008;                // {0} name, {1} section
inline constexpr std::uint16_t kMustBeText = 9010;              // {0} setting
inline constexpr std::uint16_t kMustBeBoolean = 9011;           // {0}
inline constexpr std::uint16_t kMustBeCount = 9012;             // {0}, {1} minimum, {2} maximum
inline constexpr std::uint16_t kMustBeSize = 9013;              // {0}, {1}, {2}
inline constexpr std::uint16_t kMustBeDuration = 9014;          // {0}, {1}, {2}
inline constexpr std::uint16_t kMustBeTextList = 9015;          // {0}
inline constexpr std::uint16_t kMustBeTextTable = 9016;         // {0}
inline constexpr std::uint16_t kMustBeChoice = 9017;            // {0}, {1} choices
inline constexpr std::uint16_t kMustBeEndpoint = 9018;          // {0}
inline constexpr std::uint16_t kMustBeUrl = 9019;               // {0}
inline constexpr std::uint16_t kMustBeBlock = 9020;             // {0}
inline constexpr std::uint16_t kMustBeUtcOffset = 9021;         // {0}
inline constexpr std::uint16_t kMustBeSchedule = 9022;          // {0}
inline constexpr std::uint16_t kMustBeName = 9023;              // {0}
inline constexpr std::uint16_t kMustBeResource = 9024;          // {0}
inline constexpr std::uint16_t kMustBeCharset = 9025;           // {0}
inline constexpr std::uint16_t kMustNotBeEmpty = 9026;          // {0}
inline constexpr std::uint16_t kSameName = 9030;                // {0} name, {1} section
inline constexpr std::uint16_t kSameListen = 9031;              // {0} address
inline constexpr std::uint16_t kNeedsListen = 9032;             // {0} source
inline constexpr std::uint16_t kNoListenHere = 9033;            // {0} source
inline constexpr std::uint16_t kNeedsFacility = 9034;           // {0} source
inline constexpr std::uint16_t kTwoFacilities = 9035;           // {0} source
inline constexpr std::uint16_t kHttpIsOff = 9036;               // {0} source
inline constexpr std::uint16_t kTlsIncomplete = 9037;           // {0} section
inline constexpr std::uint16_t kClientCaWithoutTls = 9038;      // {0} section
inline constexpr std::uint16_t kNoFile = 9039;                  // {0} path, {1} why
inline constexpr std::uint16_t kNeedsUrl = 9040;                // {0} destination
inline constexpr std::uint16_t kNeedsFolder = 9041;             // {0} destination
inline constexpr std::uint16_t kOneSecret = 9042;               // {0} section
inline constexpr std::uint16_t kNoEnvironment = 9043;           // {0} variable
inline constexpr std::uint16_t kEmptySecret = 9044;             // {0} where
inline constexpr std::uint16_t kOpenListener = 9045;            // {0} section, {1} address (semantics 26)
inline constexpr std::uint16_t kPlainDestination = 9046;        // {0} destination, {1} url
inline constexpr std::uint16_t kRetryOrder = 9047;              // {0} destination
inline constexpr std::uint16_t kTlsUnusable = 9048;             // {0} which file, and why
inline constexpr std::uint16_t kSourceNeedsFolder = 9061;       // {0} source
inline constexpr std::uint16_t kNoFolderHere = 9062;            // {0} source
inline constexpr std::uint16_t kSameFolder = 9063;              // {0} folder
inline constexpr std::uint16_t kNotUtf8 = 9064;                 // in the file itself
inline constexpr std::uint16_t kNoFolder = 9065;                // {0} path
inline constexpr std::uint16_t kAbsentFolder = 9066;            // {0} path
inline constexpr std::uint16_t kNoAnswers = 9067;               // {0} profile
inline constexpr std::uint16_t kOpenListenerWarned = 9050;      // {0} section, {1} address
inline constexpr std::uint16_t kPlainDestinationWarned = 9051;  // {0} destination
inline constexpr std::uint16_t kSecretReadable = 9052;          // {0} path
inline constexpr std::uint16_t kUnusedInsecure = 9053;          // {0} section
inline constexpr std::uint16_t kFolderLater = 9057;             // {0} path
inline constexpr std::uint16_t kCertificateEnded = 9054;        // {0} file, {1} day
inline constexpr std::uint16_t kCertificateEnds = 9055;         // {0} file, {1} day
inline constexpr std::uint16_t kCertificateBegins = 9056;       // {0} file, {1} day

inline constexpr std::uint16_t kNoControlSocket = 9104;  // {0} why
inline constexpr std::uint16_t kNoMappingWorks = 9105;   // every source's mapping is wrong

// Of the command line.
inline constexpr std::uint16_t kNoSuchCommand = 9201;     // {0} command
inline constexpr std::uint16_t kCommandMeant = 9202;      // {0} command, {1} nearest
inline constexpr std::uint16_t kNoSuchOption = 9203;      // {0} option, {1} command
inline constexpr std::uint16_t kOptionMeant = 9204;       // {0} option, {1} nearest, {2} command
inline constexpr std::uint16_t kOptionNeedsValue = 9205;  // {0} option
inline constexpr std::uint16_t kOptionTakesNone = 9206;   // {0} option
inline constexpr std::uint16_t kOptionRequired = 9207;    // {0} option, {1} command
inline constexpr std::uint16_t kTooManyArguments = 9208;  // {0} argument
inline constexpr std::uint16_t kTooFewArguments = 9209;   // {0} command
inline constexpr std::uint16_t kBadNumber = 9210;         // {0} option, {1} minimum, {2} maximum
inline constexpr std::uint16_t kBadChoice = 9211;         // {0} what was given, {1} choices
inline constexpr std::uint16_t kNoProfile = 9212;         // {0} name
inline constexpr std::uint16_t kProfileMeant = 9213;      // {0} name, {1} nearest
inline constexpr std::uint16_t kNoMappings = 9214;        // {0} folder
inline constexpr std::uint16_t kCannotWrite = 9215;       // {0} file, {1} why
inline constexpr std::uint16_t kUnexpectedEnd = 9216;     // bytes at the end of a file that are no message
inline constexpr std::uint16_t kNoAnswer = 9217;          // {0} endpoint
inline constexpr std::uint16_t kNoSource = 9218;          // {0} name, {1} those there are
inline constexpr std::uint16_t kBadInstant = 9219;        // {0} option
inline constexpr std::uint16_t kNotRunning = 9220;        // {0} data folder
inline constexpr std::uint16_t kNoSuchMessage = 9221;     // {0} number
inline constexpr std::uint16_t kNothingToTend = 9222;     // the message is not refused, or not held
inline constexpr std::uint16_t kNoHl7 = 9223;             // {0} file

}  // namespace lienthong::app
