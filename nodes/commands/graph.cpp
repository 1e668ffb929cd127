#include "mesh/base/suggest.hpp"
#include "nodes/check/check.hpp"
#include "nodes/commands/look.hpp"
#include "nodes/graph/graph_cycles.hpp"
#include "nodes/graph/graph_path.hpp"
#include "nodes/graph/graph_reach.hpp"
#include "nodes/graph/graph_show.hpp"
#include "nodes/graph/realm_diff.hpp"
#include "nodes/text/output_file.hpp"
#include "nodes/text/slow_notice.hpp"

#include <algorithm>
#include <array>
#include <iostream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace nodes {

namespace {

using Words = std::vector<std::string>;

/// What somebody asks of the graph.
struct Question {
    Words names;               ///< as many as the question takes
    mesh::ManifestSet set;     ///< of what is named behind them
    mesh::ManifestSet old_set; ///< of `diff` the version before
    bool is_json;
    std::size_t cycles_max;
};

struct QuestionKind {
    std::string_view name;
    std::string_view usage;
    std::size_t name_count;
    int (*answer)(const Question&, std::ostream& out);
};

constexpr std::array<QuestionKind, 5> kinds{{
    {"path", "path A B [FILE|DIR]...", 2,
     [](const Question& question, std::ostream& out) {
         return graph_path(question.set, question.names[0], question.names[1], question.is_json,
                           out, std::cerr);
     }},
    {"impact", "impact X [FILE|DIR]...", 1,
     [](const Question& question, std::ostream& out) {
         return graph_impact(question.set, question.names[0], question.is_json, out, std::cerr);
     }},
    {"cause", "cause X [FILE|DIR]...", 1,
     [](const Question& question, std::ostream& out) {
         return graph_cause(question.set, question.names[0], question.is_json, out, std::cerr);
     }},
    {"cycles", "cycles [FILE|DIR]...", 0,
     [](const Question& question, std::ostream& out) {
         return graph_cycles(question.set, question.cycles_max, question.is_json, out);
     }},
    {"diff", "diff OLD NEW [FILE|DIR]...", 2,
     [](const Question& question, std::ostream& out) {
         return graph_diff(question.old_set, question.set, question.is_json, out);
     }},
}};

const QuestionKind& kind_named(const std::string& name) {
    Words known;
    for (const auto& kind : kinds) {
        if (kind.name == name)
            return kind;
        known.emplace_back(kind.name);
    }
    known.emplace_back("show");
    const auto hint = mesh::did_you_mean(name, known);
    throw std::invalid_argument("graph: unknown question \"" + name + "\"" +
                                (hint.empty() ? "; see dagmesh graph --help" : hint));
}

/// Whether the answer is JSON: what `--as` says, else what `--format` does.
bool wants_json(const CommandLine& line, const QuestionKind& kind) {
    const auto form = line.options.text("as");
    if (!form)
        return line.global.format == Format::json;
    if (*form == "text" || *form == "json")
        return *form == "json";
    constexpr std::array<std::string_view, 4> pictures{"dot", "mermaid", "svg", "html"};
    const std::string name(kind.name);
    if (std::ranges::find(pictures, *form) != pictures.end())
        throw std::invalid_argument("graph " + name + " answers as text or json, not as " + *form +
                                    "; graph show draws");
    throw std::invalid_argument("--as: expected text or json, got \"" + *form + "\"" +
                                mesh::did_you_mean(*form, Words{"text", "json"}));
}

std::size_t cycles_max(const CommandLine& line) {
    const auto asked = line.options.number("all").value_or(cycles_shown_default);
    if (asked < 1 || asked > cycles_shown_max)
        throw std::invalid_argument("--all: expected 1 to " + std::to_string(cycles_shown_max) +
                                    ", got " + std::to_string(asked));
    return static_cast<std::size_t>(asked);
}

/// Reads into `set`; false after it has said what is wrong.
bool read(const Words& paths, mesh::ManifestSet& set) {
    set = mesh::read_manifests(paths.empty() ? Words{"."} : paths);
    print_errors(set.errors, std::cerr);
    return set.errors.empty();
}

int put(const std::string& text, const std::string& file) {
    if (file == "-") {
        std::cout << text << std::flush;
        return to_int(ExitCode::done);
    }
    const auto written = write_file(file, text);
    if (!written)
        std::cerr << "dagmesh: " << file << ": " << written.error().detail << '\n';
    return to_int(written ? ExitCode::done : ExitCode::environment);
}

/// Reads the files, or with --live looks at the running mesh, which may not be seen whole.
bool read_or_look(const Invocation& invocation, const Words& paths, mesh::ManifestSet& set,
                  bool& is_whole) {
    if (!invocation.line.options.has("live"))
        return read(paths, set);
    if (!paths.empty())
        throw std::invalid_argument("--live looks at the running mesh, not at files; found \"" +
                                    paths.front() + "\"");
    auto view = look(invocation);
    is_whole = view.coverage.is_complete();
    set.realms.push_back(std::move(view.realm));
    return true;
}

int run_show(const Invocation& invocation) {
    const auto& line = invocation.line;
    mesh::ManifestSet set;
    bool is_whole = true;
    if (!read_or_look(invocation, Words(line.positionals.begin() + 1, line.positionals.end()), set,
                      is_whole))
        return to_int(ExitCode::usage);
    GraphShowOptions options;
    options.view = line.options.text("view").value_or("events");
    options.as =
        line.options.text("as").value_or(line.global.format == Format::json ? "json" : "text");
    options.output_file = line.options.text("output").value_or("");
    if (options.output_file == "-")
        options.output_file.clear();
    options.use_colour = has_color(line.global.color, 1, invocation.environment);
    const int code = graph_show(set, options, std::cout, std::cerr);
    return code == 0 && !is_whole ? to_int(ExitCode::timed_out) : code;
}

} // namespace

