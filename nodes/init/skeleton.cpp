#include "nodes/init/skeleton.hpp"

#include <algorithm>

namespace nodes {

std::optional<Language> parse_language(std::string_view text) {
    if (text == "python")
        return Language::python;
    if (text == "shell")
        return Language::shell;
    if (text == "cpp")
        return Language::cpp;
    return std::nullopt;
}

std::string skeleton_name(const FlowService& service, Language language) {
    switch (language) {
    case Language::python:
        return service.name + ".py";
    case Language::shell:
        return service.name + ".sh";
    case Language::cpp:
        break;
    }
    return service.name + ".cpp";
}

std::string skeleton(const FlowService& service, const std::string& realm, Language language) {
    switch (language) {
    case Language::python:
        return python_skeleton(service);
    case Language::shell:
        return shell_skeleton(service);
    case Language::cpp:
        break;
    }
    return cpp_skeleton(service, realm);
}

std::string skeleton_run(const FlowService& service, Language language) {
    switch (language) {
    case Language::python:
        return "[python3, -u, " + skeleton_name(service, language) + "]";
    case Language::shell:
        return "[sh, " + skeleton_name(service, language) + "]";
    case Language::cpp:
        break;
    }
    return "[./build/" + service.name + "]";
}

std::string function_name(const FlowHandler& handler) {
    auto name = "on_" + handler.name;
    std::ranges::replace(name, '-', '_');
    return name;
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text;
}

} // namespace nodes
