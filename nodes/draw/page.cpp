#include "nodes/draw/page.hpp"

#include "nodes/draw/svg.hpp"
#include "nodes/draw/view_notes.hpp"
#include "nodes/text/escape.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nodes {

namespace {

constexpr std::size_t entries_max = 5000;
constexpr std::size_t findings_max = 1000;
constexpr std::size_t cut_shown_max = 20;

std::string number(std::size_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string place_html(const mesh::Place& place) {
    const auto text = mesh::to_string(place);
    return text.empty() ? "" : fmt::format(" <span class=\"place\">{}</span>", escape_xml(text));
}

std::string id_attribute(std::string_view name, std::size_t part, char kind,
                         std::optional<Picture::Index> number) {
    return number ? fmt::format(" data-{}=\"p{}{}{}\"", name, part, kind, *number) : "";
}

std::string step_html(std::size_t part, const Picture::Step& step, std::size_t count) {
    const auto sentence =
        fmt::format("{} is handled by {}, which emits {}", step.event, step.handler, step.emits);
    return fmt::format(
        "<li><button type=\"button\" class=\"step\"{}{}{} data-say=\"{}\"><span class=\"count\">{}"
        "</span><span>{} &rarr; {}</span><span class=\"place\">{}  {}</span></button></li>\n",
        id_attribute("from", part, 'n', step.from), id_attribute("to", part, 'n', step.to),
        id_attribute("edge", part, 'e', step.edge), escape_xml(sentence), count,
        escape_xml(step.event), escape_xml(step.emits), escape_xml(step.handler),
        escape_xml(mesh::to_string(step.place)));
}

const mesh::Finding* finding_of(const PagePart& part, const Picture::Cycle& cycle) {
    const auto found = std::ranges::find_if(part.findings, [&](const mesh::Finding& finding) {
        return finding.code == cycle.code && finding.message == cycle.message &&
               finding.place == cycle.steps.front().place;
    });
    return found == part.findings.end() ? nullptr : &*found;
}

std::string cut_html(const mesh::Finding* finding) {
    if (finding == nullptr || finding->cut.empty())
        return {};
    std::string text = "<div class=\"cut-list\">Proposed cut:<ul>\n";
    for (std::size_t i = 0; i < std::min(cut_shown_max, finding->cut.size()); ++i) {
        const auto& edge = finding->cut[i];
        text += fmt::format("<li><code>{} &#10007; {}</code>{}</li>\n", escape_xml(edge.handler),
                            escape_xml(edge.emits), place_html(edge.place));
    }
    if (finding->cut.size() > cut_shown_max)
        text += fmt::format("<li>and {} more</li>\n", finding->cut.size() - cut_shown_max);
    return text + "</ul></div>\n";
}

std::string cycles_html(std::span<const PagePart> parts) {
    std::string text;
    std::size_t count = 0;
    for (std::size_t p = 0; p < parts.size(); ++p)
        for (const auto& cycle : parts[p].placed.picture.cycles) {
            text += fmt::format("<div class=\"cycle-card\"><h3>{}. <code>{}</code> {}</h3>\n"
                                "<ol aria-label=\"Steps of cycle {}\">\n",
                                ++count, escape_xml(cycle.code), escape_xml(cycle.message), count);
            for (std::size_t i = 0; i < cycle.steps.size(); ++i)
                text += step_html(p, cycle.steps[i], i + 1);
            text += "</ol>\n" + cut_html(finding_of(parts[p], cycle)) + "</div>\n";
        }
    const auto body = count == 0 ? "<p>There is no cycle.</p>\n" : text;
    return "<section class=\"card\" aria-label=\"Cycles\"><h2>" +
           (count == 0 ? std::string("Cycles") : number(count, "cycle")) + "</h2>\n" + body +
           "</section>\n";
}

std::string finding_html(const mesh::Finding& finding) {
    const auto* severity = finding.severity == mesh::Severity::error ? "error" : "warning";
    auto text = fmt::format("<li class=\"finding\"><span class=\"{0}\">{0}</span> <code>{1}</code> "
                            "{2}{3}",
                            severity, escape_xml(finding.code), escape_xml(finding.message),
                            place_html(finding.place));
    std::string details;
    for (const auto& step : finding.path)
        details += fmt::format("<li><code>{} &rarr; {}</code> by <code>{}</code>{}</li>",
                               escape_xml(step.event), escape_xml(step.emits),
                               escape_xml(step.handler), place_html(step.emits_place));
    for (const auto& noted : finding.places)
        details += fmt::format("<li>{}{}</li>", escape_xml(noted.note), place_html(noted.place));
    if (!details.empty())
        text += "<ul>" + details + "</ul>";
    return text + "</li>\n";
}

std::string findings_html(std::span<const PagePart> parts) {
    std::string list;
    std::size_t count = 0;
    for (const auto& part : parts)
        for (const auto& finding : part.findings)
            if (count++ < findings_max)
                list += finding_html(finding);
    if (count > findings_max)
        list += fmt::format("<li class=\"finding\">and {} more</li>\n", count - findings_max);
    return "<section class=\"card\" aria-label=\"Findings\"><h2>" + number(count, "finding") +
           "</h2>\n" + (count == 0 ? "<p>Nothing to say.</p>\n" : "<ol>\n" + list + "</ol>\n") +
           "</section>\n";
}

std::string index_html(std::span<const PagePart> parts) {
    std::string list;
    std::size_t count = 0;
    for (const auto& part : parts)
        for (const auto& entry : part.entries) {
            ++count;
            list += fmt::format("<li class=\"entry-row\" data-name=\"{0}\"><button type=\"button\" "
                                "title=\"{2}\" data-place=\"{2}\"><span class=\"kind\">{1}</span>"
                                "<span>{0}</span></button></li>\n",
                                escape_xml(entry.name), entry.kind, escape_xml(entry.place));
        }
    return fmt::format("<details class=\"card\" id=\"index\"><summary>All names ({})</summary>\n"
                       "<ul>\n{}</ul></details>\n",
                       count, list);
}

std::string header_html(std::string_view title, std::span<const PagePart> parts) {
    mesh::GraphReport::Counts counts;
    std::size_t errors = 0;
    std::size_t warnings = 0;
    std::size_t longest_chain = 0;
    bool is_acyclic = true;
    for (const auto& part : parts) {
        counts.services += part.counts.services;
        counts.events += part.counts.events;
        counts.handlers += part.counts.handlers;
        counts.edges += part.counts.edges;
        longest_chain = std::max(longest_chain, part.longest_chain);
        is_acyclic = is_acyclic && part.is_acyclic;
        for (const auto& finding : part.findings)
            ++(finding.severity == mesh::Severity::error ? errors : warnings);
    }
    return fmt::format(
        "<header><h1>{}</h1><p class=\"verdict {}\">{}</p><p>{}, {}</p><p>{}, {}, {}, {}, longest "
        "chain {}</p></header>\n",
        escape_xml(title), is_acyclic ? "good" : "bad", is_acyclic ? "no cycle" : "cyclic",
        number(errors, "error"), number(warnings, "warning"), number(counts.services, "service"),
        number(counts.events, "event"), number(counts.handlers, "handler"),
        number(counts.edges, "edge"), longest_chain);
}

constexpr std::string_view policy =
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n";

constexpr std::string_view tools = R"(<div class="tools" role="toolbar" aria-label="Tools">
<label for="search">Search <input type="search" id="search" placeholder="event, handler or service" autocomplete="off" aria-controls="index"></label>
<output id="found" for="search" aria-live="polite"></output>
<span class="gap"></span>
<button type="button" id="previous" aria-keyshortcuts="p ArrowLeft">&larr; step</button>
<button type="button" id="next" aria-keyshortcuts="n ArrowRight">step &rarr;</button>
<button type="button" id="smaller" aria-label="Zoom out" aria-keyshortcuts="-">&minus;</button>
<button type="button" id="fit" aria-keyshortcuts="0">fit</button>
<button type="button" id="larger" aria-label="Zoom in" aria-keyshortcuts="+">+</button>
</div>
<div id="said" role="status" aria-live="polite"></div>
)";

constexpr std::string_view footer =
    R"(<footer>An arrow means &ldquo;causes&rdquo;. <kbd>n</kbd> <kbd>p</kbd> or <kbd>&rarr;</kbd> <kbd>&larr;</kbd> walk the steps of a cycle, <kbd>N</kbd> <kbd>P</kbd> or <kbd>&darr;</kbd> <kbd>&uarr;</kbd> go to the next one, <kbd>/</kbd> searches, <kbd>+</kbd> <kbd>-</kbd> <kbd>0</kbd> zoom, <kbd>Esc</kbd> ends it. Hover a box or an arrow for file, line and column.</footer>
)";

