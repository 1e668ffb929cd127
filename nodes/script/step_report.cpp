#include "nodes/script/step_report.hpp"

#include "nodes/text/escape.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>

namespace nodes {

namespace {

constexpr std::size_t text_width_max = 70;

double seconds(mesh::Duration time) {
    return std::chrono::duration<double>(time).count();
}

} // namespace

StepReport::StepReport(const Script& script, bool is_json) : script_(script), is_json_(is_json) {
    for (const auto& step : script.steps) {
        text_width_ = std::max(text_width_, std::min(step.text.size(), text_width_max));
        line_width_ = std::to_string(step.line).size();
    }
}

std::string StepReport::told(const Step& step, mesh::Duration took,
                             const StepResult& result) const {
    if (is_json_)
        return json(step, took, result);
    auto text = fmt::format("{}  {:>{}}  {:<{}}   {:.2f} s\n", result ? "ok" : "FAIL", step.line,
                            line_width_, escape_terminal(step.text), text_width_, seconds(took));
    if (result)
        return text;
    text += fmt::format("{}:{}: {}\n", script_.file, step.line,
                        escape_terminal(result.error().summary));
    for (const auto& line : result.error().details)
        text += "  " + escape_terminal(line) + "\n";
    return text;
}

std::string StepReport::json(const Step& step, mesh::Duration took,
                             const StepResult& result) const {
    using nlohmann::ordered_json;
    ordered_json object{{"file", script_.file},
                        {"line", step.line},
                        {"step", step.text},
                        {"ok", result.has_value()},
                        {"seconds", seconds(took)}};
    if (!result) {
        object["error"] = result.error().summary;
        object["details"] = result.error().details;
    }
    return object.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

std::string StepReport::end(mesh::Duration took) const {
    if (is_json_)
        return {};
    return fmt::format("{}: {} {}, all as expected, {:.2f} s\n", script_.file, script_.steps.size(),
                       script_.steps.size() == 1 ? "step" : "steps", seconds(took));
}

std::string StepReport::interrupted(const Step& step) const {
    if (is_json_)
        return {};
    return fmt::format("{}:{}: stopped before the end: {}\n", script_.file, step.line,
                       escape_terminal(step.text));
}

} // namespace nodes
