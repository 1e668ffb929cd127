#include "nodes/ask/survey.hpp"
#include "nodes/commands/tool.hpp"
#include "nodes/doctor/health.hpp"
#include "nodes/doctor/ledger_look.hpp"
#include "nodes/doctor/ledger_text.hpp"
#include "nodes/text/escape.hpp"

#include <chrono>
#include <iostream>
#include <thread>

namespace nodes {

namespace {

using namespace std::chrono_literals;

constexpr mesh::Duration health_patience = 5s;
constexpr mesh::Duration ledger_patience = 10s;

void complain(const std::string& text) {
    std::cerr << "dagmesh: " << escape_terminal(text) << "\n";
}

/// Whether all that are in view were asked.
bool has_all(Survey& survey, std::size_t node_count, const std::string& realm) {
    if (!survey.has_seen_all())
        complain("not everybody in view has told who it is");
    else if (node_count == 0)
        complain("nobody of realm " + realm + " is in view");
    return survey.has_seen_all();
}

ExitCode tell_health(Survey& survey, const CommandLine& line) {
    const auto all = look_at_health(survey);
    std::cout << (line.global.format == Format::json ? health_json(all) : health_table(all));
    bool is_sick = false;
    bool is_whole = has_all(survey, all.size(), line.global.realm_beside(""));
    for (const auto& one : all) {
        const auto complaints = one.complaints();
        for (const auto& complaint : complaints)
            complain(complaint);
        is_whole = is_whole && one.has_answered();
        is_sick = is_sick || (one.has_answered() && !complaints.empty());
    }
    return !is_whole ? ExitCode::timed_out : is_sick ? ExitCode::finding : ExitCode::done;
}

ExitCode tell_ledger(Survey& survey, const CommandLine& line) {
    const auto ledger = settled_ledger(survey);
    const auto& rows = ledger.rows;
    std::cout << (line.global.format == Format::json ? ledger_json(rows) : ledger_table(rows));
    bool is_whole = has_all(survey, ledger.look.nodes.size() + ledger.look.silent.size(),
                            line.global.realm_beside(""));
    for (const auto& silent : ledger.look.silent)
        complain(silent + ": did not answer in time");
    is_whole = is_whole && ledger.look.silent.empty();
    if (is_whole && !ledger.is_settled)
        complain("events are still on their way: no two looks agree");
    if (!is_whole || !ledger.is_settled)
        return ExitCode::timed_out;
    for (const auto& complaint : ledger_complaints(rows))
        complain("unbalanced: " + complaint);
    return is_balanced(rows) ? ExitCode::done : ExitCode::finding;
}

} // namespace

int run_doctor(const Invocation& invocation) {
    const auto& line = invocation.line;
    const bool is_ledger = line.options.has("ledger");
    Tool tool(invocation, observer_options(line.global, "doctor"));
    Survey survey(tool.node(), mesh::now() + line.global.timeout.value_or(
                                                 is_ledger ? ledger_patience : health_patience));
    std::thread thread;
    tool.on_signal([&] { survey.stop(); });
    const int code = tool.run(std::nullopt, ExitCode::done, [&] {
        thread = std::thread([&] {
            tool.finish(is_ledger ? tell_ledger(survey, line) : tell_health(survey, line));
        });
    });
    survey.stop();
    if (thread.joinable())
        thread.join();
    return code;
}

} // namespace nodes
