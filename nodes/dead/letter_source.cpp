#include "nodes/dead/letter_source.hpp"

#include <algorithm>
#include <utility>

namespace nodes {

void LetterSource::note_trouble(std::string trouble) {
    if (std::ranges::find(troubles_, trouble) == troubles_.end())
        troubles_.push_back(std::move(trouble));
}

} // namespace nodes
