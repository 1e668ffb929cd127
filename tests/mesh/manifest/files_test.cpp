#include "mesh/manifest/read.hpp"
#include "tests/support/catch.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>
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

TEST_CASE("a folder is also every document that begins with asyncapi") {
    Folder folder;
    const std::string document = "asyncapi: 3.0.0\ninfo: {title: ";
    folder.write("a.yaml", "# a comment\n---\n" + document + "a}\n");
    folder.write("in/b.yml", document + "b}\n");
    folder.write("c.json", "{ \"asyncapi\": \"3.0.0\", \"info\": {\"title\": \"c\"}}\n");
    folder.write("d.mesh.yaml", service("d"));
    folder.write("other.yaml", "info: {}\nasyncapi: 3.0.0\n");
    folder.write("asyncapis.yaml", "asyncapis: 3.0.0\n");
    folder.write("notes.txt", document + "no}\n");
    folder.write("broken.json", "[");
    fs::create_symlink("nowhere", folder.at("gone.json"));
    const auto set = mesh::read_manifests({folder.at("")});
    CHECK(set.errors.empty());
    REQUIRE(set.realms.size() == 1);
    std::string names;
    for (const auto& one : set.realms[0].services)
        names += one.contract.service;
    CHECK(names == "abcd");
}

TEST_CASE("references of documents in files lead to files beside them") {
    Folder folder;
    folder.write("in/a.yaml", "asyncapi: 3.0.0\ninfo: {title: a}\noperations:\n"
                              "  o: {action: send, channel: {$ref: '../channels.yaml#/c'}}\n"
                              "  p: {action: send, channel: {$ref: '../gone.yaml#/c'}}\n"
                              "  q: {action: send, channel: {$ref: '../pipe.yaml#/c'}}\n");
    folder.write("channels.yaml", "c: {address: x}\n");
    REQUIRE(::mkfifo(folder.at("pipe.yaml").c_str(), 0600) == 0);
    const auto set = mesh::read_manifests({folder.at("")});
    CHECK(set.realms.at(0).services.at(0).contract.publishes->at(0).text() == "x");
    REQUIRE(set.errors.size() == 2);
    CHECK(set.errors[0].place.line == 5);
    CHECK(set.errors[0].message.find("gone.yaml\": cannot read it: No such file") !=
          std::string::npos);
    CHECK(set.errors[1].message.find("pipe.yaml\": expected a file, got a named pipe") !=
          std::string::npos);
}

TEST_CASE("a pipe, a device and a socket are refused without waiting for them") {
    Folder folder;
    REQUIRE(::mkfifo(folder.at("pipe.mesh.yaml").c_str(), 0600) == 0);
    REQUIRE(::mkfifo(folder.at("other.yaml").c_str(), 0600) == 0);
    for (const auto& path : {folder.at("pipe.mesh.yaml"), folder.at("")}) {
        const auto set = mesh::read_manifests({path});
        REQUIRE(set.errors.size() == 1);
        CHECK(set.errors[0].place.file == folder.at("pipe.mesh.yaml"));
        CHECK(set.errors[0].message == "expected a file, got a named pipe");
    }
    for (const std::string path : {"/dev/zero", "/dev/null"}) {
        const auto set = mesh::read_manifests({path});
        REQUIRE(set.errors.size() == 1);
        CHECK(set.errors[0].message == "expected a file, got a device");
    }
}

TEST_CASE("a name that is no UTF-8 is a name, and an error names it") {
    Folder folder;
    folder.write("\xff.mesh.yaml", "dagmesh: 2\n");
    const auto set = mesh::read_manifests({folder.at("")});
    REQUIRE(set.errors.size() == 1);
    CHECK(set.errors[0].place.file == folder.at("\xff.mesh.yaml"));
}

TEST_CASE("a file larger than the bound is refused, and not read to its end") {
    Folder folder;
    folder.write("a.mesh.yaml", "");
    fs::resize_file(folder.at("a.mesh.yaml"),
                    std::uintmax_t{1} << 40U); // takes no room on the disk
    const auto set = mesh::read_manifests({folder.at("")});
    REQUIRE(set.errors.size() == 1);
    CHECK(set.errors[0].message.find("16 MiB") != std::string::npos);
}
