/* The one global name: what waits is drawn, and what comes later is drawn at once. */
const queue = Array.isArray(window.empathyExplorers) ? window.empathyExplorers : [];
window.empathyExplorers = { version: VERSION, push: waiting => page.mount(waiting), explorerOf: page.explorerOf, statistics, texts };
queue.forEach(waiting => page.mount(waiting));
