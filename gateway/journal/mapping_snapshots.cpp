#include "gateway/journal/mapping_snapshots.h"

#include <charconv>

#include "gateway/journal/columns.h"
#include "gateway/journal/compressor.h"
#include "gateway/journal/error_numbers.h"
#include "gateway/store/sql.h"

namespace lienthong::journal {
namespace {

const store::Sql kKnown("SELECT 1 FROM mapping WHERE profile=?1");
const store::Sql kKeep("INSERT INTO mapping(profile, created_at, raw_size, files) VALUES (?1, ?2, ?3, ?4)");
const store::Sql kRead("SELECT raw_size, files FROM mapping WHERE profile=?1");

// One file after another: name, line end, size in decimal, line end, content.
std::string packed(const std::vector<MappingFile>& files) {
  std::string text;
  for (const auto& [name, content] : files) {
    text.append(name).append("\n").append(std::to_string(content.size())).append("\n").append(content);
  }
  return text;
}

bool take_line(std::string_view& rest, std::string_view& line) noexcept {
  const auto end = rest.find('\n');
  if (end == std::string_view::npos) return false;
  line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return true;
}

std::optional<std::vector<MappingFile>> unpacked(std::string_view rest) {
  std::vector<MappingFile> files;
  while (!rest.empty()) {
    std::string_view name, digits;
    std::size_t size = 0;
    if (!take_line(rest, name) || !take_line(rest, digits)) return std::nullopt;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), size);
    if (read.ec != std::errc() || size > rest.size()) return std::nullopt;
    files.emplace_back(name, rest.substr(0, size));
    rest.remove_prefix(size);
  }
  return files;
}

}  // namespace

Result<void> keep_mapping(store::Transaction& transaction, std::string_view profile,
                          const std::vector<MappingFile>& files, Instant at) {
  {
    store::Statement known = transaction.query(kKnown, profile);
    const Result<bool> row = known.step();
    if (!row) return forward(row);
    if (*row) return {};
  }
  std::string out;
  Compressor compressor;
  const std::string text = packed(files);
  const auto compressed = compressor.compress(text, nullptr, out);
  if (!compressed) return forward(compressed);
  return transaction.run(kKeep, profile, to_column(at), compressed->raw_size, store::Blob{compressed->bytes});
}

Result<std::optional<std::vector<MappingFile>>> read_mapping(store::Connection& connection,
                                                             std::string_view profile) {
  store::Statement statement = connection.query(kRead, profile);
  const Result<bool> row = statement.step();
  if (!row) return forward(row);
  if (!*row) return std::optional<std::vector<MappingFile>>();
  CompressedRaw raw;
  raw.raw_size = static_cast<std::uint64_t>(statement.integer(0));
  raw.bytes = statement.blob(1);
  const auto text = decompress(raw, nullptr);
  if (!text) return forward(text);
  auto files = unpacked(*text);
  if (!files) return fail(Category::Fault, kRawDamaged, "A mapping kept in the journal does not read.");
  return files;
}

}  // namespace lienthong::journal
