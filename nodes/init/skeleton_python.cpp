#include "nodes/init/skeleton.hpp"

#include <fmt/format.h>

namespace nodes {

std::string python_skeleton(const FlowService& service) {
    std::string functions;
    std::string table;
    for (const auto& handler : service.handlers) {
        functions += fmt::format("\n\ndef {}(data):\n"
                                 "    \"\"\"{} -> {}: from the data of the one to that of the "
                                 "other.\"\"\"\n"
                                 "    return data\n",
                                 function_name(handler), listed(handler.on), handler.emits);
        table += fmt::format("    \"{}\": ({}, \"{}\"),\n", handler.name, function_name(handler),
                             handler.emits);
    }
    return fmt::format(
        R"("""The service {}: each line on stdin is an event, each line on stdout an answer."""
import json
import sys
{}

HANDLERS = {{
{}}}

for line in sys.stdin:
    event = json.loads(line)
    name = event["handler"]
    handle, topic = HANDLERS[name]
    try:
        emitted = {{"emit": topic, "data": handle(event["data"])}}
        answers = [emitted, {{"done": event["id"]}}]
    except Exception as error:  # an attempt that failed: the manifest says how often it is tried
        answers = [{{"failed": event["id"], "error": str(error)}}]
    for answer in answers:
        print(json.dumps({{"for": event["id"], "handler": name, **answer}}), flush=True)
)",
        service.name, functions, table);
}

} // namespace nodes
