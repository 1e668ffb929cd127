#include "nodes/text/output_file.hpp"
#include "tests/support/catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;

/// A folder of its own, gone with the test.
class Folder {
public:
    Folder() : path_(fs::temp_directory_path() / "dagmesh-output-XXXXXX") {
        auto text = path_.string();
        REQUIRE(::mkdtemp(text.data()) != nullptr);
        path_ = text;
    }

    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    ~Folder() { fs::remove_all(path_); }

    fs::path file(const char* name) const { return path_ / name; }

    std::ptrdiff_t count() const {
        return std::distance(fs::directory_iterator(path_), fs::directory_iterator());
    }

private:
    fs::path path_;
};

std::string content_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

TEST_CASE("a file is written whole, beside nothing else, and replaced whole") {
    const Folder folder;
    const auto path = folder.file("out.json");
    REQUIRE(nodes::write_file(path, "first"));
    CHECK(content_of(path) == "first");
    std::ifstream reader(path);
    REQUIRE(nodes::write_file(path, "second and longer"));
    CHECK(content_of(path) == "second and longer");
    // Who had it open reads the old content to its end.
    CHECK(std::string(std::istreambuf_iterator<char>(reader), {}) == "first");
    CHECK(folder.count() == 1);
}

TEST_CASE("a new file has the rights of the umask, an old one keeps its own") {
    const Folder folder;
    const auto mode_of = [](const fs::path& path) {
        struct stat known {};
        REQUIRE(::stat(path.c_str(), &known) == 0);
        return known.st_mode & 0777U;
    };
    const auto before = ::umask(027);
    CHECK(nodes::write_file(folder.file("new"), "x"));
    ::umask(before);
    CHECK(mode_of(folder.file("new")) == 0640);
    fs::permissions(folder.file("new"), fs::perms(0604));
    CHECK(nodes::write_file(folder.file("new"), "y"));
    CHECK(mode_of(folder.file("new")) == 0604);
}

TEST_CASE("a link stays a link, and a device a device") {
    const Folder folder;
    REQUIRE(nodes::write_file(folder.file("target"), "old"));
    fs::create_symlink("target", folder.file("link"));
    REQUIRE(nodes::write_file(folder.file("link"), "new"));
    CHECK(fs::is_symlink(folder.file("link")));
    CHECK(content_of(folder.file("target")) == "new");

    REQUIRE(nodes::write_file("/dev/null", "gone"));
    CHECK(fs::is_character_file("/dev/null"));
}

TEST_CASE("what cannot be written says why and leaves nothing behind") {
    const Folder folder;
    const auto into_nothing = nodes::write_file(folder.file("no/such/folder"), "x");
    REQUIRE(!into_nothing);
    CHECK(into_nothing.error().code == mesh::ErrorCode::environment);
    CHECK(into_nothing.error().detail == "cannot write: No such file or directory");
    CHECK(!nodes::write_file(folder.file("."), "x"));
    CHECK(folder.count() == 0);
}
