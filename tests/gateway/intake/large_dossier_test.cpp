// Files of dossiers above 4 MiB, taken in pieces: what their end says counts for all of their dossiers
// (semantics 15), also after a restart and in a replay. All people are invented.

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "gateway/intake/replay.h"
#include "tests/gateway/intake/intake_fixture.h"
#include "tests/support/dossiers/dossier.h"

namespace lienthong::intake {
namespace {

using test::Dossier;
using test::DossierOptions;

constexpr std::size_t kFiveMebibytes = std::size_t{5} << 20;

// A real file, read as a folder's source does; `dies_at`: bytes of the second reading after which the reader
// is gone.
class RealFile final : public ByteSupply {
 public:
  RealFile(const std::string& path, std::size_t dies_at)
      : file_(::open(path.c_str(), O_RDONLY)), left_(dies_at) {
    REQUIRE(file_ >= 0);
  }
  ~RealFile() override { ::close(file_); }
  Result<std::size_t> read(char* into, std::size_t space) override {
    if (rewinds_ > 1 && left_ == 0) return fail(Category::Interrupted, 1, "the program ends here");
    const auto size = ::read(file_, into, std::min(space, rewinds_ > 1 ? left_ : space));
    REQUIRE(size >= 0);
    if (rewinds_ > 1) left_ -= static_cast<std::size_t>(size);
    return static_cast<std::size_t>(size);
  }
  bool rewind() override {
    ++rewinds_;
    return ::lseek(file_, 0, SEEK_SET) == 0;
  }

