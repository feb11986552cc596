// Narrows the list of types to those with all words of the box in their line.
addEventListener('DOMContentLoaded', () => {
  'use strict';
  const form = document.querySelector('form.filter');
  const box = form.querySelector('input');
  const status = form.querySelector('[role=status]');
  const lines = [...document.querySelectorAll('.types > li')].map(li => ({ li, text: li.textContent.toLowerCase() }));
  const sections = [...document.querySelectorAll('.api-index section')];
  const narrow = () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const { li, text } of lines) {
      li.hidden = !words.every(word => text.includes(word));
      if (!li.hidden) shown++;
    }
    for (const section of sections) section.hidden = !section.querySelector('.types > li:not([hidden])');
    document.querySelector('.rooms').hidden = words.length > 0;
    status.textContent = words.length === 0 ? '' : shown === 1 ? '1 type' : `${shown} types`;
  };
  form.addEventListener('submit', event => event.preventDefault());
  box.addEventListener('input', narrow);
  form.hidden = false;
  narrow();
});
