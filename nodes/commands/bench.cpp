#include "nodes/bench/crew.hpp"
#include "nodes/bench/graph/graph_part.hpp"
#include "nodes/bench/plot.hpp"
#include "nodes/bench/run_bench.hpp"
#include "nodes/bench/run_part.hpp"
#include "nodes/commands/commands.hpp"
#include "nodes/text/output_file.hpp"

#include <filesystem>
#include <iostream>
#include <span>
#include <stdexcept>

namespace nodes {

namespace {

BenchReport::Form form_of(Format format) {
    return format == Format::json  ? BenchReport::Form::json
           : format == Format::csv ? BenchReport::Form::csv
                                   : BenchReport::Form::text;
}

void draw(const std::string& file, const BenchOutcome& outcome) {
    if (const auto written = write_file(file, plot_svg(outcome.results)); !written)
        throw std::runtime_error("--plot " + file + ": " + written.error().detail);
}

} // namespace

int run_bench(const Invocation& invocation) {
    const auto& line = invocation.line;
    const auto& words = line.positionals;
    if (words.front() == "part")
        run_part({words.begin() + 1, words.end()});
    if (words.front() == "graph-part") {
        run_graph_part(std::span(words).subspan(1));
        return to_int(ExitCode::done);
    }
    const BenchGround ground{
        invocation.signals, line.options.text("reference").value_or(""),
        line.global.state_folder.value_or(std::filesystem::temp_directory_path().string()),
        line.global.beacon_port};
    BenchReport report(form_of(line.global.format), std::cout);
    Progress progress(Progress::on_stderr(line.global.is_quiet));
    try {
        const auto outcome = run_benchmark(ground, bench_request(line), report, progress);
        if (const auto plot = line.options.text("plot"))
            draw(*plot, outcome);
        return to_int(outcome.code);
    } catch (const BenchUnfinished& error) {
        progress.clear();
        std::cerr << "dagmesh: " << error.what() << "\n";
        return to_int(ExitCode::timed_out);
    }
}

} // namespace nodes
