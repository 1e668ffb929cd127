#pragma once

#include "nodes/check/check.hpp"
#include "nodes/cli/signals.hpp"

#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

namespace nodes {

/// What files hold at one moment: a hash of each one's content by its path, and as `errors` what
/// keeps some of them from being read.
struct FileState {
    std::map<std::string, std::uint64_t> contents;
    std::vector<std::string> errors;

    bool operator==(const FileState&) const = default;
};

/// The state of the manifests that `paths` name, and of `others`.
FileState read_state(const std::vector<std::string>& paths, const std::vector<std::string>& others);

/// What is different, in words: `changed a.mesh.yaml; new b.mesh.yaml; gone c.mesh.yaml`.
std::string describe_change(const FileState& before, const FileState& now);

/// `dagmesh check --watch`: checks, and again whenever what a file holds has changed, until a
/// signal comes. Each run after the first begins with a line that says what changed; JSON has one
/// line a run instead, and the talk goes to `err`. Returns the exit code 0.
int check_watch(const std::vector<std::string>& paths, const CheckOptions& options,
                StopSignals& signals, std::ostream& out, std::ostream& err);

} // namespace nodes
