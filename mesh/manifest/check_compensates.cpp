#include "mesh/manifest/check_compensates.hpp"

#include "mesh/base/suggest.hpp"
#include "mesh/manifest/document_reading.hpp"

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace mesh {

namespace {

/// With more handlers than this, looking for the nearest name takes too long.
constexpr std::size_t suggestions_max = 1'000;

/// The handlers of each service.
using Known = std::map<std::string, std::set<std::string, std::less<>>, std::less<>>;

/// What is wrong with one entry, or nothing. Names may hold dots, so every dot may be the one
/// between service and handler.
std::string fault_of(std::string_view entry, const std::string& own, const Known& known) {
    const auto own_handlers = known.find(own);
    if (own_handlers->second.contains(entry))
        return {};
    auto named = entry.find('.') == std::string_view::npos ? own_handlers : known.end();
    auto handler = entry;
    for (auto dot = entry.find('.'); dot != std::string_view::npos;
         dot = entry.find('.', dot + 1)) {
        const auto service = known.find(entry.substr(0, dot));
        if (service == known.end())
            continue;
        if (service->second.contains(entry.substr(dot + 1)))
            return {};
        named = service;
        handler = entry.substr(dot + 1);
    }
    if (named == known.end())
        return {};
    auto message =
        "\"compensates\": " + in_quotes(named->first) + " has no handler " + in_quotes(handler);
    if (handler.size() < 40 && named->second.size() <= suggestions_max)
        message += did_you_mean(
            handler, std::vector<std::string>(named->second.begin(), named->second.end()));
    return message;
}

} // namespace

void check_compensates(const std::vector<ServiceManifest>& services,
                       std::vector<ManifestError>& errors) {
    Known known;
    for (const auto& service : services)
        for (const auto& handler : service.handlers)
            known[service.contract.service].insert(handler.name);
    std::size_t fault_count = 0;
    for (const auto& service : services)
        for (const auto& handler : service.handlers)
            for (std::size_t i = 0; i < handler.compensates.size(); ++i) {
                auto fault = fault_of(handler.compensates[i], service.contract.service, known);
                if (fault.empty())
                    continue;
                errors.push_back({std::move(fault), handler.compensates_places[i]});
                // The same bound as for the errors of a file.
                if (++fault_count == manifest_errors_max)
                    return;
            }
}

} // namespace mesh
