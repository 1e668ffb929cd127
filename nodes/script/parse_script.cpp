#include "nodes/script/parse_script.hpp"

#include "mesh/base/suggest.hpp"
#include "nodes/script/parse_step.hpp"

#include <algorithm>
#include <utility>

namespace nodes {

namespace {

constexpr std::size_t errors_max = 20;
constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view line) {
    line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
    line.remove_suffix(line.size() - (line.find_last_not_of(blanks) + 1));
    return line;
}

std::string place(const std::string& file, std::size_t line) {
    return file + ":" + std::to_string(line) + ": ";
}

std::vector<std::string> services_of(const Step& step) {
    std::vector<std::string> names;
    if (const auto* order = std::get_if<Order>(&step.body))
        names.push_back(order->target.service);
    if (const auto* replicas = std::get_if<Replicas>(&step.body))
        names.push_back(replicas->service);
    if (const auto* partition = std::get_if<Partition>(&step.body))
        for (const auto& side : partition->sides)
            for (const auto& target : side)
                names.push_back(target.service);
    return names;
}

} // namespace

tl::expected<Script, std::vector<std::string>> parse_script(std::string_view text,
                                                            std::string file) {
    Script script{std::move(file), {}};
    std::vector<std::string> errors;
    if (text.size() > script_size_bytes_max)
        return tl::unexpected(std::vector{script.file + ": expected a script of at most 1 MiB"});
    for (std::size_t line = 1; !text.empty() && errors.size() < errors_max; ++line) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto step = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (step.empty() || step.front() == '#')
            continue;
        if (script.steps.size() == script_steps_max) {
            errors.push_back(place(script.file, line) + "expected at most " +
                             std::to_string(script_steps_max) + " steps");
            break;
        }
        auto body = parse_step(step);
        if (body)
            script.steps.push_back({line, std::string(step), std::move(*body)});
        else
            errors.push_back(place(script.file, line) + body.error().detail);
    }
    if (errors.empty() && script.steps.empty())
        errors.push_back(script.file + ": expected a step, found none");
    if (!errors.empty())
        return tl::unexpected(std::move(errors));
    return script;
}

std::vector<std::string> unknown_services(const Script& script,
                                          std::span<const std::string> services) {
    std::vector<std::string> errors;
    for (const auto& step : script.steps)
        for (const auto& name : services_of(step))
            if (std::ranges::find(services, name) == services.end())
                errors.push_back(place(script.file, step.line) +
                                 "expected a service that is started, found \"" + name + "\"" +
                                 mesh::did_you_mean(name, services));
    return errors;
}

} // namespace nodes
