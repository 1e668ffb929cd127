#pragma once

#include "nodes/up/up.hpp"
#include "tests/support/catch.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

// Real processes for the tests of `up`: small shell scripts that tell that they are ready as nodes
// do. Each waits for what it needs, and every process ends with its `up`, whatever a check says.

namespace up_test {

using namespace std::chrono_literals;

inline const std::string be_ready = "echo ready >&$DAGMESH_READY_FD; ";
inline const std::string run_on = "while :; do sleep 0.05; done; ";

/// A realm of shell scripts, in order of start, and what a run of it said.
class ShellRealm {
public:
    ShellRealm() : folder_(std::filesystem::temp_directory_path() / unique_name()) {
        std::filesystem::create_directory(folder_);
        options.realm = "test";
        options.environment = nodes::read_environment(environ);
        options.environment["FOLDER"] = folder_.string();
        options.start_timeout = 20s;
        options.stop_timeout = 20s;
    }

    ShellRealm(const ShellRealm&) = delete;
    ShellRealm& operator=(const ShellRealm&) = delete;

    ~ShellRealm() { std::filesystem::remove_all(folder_); }

    mesh::ServiceManifest& add(const std::string& name, const std::string& script) {
        order_.push_back(name);
        mesh::ServiceManifest service;
        service.contract.service = name;
        service.run = {"sh", "-c", script};
        service.speaks = mesh::Speaks::mesh;
        service.place.file = "test.mesh.yaml";
        manifest_.services.push_back(std::move(service));
        return manifest_.services.back();
    }

    int up(nodes::Direction* direction = nullptr) {
        nodes::StopSignals signals;
        std::ostringstream out_stream;
        std::ostringstream err_stream;
        const int code =
            nodes::up(options, manifest_, order_, signals, out_stream, err_stream, direction);
        out = out_stream.str();
        err = err_stream.str();
        UNSCOPED_INFO("out:\n" << out << "err:\n" << err);
        // Nothing is left behind: neither alive nor unreaped.
        CHECK(waitpid(-1, nullptr, WNOHANG) == -1);
        return code;
    }

    /// What the scripts appended to $FOLDER/NAME.
    std::string file(const std::string& name) const {
        std::ifstream stream(folder_ / name);
        return {std::istreambuf_iterator<char>(stream), {}};
    }

    std::filesystem::path folder() const { return folder_; }

    nodes::UpOptions options;
    std::string out;
    std::string err;

private:
    static std::string unique_name() {
        static int count = 0;
        return "dagmesh-up-" + std::to_string(getpid()) + "-" + std::to_string(++count);
    }

    std::filesystem::path folder_;
    mesh::RealmManifest manifest_;
    std::vector<std::string> order_;
};

/// Whether a process of that number still runs; a dead one that nobody has waited for does not.
inline bool is_running(pid_t id) {
    std::ifstream stat("/proc/" + std::to_string(id) + "/stat");
    std::string number;
    std::string name;
    std::string state;
    stat >> number >> name >> state;
    return !state.empty() && state != "Z" && state != "X";
}

template <class Condition>
bool comes_true(Condition condition) {
    const auto deadline = mesh::now() + 10s;
    while (!condition() && mesh::now() < deadline)
        usleep(1000);
    return condition();
}

} // namespace up_test
