#include "nodes/check/write_outputs.hpp"

#include "mesh/base/suggest.hpp"
#include "nodes/check/check_github.hpp"
#include "nodes/check/check_json.hpp"
#include "nodes/check/check_junit.hpp"
#include "nodes/check/check_sarif.hpp"
#include "nodes/check/check_text.hpp"
#include "nodes/draw/dot.hpp"
#include "nodes/draw/make_picture.hpp"
#include "nodes/draw/mermaid.hpp"
#include "nodes/draw/page.hpp"
#include "nodes/draw/svg.hpp"
#include "nodes/text/output_file.hpp"

#include <filesystem>
#include <ostream>
#include <sstream>

namespace nodes {

namespace {

std::string json_text(const nlohmann::ordered_json& json) {
    // The path of a file may hold any bytes.
    return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

/// The folder that relative paths start from; without one, paths stay as they are.
std::string current_folder() {
    std::error_code error;
    const auto folder = std::filesystem::current_path(error);
    return error ? "/" : folder.string();
}

std::vector<Picture> make_pictures(const OutputSource& source) {
    std::vector<Picture> pictures;
    for (std::size_t i = 0; i < source.inputs.size(); ++i)
        pictures.push_back(
            make_picture(source.inputs[i], source.reports[i].graph,
                         {picture_title(source.reports[i].realm, source.view), source.view}));
    return pictures;
}

mesh::Result<std::string> render_laid_out(const OutputSource& source, Form form) {
    std::vector<PlacedPicture> placed;
    for (auto& picture : make_pictures(source)) {
        auto one = place_picture(std::move(picture));
        if (!one)
            return tl::unexpected(one.error());
        placed.push_back(std::move(*one));
    }
    if (form == Form::svg)
        return svg_document(placed);
    std::vector<PagePart> parts;
    for (std::size_t i = 0; i < placed.size(); ++i)
        parts.push_back(
            make_page_part(std::move(placed[i]), source.inputs[i], source.reports[i].graph));
    return html_page(parts.size() == 1 ? parts.front().placed.picture.title : "event graphs",
                     parts);
}

} // namespace

mesh::Result<View> parse_view(std::string_view text) {
    if (const auto view = find_view(text))
        return *view;
    const std::vector<std::string> known{"events", "handlers", "services"};
    return mesh::fail(mesh::ErrorCode::invalid,
                      "--view: expected events, handlers or services, got \"" + std::string(text) +
                          "\"" + mesh::did_you_mean(text, known));
}

mesh::Result<std::string> render(const OutputSource& source, Form form) {
    switch (form) {
    case Form::text: {
        std::ostringstream text;
        print_check(source.reports, source.view, false, text);
        return text.str();
    }
    case Form::json:
        return json_text(check_json(source.reports));
    case Form::sarif:
        return json_text(check_sarif(source.reports, current_folder()));
    case Form::junit:
        return check_junit(source.reports);
    case Form::github:
        return check_github(source.reports);
    case Form::dot:
        return dot_document(make_pictures(source));
    case Form::mermaid:
        return mermaid_document(make_pictures(source));
    case Form::svg:
    case Form::html:
        return render_laid_out(source, form);
    }
    return mesh::fail(mesh::ErrorCode::invalid, "no such form");
}

bool write_outputs(const std::vector<OutputRequest>& outputs, const OutputSource& source,
                   std::ostream& out, std::ostream& err) {
    bool is_written = true;
    for (const auto& output : outputs) {
        const auto text = render(source, output.form);
        if (text && output.file == "-") {
            out << *text;
            continue;
        }
        const auto done = text ? write_file(output.file, *text) : tl::unexpected(text.error());
        if (!done) {
            err << "check: --output " << to_text(output.form) << "=" << output.file << ": "
                << done.error().detail << '\n';
            is_written = false;
        }
    }
    return is_written;
}

} // namespace nodes