int run_graph(const Invocation& invocation) {
    const auto& line = invocation.line;
    std::optional<SlowNotice> notice;
    if (!line.options.has("live")) {
        StopSignals::exit_on_next();
        notice.emplace("working on manifests", SlowNotice::to_stderr(line.global.is_quiet));
    }
    if (line.positionals.front() == "show")
        return run_show(invocation);
    const auto& kind = kind_named(line.positionals.front());
    const Words words(line.positionals.begin() + 1, line.positionals.end());
    if (words.size() < kind.name_count)
        throw std::invalid_argument("graph " + std::string(kind.name) +
                                    " needs an argument; usage: dagmesh graph " +
                                    std::string(kind.usage));
    if (line.options.has("view"))
        throw std::invalid_argument("--view goes with graph show");
    const auto rest = words.begin() + static_cast<std::ptrdiff_t>(kind.name_count);
    Question question{{words.begin(), rest}, {}, {}, wants_json(line, kind), cycles_max(line)};
    Words paths(rest, words.end());
    bool is_whole = true;
    if (kind.name == "diff") {
        if (line.options.has("live"))
            throw std::invalid_argument("graph diff compares files, so --live does not go with it");
        // What is named behind the two versions belongs to both.
        auto old_paths = paths;
        old_paths.push_back(words[0]);
        paths.push_back(words[1]);
        if (!read(old_paths, question.old_set))
            return to_int(ExitCode::usage);
    }
    if (kind.name == "diff" ? !read(paths, question.set)
                            : !read_or_look(invocation, paths, question.set, is_whole))
        return to_int(ExitCode::usage);
    std::ostringstream answer;
    const int code = kind.answer(question, answer);
    const int put_code = put(answer.str(), line.options.text("output").value_or("-"));
    if (put_code != 0 || code != 0)
        return put_code != 0 ? put_code : code;
    return to_int(is_whole ? ExitCode::done : ExitCode::timed_out);
}

} // namespace nodes
