// NodeCore, the part that lasts.

#include "mesh/base/log.hpp"
#include "mesh/node/core.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace mesh {

void NodeCore::open_disk() {
    const bool is_durable = std::ranges::any_of(options_.events, [&](const EventRule& rule) {
        return rule.level >= Level::durable &&
               std::ranges::any_of(topics_.publishable(), [&](const Pattern& published) {
                   return intersects(rule.name, published);
               });
    });
    const bool has_store = std::ranges::any_of(specs_, &HandlerSpec::takes_store);
    const bool is_needed = is_durable || has_store || !options_.journal_folder.empty();
    if (is_needed && options_.is_passing)
        throw std::runtime_error("durable events and stores need a place on disk, and a node "
                                 "without an instance has none");
    if (!is_needed && !instance_->has_data(options_.journal_folder))
        return;
    if (auto opened = open_data(); !opened)
        throw std::runtime_error(opened.error().detail);
}

Disk* NodeCore::disk() {
    const std::lock_guard lock(disk_mutex_);
    if (disk_ || is_without_disk_ || options_.is_passing)
        return disk_.get();
    if (auto opened = open_data(); !opened) {
        is_without_disk_ = true;
        log(LogLevel::error, "nothing that has to last can be kept: " + opened.error().detail);
    }
    return disk_.get();
}

Disk* NodeCore::disk_if_open() {
    const std::lock_guard lock(disk_mutex_);
    return disk_.get();
}

Disk* NodeCore::disk_of_letters(bool may_open) {
    return may_open ? disk() : disk_if_open();
}

Result<void> NodeCore::open_data() {
    const auto folder = instance_->data_folder(options_.journal_folder);
    if (!folder)
        return tl::unexpected(folder.error());
    auto opened = Disk::open(*folder + "/node.db", options_.sync, options_.journal);
    if (!opened)
        return tl::unexpected(opened.error());
    disk_ = std::move(*opened);
    return {};
}

void NodeCore::remember_places() {
    if (!disk_)
        return;
    const auto places = disk_->places->load();
    const auto marks = disk_->places->load_marks();
    if (!places || !marks)
        throw std::runtime_error((places ? marks : places).error().detail);
    incoming_->remember(*places, *marks);
    incoming_->set_moved_back([this](const Place& place) {
        auto* const stream = outgoing_->durable();
        if (stream == nullptr)
            return;
        stream->writer().post([this, place] { return disk_->places->move_back(place); },
                              [](const Result<void>& result) {
                                  static CountedWarning unmoved("a place cannot be moved back");
                                  if (!result)
                                      unmoved(result.error().detail);
                              });
    });
}

void NodeCore::with_store(const std::function<void(Store&)>& work) {
    auto* const kept = disk();
    if (kept == nullptr)
        throw StoreError(identity_.service + ": the node has no place on disk");
    const DiskHold hold(*kept);
    kept->store->transaction([&] { work(*kept->store); });
}

} // namespace mesh
