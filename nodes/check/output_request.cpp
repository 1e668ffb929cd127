#include "nodes/check/output_request.hpp"

#include "mesh/base/suggest.hpp"

#include <algorithm>
#include <array>

namespace nodes {

namespace {

constexpr std::array<std::string_view, 9> names{"text", "json",    "sarif", "junit", "github",
                                                "dot",  "mermaid", "svg",   "html"};

auto invalid(std::string detail) {
    return mesh::fail(mesh::ErrorCode::invalid, std::move(detail));
}

} // namespace

std::string_view to_text(Form form) {
    return names[static_cast<std::size_t>(form)];
}

bool is_picture(Form form) {
    return form == Form::dot || form == Form::mermaid || needs_layout(form);
}

bool needs_layout(Form form) {
    return form == Form::svg || form == Form::html;
}

mesh::Result<Form> parse_form(std::string_view text) {
    const auto found = std::ranges::find(names, text);
    if (found != names.end())
        return static_cast<Form>(found - names.begin());
    std::string all;
    for (const auto name : names)
        all += (all.empty() ? "" : ", ") + std::string(name);
    const std::vector<std::string> known(names.begin(), names.end());
    return invalid("expected one of " + all + ", got \"" + std::string(text) + "\"" +
                   mesh::did_you_mean(text, known));
}

mesh::Result<std::vector<OutputRequest>> parse_outputs(const std::vector<std::string>& texts) {
    std::vector<OutputRequest> outputs;
    for (const auto& text : texts) {
        const auto equals = text.find('=');
        const auto form = parse_form(std::string_view(text).substr(0, equals));
        if (!form)
            return invalid("--output: " + form.error().detail);
        if (equals == std::string::npos || equals + 1 == text.size())
            return invalid("--output: expected FORMAT=FILE, got \"" + text +
                           "\"; FILE `-` is stdout");
        auto file = text.substr(equals + 1);
        if (std::ranges::find(outputs, file, &OutputRequest::file) != outputs.end())
            return invalid("--output: two outputs go to " + (file == "-" ? "stdout" : file));
        outputs.push_back({*form, std::move(file)});
    }
    return outputs;
}

} // namespace nodes
