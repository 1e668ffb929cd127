#pragma once

#include "mesh/event/event.hpp"
#include "nodes/gateway/http_message.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nodes {

/// The context attributes of one CloudEvent, wherever they stood: names in small letters and
/// values, without `datacontenttype`, which goes with the data.
using CloudAttributes = std::vector<std::pair<std::string, std::string>>;

/// An event of these attributes, still without its data. `topic`: as in read_posted.
/// Errors: 400 for one that is missing, malformed or given twice, naming it.
OrRefusal<mesh::NewEvent> event_of(const CloudAttributes& attributes, std::string_view topic);

} // namespace nodes
