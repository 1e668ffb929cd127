#include "nodes/init/skeleton.hpp"

#include <fmt/format.h>

namespace nodes {

std::string shell_skeleton(const FlowService& service) {
    std::string cases;
    for (const auto& handler : service.handlers)
        cases += fmt::format("    {}) # {} -> {}\n"
                             "        emit \"{}\" \"$data\"\n"
                             "        ;;\n",
                             handler.name, listed(handler.on), handler.emits, handler.emits);
    return fmt::format(
        R"(# The service {}: each line on stdin is an event, each line on stdout an answer.

emit() {{ # TOPIC DATA
    printf '{{"emit":"%s","data":%s,"for":"%s","handler":"%s"}}\n' "$1" "$2" "$id" "$handler"
}}

# The shell knows no JSON: the parts are cut out of a line as dagmesh writes it. jq does it better.
while IFS= read -r event; do
    id=${{event#*\"id\":\"}} id=${{id%%\"*}}
    handler=${{event##*\"handler\":\"}} handler=${{handler%%\"*}}
    data=${{event#*\"data\":}} data=${{data%,\"sequence\":*}}
    case $handler in
{}    esac
    printf '{{"done":"%s","handler":"%s"}}\n' "$id" "$handler"
done
)",
        service.name, cases);
}

} // namespace nodes
