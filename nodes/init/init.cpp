#include "nodes/init/init.hpp"

#include "mesh/base/time.hpp"
#include "nodes/check/check.hpp"
#include "nodes/cli/exit_code.hpp"
#include "nodes/init/flow.hpp"
#include "nodes/init/flow_plan.hpp"
#include "nodes/text/output_file.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <filesystem>
#include <ostream>
#include <sstream>
#include <stdexcept>

namespace nodes {

namespace fs = std::filesystem;

namespace {

/// Named after the folder, so that two flows do not meet; what is no plain name is `flow`.
std::string realm_of(const std::string& folder) {
    const auto path = fs::absolute(folder).lexically_normal();
    const auto name = (path.has_filename() ? path : path.parent_path()).filename().string();
    const bool is_plain =
        !name.empty() && name.front() != '-' && std::ranges::all_of(name, [](unsigned char byte) {
            return std::isalnum(byte) != 0 || byte == '-' || byte == '_';
        });
    return is_plain ? name : "flow";
}

/// What `check --strict` says of the manifest, before it is written.
int check_manifest(const std::string& text, std::ostream& err) {
    CheckOptions options;
    options.is_strict = true;
    options.today = std::chrono::floor<std::chrono::days>(mesh::wall_now());
    std::ostringstream told;
    const auto set = mesh::read_manifest_text(text, std::string(flow_manifest_name));
    const int code = check(set, options, told, told);
    if (code != 0)
        err << told.str() << "init: nothing was written\n";
    return code;
}

/// Makes the folder and writes the files. Throws std::runtime_error when that fails.
void write_files(const fs::path& folder, const std::vector<NewFile>& files, std::ostream& out) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error)
        throw std::runtime_error(folder.string() + ": " + error.message());
    for (const auto& file : files) {
        const auto path = (folder / file.name).string();
        if (const auto written = write_file(path, file.text); !written)
            throw std::runtime_error(path + ": " + written.error().detail);
        out << path << '\n';
    }
}

} // namespace

int init(const std::vector<std::string>& flows, Language language, const std::string& folder,
         std::ostream& out, std::ostream& err) {
    const auto flow = parse_flow(flows);
    if (!flow)
        throw std::invalid_argument(flow.error().detail);
    const auto files = flow_files(plan_flow(*flow), realm_of(folder), language);
    if (const int code = check_manifest(files.front().text, err); code != 0)
        return code;
    std::string taken;
    for (const auto& file : files)
        if (fs::exists(fs::symlink_status(fs::path(folder) / file.name)))
            taken += (taken.empty() ? "" : ", ") + (fs::path(folder) / file.name).string();
    if (!taken.empty()) {
        err << "dagmesh init: expected a folder without these files, found " << taken
            << "; nothing was written\n";
        return to_int(ExitCode::usage);
    }
    write_files(folder, files, out);
    return to_int(ExitCode::done);
}

} // namespace nodes
