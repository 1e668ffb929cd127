#include "nodes/up/up_options.hpp"

#include <filesystem>
#include <unistd.h>

namespace nodes {

UpOptions up_options(const CommandLine& line, const Environment& environment,
                     const std::string& manifest_realm) {
    UpOptions options;
    options.realm = line.global.realm_beside(manifest_realm);
    options.only = line.options.listed("only");
    options.run_for = line.options.duration("for");
    options.until = line.options.text("until");
    options.log_folder = line.options.text("log-dir");
    options.has_color = has_color(line.global.color, STDOUT_FILENO, environment);
    options.is_quiet = line.global.is_quiet;
    options.environment = environment;
    options.global_environment = line.global.for_children();
    options.executable = std::filesystem::read_symlink("/proc/self/exe").string();
    return options;
}

} // namespace nodes
