#include "mesh/manifest/yaml_tree.hpp"

#include "mesh/manifest/yaml_builder.hpp"
#include "mesh/manifest/yaml_input.hpp"

#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <istream>
#include <string_view>

namespace mesh {

namespace {

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
                    ", and there is none; quote it: '" + std::string(word.substr(0, 80)) + "'",
                source.at(start)};
    }
    const auto hint = message == YAML::ErrorMsg::MAP_VALUE
                          ? "; a text that holds \": \" needs quotes, and keys of a mapping stand "
                            "below each other"
                          : "";
    return {"not valid YAML: " + message + hint, source.at(offset)};
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
        tree.errors.push_back({std::string("not valid YAML: ") + fault.what(), source.at(0)});
    }
    return tree;
}

} // namespace mesh
