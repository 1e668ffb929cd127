#include "nodes/dead/letter_name.hpp"

#include "nodes/cli/value.hpp"

#include <algorithm>

namespace nodes {

mesh::Result<LetterName> parse_letter_name(std::string_view text) {
    LetterName name;
    name.text = text;
    const auto slash = text.rfind('/');
    if (slash != std::string_view::npos) {
        // A service may have a slash in its name, an instance has none by itself.
        const auto place = text.substr(0, slash);
        const auto between = place.rfind('/');
        if (between != std::string_view::npos) {
            name.service = place.substr(0, between);
            name.instance = place.substr(between + 1);
        }
    }
    const auto number =
        parse_number(slash == std::string_view::npos ? text : text.substr(slash + 1));
    const bool has_half_a_place =
        slash != std::string_view::npos && (name.service.empty() || name.instance.empty());
    if (!number || *number == 0 || has_half_a_place)
        return mesh::fail(
            mesh::ErrorCode::invalid,
            "expected the NUMBER of a dead letter or SERVICE/INSTANCE/NUMBER, got \"" + name.text +
                "\"");
    name.number = *number;
    return name;
}

mesh::Result<FoundLetter> the_one_named(const LetterName& name,
                                        const std::vector<FoundLetter>& letters) {
    std::vector<FoundLetter> meant;
    std::ranges::copy_if(letters, std::back_inserter(meant), [&](const FoundLetter& one) {
        return (name.service.empty() || one.service == name.service) &&
               (name.instance.empty() || one.instance == name.instance);
    });
    if (meant.empty())
        return mesh::fail(mesh::ErrorCode::invalid, "there is no dead letter " + name.text +
                                                        "; `dagmesh dead ls` lists them");
    if (meant.size() == 1)
        return meant.front();
    std::string places;
    for (const auto& one : meant)
        places += (places.empty() ? "" : ", ") + one.name();
    return mesh::fail(mesh::ErrorCode::invalid,
                      "dead letter " + name.text + " may be any of " + places + ": say which");
}

} // namespace nodes
