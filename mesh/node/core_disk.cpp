// NodeCore, the part that lasts.

#include "mesh/node/core.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace mesh {

void NodeCore::open_disk() {
    const bool is_durable = std::ranges::any_of(options_.events, [&](const EventRule& rule) {
        return rule.level >= Level::durable &&
               std::ranges::any_of(publishable_, [&](const Pattern& published) {
                   return intersects(rule.name, published);
               });
    });
    if (!is_durable && options_.journal_folder.empty())
        return;
    if (options_.is_passing)
        throw std::runtime_error("durable events need a place on disk, and a node without an "
                                 "instance has none");
    const auto folder = instance_->data_folder(options_.journal_folder);
    if (!folder)
        throw std::runtime_error(folder.error().detail);
    const auto path = *folder + "/node.db";
    auto opened = Disk::open(path, options_.sync, options_.journal);
    if (!opened)
        throw std::runtime_error(opened.error().detail);
    disk_ = std::move(*opened);
}

} // namespace mesh
