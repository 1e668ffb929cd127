#include "nodes/cli/global_options.hpp"

#include "mesh/base/quantity.hpp"

#include <chrono>
#include <filesystem>
#include <unistd.h>

namespace nodes {

using mesh::Result;

namespace {

const Given* first_given(const GivenSources& sources, std::string_view name) {
    for (const auto* options : {&sources.arguments, &sources.variables, &sources.configuration})
        if (const auto found = options->find(name); found != options->end())
            return &found->second;
    return nullptr;
}

Result<void> check_all(const GivenOptions& given) {
    for (const auto& option : global_options()) {
        const auto found = given.find(option.name);
        if (found == given.end())
            continue;
        for (const auto& value : found->second.values)
            if (const auto checked = check_value(option.kind, value); !checked)
                return mesh::fail(checked.error().code,
                                  found->second.source + ": " + checked.error().detail);
    }
    return {};
}

/// Hands out values that check_all has seen.
class Values {
public:
    explicit Values(const GivenSources& sources) : sources_(sources) {}

    std::optional<std::string> text(std::string_view name) const {
        const auto* given = first_given(sources_, name);
        return given == nullptr ? std::nullopt : std::optional(given->values.front());
    }

    std::vector<std::string> texts(std::string_view name) const {
        const auto* given = first_given(sources_, name);
        return given == nullptr ? std::vector<std::string>{} : given->values;
    }

    bool flag(std::string_view name) const {
        const auto value = text(name);
        return value && parse_switch(*value).value();
    }

    template <class Parse>
    auto parsed(std::string_view name, Parse parse) const {
        using Value = typename decltype(parse(std::string_view{}))::value_type;
        const auto value = text(name);
        return value ? std::optional<Value>(parse(*value).value()) : std::nullopt;
    }

private:
    const GivenSources& sources_;
};

std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const auto& part : parts) {
        if (!text.empty())
            text += ',';
        text += part;
    }
    return text;
}

} // namespace

Result<GlobalOptions> merge_global_options(const GivenSources& sources) {
    for (const auto* options : {&sources.arguments, &sources.variables, &sources.configuration})
        if (const auto checked = check_all(*options); !checked)
            return tl::unexpected(checked.error());

    const Values values{sources};
    GlobalOptions options;
    options.realm = Values({sources.arguments, sources.variables, {}}).text("realm");
    options.config_realm = Values({{}, {}, sources.configuration}).text("realm");
    options.interfaces = values.texts("iface");
    for (const auto& peer : values.texts("peer"))
        options.peers.push_back(mesh::parse_endpoint(peer).value());
    options.listen = values.parsed("listen", mesh::parse_endpoint);
    options.advertise = values.text("advertise");
    options.beacon_port = values.parsed("beacon-port", parse_port);
    options.is_without_beacon = values.flag("no-beacon");
    options.is_insecure = values.flag("insecure");
    options.instance = values.text("instance");
    options.state_folder = values.text("state");
    options.timeout = values.parsed("timeout", mesh::parse_duration);
    options.format = values.parsed("format", parse_format).value_or(Format::text);
    options.color = values.parsed("color", parse_color).value_or(Color::automatic);
    options.is_quiet = values.flag("quiet");
    options.is_verbose = values.flag("verbose");
    return options;
}

std::string GlobalOptions::realm_beside(const std::string& manifest_realm) const {
    if (realm)
        return *realm;
    return manifest_realm.empty() ? config_realm.value_or("default") : manifest_realm;
}

Environment GlobalOptions::for_children() const {
    Environment variables;
    const auto set = [&](std::string_view name, const std::optional<std::string>& value) {
        if (value && !value->empty())
            variables[variable_name(name)] = *value;
    };
    const auto set_flag = [&](std::string_view name, bool is_set) {
        if (is_set)
            variables.insert_or_assign(variable_name(name), std::string(1, '1'));
    };
    std::vector<std::string> peer_texts;
    for (const auto& peer : peers)
        peer_texts.push_back(to_string(peer));
    set("iface", joined(interfaces));
    set("peer", joined(peer_texts));
    if (listen)
        set("listen", to_string(*listen));
    set("advertise", advertise);
    if (beacon_port)
        set("beacon-port", std::to_string(*beacon_port));
    set_flag("no-beacon", is_without_beacon);
    set_flag("insecure", is_insecure);
    set("instance", instance);
    if (state_folder)
        set("state", std::filesystem::absolute(*state_folder).string());
    if (timeout)
        set("timeout", std::to_string(std::chrono::nanoseconds(*timeout).count()) + "ns");
    set_flag("quiet", is_quiet);
    set_flag("verbose", is_verbose);
    return variables;
}

bool has_color(Color color, int fd, const Environment& environment) {
    if (color != Color::automatic)
        return color == Color::always;
    const auto no_color = environment.find("NO_COLOR");
    return (no_color == environment.end() || no_color->second.empty()) && isatty(fd) == 1;
}

} // namespace nodes
