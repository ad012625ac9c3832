#pragma once

namespace lienthong::journal {

// zstd's level for messages. With a dictionary, level 6 took seven times as long for nothing (measured).
inline constexpr int kCompressionLevel = 1;

}  // namespace lienthong::journal
