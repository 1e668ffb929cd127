#include "nodes/draw/svg.hpp"

namespace nodes {

// No custom properties: some viewers of SVG know CSS, but not those.
std::string_view svg_style() {
    return R"(.dm text{font-family:ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,"Liberation Mono",monospace;fill:#1f2933}
.dm .page{fill:#ffffff}
.dm .title{font:600 17px system-ui,"Segoe UI","DejaVu Sans",sans-serif}
.dm .note,.dm .heading,.dm .key text{font:12px system-ui,"Segoe UI","DejaVu Sans",sans-serif;fill:#5b6672}
.dm .heading{text-anchor:middle;letter-spacing:.04em}
.dm .column{fill:#f6f8fa}
.dm .name{font-size:13px;text-anchor:middle}
.dm .folded{font-size:11px;text-anchor:middle;fill:#5b6672}
.dm .box{fill:#ffffff;stroke:#8a96a3;stroke-width:1.2}
.dm .entry>.box{fill:#eef4fb}
.dm .entry>.gate{fill:#3b6ea5}
.dm .wild>.box{stroke-dasharray:5 3}
.dm .on-cycle>.box{fill:#fdf0f0;stroke:#c22f2f;stroke-width:2.6}
.dm .on-cycle>.name{font-weight:700}
.dm .line{fill:none;stroke:#8a96a3;stroke-width:1.3}
.dm .tip{fill:#8a96a3}
.dm .label{font-size:11px;fill:#46515c}
.dm .behind{fill:#ffffff;fill-opacity:.86}
.dm .cycle>.line{stroke:#c22f2f;stroke-width:3.4}
.dm .tip-cycle{fill:#c22f2f}
.dm .cut>.line{stroke:#c22f2f;stroke-dasharray:9 6}
.dm .loop>.line{stroke:#2c7a3f;stroke-width:2;stroke-dasharray:2 4;stroke-linecap:round}
.dm .tip-loop{fill:#2c7a3f}
.dm .badge{fill:#c22f2f;stroke:none}
.dm .badge-text{font-size:11px;font-weight:700;fill:#ffffff;text-anchor:middle}
.dm .badge-cut{fill:#ffffff;stroke:#c22f2f;stroke-width:1.6}
.dm .cross{stroke:#c22f2f;stroke-width:2.4;stroke-linecap:round}
.dm .badge-loop{fill:#2c7a3f;stroke:none}
.dm .key .box{stroke-width:1.2}
@media (prefers-color-scheme:dark){
.dm text{fill:#e4e8ec}
.dm .page{fill:#15191e}
.dm .note,.dm .heading,.dm .key text,.dm .folded{fill:#9aa6b2}
.dm .column{fill:#1a1f26}
.dm .box{fill:#222932;stroke:#66727f}
.dm .entry>.box{fill:#1d2d3f}
.dm .entry>.gate{fill:#7db2e8}
.dm .on-cycle>.box{fill:#3a2024;stroke:#ff7b7b}
.dm .line{stroke:#76828f}
.dm .tip{fill:#76828f}
.dm .label{fill:#b4bec8}
.dm .behind{fill:#15191e}
.dm .cycle>.line,.dm .cut>.line{stroke:#ff7b7b}
.dm .tip-cycle,.dm .badge{fill:#ff7b7b}
.dm .badge-text{fill:#15191e}
.dm .badge-cut{fill:#15191e;stroke:#ff7b7b}
.dm .cross{stroke:#ff7b7b}
.dm .loop>.line{stroke:#6fd388}
.dm .tip-loop,.dm .badge-loop{fill:#6fd388}
}
)";
}

} // namespace nodes
