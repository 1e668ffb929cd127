#include "nodes/cli/event_json.hpp"
#include "nodes/commands/tool.hpp"

#include <atomic>
#include <cerrno>
#include <iostream>
#include <string>

namespace nodes {

int run_sub(const Invocation& invocation) {
    const auto& line = invocation.line;
    const auto wanted = line.options.number("count");
    const bool is_json = line.global.format == Format::json;
    const auto from = start_from(line);
    std::atomic<std::uint64_t> lost{0};
    std::uint64_t printed = 0; // the handler's thread only
    Tool tool(invocation, observer_options(line.global, "sub"));
    const auto realm = tool.node().options().realm;

    // Members of a group have the same handler's name, by which publishers know them.
    const auto group = line.options.text("group");
    tool.node()
        .on(line.positionals,
            [&](const mesh::Event& event) {
                if (wanted && printed == *wanted)
                    return;
                std::cout << (is_json ? cloud_event(event, realm) : event_line(event)) + "\n"
                          << std::flush;
                if (!std::cout) {
                    const bool has_reader = errno != EPIPE;
                    if (!has_reader)
                        std::cout.clear(); // it went because it had enough
                    tool.finish(has_reader ? ExitCode::environment : ExitCode::done);
                    throw mesh::Abandoned{}; // what was not written is not acknowledged
                }
                if (++printed == wanted)
                    tool.finish(ExitCode::done);
            })
        .named(group.value_or("sub"))
        .group(group ? mesh::GroupMode::share : mesh::GroupMode::each)
        .emits(std::vector<mesh::Pattern>{})
        .from(from)
        .on_gap([&](const mesh::Gap& gap) {
            lost += gap.count;
            std::cerr << "gap: " << gap.count << " events of " << gap.service << " after "
                      << gap.after << " up to " << gap.until << " are lost\n";
        });
    if (wanted == 0U)
        return to_int(ExitCode::done);
    const auto late = wanted ? ExitCode::timed_out : ExitCode::done;
    tool.on_signal([&] { tool.finish(late); });
    const int code = tool.run(line.global.timeout, late, [] {});
    if (code == to_int(ExitCode::timed_out))
        std::cerr << (tool.is_interrupted() ? "stopped" : "timed out") << " after " << printed
                  << " of " << *wanted << " events\n";
    return code == to_int(ExitCode::done) && lost > 0 ? to_int(ExitCode::loss) : code;
}

} // namespace nodes
