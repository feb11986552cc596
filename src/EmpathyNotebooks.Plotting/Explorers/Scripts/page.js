/* Finds the elements that explorers were written for, whenever they come, and keeps them in the width and the theme of the page. */
const page = (() => {
  const { html } = drawing;
  const count = Object.create(null);
  const explorers = Object.create(null);
  let mounted = [];

  /* A style sheet of the page does not reach into a shadow tree, so each tree has its own. */
  function addStyles(element) {
    const root = element.getRootNode();
    const home = root.host ? root : document.head;
    if (!home.querySelector(`style[data-empathy-explorers="${VERSION}"]`)) {
      home.append(html("style", { "data-empathy-explorers": VERSION }, STYLES));
    }
  }

  function look(entry) {
    const { element } = entry;
    if (!element.isConnected) return;
    const dark = pageTheme.isDark(element);
    element.dataset.look = dark ? "dark" : "light";
    element.style.setProperty("--page", pageTheme.background(element) ?? (dark ? "#1e1e1e" : "#ffffff"));
  }

  /* What an explorer has of its page: its element, a name for its inputs, and a voice. */
  class Host {
    constructor(element, name) {
      this.element = element;
      this.name = name;
      this.voice = html("div", { class: "voice", role: "status", "aria-live": "polite" });
    }

    /* Tells a screen reader, once the reader pauses. */
    announce(text) {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => { this.voice.textContent = text; }, 250);
    }
  }

  function start(element, waiting) {
    element.empathyMounted = true;
    count[waiting.id] = (count[waiting.id] || 0) + 1;
    element.id = count[waiting.id] === 1 ? waiting.id : waiting.id + "-" + count[waiting.id];
    addStyles(element);
    const host = new Host(element, element.id);
    const entry = { element, width: 0 };
    look(entry);
    element.textContent = "";
    if (waiting.model.title) element.append(html("p", { class: "explorer-title" }, waiting.model.title));
    try {
      entry.explorer = new explorers[waiting.kind](host, waiting.model);
      element.append(host.voice);
      mounted.push(entry);
      fit(entry);
    } catch (error) {
      if (!(error instanceof statistics.Unsolved)) throw error;
      mounted = mounted.filter(each => each !== entry);
      element.replaceChildren(html("p", { class: "fault", role: "alert" }, "This explorer cannot be shown. " + error.message));
      element.dataset.drawn = "true";
      return;
    }
    if (window.ResizeObserver) new ResizeObserver(() => fit(entry)).observe(element);
  }

  function fit(entry) {
    const width = Math.floor(entry.element.clientWidth);
    if (!width || width === entry.width) return;
    entry.width = width;
    entry.explorer.resize(width);
    entry.element.dataset.drawn = "true";
  }

  function find(waiting) {
    const selector = `[data-empathy-explorer="${waiting.id}"]`;
    for (const place of [waiting.root, document]) {
      const found = [...place?.querySelectorAll?.(selector) ?? []].filter(element => !element.empathyMounted);
      if (found.length) return found;
    }
    return [];
  }

  function mount(waiting, tries = 0) {
    const elements = find(waiting);
    elements.forEach(element => start(element, waiting));
    // Some hosts run the script before they put its output into the page.
    if (!elements.length && tries < 60) setTimeout(() => mount(waiting, tries + 1), 50);
  }

  /* Nothing waits for an explorer before it is printed: it becomes as wide as paper, A4 or letter with margins, while there is time. The styles make it smaller by so much that pictures stand side by side. */
  const paper = 690;
  function asWideAs(width) {
    mounted.forEach(entry => {
      if (!entry.width) return;
      entry.element.style.width = width && width < entry.element.clientWidth ? width + "px" : "";
      fit(entry);
    });
  }
  window.addEventListener("beforeprint", () => asWideAs(paper));
  window.addEventListener("afterprint", () => asWideAs(null));

  pageTheme.whenChanged(() => {
    mounted = mounted.filter(entry => entry.element.isConnected);
    mounted.forEach(look);
  });

  return { explorers, mount, explorerOf: element => mounted.find(entry => entry.element === element)?.explorer };
})();
