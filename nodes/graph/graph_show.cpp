#include "nodes/graph/graph_show.hpp"

#include "mesh/base/suggest.hpp"
#include "nodes/check/check.hpp"
#include "nodes/check/graph_input.hpp"
#include "nodes/check/write_outputs.hpp"
#include "nodes/cli/exit_code.hpp"
#include "nodes/draw/make_picture.hpp"
#include "nodes/draw/picture_json.hpp"
#include "nodes/draw/picture_text.hpp"
#include "nodes/text/output_file.hpp"

#include <limits>
#include <ostream>
#include <sstream>
#include <vector>

namespace nodes {

namespace {

/// Of text and JSON, which hold every node.
constexpr std::size_t edges_max = 1'000'000;

mesh::Result<Form> parse_as(const std::string& text) {
    const std::vector<std::string> known{"text", "dot", "mermaid", "svg", "html", "json"};
    const auto form = parse_form(text);
    if (form && (is_picture(*form) || *form == Form::text || *form == Form::json))
        return *form;
    return mesh::fail(mesh::ErrorCode::invalid,
                      "--as: expected text, dot, mermaid, svg, html or json, got \"" + text + "\"" +
                          mesh::did_you_mean(text, known));
}

std::vector<Picture> whole_pictures(const OutputSource& source) {
    std::vector<Picture> pictures;
    for (std::size_t i = 0; i < source.inputs.size(); ++i)
        pictures.push_back(
            make_picture(source.inputs[i], source.reports[i].graph,
                         {picture_title(source.reports[i].realm, source.view), source.view,
                          std::numeric_limits<std::size_t>::max(), edges_max}));
    return pictures;
}

std::string text_of(const OutputSource& source, const TextStyle& style) {
    std::ostringstream text;
    bool is_first = true;
    for (const auto& picture : whole_pictures(source)) {
        text << (is_first ? "" : "\n");
        print_picture(picture, style, text);
        is_first = false;
    }
    return text.str();
}

std::string json_of(const OutputSource& source) {
    return picture_json(whole_pictures(source))
               .dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) +
           "\n";
}

mesh::Result<std::string> render_graph(const OutputSource& source, Form form,
                                       const TextStyle& style) {
    if (form == Form::text)
        return text_of(source, style);
    if (form == Form::json)
        return json_of(source);
    return render(source, form);
}

int fail(const std::string& what, ExitCode code, std::ostream& err) {
    err << "graph show: " << what << '\n';
    return to_int(code);
}

} // namespace

int graph_show(const mesh::ManifestSet& set, const GraphShowOptions& options, std::ostream& out,
               std::ostream& err) {
    if (!set.errors.empty()) {
        print_errors(set.errors, err);
        return to_int(ExitCode::usage);
    }
    const auto view = parse_view(options.view);
    const auto form = parse_as(options.as);
    if (!view || !form)
        return fail((!view ? view.error() : form.error()).detail, ExitCode::usage, err);

    CheckOptions check_options;
    check_options.view = *view;
    const auto reports = check_realms(set, check_options);
    std::vector<mesh::GraphInput> inputs;
    for (const auto& realm : set.realms)
        inputs.push_back(graph_input(realm));
    const bool is_file = !options.output_file.empty() && options.output_file != "-";
    const auto style = is_file ? TextStyle{} : TextStyle{options.use_colour, options.use_unicode};
    const auto text = render_graph({reports, inputs, *view}, *form, style);
    if (!text)
        return fail(text.error().detail, ExitCode::environment, err);
    if (!is_file) {
        out << *text;
        return to_int(ExitCode::done);
    }
    if (const auto written = write_file(options.output_file, *text); !written)
        return fail(options.output_file + ": " + written.error().detail, ExitCode::environment,
                    err);
    return to_int(ExitCode::done);
}

} // namespace nodes
