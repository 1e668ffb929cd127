#include "nodes/check/explain.hpp"

#include "mesh/base/suggest.hpp"
#include "mesh/graph/finding.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace nodes {

namespace {

const mesh::FindingKind& kind_of(const Explanation& explanation) {
    return *std::ranges::find(mesh::finding_kinds(), explanation.code, &mesh::FindingKind::code);
}

std::string indented(std::string_view text) {
    std::string lines;
    bool is_start = true;
    for (const char c : text) {
        if (is_start && c != '\n')
            lines += "    ";
        lines += c;
        is_start = c == '\n';
    }
    return lines;
}

constexpr std::size_t line_length_max = 100;

/// Broken at blanks, so that lines fit a terminal.
std::string wrapped(const std::string& text) {
    std::string lines;
    std::size_t start = 0;
    while (text.size() - start > line_length_max) {
        const auto blank = text.rfind(' ', start + line_length_max);
        if (blank == std::string::npos || blank <= start)
            break;
        lines += text.substr(start, blank - start) + "\n";
        start = blank + 1;
    }
    return lines + text.substr(start);
}

char lowered(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

} // namespace

std::string explanation_text(const Explanation& explanation) {
    const auto& kind = kind_of(explanation);
    const bool is_error = kind.severity == mesh::Severity::error;
    const auto paragraph = [](std::string_view text) { return wrapped(std::string(text)) + "\n"; };
    return std::string(kind.code) + " " + std::string(kind.name) +
           (is_error ? " (error)" : " (warning)") + "\n\n" + paragraph(explanation.meaning) + "\n" +
           paragraph(explanation.reason) + "\nExample:\n\n" + indented(explanation.example) + "\n" +
           paragraph("How to mend it: " + std::string(explanation.remedy));
}

mesh::Result<std::string> explain(std::string_view code_or_name) {
    std::vector<std::string> known;
    std::string codes;
    for (const auto& explanation : explanations()) {
        const auto& kind = kind_of(explanation);
        codes += " ";
        codes += kind.code;
        for (const auto word : {kind.code, kind.name}) {
            if (std::ranges::equal(word, code_or_name, {}, lowered, lowered))
                return explanation_text(explanation);
            known.emplace_back(word);
        }
    }
    return mesh::fail(mesh::ErrorCode::invalid,
                      "--explain: no finding has the code \"" + std::string(code_or_name) + "\"" +
                          mesh::did_you_mean(code_or_name, known) + "; there are" + codes);
}

} // namespace nodes
