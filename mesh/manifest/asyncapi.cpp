#include "mesh/manifest/asyncapi.hpp"

#include "mesh/event/name.hpp"
#include "mesh/manifest/asyncapi_names.hpp"
#include "mesh/manifest/asyncapi_operation.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

namespace mesh {

namespace {

bool has_key(const YamlNode& root, std::string_view key) {
    return std::ranges::any_of(root.entries,
                               [&](const YamlEntry& entry) { return entry.key->text == key; });
}

/// 2 or 3, or nothing after an error. `3.0.0`, and `3.0` of those who leave the quotes out.
std::optional<int> read_version(const Part& root) {
    const auto value = References::find(root, "asyncapi");
    const auto text = value->reading().text("asyncapi", *value->node);
    if (!text)
        return std::nullopt;
    const auto digits = std::min(text->find_first_not_of("0123456789"), text->size());
    const auto number = std::string_view(*text).substr(0, digits);
    const bool is_version = digits == text->size() || (*text)[digits] == '.';
    if (is_version && (number == "2" || number == "3"))
        return number == "2" ? 2 : 3;
    value->reading().error_in("asyncapi", *value->node,
                              "expected a version 2 or 3 such as 3.0.0, got " + in_quotes(*text));
    return std::nullopt;
}

/// The service's name and its place: `x-dagmesh-service`, else the title.
void read_service_name(const Part& root, ServiceManifest& service) {
    const auto info = References::find(root, "info");
    if (info)
        check_own_keys(*info, {});
    if (const auto own = References::find(root, "x-dagmesh-service")) {
        service.place = own->place();
        service.contract.service =
            own->reading().name("x-dagmesh-service", *own->node).value_or("");
        return;
    }
    if (info && !info->reading().is_mapping(*info->node, "\"info\""))
        return;
    const auto title = info ? References::find(*info, "title") : std::nullopt;
    if (!title) {
        const auto& place = info ? *info : root;
        place.reading().error(*place.node, "expected \"info\" with a \"title\", which names the "
                                           "service, or \"x-dagmesh-service\"");
        return;
    }
    const auto text = title->reading().text("title", *title->node);
    if (!text)
        return;
    service.place = title->place();
    service.contract.service = name_of_text(*text);
    if (const auto checked = check_name(service.contract.service); !checked)
        title->reading().error_in("title", *title->node,
                                  checked.error().detail +
                                      "; \"x-dagmesh-service\" gives another name");
}

} // namespace

bool is_asyncapi(const YamlNode& root) {
    return has_key(root, "asyncapi") && !has_key(root, "dagmesh");
}

ManifestDocument read_asyncapi(const SourceFile& file, const YamlNode& root, SourceFiles& others,
                               std::vector<ManifestError>& errors) {
    ManifestDocument document;
    References references(file, root, others, errors);
    const auto top = references.root();
    const auto version = read_version(top);
    if (!version)
        return document;
    check_own_keys(top, {"x-dagmesh-realm", "x-dagmesh-service"});
    if (const auto realm = References::find(top, "x-dagmesh-realm"))
        document.realm = realm->reading().name("x-dagmesh-realm", *realm->node).value_or("");
    ServiceManifest service;
    read_service_name(top, service);
    const auto operations =
        *version == 2 ? read_operations_2(references) : read_operations_3(references);
    read_operations(references, operations, document, service);
    if (!service.contract.service.empty())
        document.services.push_back(std::move(service));
    document.warnings = references.take_warnings();
    return document;
}

} // namespace mesh
