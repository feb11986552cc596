// Narrows a list to the lines with all words of the box above it: types of the API, entries of the glossary.
addEventListener('DOMContentLoaded', () => {
  'use strict';
  const form = document.querySelector('form.filter');
  const { lines, sections, aside, one, many } = form.dataset;
  const all = selector => selector ? [...document.querySelectorAll(selector)] : [];
  const box = form.querySelector('input');
  const status = form.querySelector('[role=status]');
  // A word of the glossary is found by its names; what it means stands beside it, and goes with it.
  const items = all(lines).map(line => {
    const meaning = line.matches('dt') ? line.nextElementSibling : null;
    return { parts: meaning ? [line, meaning] : [line], text: `${line.textContent} ${meaning?.querySelector('.also')?.textContent ?? ''}`.toLowerCase() };
  });
  // A letter stands for the entries from the one that it leads to up to the next.
  const letters = all('.letters a').map(link => ({ place: link.parentElement, first: items.findIndex(item => `#${encodeURIComponent(item.parts[0].id)}` === link.getAttribute('href')) }));
  const narrow = () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { parts, text } of items) {
      const isOut = !words.every(word => text.includes(word));
      for (const part of parts) part.hidden = isOut;
      if (!isOut) shown++;
    }
    for (const section of all(sections)) section.hidden = !section.querySelector(`${lines}:not([hidden])`);
    letters.forEach(({ place, first }, i) => place.hidden = !items.slice(first, letters[i + 1]?.first).some(item => !item.parts[0].hidden));
    for (const part of all(aside)) part.hidden = words.length > 0;
    status.textContent = words.length === 0 ? '' : shown === 1 ? `1 ${one}` : `${shown} ${many}`;
  };
  // Whoever follows a link to a line wants to see it.
  const follow = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || !target.closest('[hidden]')) return;
    box.value = '';
    narrow();
    target.scrollIntoView();
  };
  form.addEventListener('submit', event => event.preventDefault());
  box.addEventListener('input', narrow);
  addEventListener('hashchange', follow);
  form.hidden = false;
  narrow();
});