 private:
  int file_;
  std::size_t left_;
  int rewinds_ = 0;
};

// The first dossier of a file that many others fill.
struct LargeFile {
  LargeFile() : fixture(setup()) {
    options.rows = 10;
    first = test::make_dossier(options, 1);
    auto more = options;
    more.seed = 7;
    more.rows = 2;
    for (std::uint32_t number = 2; number <= 20; ++number) {
      others.push_back(test::make_dossier(more, number));
      // Long, not rich: what is large here is the file, and the test is quick.
      test::field_of(others.back(), 1, 0, "GHI_CHU") = std::string(220'000, 'x');
    }
    std::string pattern = std::filesystem::temp_directory_path() / "lienthong-dossiers-XXXXXX";
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    folder = pattern;
  }
  ~LargeFile() { std::filesystem::remove_all(folder); }
  static IntakeSetup setup() {
    IntakeSetup with;
    with.profile = "bhyt";
    return with;
  }

  std::string text(const std::string& date) {
    options.date = date;
    std::vector<Dossier> all = {first};
    all.insert(all.end(), others.begin(), others.end());
    auto made = test::dossier_file(options, all);
    REQUIRE(made.size() > kFiveMebibytes);
    return made;
  }
  struct Taken {
    std::vector<Outcome> outcomes;
    Result<void> end;
    std::vector<Problem> notes;
  };
  Taken take(const std::string& file, std::size_t dies_at = SIZE_MAX) {
    const auto path = folder + "/dossiers.xml";
    std::ofstream(path, std::ios::binary) << file;
    Taken taken;
    bool is_done = false;
    FileTake take;
    take.bytes = std::make_unique<RealFile>(path, dies_at);
    take.each = [&](std::size_t index, Outcome outcome) {
      if (taken.outcomes.size() <= index) taken.outcomes.resize(index + 1);
      taken.outcomes[index] = std::move(outcome);
    };
    take.done = [&](Result<void> end, std::vector<Problem> notes) {
      taken.end = std::move(end);
      taken.notes = std::move(notes);
      is_done = true;
    };
    fixture.intake().take_file(0, std::move(take));
    fixture.thread().run_until([&] { return is_done; });
    return taken;
  }
  void take_well(const std::string& file) {
    const auto taken = take(file);
    CHECK(taken.end.has_value());
    CHECK(taken.notes.empty());
    REQUIRE(taken.outcomes.size() == others.size() + 1);
    for (const auto& outcome : taken.outcomes) REQUIRE(outcome.fate == Fate::Stored);
  }
  void remove_a_drug() { first[1].rows.pop_back(); }

  // Of the first visit's drugs: those that are there and not in error.
  std::size_t drugs() {
    const auto visits = fixture.search("Encounter", "identifier=79999_0000001");
    REQUIRE(visits.size() == 1);
    std::size_t count = 0;
    for (const auto& one :
         fixture.search("MedicationRequest", "_count=1000&encounter=Encounter/" + visits[0].id)) {
      if (one.json.find("entered-in-error") == std::string::npos) ++count;
    }
    return count;
  }

  IntakeFixture fixture;
  DossierOptions options;
  Dossier first;
  std::vector<Dossier> others;
  std::string folder;
};

// The shipped mapping with one text of one file replaced, as a vendor's profile of its own.
std::shared_ptr<const convert::Program> changed_mapping(const std::string& folder, const std::string& file,
                                                        const std::string& from, const std::string& to) {
  std::ifstream in(LIENTHONG_ROOT "/mappings/bhyt/" + file);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
  const std::filesystem::path profile = folder + "/mappings/vendors/changed";
  std::filesystem::create_directories((profile / file).parent_path());
  std::ofstream(profile / "profile.toml") << "extends = \"bhyt\"\nversion = \"1\"\ntitle = \"changed\"\n";
  std::ofstream(profile / file) << text;
  return load_program("changed", folder + "/mappings");
}

// Replays every message under a mapping.
ReplayTotals replay(LargeFile& large, std::shared_ptr<const convert::Program> program,
                    std::shared_ptr<const convert::Program> earlier) {
  const EarlierMappings mappings = [earlier](const std::string& identity) {
    return identity == earlier->identity() ? earlier : nullptr;
  };
  ReplayConverter converter(large.fixture.intake().rules(), std::move(program), mappings);
  const auto services = large.fixture.services();
  Replayer replayer(services, converter, {});
  const auto reader = large.fixture.reader();
  for (const auto& message : large.fixture.journal(1000)) replayer.apply(*reader, message.row);
  return replayer.finish();
}

}  // namespace

TEST_CASE("a row that a later file of 5 MiB leaves out becomes entered-in-error") {
  LargeFile large;
  large.take_well(large.text("20260301"));
  REQUIRE(large.drugs() == 10);
  large.remove_a_drug();
  large.take_well(large.text("20260302"));
  CHECK(large.drugs() == 9);
}

TEST_CASE(
    "a file of 5 MiB that is truncated, miscounted or holds a broken dossier removes nothing, its dossiers "
    "are taken") {
  LargeFile large;
  large.take_well(large.text("20260301"));
  large.remove_a_drug();
  const auto whole = large.text("20260302");
  const auto truncated = large.take(whole.substr(0, whole.rfind("<HOSO>") + 500));
  CHECK(truncated.outcomes.front().fate == Fate::Stored);
  CHECK(truncated.outcomes.back().fate == Fate::Refused);
  CHECK(large.drugs() == 10);

  auto miscounted = large.text("20260303");
  miscounted.replace(miscounted.find("<SOLUONGHOSO>20"), 15, "<SOLUONGHOSO>21");
  CHECK_FALSE(large.take(miscounted).notes.empty());
  CHECK(large.drugs() == 10);

  auto broken = large.text("20260304");
  broken.insert(broken.rfind("</NOIDUNGFILE>"), "*");
  CHECK(large.take(broken).outcomes.back().fate == Fate::Refused);
  CHECK(large.drugs() == 10);

  auto littered = large.text("20260305");
  littered.insert(littered.rfind("<HOSO>"), "FILEHOSO>XML1");
  large.take(littered);
  CHECK(large.drugs() == 10);

  // The same file whole is no repeat of the truncated one.
  large.take_well(whole);
  CHECK(large.drugs() == 9);
}

TEST_CASE("a small file with a dossier that cannot be opened removes nothing, whichever dossier it is") {
  LargeFile large;
  large.others.resize(2);
  const auto take = [&](const std::string& date, bool is_broken) {
    large.options.date = date;
    auto file = test::dossier_file(large.options, {large.first, large.others[0], large.others[1]});
    if (is_broken) file.insert(file.rfind("</NOIDUNGFILE>"), "*");
    return large.take(file).outcomes.front().fate;
  };
  CHECK(take("20260301", false) == Fate::Stored);
  large.remove_a_drug();
  CHECK(take("20260302", true) == Fate::Stored);
  CHECK(large.drugs() == 10);
  CHECK(take("20260303", false) == Fate::Stored);
  CHECK(large.drugs() == 9);
}

TEST_CASE("a program that ends in the middle of a large file goes on after its restart to the same end") {
  LargeFile large;
  large.take_well(large.text("20260301"));
  large.remove_a_drug();
  for (auto& dossier : large.others) dossier[1].rows.pop_back();
  const auto later = large.text("20260302");
  const auto cut_short = large.take(later, later.size() / 2);
  REQUIRE_FALSE(cut_short.end.has_value());
  REQUIRE(cut_short.outcomes.size() > 5);
  REQUIRE(cut_short.outcomes.size() < 140);
  large.fixture.close();
  large.fixture.open();
  const auto again = large.take(later);
  REQUIRE(again.outcomes.size() == 20);
  CHECK(again.outcomes.front().duplicate);
  CHECK_FALSE(again.outcomes.back().duplicate);
  CHECK(large.drugs() == 9);
  std::size_t wrong = 0;
  for (const auto& one : large.fixture.search("MedicationRequest", "status=entered-in-error&_count=1000"))
    wrong += one.json.empty() ? 0 : 1;
  CHECK(wrong == 20);
}

TEST_CASE(
    "a replay of a large file removes as the first taking did, and only what its mapping made no more") {
  LargeFile large;
  const auto program = program_of("bhyt");
  large.take_well(large.text("20260301"));
  large.remove_a_drug();
  const auto later = large.text("20260302");
  large.take_well(later);
  REQUIRE(large.drugs() == 9);
  SECTION("under the same mapping nothing changes") {
    const auto totals = replay(large, program, program);
    CHECK(totals.messages == 40);
    CHECK(totals.changed == 0);
    CHECK(large.drugs() == 9);
  }
  SECTION("what was taken in time of a mapping without removals is removed now") {
    large.remove_a_drug();
    const auto third = large.text("20260303");
    const auto only_adds =
        changed_mapping(large.folder, "messages/XML130.yaml", "lists: { XML1: HOSO/XML1, XML2: HOSO/XML2,",
                        "lists: { XML1: HOSO/XML1, XML2: HOSO/XML12,");
    REQUIRE(large.fixture.intake().use(only_adds).has_value());
    large.take_well(third);
    REQUIRE(large.drugs() == 9);
    const auto totals = replay(large, program, only_adds);
    CHECK(totals.failed == 0);
    CHECK(totals.unknown == 0);
    CHECK(large.drugs() == 8);
  }
  SECTION("a mapping with other keys makes every row anew, and holds none back") {
    const auto rekeyed =
        changed_mapping(large.folder, "segments/XML2-MedicationRequest.yaml", "kind: = XML2", "kind: = drug");
    const auto totals = replay(large, rekeyed, program);
    CHECK(totals.failed == 0);
    CHECK(totals.waiting == 0);
    CHECK(large.drugs() == 9);
  }
}

TEST_CASE("files of one day: the one that was received later holds, in a replay of the earlier one as well") {
  LargeFile large;
  const auto program = program_of("bhyt");
  large.others.resize(1);
  const auto take = [&] {
    large.options.date = "20260301";
    return large.take(test::dossier_file(large.options, {large.first, large.others[0]}))
        .outcomes.front()
        .fate;
  };
  CHECK(take() == Fate::Stored);
  large.remove_a_drug();
  large.fixture.clock().advance(std::chrono::minutes(5));
  CHECK(take() == Fate::Stored);
  REQUIRE(large.drugs() == 9);
  ReplayConverter converter(large.fixture.intake().rules(), program,
                            [&](const std::string&) { return program; });
  const auto services = large.fixture.services();
  Replayer replayer(services, converter, {});
  const auto reader = large.fixture.reader();
  replayer.apply(*reader, large.fixture.journal(1000).front().row);
  CHECK(replayer.finish().messages == 1);
  CHECK(large.drugs() == 9);
}

}  // namespace lienthong::intake
