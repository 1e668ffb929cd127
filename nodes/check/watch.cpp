#include "nodes/check/watch.hpp"

#include "mesh/base/hash.hpp"
#include "mesh/manifest/file_text.hpp"
#include "mesh/manifest/find_files.hpp"
#include "mesh/manifest/source_text.hpp"
#include "nodes/check/file_watch.hpp"
#include "nodes/cli/exit_code.hpp"

#include <array>
#include <chrono>
#include <ostream>
#include <poll.h>

namespace nodes {

namespace {

/// Several writes in a row are one change: it is over when nothing came for a moment, and after
/// the longest of them in any case.
constexpr int quiet_ms = 30;
constexpr int rounds_max = 20;

/// Waits for news; false when a signal came instead.
bool wait_for_news(const FileWatch& watch, StopSignals& signals) {
    std::array<pollfd, 2> polled{{{.fd = signals.fd(), .events = POLLIN, .revents = 0},
                                  {.fd = watch.fd(), .events = POLLIN, .revents = 0}}};
    for (int round = 0; round < rounds_max;) {
        const int count = poll(polled.data(), polled.size(), round == 0 ? -1 : quiet_ms);
        if (signals.take())
            return false;
        if (count == 0)
            return true;
        if (count < 0)
            continue; // interrupted
        watch.drain();
        ++round;
    }
    return true;
}

void append(std::string& text, std::string_view what, const std::string& path) {
    text += (text.empty() ? "" : "; ") + std::string(what) + " " + path;
}

} // namespace

FileState read_state(const std::vector<std::string>& paths,
                     const std::vector<std::string>& others) {
    FileState state;
    std::vector<mesh::ManifestError> errors;
    auto files = mesh::find_manifest_files(paths, errors);
    for (const auto& other : others) {
        // An older version may be a folder, a baseline is a file.
        const auto more = mesh::find_manifest_files({other}, errors);
        files.insert(files.end(), more.begin(), more.end());
    }
    for (const auto& file : files) {
        if (const auto text = mesh::read_file(file, mesh::manifest_size_bytes_max + 1))
            state.contents[file] = mesh::hash64(*text);
    }
    for (const auto& error : errors)
        state.errors.push_back(mesh::to_string(error.place) + ": " + error.message);
    return state;
}

std::string describe_change(const FileState& before, const FileState& now) {
    std::string text;
    for (const auto& [file, content] : now.contents) {
        const auto known = before.contents.find(file);
        if (known == before.contents.end())
            append(text, "new", file);
        else if (known->second != content)
            append(text, "changed", file);
    }
    for (const auto& [file, content] : before.contents)
        if (!now.contents.contains(file))
            append(text, "gone", file);
    return text.empty() ? "changed" : text;
}

int check_watch(const std::vector<std::string>& paths, const CheckOptions& options,
                StopSignals& signals, std::ostream& out, std::ostream& err) {
    const auto files = paths.empty() ? std::vector<std::string>{"."} : paths;
    std::vector<std::string> others;
    for (const auto& other : {options.against, options.baseline})
        if (other)
            others.push_back(*other);
    auto watched = files;
    watched.insert(watched.end(), others.begin(), others.end());
    auto one_line = options;
    one_line.is_one_line = true;

    FileState last;
    for (bool is_first = true;; is_first = false) {
        // Watching begins before reading, so that no change falls between them.
        const FileWatch watch(watched);
        auto state = read_state(files, others);
        if (is_first || state != last) {
            if (!is_first)
                (options.is_json ? err : out)
                    << "\n--- " << describe_change(last, state) << " ---\n";
            check(files, one_line, out, err);
            out.flush();
            err.flush();
            last = std::move(state);
        }
        if (!wait_for_news(watch, signals))
            return to_int(ExitCode::done);
    }
}

} // namespace nodes
