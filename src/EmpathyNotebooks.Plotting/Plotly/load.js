/* Gets the chart library where the page does not bring it: from the Jupyter server, else from the kernel on this machine. Where neither has it, the chart's picture stays. */
(function () {
  "use strict";
  var queue = window.empathyCharts = window.empathyCharts || [];
  if (queue.ready || queue.asked) return;
  queue.asked = true;

  function places() {
    var found = [], settings = document.getElementById("jupyter-config-data"), base = document.body.dataset.baseUrl;
    try { if (settings) base = JSON.parse(settings.textContent).baseUrl || base; } catch (error) { /* Not Jupyter's: there is no server to ask then. */ }
    if (base) found.push(base.replace(/\/?$/, "/") + "kernelspecs/__KERNEL__/__FILE__");
    // On a public page this would search the machine of whoever reads it.
    if (/^(localhost|127\.0\.0\.1|\[::1\])$/.test(location.hostname) || /vscode-webview/.test(location.protocol)) {
      __PORTS__.forEach(function (port) { found.push("http://127.0.0.1:" + port + "/__FILE__"); });
    }
    return found;
  }

  function ask(left) {
    if (window.empathyCharts.ready) return;
    if (!left.length) {
      document.querySelectorAll("[data-empathy-chart]:not([data-claimed]) .empathy-hint").forEach(function (hint) {
        hint.hidden = false;
        hint.textContent = "A picture of the chart. It answers to the pointer when its cell is run here.";
      });
      // A chart that comes later asks again: the kernel may be there by then.
      queue.asked = false;
      return;
    }
    var script = document.createElement("script");
    script.crossOrigin = "anonymous";
    script.integrity = "__INTEGRITY__";
    script.onerror = function () { script.remove(); ask(left.slice(1)); };
    script.onload = function () { script.remove(); };
    script.src = left[0];
    document.head.appendChild(script);
  }

  function start() { ask(places()); }
  // A page that brings the library may have it further down.
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start); else start();
})();
