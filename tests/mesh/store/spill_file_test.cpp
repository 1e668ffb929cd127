#include "mesh/store/spill_file.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

using mesh::ErrorCode;
using mesh::SpillFile;

namespace {

/// A folder that is there while it lives.
class Folder {
public:
    Folder() {
        std::string name = std::filesystem::temp_directory_path() / "spill-test-XXXXXX";
        REQUIRE(mkdtemp(name.data()) != nullptr);
        path_ = name;
    }

    ~Folder() { std::filesystem::remove_all(path_); }

    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    const std::string& path() const { return path_; }

private:
    std::string path_;
};

std::vector<std::byte> record_of(std::size_t size, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::vector<std::byte> record(size);
    for (auto& byte : record)
        byte = static_cast<std::byte>(random());
    return record;
}

/// The descriptor of a file without a name in this folder: there is no other way to it.
int descriptor_in(const std::string& folder) {
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code error;
        const auto target = std::filesystem::read_symlink(entry.path(), error).string();
        if (!error && target.starts_with(folder))
            return std::stoi(entry.path().filename());
    }
    return -1;
}

} // namespace

TEST_CASE("records come back as they were put aside, in any order, until they are given up") {
    const Folder folder;
    SpillFile file(folder.path() + "/made/on/demand", 100'000'000);
    std::mt19937_64 random(7);
    std::deque<std::pair<SpillFile::Place, std::uint64_t>> kept;
    for (std::uint64_t seed = 1; seed <= 500; ++seed) {
        const auto record = record_of(seed % 50 == 0 ? 300'000 : random() % 5'000, seed);
        const auto place = file.append(record);
        REQUIRE(place);
        kept.emplace_back(*place, seed);
        if (random() % 3 == 0 && kept.size() > 1) {
            file.release(kept.front().first);
            kept.pop_front();
        }
        const auto& [again, its_seed] = kept[random() % kept.size()];
        const auto read = file.read(again);
        REQUIRE(read);
        CHECK(*read == record_of(read->size(), its_seed));
    }
    for (const auto& [place, seed] : kept)
        file.release(place);
    CHECK(file.size_bytes() == 0);
}

TEST_CASE("a file leaves no name behind and gives its room back") {
    const Folder folder;
    SpillFile file(folder.path(), 100'000'000);
    const auto record = record_of(1'000'000, 1);
    std::vector<SpillFile::Place> places;
    for (int i = 0; i < 10; ++i)
        places.push_back(file.append(record).value());
    CHECK(std::filesystem::is_empty(folder.path()));
    const int fd = descriptor_in(folder.path());

    struct stat before {};

    REQUIRE(fstat(fd, &before) == 0);
    for (int i = 0; i < 9; ++i)
        file.release(places[static_cast<std::size_t>(i)]);

    struct stat after {};

    REQUIRE(fstat(fd, &after) == 0);
    CHECK(after.st_blocks < before.st_blocks / 5);
    CHECK(file.read(places[9]).value() == record);
    file.release(places[9]);
    REQUIRE(fstat(fd, &after) == 0);
    CHECK(after.st_size == 0);
}

TEST_CASE("beyond its bound a file takes nothing, and again when something is given up") {
    const Folder folder;
    SpillFile file(folder.path(), 10'000);
    const auto first = file.append(record_of(9'000, 1)).value();
    const auto refused = file.append(record_of(2'000, 2));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::limit);
    file.release(first);
    CHECK(file.append(record_of(2'000, 2)));
}

TEST_CASE("a flipped bit is noticed, wherever it is") {
    const Folder folder;
    SpillFile file(folder.path(), 1'000'000);
    const auto record = record_of(100, 3);
    const auto place = file.append(record).value();
    const int fd = descriptor_in(folder.path());
    for (std::uint32_t bit = 0; bit < place.size_bytes * 8; ++bit) {
        const auto at = static_cast<off_t>(place.offset + bit / 8);
        unsigned char byte = 0;
        REQUIRE(pread(fd, &byte, 1, at) == 1);
        const auto flipped = static_cast<unsigned char>(byte ^ (1U << bit % 8));
        REQUIRE(pwrite(fd, &flipped, 1, at) == 1);
        const auto read = file.read(place);
        REQUIRE_FALSE(read);
        CHECK(read.error().code == ErrorCode::malformed);
        REQUIRE(pwrite(fd, &byte, 1, at) == 1);
    }
    CHECK(file.read(place).value() == record);
}

TEST_CASE("a folder that cannot be used is an error that names it") {
    SpillFile file("/proc/no/such/folder", 1'000);
    const auto refused = file.append(record_of(10, 1));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::environment);
    CHECK(refused.error().detail.find("/proc/no/such/folder") != std::string::npos);
}
