/* Whether the page behind an element is dark, decided alike by charts and explorers, and when that may have changed. */
const pageTheme = (() => {
  function luminance(color) {
    const parts = /^rgba?\(([^)]+)\)/.exec(color);
    if (!parts) return null;
    const numbers = parts[1].split(/[\s,\/]+/).map(parseFloat);
    if (numbers.length > 3 && numbers[3] < 0.5) return null;
    return (0.2126 * numbers[0] + 0.7152 * numbers[1] + 0.0722 * numbers[2]) / 255;
  }

  /* The colour of the page behind an element; null where every ancestor is transparent. */
  function background(element) {
    for (let node = element; node; node = node.parentElement || (node.getRootNode && node.getRootNode().host)) {
      const color = getComputedStyle(node).backgroundColor;
      if (luminance(color) !== null) return color;
    }
    return null;
  }

  function isDark(element) {
    const said = document.documentElement.dataset.theme;
    if (said === "dark" || said === "light") return said === "dark";
    const behind = background(element);
    if (behind !== null) return luminance(behind) < 0.5;
    const code = document.body.dataset.vscodeThemeKind;
    if (code) return /dark|black/.test(code);
    return !!(window.matchMedia && matchMedia("(prefers-color-scheme: dark)").matches);
  }

  function whenChanged(callback) {
    window.addEventListener("themechange", callback);
    if (window.matchMedia) matchMedia("(prefers-color-scheme: dark)").addEventListener("change", callback);
    if (!window.MutationObserver) return;
    const observer = new MutationObserver(callback);
    const watched = { attributes: true, attributeFilter: ["class", "data-theme", "data-vscode-theme-kind", "data-jp-theme-light"] };
    observer.observe(document.documentElement, watched);
    if (document.body) observer.observe(document.body, watched);
  }

  return { background, isDark, whenChanged };
})();
