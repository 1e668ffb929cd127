#include "nodes/init/skeleton.hpp"

#include <fmt/format.h>

namespace nodes {

namespace {

/// `"a.b"`, or of several `std::vector<std::string>{"a.b", "c.d"}`.
std::string patterns(const std::vector<std::string>& topics) {
    std::string text;
    for (const auto& topic : topics)
        text += (text.empty() ? "\"" : ", \"") + topic + "\"";
    return topics.size() == 1 ? text : "std::vector<std::string>{" + text + "}";
}

} // namespace

std::string cpp_skeleton(const FlowService& service, const std::string& realm) {
    std::string functions;
    std::string handlers;
    for (const auto& handler : service.handlers) {
        functions +=
            fmt::format("/// {} -> {}.\n"
                        "void {}(const mesh::Event& event, mesh::Emitter& emit) {{\n"
                        "    emit(\"{}\", same_data(event));\n"
                        "}}\n\n",
                        listed(handler.on), handler.emits, function_name(handler), handler.emits);
        handlers +=
            fmt::format("    node.on({}, {}).named(\"{}\").emits({{\"{}\"}});\n",
                        patterns(handler.on), function_name(handler), handler.name, handler.emits);
    }
    return fmt::format(R"(// The service {}.
#include "discovery/discovery.hpp"
#include "mesh/node.hpp"

#include <string>
#include <vector>

namespace {{

/// What an event holds, for the one that follows from it. See mesh::unpack and mesh::pack.
mesh::Payload same_data(const mesh::Event& event) {{
    return {{std::string(mesh::text_of(event.payload)), std::string(event.content_type)}};
}}

{}}} // namespace

int main() {{
    mesh::Node node{{{{.service = "{}", .realm = "{}"}}}};
{}    discovery::Discovery discovery{{node}};
    node.run();
}}
)",
                       service.name, functions, service.name, realm, handlers);
}

} // namespace nodes
