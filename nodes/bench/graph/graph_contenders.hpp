#pragma once

#include "nodes/bench/graph/generate.hpp"
#include "nodes/bench/graph/program_run.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nodes {

/// Files for the time of a benchmark.
class GraphFolder {
public:
    GraphFolder();
    ~GraphFolder();
    GraphFolder(const GraphFolder&) = delete;
    GraphFolder& operator=(const GraphFolder&) = delete;

    std::string file(const std::string& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

/// Runs who takes part, each in a process of its own, on graphs that are written when they are
/// first asked for. Throws as `run_program`, and std::runtime_error for a wrong verdict.
class GraphContenders {
public:
    GraphContenders(StopSignals& signals, std::string reference)
        : signals_(signals), reference_(std::move(reference)) {}

    /// The file of a graph.
    std::string graph(GraphShape shape, std::size_t edges, bool has_cycle);

    /// A file of that name that goes when this does.
    std::string file(const std::string& name) const { return folder_.file(name); }

    /// `dagmesh check` of an edge list, whose verdict is known.
    ProgramRun check(const std::string& file, int expected_code);

    /// `dagmesh check` of a manifest.
    ProgramRun check_manifest(const std::string& file);

    /// What a part of this program prints as numbers.
    std::vector<double> part(std::vector<std::string> words);

    /// GNU tsort, and what tests/bench/boost_graph.cpp says; only with a reference.
    bool has_reference() const { return !reference_.empty(); }

    ProgramRun tsort(const std::string& file, mesh::Duration patience);

    /// What it takes on Boost.Graph from text to verdict; nothing when it was built without.
    std::optional<ProgramRun> boost(const std::string& file);

    /// Milliseconds of its phases; empty when it was built without.
    std::vector<double> boost_phases(const std::string& file);

private:
    ProgramRun run(const std::vector<std::string>& words, bool keeps_output = false);

    StopSignals& signals_;
    std::string reference_;
    GraphFolder folder_;
};

} // namespace nodes
