#include "nodes/process/line_splitter.hpp"

namespace nodes {

void LineSplitter::feed(std::string_view bytes, const Sink& sink) {
    for (auto end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
        append(bytes.substr(0, end));
        end_line(sink);
        bytes.remove_prefix(end + 1);
    }
    append(bytes);
}

void LineSplitter::finish(const Sink& sink) {
    if (!line_.empty())
        end_line(sink);
}

void LineSplitter::append(std::string_view part) {
    const auto kept = part.substr(0, line_size_bytes_max_ - line_.size());
    line_ += kept;
    cut_size_bytes_ += part.size() - kept.size();
}

void LineSplitter::end_line(const Sink& sink) {
    if (cut_size_bytes_ > 0)
        line_ += " [cut: " + std::to_string(cut_size_bytes_) + " more bytes]";
    else if (line_.ends_with('\r'))
        line_.pop_back();
    sink(line_);
    line_.clear();
    cut_size_bytes_ = 0;
}

} // namespace nodes
