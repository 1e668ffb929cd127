#include "mesh/manifest/yaml_input.hpp"

namespace mesh {

YamlInput::int_type YamlInput::underflow() {
    if (handed_out_ > reached_ + ahead_size_bytes_max)
        throw YamlStop{reached_, "expected each value to take at most 256 KiB, "
                                 "the one from here on is larger"};
    piece_ = text_.substr(handed_out_, piece_size_bytes);
    handed_out_ += piece_.size();
    if (piece_.empty())
        return traits_type::eof();
    setg(piece_.data(), piece_.data(), piece_.data() + piece_.size());
    return traits_type::to_int_type(piece_.front());
}

} // namespace mesh
