#include "mesh/manifest/read.hpp"
#include "tests/support/catch.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;

/// A folder of its own, removed at the end.
class Folder {
public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "dagmesh-manifest-XXXXXX").string();
        REQUIRE(mkdtemp(name.data()) != nullptr);
        path_ = name;
    }

    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }

    std::string at(const std::string& name) const { return (path_ / name).string(); }

    void write(const std::string& name, const std::string& text) const {
        fs::create_directories((path_ / name).parent_path());
        std::ofstream(path_ / name) << text;
    }

private:
    fs::path path_;
};

std::string service(const std::string& name) {
    return "dagmesh: 1\nservices: {" + name + ": {}}\n";
}

} // namespace

TEST_CASE("a folder is every *.mesh.yaml below it") {
    Folder folder;
    folder.write("b.mesh.yaml", service("b"));
    folder.write("deep/er/a.mesh.yaml", service("a"));
    folder.write("deep/other.yaml", "not: [a manifest");
    const auto set = mesh::read_manifests({folder.at("")});
    CHECK(set.errors.empty());
    REQUIRE(set.realms.size() == 1);
    REQUIRE(set.realms[0].services.size() == 2);
    CHECK(set.realms[0].services[0].contract.service == "a");
    CHECK(set.realms[0].services[0].cwd == folder.at("deep/er"));
}

TEST_CASE("a file that is named twice counts once") {
    Folder folder;
    folder.write("a.mesh.yaml", service("a"));
    const auto set =
        mesh::read_manifests({folder.at("a.mesh.yaml"), folder.at(""), folder.at("./a.mesh.yaml")});
    CHECK(set.errors.empty());
    CHECK(set.realms.at(0).services.at(0).replicas == 1);
}

TEST_CASE("the order of the paths changes nothing") {
    Folder folder;
    folder.write("a.mesh.yaml", "dagmesh: 1\nservices: {s: {}, x: 5}\n");
    folder.write("b.mesh.yaml", "dagmesh: 1\nservices: {s: {replicas: 2}}\n");
    const auto forth = mesh::read_manifests({folder.at("a.mesh.yaml"), folder.at("b.mesh.yaml")});
    const auto back = mesh::read_manifests({folder.at("b.mesh.yaml"), folder.at("a.mesh.yaml")});
    REQUIRE(forth.errors.size() == 2);
    REQUIRE(back.errors.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
        CHECK(forth.errors[i].place == back.errors[i].place);
        CHECK(forth.errors[i].message == back.errors[i].message);
    }
}

TEST_CASE("a path that is missing or empty is an error that names it") {
    Folder folder;
    fs::create_directories(folder.at("empty"));
    fs::create_symlink("nowhere", folder.at("link.mesh.yaml"));
    for (const std::string name : {"missing.mesh.yaml", "empty", "link.mesh.yaml"}) {
        const auto set = mesh::read_manifests({folder.at(name)});
        REQUIRE(set.errors.size() == 1);
        CHECK(mesh::to_string(set.errors[0].place) == folder.at(name));
    }
}

TEST_CASE("a file that may not be read is an error that names it") {
    Folder folder;
    folder.write("a.mesh.yaml", service("a"));
    fs::permissions(folder.at("a.mesh.yaml"), fs::perms::none);
    if (::access(folder.at("a.mesh.yaml").c_str(), R_OK) == 0) {
        WARN("skipped: this user may read everything");
        return;
    }
    const auto set = mesh::read_manifests({folder.at("")});
    REQUIRE(set.errors.size() == 1);
    CHECK(mesh::to_string(set.errors[0].place) == folder.at("a.mesh.yaml"));
}

TEST_CASE("a folder that contains itself is an error, one that is reached twice is not") {
    Folder folder;
    folder.write("in/a.mesh.yaml", service("a"));
    fs::create_directory_symlink("in", folder.at("again"));
    CHECK(mesh::read_manifests({folder.at("")}).errors.empty());
    CHECK(mesh::read_manifests({folder.at("")}).realms.at(0).services.at(0).replicas == 1);

    fs::create_directory_symlink("..", folder.at("in/up"));
    const auto set = mesh::read_manifests({folder.at("")});
    REQUIRE(set.errors.size() == 1);
    CHECK(set.errors[0].message.find("contains itself") != std::string::npos);
    CHECK(set.errors[0].place.file.ends_with("/up"));
}

TEST_CASE("a folder named like a manifest is a folder") {
    Folder folder;
    folder.write("x.mesh.yaml/a.mesh.yaml", service("a"));
    CHECK(mesh::read_manifests({folder.at("")}).errors.empty());
}
