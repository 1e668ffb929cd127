#include "nodes/draw/page.hpp"

namespace nodes {

// Works on what the page holds: it reads `data-` attributes and toggles classes, and never makes
// markup of a name.
std::string_view page_script() {
    return R"JS('use strict';
(function () {
  var one = function (id) { return document.getElementById(id); };
  var all = function (root, selector) { return Array.prototype.slice.call(root.querySelectorAll(selector)); };
  var cycles = all(document, '.cycle-card');
  var said = one('said');
  var at = { cycle: -1, step: -1 };

  function unmark(name) {
    all(document, '.' + name).forEach(function (element) { element.classList.remove(name); });
  }
  // Scrolls the frame of the pictures, and nothing else, until the element stands in its middle.
  function show(element) {
    if (!element) { return; }
    var frame = one('pictures');
    var inner = element.getBoundingClientRect();
    var outer = frame.getBoundingClientRect();
    frame.scrollLeft += inner.left + inner.width / 2 - outer.left - outer.width / 2;
    frame.scrollTop += inner.top + inner.height / 2 - outer.top - outer.height / 2;
  }
  function show_step(button) {
    var edge = one(button.getAttribute('data-edge'));
    var room = one('pictures').getBoundingClientRect();
    var size = edge ? edge.getBoundingClientRect() : null;
    var fits = size && size.width < room.width && size.height < room.height;
    show(fits ? edge : one(button.getAttribute('data-from')));
  }
  function mark(id, name) {
    var element = id ? one(id) : null;
    if (element) { element.classList.add(name); }
    return element;
  }
  function steps_of(cycle) { return all(cycles[cycle], '.step'); }

  // A step is the emphasis of one edge and its two ends; everything else steps back.
  function go(cycle, step) {
    unmark('current');
    unmark('active');
    at.cycle = cycle;
    at.step = step;
    document.body.classList.toggle('walking', cycle >= 0);
    if (cycle < 0) { said.textContent = ''; return; }
    var button = steps_of(cycle)[step];
    cycles[cycle].classList.add('active');
    button.classList.add('current');
    mark(button.getAttribute('data-from'), 'current');
    mark(button.getAttribute('data-to'), 'current');
    mark(button.getAttribute('data-edge'), 'current');
    show_step(button);
    if (button.scrollIntoView) { button.scrollIntoView({ block: 'nearest' }); }
    said.textContent = 'Cycle ' + (cycle + 1) + ', step ' + (step + 1) + ' of ' +
      steps_of(cycle).length + ': ' + button.getAttribute('data-say');
  }
  function move(by) {
    if (cycles.length === 0) { return; }
    if (at.cycle < 0) { go(by > 0 ? 0 : cycles.length - 1, 0); return; }
    var count = steps_of(at.cycle).length;
    go(at.cycle, (at.step + by + count) % count);
  }
  function move_cycle(by) {
    if (cycles.length === 0) { return; }
    go((at.cycle < 0 ? (by > 0 ? 0 : cycles.length - 1) : at.cycle + by + cycles.length) % cycles.length, 0);
  }
  cycles.forEach(function (card, cycle) {
    steps_of(cycle).forEach(function (button, step) {
      button.addEventListener('click', function () { go(cycle, step); });
    });
  });

  // The search: entries by name, then what in the pictures bears that name.
  var search = one('search');
  var entries = all(document, '.entry-row');
  var marks = all(document, 'svg [data-name], svg [data-vias]');
  function bears(element, text, exact) {
    var name = element.getAttribute('data-name');
    var names = name === null ? element.getAttribute('data-vias').split('\n') : [name];
    return names.some(function (each) {
      return exact ? each === text : each !== '' && each.toLowerCase().indexOf(text) >= 0;
    });
  }
  function find(text, exact) {
    unmark('hit');
    document.body.classList.toggle('searching', text !== '');
    var hits = text === '' ? [] : marks.filter(function (element) { return bears(element, text, exact); });
    hits.forEach(function (element) { element.classList.add('hit'); });
    return hits;
  }
  function filter() {
    var text = search.value.trim().toLowerCase();
    var count = 0;
    entries.forEach(function (row) {
      var is_hit = row.getAttribute('data-name').toLowerCase().indexOf(text) >= 0;
      row.hidden = !is_hit;
      if (is_hit) { count += 1; }
    });
    var hits = find(text, false);
    one('found').textContent = text === '' ? '' : count + ' of ' + entries.length;
    if (text !== '') { one('index').open = true; }
    return hits;
  }
  search.addEventListener('input', filter);
  search.addEventListener('keydown', function (event) {
    if (event.key === 'Enter') { show(filter()[0]); }
  });
  entries.forEach(function (row) {
    var button = row.querySelector('button');
    button.addEventListener('click', function () {
      go(-1, -1);
      show(find(row.getAttribute('data-name'), true)[0]);
      said.textContent = row.getAttribute('data-name') + ' ' + button.getAttribute('data-place');
    });
  });

  // Zoom changes the size of the pictures; the frame around them scrolls.
  var pictures = all(document, 'svg.dm');
  var zoom = 1;
  function resize(factor) {
    zoom = Math.min(4, Math.max(0.05, factor));
    pictures.forEach(function (svg) {
      var box = svg.getAttribute('viewBox').split(' ');
      svg.setAttribute('width', String(Math.round(box[2] * zoom)));
      svg.setAttribute('height', String(Math.round(box[3] * zoom)));
    });
  }
  function fit() {
    var widest = pictures.reduce(function (width, svg) {
      return Math.max(width, Number(svg.getAttribute('viewBox').split(' ')[2]));
    }, 1);
    resize(Math.min(1.25, Math.max(0.45, (one('pictures').clientWidth - 4) / widest)));
  }
  function reset() {
    search.value = '';
    filter();
    go(-1, -1);
  }
  one('larger').addEventListener('click', function () { resize(zoom * 1.25); });
  one('smaller').addEventListener('click', function () { resize(zoom / 1.25); });
  one('fit').addEventListener('click', fit);
  one('previous').addEventListener('click', function () { move(-1); });
  one('next').addEventListener('click', function () { move(1); });

  document.addEventListener('keydown', function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (event.key === 'Escape') { reset(); return; }
    if (event.target && event.target.tagName === 'INPUT') { return; }
    var is_scrolling = event.target && event.target.id === 'pictures';
    var actions = {
      n: function () { move(1); },
      p: function () { move(-1); },
      N: function () { move_cycle(1); },
      P: function () { move_cycle(-1); },
      '/': function () { search.focus(); },
      '+': function () { resize(zoom * 1.25); },
      '-': function () { resize(zoom / 1.25); },
      '0': fit
    };
    if (!is_scrolling) {
      actions.ArrowRight = actions.n;
      actions.ArrowLeft = actions.p;
      actions.ArrowDown = actions.N;
      actions.ArrowUp = actions.P;
    }
    if (actions.hasOwnProperty(event.key)) {
      event.preventDefault();
      actions[event.key]();
    }
  });
  if (pictures.some(function (svg) { return svg.clientWidth > one('pictures').clientWidth; })) {
    fit();
    if (cycles.length > 0) { show_step(steps_of(0)[0]); }
  }
  document.body.classList.add('scripted');
})();
)JS";
}

} // namespace nodes
