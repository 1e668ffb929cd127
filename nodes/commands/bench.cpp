#include "nodes/bench/crew.hpp"
#include "nodes/bench/run_bench.hpp"
#include "nodes/bench/run_part.hpp"
#include "nodes/commands/commands.hpp"

#include <filesystem>
#include <iostream>
#include <stdexcept>

namespace nodes {

namespace {

BenchReport::Form form_of(Format format) {
    return format == Format::json  ? BenchReport::Form::json
           : format == Format::csv ? BenchReport::Form::csv
                                   : BenchReport::Form::text;
}

} // namespace

int run_bench(const Invocation& invocation) {
    const auto& line = invocation.line;
    const auto& words = line.positionals;
    if (words.front() == "part")
        run_part({words.begin() + 1, words.end()});
    if (words.size() > 1)
        throw std::invalid_argument("unexpected argument \"" + words[1] +
                                    "\"; usage: dagmesh bench NAME");
    const BenchGround ground{
        invocation.signals, line.options.text("reference").value_or(""),
        line.global.state_folder.value_or(std::filesystem::temp_directory_path().string()),
        line.global.beacon_port};
    BenchReport report(form_of(line.global.format), std::cout);
    Progress progress(Progress::on_stderr(line.global.is_quiet));
    try {
        return to_int(run_benchmark(ground, bench_request(line), report, progress));
    } catch (const BenchUnfinished& error) {
        progress.clear();
        std::cerr << "dagmesh: " << error.what() << "\n";
        return to_int(ExitCode::timed_out);
    }
}

} // namespace nodes