std::vector<PageEntry> page_entries(const mesh::GraphInput& input) {
    const mesh::InnerGraph inner(input);
    std::vector<PageEntry> entries;
    const auto add = [&](std::string_view kind, const std::vector<ViewGraph::Node>& list) {
        for (const auto& node : list)
            if (entries.size() < entries_max)
                entries.push_back({std::string(kind), node.name, mesh::to_string(node.place)});
    };
    add("event", event_nodes(input, inner));
    add("handler", handler_nodes(inner));
    add("service", service_nodes(input, inner));
    return entries;
}

} // namespace

PagePart make_page_part(PlacedPicture placed, const mesh::GraphInput& input,
                        const mesh::GraphReport& report) {
    return {std::move(placed),    report.findings,   report.counts,
            report.longest_chain, report.is_acyclic, page_entries(input)};
}

std::string html_page(std::string_view title, std::span<const PagePart> parts) {
    auto text =
        fmt::format("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "{}<meta name=\"viewport\" content=\"width=device-width, "
                    "initial-scale=1\">\n<title>{}</title>\n<style>\n{}{}</style>\n"
                    "</head>\n<body>\n",
                    policy, escape_xml(title), svg_style(), page_style());
    text += header_html(title, parts);
    text += tools;
    text +=
        "<main>\n<section class=\"card\" id=\"pictures\" tabindex=\"0\" aria-label=\"Picture\">\n";
    for (const auto& part : parts)
        for (const auto& note : part.placed.picture.notes)
            text += "<p class=\"left-out\">" + escape_xml(note) + "</p>\n";
    for (std::size_t i = 0; i < parts.size(); ++i)
        text += svg_element(parts[i].placed, i, false);
    text += "</section>\n<aside>\n";
    text += cycles_html(parts) + findings_html(parts) + index_html(parts);
    text += "</aside>\n</main>\n";
    text += footer;
    text += fmt::format("<script>\n{}</script>\n</body>\n</html>\n", page_script());
    return text;
}

} // namespace nodes
