#include "mesh/manifest/check_assumed.hpp"

#include <algorithm>
#include <string>

namespace mesh {

void check_assumed(const std::vector<ServiceManifest>& services,
                   std::vector<ManifestError>& errors) {
    std::size_t assumed = 0;
    for (const auto& service : services) {
        const auto& contract = service.contract;
        if (!contract.publishes)
            continue;
        const auto silent = std::ranges::count_if(
            contract.handlers, [](const HandlerContract& handler) { return !handler.emits; });
        assumed += static_cast<std::size_t>(silent) * contract.publishes->size();
        if (assumed > assumed_emissions_max) {
            errors.push_back({"expected at most " + std::to_string(assumed_emissions_max) +
                                  " assumed emissions in a realm, with this service there are " +
                                  std::to_string(assumed) + "; write down what the handlers emit",
                              service.place});
            return;
        }
    }
}

} // namespace mesh
