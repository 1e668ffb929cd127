#include "nodes/check/explain.hpp"

#include "mesh/base/suggest.hpp"
#include "mesh/graph/finding.hpp"

#include <algorithm>
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

char lowered(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

} // namespace

std::string explanation_text(const Explanation& explanation) {
    const auto& kind = kind_of(explanation);
    const bool is_error = kind.severity == mesh::Severity::error;
    std::string text;
    for (const auto part :
         {kind.code, std::string_view(" "), kind.name,
          std::string_view(is_error ? " (error)\n\n" : " (warning)\n\n"), explanation.meaning,
          std::string_view("\n\n"), explanation.reason, std::string_view("\n\nExample:\n\n")})
        text += part;
    text += indented(explanation.example);
    text += "\nHow to mend it: ";
    text += explanation.remedy;
    return text + "\n";
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
