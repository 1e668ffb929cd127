#pragma once

#include <string>
#include <string_view>

namespace nodes {

/// Text and attribute values of XML and HTML. Bytes that are no UTF-8 become U+FFFD; control
/// characters, which XML 1.0 cannot hold at all, become the pictures of Unicode's block 2400, so
/// that a reader still sees them. A tab and the ends of lines become character references.
std::string escape_xml(std::string_view text);

/// What stands between double quotes in DOT, for labels and tooltips.
/// Source: https://graphviz.org/doc/info/lang.html and .../attrs/escString
std::string escape_dot(std::string_view text);

/// What stands between double quotes in Mermaid: everything but letters, digits, blanks, dots,
/// dashes and what is not ASCII becomes `#NUMBER;`.
/// Source: https://mermaid.js.org/syntax/flowchart.html, "Entity codes to escape characters"
std::string escape_mermaid(std::string_view text);

/// The message of a workflow command, and the value of one of its properties.
/// Source: https://github.com/actions/toolkit, packages/core/src/command.ts
std::string escape_github_message(std::string_view text);
std::string escape_github_property(std::string_view text);

/// A path as a relative URI reference: every byte that RFC 3986 does not allow in a path becomes
/// `%XX`, and a colon in its first part does too.
std::string escape_uri_path(std::string_view path);

/// For one line on a terminal: control characters become `\xNN`, so that no name moves the cursor
/// or changes colours. Bytes that are no UTF-8 become U+FFFD.
std::string escape_terminal(std::string_view text);

} // namespace nodes
