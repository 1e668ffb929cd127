#include "nodes/draw/page.hpp"

namespace nodes {

std::string_view page_style() {
    return R"(:root{color-scheme:light dark;--page:#f3f5f7;--card:#ffffff;--ink:#1f2933;--soft:#5b6672;--line:#d9dee3;--bad:#b42318;--warn:#8a5300;--good:#1f6b36;--mark:#1d5fb4;--mark-soft:#e3eefb}
@media (prefers-color-scheme:dark){:root{--page:#0f1216;--card:#15191e;--ink:#e4e8ec;--soft:#9aa6b2;--line:#2b323a;--bad:#ff8a80;--warn:#f0b35b;--good:#7fdc98;--mark:#7db2f0;--mark-soft:#1c2c40}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:14px/1.45 system-ui,"Segoe UI","DejaVu Sans",sans-serif}
h1{font-size:20px;margin:0;overflow-wrap:anywhere}
h2{font-size:15px;margin:0 0 10px}
h3{font-size:13px;margin:0 0 8px;font-weight:600;overflow-wrap:anywhere}
header{display:flex;flex-wrap:wrap;gap:6px 16px;align-items:baseline;padding:16px 20px 10px}
header p{margin:0;color:var(--soft)}
.verdict{font-weight:600}
.bad{color:var(--bad)}
.good{color:var(--good)}
.tools{display:flex;flex-wrap:wrap;gap:8px;align-items:center;padding:0 20px 12px}
.tools label{display:flex;gap:8px;align-items:center;color:var(--soft)}
input,button{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:6px;padding:5px 10px}
input{width:min(280px,60vw)}
button{cursor:pointer}
button:hover{border-color:var(--mark)}
:focus-visible{outline:2px solid var(--mark);outline-offset:2px}
#found{color:var(--soft);min-width:60px}
.gap{flex:1}
main{display:grid;grid-template-columns:minmax(0,1fr) 390px;gap:16px;padding:0 20px 16px;align-items:start}
@media (max-width:900px){main{grid-template-columns:minmax(0,1fr)}}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:14px;margin:0 0 14px}
#pictures{padding:0;overflow:auto;height:calc(100vh - 130px);min-height:320px}
#pictures svg{display:block}
#pictures .left-out{margin:12px 24px 0;color:var(--soft)}
aside{max-height:calc(100vh - 130px);overflow:auto}
@media (max-width:900px){#pictures .left-out{margin:12px 24px 0;color:var(--soft)}
aside{max-height:none}}
ol,ul{margin:0;padding:0;list-style:none}
code,.step,.entry-row button,.place{font-family:ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:12px}
.place{color:var(--soft);overflow-wrap:anywhere}
.cycle-card{border-top:1px solid var(--line);padding:12px 0}
.cycle-card:first-of-type{border-top:0;padding-top:0}
.step{display:grid;grid-template-columns:26px minmax(0,1fr);gap:2px 8px;width:100%;text-align:left;border:1px solid transparent;background:none;padding:5px 6px;overflow-wrap:anywhere}
.step .count{grid-row:span 2;justify-self:center;align-self:center;min-width:20px;padding:0 4px;border-radius:10px;background:var(--bad);color:var(--card);text-align:center;font-weight:700}
.step.current{background:var(--mark-soft);border-color:var(--mark)}
.cut-list{margin:8px 0 0 6px;color:var(--soft)}
.finding{border-top:1px solid var(--line);padding:9px 0;overflow-wrap:anywhere}
.finding:first-child{border-top:0;padding-top:0}
.finding .error{color:var(--bad);font-weight:700}
.finding .warning{color:var(--warn);font-weight:700}
.finding ul{margin:4px 0 0 14px}
summary{cursor:pointer;font-weight:600;font-size:15px}
#index ul{margin-top:8px}
.entry-row button{width:100%;text-align:left;border:0;background:none;padding:3px 4px;display:flex;gap:8px;overflow-wrap:anywhere}
.entry-row .kind{color:var(--soft);flex:none;width:58px}
.entry-row button:hover{background:var(--mark-soft)}
#said{min-height:20px;padding:0 20px 6px;color:var(--mark);overflow-wrap:anywhere}
footer{padding:0 20px 16px;color:var(--soft)}
kbd{border:1px solid var(--line);border-bottom-width:2px;border-radius:4px;padding:0 5px;background:var(--card);font-size:12px}
.walking .edge,.walking .node,.searching .edge,.searching .node{opacity:.28}
.walking .cycle,.walking .on-cycle{opacity:.6}
.walking .key .edge,.walking .key .node,.searching .key .edge,.searching .key .node{opacity:1}
body .edge.current,body .node.current,body .edge.hit,body .node.hit{opacity:1}
body .node.current>.box,body .node.hit>.box{stroke:var(--mark);stroke-width:3.6}
body .edge.current>.line,body .edge.hit>.line{stroke:var(--mark);stroke-width:5}
@media print{.tools,footer,#said{display:none}main{display:block}#pictures,aside{height:auto;max-height:none;overflow:visible}}
)";
}

} // namespace nodes
