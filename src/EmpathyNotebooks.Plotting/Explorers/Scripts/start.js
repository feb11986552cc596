/* The one global name: what waits is drawn, and what comes later is drawn at once, each by the library it came with. What this library does not know waits for its own, which may stand further down. */
const former = window.empathyExplorers;
const libraries = { ...former?.libraries, [VERSION]: page };
const waiting = [];
window.empathyExplorers = {
  libraries, waiting, statistics, texts, version: VERSION,
  push: explorer => {
    const library = libraries[explorer.library] ?? (page.explorers[explorer.kind] && page);
    if (library) library.mount(explorer); else waiting.push(explorer);
  },
  explorerOf: element => Object.values(libraries).map(library => library.explorerOf(element)).find(Boolean)
};
(Array.isArray(former) ? former : former?.waiting ?? []).forEach(explorer => window.empathyExplorers.push(explorer));
