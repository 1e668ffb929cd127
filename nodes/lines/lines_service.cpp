#include "nodes/lines/lines_service.hpp"

#include "nodes/cli/event_key.hpp"

#include <utility>

namespace nodes {

LinesService::LinesService(const mesh::ServiceManifest& service, LinesSetting setting,
                           mesh::Node& node, std::function<void(const ExitStatus&)> ended)
    : setting_(std::move(setting)),
      rules_(setting_.rules),
      node_(node),
      source_("/" + setting_.realm + "/" + service.contract.service),
      program_(
          {
              .start = {service.run, service.cwd, setting_.environment},
              .restarts = service.restart == mesh::Restart::on_failure,
              .is_acknowledging = service.acknowledges,
          },
          {
              .may_publish_meanwhile =
                  [this](const LinesMessage& message) { return rules_.is_entry(message.topic); },
              .publish = [this](const LinesMessage& message) { return publish(message); },
              .key =
                  [this](const LinesMessage& message) {
                      return key_in(setting_.events, message.topic, message.payload);
                  },
              .ended = std::move(ended),
          }) {}

void LinesService::beat(const std::string& handler, const mesh::Beat& beat, mesh::Emitter& emit) {
    const auto id = "beat-" + std::to_string(++beat_count_);
    program_.handle(handler, id, lines_beat(beat, id, source_, setting_.realm, handler), emit);
}

mesh::Result<void> LinesService::publish(const LinesMessage& message) {
    mesh::EventOptions options;
    options.key = message.key;
    return node_.publish(message.topic, message.payload, options);
}

} // namespace nodes
