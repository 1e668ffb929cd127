#include "mesh/manifest/yaml_tree.hpp"

#include "mesh/manifest/yaml_builder.hpp"
#include "mesh/manifest/yaml_input.hpp"

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <istream>
#include <optional>
#include <string_view>

namespace mesh {

namespace {

/// The parser's own words. They may hold the byte that it stumbled over, which can be a control
/// character or a part of one.
std::string printable(std::string text) {
    for (char& c : text)
        if (const auto byte = static_cast<unsigned char>(c); byte < 0x20 || byte >= 0x7f)
            c = '?';
    return text;
}

/// The word as the user should write it, shortened as in every message.
std::string in_single_quotes(std::string_view word) {
    auto text = in_quotes(word);
    text.front() = '\'';
    text.back() = '\'';
    return text;
}

/// A word with braces beside other characters in the line before `offset`, such as
/// `order.{id}.paid`: YAML ends a text at a brace inside of `[ ]`, and begins a mapping at `{`.
std::optional<std::size_t> find_braces(std::string_view text, std::size_t offset) {
    const auto line = text.substr(0, offset).rfind('\n') + 1;
    for (auto at = line; at + 1 < std::min(offset + 2, text.size()) && text[at] != '\n'; ++at) {
        const auto pair = text.substr(at, 2);
        if (pair == ".{" || pair == "}.") {
            const auto start = text.find_last_of(" \t\r\n,['\"", at) + 1;
            return std::max(start, line);
        }
    }
    return std::nullopt;
}

/// The parser's message, and where it helps what to do about it. `>` and `*.x` are patterns to the
/// user, a text block and an alias to YAML.
ManifestError explain(const SourceText& source, std::size_t offset, const std::string& message) {
    const auto text = source.text();
    offset = std::min(offset, text.size());
    for (const auto start : {offset, offset - 1}) {
        if (start >= text.size() || (text[start] != '*' && text[start] != '>'))
            continue;
        const auto end = std::min(text.find_first_of(" \t\r\n,]}", start), text.size());
        auto word = text.substr(start, end - start);
        if (word.size() > 1 && word.back() == ':')
            word.remove_suffix(1);
        const auto meaning = text[start] == '*' ? "an alias" : "a text block";
        return {"YAML reads " + in_quotes(word) + " as " + meaning +
                    ", and there is none; quote it: " + in_single_quotes(word),
                source.at(start)};
    }
    if (const auto start = find_braces(text, offset)) {
        const auto end = std::min(text.find_first_of(" \t\r\n,]", *start), text.size());
        const auto word = text.substr(*start, end - *start);
        return {"YAML reads the braces in " + in_quotes(word) +
                    " as those of a mapping; quote it: " + in_single_quotes(word),
                source.at(*start)};
    }
    const auto line = text.substr(0, offset).rfind('\n') + 1;
    if (text.substr(line, 1) == "\t")
        return {"not valid YAML: lines may not be indented with tabs; take blanks",
                source.at(line)};
    const auto hint = message == YAML::ErrorMsg::MAP_VALUE
                          ? "; a text that holds \": \" needs quotes, and keys of a mapping stand "
                            "below each other"
                          : "";
    return {"not valid YAML: " + printable(message) + hint, source.at(offset)};
}

} // namespace

YamlTree parse_yaml(const SourceText& source) {
    YamlTree tree;
    YamlInput input(source.text());
    std::istream stream(&input);
    try {
        YamlBuilder builder(source, input, tree);
        YAML::Parser parser(stream);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const YamlStop& stop) {
        tree.errors.push_back({stop.message, source.at(stop.offset)});
    } catch (const YAML::Exception& fault) {
        const auto offset = fault.mark.pos < 0 ? 0 : static_cast<std::size_t>(fault.mark.pos);
        tree.errors.push_back(explain(source, offset, fault.msg));
    } catch (const std::exception& fault) {
        // yaml-cpp also lets out exceptions of the standard library, for instance of numbers in
        // directives.
        tree.errors.push_back({"not valid YAML: " + printable(fault.what()), source.at(0)});
    }
    return tree;
}

} // namespace mesh
