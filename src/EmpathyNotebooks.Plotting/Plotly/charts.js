/* Draws the figures that wait in window.empathyCharts: fits them to their width, to a light or dark page, and gives them a menu. */
(function () {
  "use strict";
  if (window.empathyCharts && window.empathyCharts.ready) return;
  var darkOf = __DARK__;
  __PAGE_THEME__
  var drawn = [];
  var count = Object.create(null);

  function copy(value) { return JSON.parse(JSON.stringify(value)); }

  /* What FigurePacking.cs wrote shorter, as it was. */
  function unpack(value, shared) {
    if (!value || typeof value !== "object") return value;
    if (Array.isArray(value)) return value.map(function (item) { return unpack(item, shared); });
    if ("$same" in value) return unpack(shared[value.$same], shared);
    if ("$times" in value) return Array.apply(null, Array(value.$times)).map(function () { return value.of; });
    if ("$start" in value) return value.rests.map(function (rest) { return value.$start + rest; });
    var result = {};
    Object.keys(value).forEach(function (key) { result[key] = unpack(value[key], shared); });
    return result;
  }

  function merge(target, patch) {
    Object.keys(patch).forEach(function (key) {
      var value = patch[key];
      if (value === null) delete target[key];
      else if (typeof value === "object" && !Array.isArray(value) && target[key] && typeof target[key] === "object") merge(target[key], value);
      else target[key] = value;
    });
  }

  function darken(value, isColor) {
    if (typeof value === "string") return isColor && darkOf[value] || value;
    if (Array.isArray(value)) return value.map(function (item) { return darken(item, isColor); });
    if (value && typeof value === "object") {
      Object.keys(value).forEach(function (key) { value[key] = darken(value[key], /color$/.test(key)); });
    }
    return value;
  }

  function place(layout, blocks, width) {
    if (!blocks.length) return;
    var gap = 6;
    var inner = Math.max(1, width - layout.margin.l - layout.margin.r);
    var fixed = 0;
    blocks.forEach(function (block) { if (block[1] !== null) fixed += block[1]; });
    var rest = Math.max(20, inner - fixed - gap * (blocks.length - 1));
    var at = 0;
    blocks.forEach(function (block) {
      var wide = block[1] === null ? rest : block[1];
      layout[block[0]].domain = [Math.min(0.99, at / inner), Math.min(1, (at + wide) / inner)];
      at += wide + gap;
    });
  }

  function compose(chart, width, dark) {
    var figure = chart.figure;
    var result = copy({ data: figure.data, layout: figure.layout });
    var blocks = figure.blocks;
    for (var i = 0; i < figure.forms.length; i++) {
      var form = figure.forms[i];
      if (width >= form.maximumWidth) continue;
      merge(result.layout, copy(form.layout));
      form.data.forEach(function (patch, index) { merge(result.data[index], copy(patch)); });
      blocks = form.blocks;
      break;
    }
    if (result.layout.updatemenus) {
      var menu = result.layout.updatemenus[0];
      var args = menu.buttons[chart.entry].args;
      args[1].forEach(function (index) { result.data[index].y = args[0].y[0]; });
      delete result.layout.updatemenus;
      result.layout.margin.t -= figure.menuHeight;
      result.layout.height -= figure.menuHeight;
    }
    if (figure.folds) fold(result, figure.folds, chart.closed);
    place(result.layout, blocks, width);
    if (dark) darken(result);
    return result;
  }

  /* Takes out the rows that are folded, and moves up what stands below them. */
  function fold(result, folds, closed) {
    var y = result.data[folds.traces[0]].y;
    var gone = Object.create(null);
    var hidden = [];
    folds.groups.forEach(function (group, index) {
      if (closed[index]) group.members.forEach(function (member) { gone[member] = true; hidden.push(y[member]); });
    });
    hidden.sort(function (a, b) { return a - b; });
    function up(at) {
      var low = 0, high = hidden.length;
      while (low < high) {
        var middle = (low + high) >> 1;
        if (hidden[middle] < at) low = middle + 1; else high = middle;
      }
      return at - low;
    }
    result.data.forEach(function (trace, index) {
      var moves = folds.traces.indexOf(index) >= 0;
      trace.y = trace.y.map(function (at, point) { return at === null || (moves && gone[point]) ? null : up(at); });
    });
    var text = result.data[folds.label].text;
    folds.groups.forEach(function (group, index) {
      text[group.heading] = text[group.heading].slice(0, -1) + (closed[index] ? "\u25ba" : "\u25bc");
    });
    result.layout.shapes.forEach(function (shape) {
      if (shape.yref === "y") { shape.y0 = up(shape.y0); shape.y1 = up(shape.y1); }
    });
    result.layout.yaxis.range[0] = up(result.layout.yaxis.range[0]);
    result.layout.height -= hidden.length * folds.rowHeight;
  }

  function save(chart, format) {
    var width = Math.max(760, chart.element.clientWidth);
    var print = compose(chart, width, false);
    print.config = { staticPlot: true };
    Plotly.downloadImage(print, {
      format: format, width: width, height: print.layout.height, scale: format === "png" ? 3 : 1, filename: chart.name
    });
  }

  function config(chart) {
    var buttons = [
      { name: "png", title: "Save as PNG", icon: Plotly.Icons.camera, click: function () { save(chart, "png"); } },
      { name: "svg", title: "Save as SVG", icon: Plotly.Icons.disk, click: function () { save(chart, "svg"); } }
    ];
    return { responsive: true, displaylogo: false, displayModeBar: "hover", modeBarButtons: [buttons], doubleClick: false };
  }

  function draw(chart) {
    var width = chart.element.clientWidth;
    if (!width || !chart.element.isConnected) return;
    var dark = pageTheme.isDark(chart.element);
    chart.width = width;
    chart.dark = dark;
    var figure = compose(chart, width, dark);
    figure.layout.paper_bgcolor = figure.layout.plot_bgcolor = "rgba(0,0,0,0)";
    var behind = pageTheme.background(chart.element);
    if (behind !== null) figure.layout.annotations.forEach(function (note) { if (note.bgcolor) note.bgcolor = behind; });
    chart.element.style.minHeight = "0";
    chart.element.style.height = figure.layout.height + "px";
    if (chart.select) chart.select.style.colorScheme = dark ? "dark" : "light";
    if (!chart.started) chart.element.textContent = "";
    else Plotly.Fx.unhover(chart.element);
    chart.answered = null;
    chart.started = true;
    Plotly.react(chart.element, figure.data, figure.layout, config(chart)).then(function () {
      chart.element.querySelectorAll("a,button,[tabindex]").forEach(keepKeys);
      chart.element.setAttribute("data-drawn", "true");
    });
  }

  /* JupyterLab takes keys for its notebook wherever its selectors find the element in focus, unless that element itself says this. */
  function keepKeys(element) { element.setAttribute("data-lm-suppress-shortcuts", "true"); }

  function addControls(chart) {
    var holder = chart.element.previousElementSibling;
    if (!holder || !holder.classList.contains("empathy-chart-menus")) return;
    holder.textContent = "";
    holder.style.cssText += ";display:flex;flex-wrap:wrap;gap:.5em 1.25em;font-size:.85em";
    if (chart.figure.layout.updatemenus) holder.appendChild(menu(chart, chart.figure.layout.updatemenus[0]));
    if (chart.figure.folds) holder.appendChild(foldButton(chart));
  }

  var controlStyle = "font:inherit;color:inherit;background:transparent;border:1px solid currentColor;border-radius:4px;padding:2px 6px";

  function menu(chart, menu) {
    var label = document.createElement("label");
    label.style.cssText = "display:inline-flex;gap:.5em;align-items:center";
    label.appendChild(document.createTextNode(menu.name));
    var select = document.createElement("select");
    select.style.cssText = controlStyle;
    keepKeys(select);
    menu.buttons.forEach(function (button, index) {
      var option = document.createElement("option");
      option.textContent = button.label.slice(menu.name.length + 2);
      option.value = String(index);
      option.selected = index === chart.entry;
      select.appendChild(option);
    });
    select.addEventListener("change", function () {
      chart.entry = Number(select.value);
      draw(chart);
    });
    label.appendChild(select);
    chart.select = select;
    return label;
  }

  function foldButton(chart) {
    var button = document.createElement("button");
    button.type = "button";
    button.style.cssText = controlStyle + ";cursor:pointer";
    keepKeys(button);
    button.addEventListener("click", function () {
      var close = !allClosed(chart);
      chart.closed = chart.closed.map(function () { return close; });
      showFolds(chart);
      draw(chart);
    });
    chart.foldButton = button;
    showFolds(chart);
    return button;
  }

  function allClosed(chart) { return chart.closed.every(Boolean); }

  function showFolds(chart) {
    if (!chart.foldButton) return;
    chart.foldButton.textContent = allClosed(chart) ? "Show all effects" : "Fold all effects";
    chart.foldButton.setAttribute("aria-expanded", String(!allClosed(chart)));
  }

  /* A click on the row of a sample shows or folds its effects. */
  function foldByRow(chart) {
    var folds = chart.figure.folds;
    if (!folds) return;
    chart.element.addEventListener("click", function (event) {
      var y = rowAt(chart, event);
      if (y === null) return;
      var positions = chart.element.data[folds.traces[0]].y;
      folds.groups.forEach(function (group, index) {
        if (Math.abs(positions[group.heading] - y) > 0.5) return;
        chart.closed[index] = !chart.closed[index];
        showFolds(chart);
        draw(chart);
      });
    }, true);
  }

  function rowAt(chart, event) {
    var layout = chart.element._fullLayout;
    if (!layout || !layout.yaxis || !(event.target.classList && event.target.classList.contains("drag"))) return null;
    return layout.yaxis.p2d(event.clientY - chart.element.getBoundingClientRect().top - layout.yaxis._offset);
  }

  /* Wherever the pointer is on a row, the row's study answers. */
  function answerByRow(chart) {
    var traces = chart.figure.rowTraces;
    if (!traces.length) return;
    chart.element.addEventListener("mousemove", function (event) {
      var y = rowAt(chart, event);
      if (y === null) return;
      event.stopPropagation();
      var best = null;
      traces.forEach(function (trace) {
        chart.element.data[trace].y.forEach(function (at, point) {
          var distance = Math.abs(at - y);
          if (at !== null && chart.element.data[trace].x[point] !== null && distance <= 0.5 && (!best || distance < best.distance)) {
            best = { distance: distance, curveNumber: trace, pointNumber: point };
          }
        });
      });
      var key = best && best.curveNumber + "/" + best.pointNumber;
      if (key === chart.answered) return;
      chart.answered = key;
      if (best) Plotly.Fx.hover(chart.element, [{ curveNumber: best.curveNumber, pointNumber: best.pointNumber }]);
      else Plotly.Fx.unhover(chart.element);
    }, true);
    chart.element.addEventListener("mouseleave", function () {
      chart.answered = null;
      if (chart.started) Plotly.Fx.unhover(chart.element);
    });
  }

  /* On paper the picture stands for the chart, which has the width of the screen: paper has another, and is there before a chart could be drawn again. */
  function keepPicture(element) {
    var picture = element.querySelector("img");
    if (!picture) return;
    if (!document.getElementById("empathy-print")) {
      var style = document.createElement("style");
      style.id = "empathy-print";
      style.textContent = "@media screen{.empathy-print{display:none}}@media print{.empathy-print img{width:auto!important;max-width:100%!important;max-height:240mm}.empathy-printed,.empathy-chart-menus{display:none!important}}";
      document.head.appendChild(style);
    }
    var holder = document.createElement("div");
    holder.className = "empathy-print";
    holder.appendChild(picture);
    element.parentNode.insertBefore(holder, element.nextSibling);
    element.classList.add("empathy-printed");
  }

  function start(element, waiting) {
    element.setAttribute("data-claimed", "true");
    keepPicture(element);
    count[waiting.id] = (count[waiting.id] || 0) + 1;
    element.id = count[waiting.id] === 1 ? waiting.id : waiting.id + "-" + count[waiting.id];
    var figure = unpack(waiting.figure, waiting.figure.shared);
    var menus = figure.layout.updatemenus;
    var chart = { element: element, figure: figure, entry: menus ? menus[0].active : 0, name: (figure.title || waiting.id).replace(/[^\w]+/g, "-") };
    if (figure.folds) chart.closed = figure.folds.groups.map(function () { return figure.folds.closed; });
    addControls(chart);
    answerByRow(chart);
    foldByRow(chart);
    drawn.push(chart);
    draw(chart);
    if (window.ResizeObserver) {
      new ResizeObserver(function () {
        if (chart.element.clientWidth === chart.width) return;
        cancelAnimationFrame(chart.frame);
        chart.frame = requestAnimationFrame(function () { draw(chart); });
      }).observe(element);
    }
  }

  function find(waiting) {
    var selector = '[data-empathy-chart="' + waiting.id + '"]:not([data-claimed])';
    var places = [waiting.root, document];
    for (var i = 0; i < places.length; i++) {
      var found = places[i] && places[i].querySelectorAll ? places[i].querySelectorAll(selector) : [];
      if (found.length) return Array.prototype.slice.call(found);
    }
    return [];
  }

  function mount(waiting, tries) {
    var elements = find(waiting);
    elements.forEach(function (element) { start(element, waiting); });
    // Some hosts run the script before they put its output into the page.
    if (!elements.length && (tries || 0) < 60) {
      if (document.querySelector('[data-empathy-chart="' + waiting.id + '"]')) return;
      setTimeout(function () { mount(waiting, (tries || 0) + 1); }, 50);
    }
  }

  function rethink() {
    drawn = drawn.filter(function (chart) { return chart.element.isConnected; });
    drawn.forEach(function (chart) { if (pageTheme.isDark(chart.element) !== chart.dark) draw(chart); });
  }

  pageTheme.whenChanged(rethink);

  var queue = window.empathyCharts || [];
  window.empathyCharts = { ready: true, push: function (waiting) { mount(waiting); } };
  for (var i = 0; i < queue.length; i++) mount(queue[i]);
})();
