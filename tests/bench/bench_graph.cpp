// The checker's speed, side by side with GNU tsort and Boost.Graph: generated graphs as text, every
// contender a process of its own, in turn, so that what else the machine does meets all alike.
// Ratios are medians of the rounds' ratios. Usage: bench-graph [--quick] [--format json]

#include "tests/bench/graph/generate.hpp"
#include "tests/bench/graph/phases.hpp"
#include "tests/bench/graph/rows.hpp"

#include <csignal>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace {

int be_part(const std::vector<std::string>& words) {
    if (words[0] == "--generate" && words.size() == 5) {
        const auto shape = static_cast<bench::Shape>(std::stoi(words[1]));
        bench::write_edges(bench::generate(shape, std::stoul(words[2]), words[3] == "1", 7),
                           words[4]);
        return 0;
    }
    if (words[0] == "--boost" && words.size() == 2)
        return bench::check_with_boost(words[1]);
    if (words[0] == "--phases" && words.size() == 2)
        bench::print_phases(words[1]);
    else if (words[0] == "--live" && words.size() == 2)
        bench::print_live(words[1]);
    else
        return 2;
    return 0;
}

int run_bench(const std::vector<std::string>& words) {
    bool is_quick = false;
    bool is_json = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == "--quick")
            is_quick = true;
        else if (words[i] == "--format" && i + 1 < words.size() &&
                 (words[i + 1] == "json" || words[i + 1] == "text"))
            is_json = words[++i] == "json";
        else if (i == 0)
            return be_part(words);
        else
            return 2;
    }
    for (const int signal : {SIGINT, SIGTERM})
        std::signal(signal, [](int) { bench::stop_asked = 1; });
    bench::Report report(is_json);
    bench::run_rows(is_quick, report);
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    try {
        const int code = run_bench({argv + 1, argv + argc});
        if (code == 2)
            std::fprintf(stderr, "usage: bench-graph [--quick] [--format text|json]\n");
        return code;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench-graph: %s\n", error.what());
        return 1;
    }
}
