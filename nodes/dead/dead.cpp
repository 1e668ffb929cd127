#include "nodes/dead/dead.hpp"

#include "mesh/base/suggest.hpp"
#include "mesh/event/dead_letter.hpp"
#include "mesh/event/pattern.hpp"
#include "nodes/dead/letter_text.hpp"
#include "nodes/text/escape.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>
#include <stdexcept>

namespace nodes {

namespace {

using Action = DeadRequest::Action;

const std::vector<std::string> action_names{"ls", "show", "retry", "drop"};

Action action_named(const std::string& name) {
    const auto found = std::ranges::find(action_names, name);
    if (found == action_names.end())
        throw std::invalid_argument("dead: expected ls, show, retry or drop, got \"" + name + "\"" +
                                    mesh::did_you_mean(name, action_names));
    return static_cast<Action>(found - action_names.begin());
}

void check_reason(const std::string& reason) {
    std::vector<std::string> known;
    for (const auto one :
         {mesh::DeadReason::failed, mesh::DeadReason::undeclared, mesh::DeadReason::expired,
          mesh::DeadReason::rounds, mesh::DeadReason::rank, mesh::DeadReason::unreadable})
        known.emplace_back(mesh::to_text(one));
    if (!reason.empty() && std::ranges::find(known, reason) == known.end())
        throw std::invalid_argument(
            "--reason: expected failed, undeclared, expired, rounds, rank or unreadable, got \"" +
            reason + "\"" + mesh::did_you_mean(reason, known));
}

/// What was wrong on the way is said; the worst of it is the exit code.
class Verdict {
public:
    void fail(const std::string& what, ExitCode code) {
        std::cerr << "dagmesh: " << escape_terminal(what) << "\n";
        note(code);
    }

    void note(ExitCode code) {
        // Wrong use first, then what is not known, then what did not work out.
        const auto rank = [](ExitCode one) {
            return one == ExitCode::usage       ? 3
                   : one == ExitCode::timed_out ? 2
                   : one == ExitCode::done      ? 0
                                                : 1;
        };
        if (rank(code) > rank(code_))
            code_ = code;
    }

    ExitCode code() const { return code_; }

private:
    ExitCode code_ = ExitCode::done;
};

void print_list(const std::vector<FoundLetter>& letters, bool is_json) {
    if (!is_json)
        std::cout << letters_table(letters);
    else
        for (const auto& letter : letters)
            std::cout << letter_json(letter) << "\n";
}

void print_result(const FoundLetter& letter, const std::string& result, const std::string& error,
                  bool is_json) {
    if (is_json) {
        nlohmann::ordered_json object{{"letter", letter.name()}, {"result", result}};
        if (!error.empty())
            object["error"] = error;
        std::cout << object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    } else {
        std::cout << letter.name() << " " << result
                  << (error.empty() ? "" : ": " + escape_terminal(error));
    }
    std::cout << std::endl;
}

void order(const FoundLetter& letter, const DeadRequest& request, LetterSource& source,
           Verdict& verdict) {
    const bool is_retry = request.action == Action::retry;
    const auto done = is_retry ? source.retry(letter) : source.drop(letter);
    if (done)
        return print_result(letter, is_retry ? "handled" : "dropped", {}, request.is_json);
    const bool is_open = done.error().code == mesh::ErrorCode::timed_out;
    print_result(letter, is_open ? "open" : "kept", done.error().detail, request.is_json);
    verdict.note(is_open ? ExitCode::timed_out : ExitCode::finding);
}

} // namespace

DeadRequest dead_request(const CommandLine& line) {
    DeadRequest request;
    request.action = action_named(line.positionals.front());
    for (std::size_t i = 1; i < line.positionals.size(); ++i) {
        auto name = parse_letter_name(line.positionals[i]);
        if (!name)
            throw std::invalid_argument(name.error().detail);
        request.names.push_back(std::move(*name));
    }
    request.is_all = line.options.has("all");
    const bool is_list = request.action == Action::list;
    const auto action = line.positionals.front();
    if (is_list && (request.is_all || !request.names.empty()))
        throw std::invalid_argument("dead ls lists all letters that its options let through, and "
                                    "takes none by name: see dead show");
    if (request.action == Action::show && request.is_all)
        throw std::invalid_argument("dead show takes letters by name, not --all");
    if (!is_list && request.is_all == !request.names.empty())
        throw std::invalid_argument("dead " + action +
                                    (request.is_all ? " takes letters by name or --all, not both"
                                                    : ": which letter? See dagmesh dead ls"));
    request.filter = {line.options.text("handler").value_or(""),
                      line.options.text("topic").value_or(""),
                      line.options.text("reason").value_or("")};
    const auto& topic = request.filter.topic;
    if (!topic.empty()) {
        const auto pattern = mesh::Pattern::parse(topic);
        if (!pattern)
            throw std::invalid_argument("--topic: " + pattern.error().detail);
        request.filter.topic = pattern->text();
    }
    check_reason(request.filter.reason);
    request.is_json = line.global.format == Format::json;
    request.realm = line.global.realm_beside("");
    return request;
}

ExitCode mend(const DeadRequest& request, LetterSource& source) {
    Verdict verdict;
    if (request.action == Action::list) {
        print_list(source.list(request.filter), request.is_json);
    } else if (request.is_all) {
        const auto letters = source.list(request.filter);
        for (const auto& letter : letters)
            order(letter, request, source, verdict);
    } else {
        for (const auto& name : request.names) {
            const auto letter = the_one_named(name, source.numbered(name.number));
            if (!letter) {
                // It may be where nobody answered.
                const bool is_certain = source.troubles().empty();
                verdict.fail(letter.error().detail,
                             is_certain ? ExitCode::usage : ExitCode::timed_out);
            } else if (request.action != Action::show) {
                order(*letter, request, source, verdict);
            } else if (request.is_json) {
                std::cout << whole_letter_json(*letter, request.realm) << "\n";
            } else {
                std::cout << letter_text(*letter);
            }
        }
    }
    for (const auto& trouble : source.troubles())
        verdict.fail(trouble, ExitCode::timed_out);
    return verdict.code();
}

} // namespace nodes
