#include "nodes/bench/graph/graph_contenders.hpp"

#include <chrono>
#include <cstdlib>
#include <sstream>
#include <stdexcept>

namespace nodes {

namespace {

using namespace std::chrono_literals;

constexpr mesh::Duration run_patience = 600s;
constexpr int built_without = 2; ///< the reference's exit code without Boost.Graph

std::vector<double> numbers_in(const std::string& text) {
    std::istringstream stream(text);
    std::vector<double> numbers;
    for (double one = 0; stream >> one;)
        numbers.push_back(one);
    return numbers;
}

} // namespace

GraphFolder::GraphFolder() {
    auto name = (std::filesystem::temp_directory_path() / "dagmesh-bench-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr)
        throw std::runtime_error("no temporary folder");
    path_ = name;
}

GraphFolder::~GraphFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

ProgramRun GraphContenders::run(const std::vector<std::string>& words, bool keeps_output) {
    auto result = run_program(words, run_patience, signals_, keeps_output);
    if (result.is_cut_off)
        throw std::runtime_error(words[0] + " took too long");
    return result;
}

std::string GraphContenders::graph(GraphShape shape, std::size_t edges, bool has_cycle) {
    auto path =
        folder_.file(name_of(shape) + "-" + std::to_string(edges) + (has_cycle ? "-cycle" : ""));
    if (!std::filesystem::exists(path) &&
        run({own_path(), "bench", "graph-part", "generate", name_of(shape), std::to_string(edges),
             has_cycle ? "1" : "0", path})
                .exit_code != 0)
        throw std::runtime_error("cannot write " + path);
    return path;
}

ProgramRun GraphContenders::check(const std::string& file, int expected_code) {
    auto result = run({own_path(), "check", "--edges", file, "-q"});
    if (result.exit_code != expected_code)
        throw std::runtime_error("dagmesh check --edges exited with " +
                                 std::to_string(result.exit_code));
    return result;
}

ProgramRun GraphContenders::check_manifest(const std::string& file) {
    return run({own_path(), "check", file, "-q"});
}

std::vector<double> GraphContenders::part(std::vector<std::string> words) {
    // In a process of its own, so that this one stays small.
    words.insert(words.begin(), {own_path(), "bench", "graph-part"});
    return numbers_in(run(words, true).output);
}

ProgramRun GraphContenders::tsort(const std::string& file, mesh::Duration patience) {
    return run_program({"tsort", file}, patience, signals_);
}

std::optional<ProgramRun> GraphContenders::boost(const std::string& file) {
    auto result = run({reference_, "check", file});
    return result.exit_code == built_without ? std::nullopt : std::optional(std::move(result));
}

std::vector<double> GraphContenders::boost_phases(const std::string& file) {
    return numbers_in(run({reference_, "phases", file}, true).output);
}

} // namespace nodes
