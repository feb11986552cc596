/* The one global name: what waits is drawn, and what comes later is drawn at once, each by the library it came with. */
const queue = Array.isArray(window.empathyExplorers) ? window.empathyExplorers : [];
const libraries = { ...window.empathyExplorers?.libraries, [VERSION]: page };
window.empathyExplorers = {
  libraries, statistics, texts, version: VERSION,
  push: waiting => (libraries[waiting.library] ?? page).mount(waiting),
  explorerOf: element => Object.values(libraries).map(library => library.explorerOf(element)).find(Boolean)
};
queue.forEach(waiting => window.empathyExplorers.push(waiting));
