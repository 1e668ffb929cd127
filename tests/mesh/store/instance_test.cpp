#include "mesh/store/instance.hpp"
#include "tests/support/catch.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>

using mesh::ErrorCode;
using mesh::Instance;
namespace fs = std::filesystem;

namespace {

/// A folder of this test's own, gone at its end.
struct StateFolder {
    fs::path path;

    StateFolder() {
        auto name = (fs::temp_directory_path() / "dagmesh-instance-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        path = name;
    }

    ~StateFolder() { fs::remove_all(path); }

    mesh::Result<Instance> claim(const std::string& name = {}, std::string_view service = "order",
                                 std::string_view realm = "shop") const {
        return Instance::claim(path.string(), realm, service, name);
    }
};

} // namespace

TEST_CASE("a restarted process takes the same place: same id, higher incarnation") {
    const StateFolder folder;
    mesh::NodeId id;
    for (std::uint32_t run = 1; run <= 12; ++run) {
        const auto instance = folder.claim();
        REQUIRE(instance);
        CHECK(instance->name() == "1");
        CHECK(instance->incarnation() == run);
        if (run > 1)
            CHECK(instance->id() == id);
        id = instance->id();
    }
}

TEST_CASE("two at the same time take different numbers, and the lowest free one is reused") {
    const StateFolder folder;
    auto first = folder.claim();
    const auto second = folder.claim();
    REQUIRE(first);
    REQUIRE(second);
    CHECK(first->name() == "1");
    CHECK(second->name() == "2");
    CHECK(first->id() != second->id());
    const auto id = first->id();
    first = tl::unexpected(mesh::Error{ErrorCode::closed, {}}); // it ends
    const auto again = folder.claim();
    REQUIRE(again);
    CHECK(again->name() == "1");
    CHECK(again->id() == id);
    CHECK(again->incarnation() == 2);
}

TEST_CASE("a moved instance keeps its place, and frees it only once") {
    const StateFolder folder;
    auto claimed = folder.claim("a");
    REQUIRE(claimed);
    {
        const Instance moved = std::move(*claimed);
        CHECK(moved.name() == "a");
        CHECK_FALSE(folder.claim("a"));
    }
    CHECK(folder.claim("a"));
}

TEST_CASE("a named place that is taken is refused, and another service's is not") {
    const StateFolder folder;
    const auto held = folder.claim("east");
    REQUIRE(held);
    const auto refused = folder.claim("east");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::refused);
    CHECK(refused.error().detail.find("east") != std::string::npos);
    CHECK(folder.claim("west"));
    CHECK(folder.claim("east", "user"));
    CHECK(folder.claim("east", "order", "other realm"));
}

TEST_CASE("names of any kind stay within the folder") {
    const StateFolder folder;
    for (const auto* name : {"../../up", "..", "a/b", "größe", ".hidden", "%41", "A"}) {
        CAPTURE(name);
        const auto instance = folder.claim(name, "a/../../b", "..");
        REQUIRE(instance);
        CHECK(instance->name() == name);
    }
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder.path))
        files += entry.is_regular_file() ? 1 : 0;
    CHECK(files == 7);
}

TEST_CASE("a folder that cannot be used is an error of the environment") {
    const StateFolder folder;
    std::ofstream(folder.path / "file") << "no folder";
    const auto in_file = Instance::claim((folder.path / "file").string(), "shop", "order", {});
    REQUIRE_FALSE(in_file);
    CHECK(in_file.error().code == ErrorCode::environment);
    fs::create_directories(folder.path / "shop" / "order" / "taken");
    const auto on_folder = folder.claim("taken");
    REQUIRE_FALSE(on_folder);
    CHECK(on_folder.error().code == ErrorCode::environment);
    if (geteuid() == 0)
        return; // root reads everything
    fs::permissions(folder.path / "shop" / "order", fs::perms::none);
    const auto closed = folder.claim();
    fs::permissions(folder.path / "shop" / "order", fs::perms::owner_all);
    REQUIRE_FALSE(closed);
    CHECK(closed.error().code == ErrorCode::environment);
}

TEST_CASE("a state file that is junk begins a new life") {
    const StateFolder folder;
    REQUIRE(folder.claim("a"));
    const auto path = folder.path / "shop" / "order" / "a";
    for (const auto& junk : {std::string("junk"), std::string(10'000, 'x'), std::string(32, 'a'),
                             std::string(32, 'a') + " 0\n", std::string(32, 'a') + " -5\n"}) {
        std::ofstream(path, std::ios::trunc) << junk;
        const auto instance = folder.claim("a");
        REQUIRE(instance);
        CHECK(instance->incarnation() == 1);
        CHECK(mesh::to_string(instance->id()) != std::string(32, 'a'));
    }
}

TEST_CASE("an instance has a folder of its own for what it keeps, below its state or elsewhere") {
    const StateFolder folder;
    const auto one = folder.claim("a");
    const auto other = folder.claim("a+data");
    REQUIRE(one);
    REQUIRE(other);
    const auto own = one->data_folder();
    REQUIRE(own);
    CHECK(*own == (folder.path / "shop" / "order" / "a+data").string());
    CHECK(fs::is_directory(*own));
    CHECK(one->data_folder().value() == *own);
    CHECK(other->data_folder().value() != *own);
    const auto elsewhere = one->data_folder((folder.path / "new" / "journal").string());
    REQUIRE(elsewhere);
    CHECK(*elsewhere == (folder.path / "new" / "journal" / "shop" / "order" / "a+data").string());
    CHECK(fs::is_directory(*elsewhere));
    std::ofstream(folder.path / "file") << "no folder";
    CHECK(one->data_folder((folder.path / "file").string()).error().code == ErrorCode::environment);
    CHECK(Instance::passing().data_folder().error().code == ErrorCode::invalid);
}

TEST_CASE("a state file cut short anywhere never gives an outdated run of the same node") {
    const StateFolder folder;
    const auto path = folder.path / "shop" / "order" / "a";
    mesh::NodeId id;
    for (int run = 1; run <= 123; ++run) // an incarnation of several digits
        id = folder.claim("a")->id();
    std::ifstream file(path);
    const std::string whole{std::istreambuf_iterator<char>(file), {}};
    REQUIRE(whole.size() > 35);
    for (std::size_t size = 0; size <= whole.size(); ++size) {
        std::ofstream(path, std::ios::trunc) << whole.substr(0, size);
        const auto instance = folder.claim("a");
        REQUIRE(instance);
        CAPTURE(size, instance->incarnation());
        CHECK((instance->id() != id || instance->incarnation() > 123));
    }
}

TEST_CASE("passing places are nobody's") {
    const auto one = Instance::passing();
    const auto other = Instance::passing();
    CHECK(one.id() != other.id());
    CHECK(one.incarnation() == 1);
    CHECK(one.name() == mesh::short_text(one.id()));
}
