#include "nodes/dead/dead.hpp"

#include "mesh/store/instance.hpp"
#include "nodes/ask/survey.hpp"
#include "nodes/commands/tool.hpp"
#include "nodes/dead/asked_letters.hpp"
#include "nodes/dead/filed_letters.hpp"

#include <chrono>
#include <iostream>
#include <stdexcept>
#include <thread>

namespace nodes {

namespace {

using namespace std::chrono_literals;

constexpr mesh::Duration looking_patience = 5s;

// What is retried is handled first, however often that is tried.
constexpr mesh::Duration retrying_patience = 30s;

void say_nobody(const NodeChoice& choice, const std::string& what) {
    std::cerr << "dagmesh: no " << what
              << (choice.service.empty() ? "" : " of service " + choice.service)
              << (choice.instance.empty() ? "" : ", instance " + choice.instance) << "\n";
}

ExitCode mend_files(const DeadRequest& request, const NodeChoice& choice,
                    const GlobalOptions& global) {
    if (request.action == DeadRequest::Action::retry)
        throw std::invalid_argument("dead retry needs the node that has the handler: start it, and "
                                    "leave --stopped out");
    FiledLetters letters(global.state_folder.value_or(mesh::default_state_folder()), request.realm,
                         choice, request.names);
    if (letters.file_count() == 0 && letters.troubles().empty())
        say_nobody(choice, "stopped instance keeps anything in realm " + request.realm);
    return mend(request, letters);
}

ExitCode mend_nodes(const DeadRequest& request, const NodeChoice& choice, Survey& survey) {
    AskedLetters letters(survey, choice);
    if (letters.node_count() > 0)
        return mend(request, letters);
    say_nobody(choice, "node in view in realm " + request.realm);
    const bool is_named = !choice.service.empty() || !choice.instance.empty();
    return is_named || !request.names.empty() || !survey.has_seen_all() ? ExitCode::timed_out
                                                                        : ExitCode::done;
}

} // namespace

int run_dead(const Invocation& invocation) {
    const auto& line = invocation.line;
    const auto request = dead_request(line);
    const NodeChoice choice{line.options.text("service").value_or(""),
                            line.global.instance.value_or("")};
    if (line.options.has("stopped"))
        return to_int(mend_files(request, choice, line.global));
    auto options = observer_options(line.global, "dead");
    options.instance.clear();
    Tool tool(invocation, options);
    const bool is_retry = request.action == DeadRequest::Action::retry;
    const auto patience =
        line.global.timeout.value_or(is_retry ? retrying_patience : looking_patience);
    Survey survey(tool.node(), mesh::now() + patience);
    std::thread thread;
    tool.on_signal([&] { survey.stop(); });
    const int code = tool.run(std::nullopt, ExitCode::done, [&] {
        thread = std::thread([&] { tool.finish(mend_nodes(request, choice, survey)); });
    });
    survey.stop();
    if (thread.joinable())
        thread.join();
    return code;
}

} // namespace nodes
