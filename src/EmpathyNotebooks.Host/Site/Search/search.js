// Finds sections, types and members as the reader types. The index is a script beside this one, loaded when the box is first used.
addEventListener('DOMContentLoaded', () => {
  'use strict';
  const box = document.querySelector('.search');
  if (!box) return;
  const input = box.querySelector('input');
  const panel = box.querySelector('.found');
  const status = panel.querySelector('[role=status]');
  const list = panel.querySelector('[role=listbox]');

  // Letters as they are typed: without accents, Greek by name, ² as 2.
  const greek = { α: 'alpha', β: 'beta', γ: 'gamma', δ: 'delta', η: 'eta', θ: 'theta', λ: 'lambda', μ: 'mu', ρ: 'rho', σ: 'sigma', ς: 'sigma', τ: 'tau', φ: 'phi', χ: 'chi', ω: 'omega' };
  const plain = text => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[α-ω]/g, letter => greek[letter] ?? letter);
  const tokens = /[\p{L}\p{N}]+/gu;
  // RandomEffects is found by random, by effects and by randomeffects.
  const parts = name => name.match(/\p{Lu}+(?![\p{Ll}])|\p{Lu}?[\p{Ll}\p{N}]+|\p{N}+/gu) ?? [];
  const wordsOf = text => (text.match(tokens) ?? []).flatMap(token => { const inner = parts(token); return inner.length > 1 ? [token, ...inner] : [token]; }).map(plain);

  const weights = { title: 12, page: 3, text: 1 };
  let entries = null;
  let groups = [];
  let vocabulary = new Map();

  const build = () => {
    const data = window.empathySearch;
    groups = data.groups;
    entries = [];
    for (const [group, page, title, address, text, members] of data.entries) {
      entries.push({ group, page: data.pages[page], title, address, text, rank: data.groups[group] === 'API' ? 1 : 1.3 });
      for (const member of members?.split(' ') ?? [])
        entries.push({ group, page: data.pages[page], title: `${title}.${member}`, name: member, address: `${address}#${encodeURIComponent(member)}`, text: '', rank: .7 });
    }
    vocabulary = new Map();
    const add = (word, entry, weight) => {
      let found = vocabulary.get(word);
      if (!found) vocabulary.set(word, found = new Map());
      found.set(entry, Math.max(found.get(entry) ?? 0, weight));
    };
    for (const entry of entries) {
      // Of a member its own name counts, and that of its type less.
      for (const word of wordsOf(entry.name ?? entry.title)) add(word, entry, weights.title);
      if (entry.name) for (const word of wordsOf(entry.title)) add(word, entry, weights.page);
      for (const word of wordsOf(entry.page)) add(word, entry, weights.page);
      const counts = new Map();
      for (const word of wordsOf(entry.text)) counts.set(word, (counts.get(word) ?? 0) + 1);
      for (const [word, count] of counts) add(word, entry, weights.text * (1 + Math.log(count) / 2));
    }
  };

  // Whether one letter more, less, other or swapped makes one word of the other.
  const isNear = (a, b) => {
    if (Math.abs(a.length - b.length) > 1) return false;
    let i = 0;
    while (i < a.length && a[i] === b[i]) i++;
    const rest = (x, y) => x === y;
    return rest(a.slice(i + 1), b.slice(i + 1)) || rest(a.slice(i + 1), b.slice(i)) || rest(a.slice(i), b.slice(i + 1))
      || a[i] === b[i + 1] && a[i + 1] === b[i] && rest(a.slice(i + 2), b.slice(i + 2));
  };
  const closeness = (asked, word) => word === asked ? 1 : word.startsWith(asked) ? .5 + .3 * asked.length / word.length
    : asked.length >= 4 && (isNear(asked, word) || word.length > asked.length && isNear(asked, word.slice(0, asked.length))) ? .3 : 0;

  const search = query => {
    const asked = (query.match(tokens) ?? []).map(plain);
    let scores = null;
    const matched = new Set();
    for (const one of asked) {
      const here = new Map();
      for (const [word, found] of vocabulary) {
        const close = closeness(one, word);
        if (close === 0) continue;
        matched.add(word);
        for (const [entry, weight] of found) here.set(entry, Math.max(here.get(entry) ?? 0, weight * close));
      }
      // All words, wherever in the entry.
      scores = scores === null ? here : new Map([...scores].filter(([entry]) => here.has(entry)).map(([entry, score]) => [entry, score + here.get(entry)]));
    }
    const whole = plain(query).replace(/[^\p{L}\p{N}]/gu, '');
    const results = [...scores ?? []].map(([entry, score]) => {
      const title = plain(entry.title).replace(/[^\p{L}\p{N}]/gu, '');
      return { entry, score: score * entry.rank + (title === whole ? 20 : plain(entry.name ?? '') === whole ? 6 : 0) };
    });
    results.sort((a, b) => b.score - a.score || a.entry.title.length - b.entry.title.length || (a.entry.address < b.entry.address ? -1 : 1));
    return { results, matched };
  };

  const isMatched = (token, matched) => [token, ...parts(token)].some(part => matched.has(plain(part)));

  const append = (element, text, matched) => {
    let at = 0;
    for (const match of text.matchAll(tokens)) {
      if (!isMatched(match[0], matched)) continue;
      element.append(text.slice(at, match.index));
      const mark = document.createElement('mark');
      mark.textContent = match[0];
      element.append(mark);
      at = match.index + match[0].length;
    }
    element.append(text.slice(at));
  };

  // The words around the first place that matches, else the beginning.
  const excerpt = (text, matched) => {
    const first = [...text.matchAll(tokens)].find(match => isMatched(match[0], matched))?.index ?? 0;
    const from = first < 60 ? 0 : text.indexOf(' ', first - 50) + 1;
    const to = text.length - from <= 160 ? text.length : text.lastIndexOf(' ', from + 160);
    return (from > 0 ? '… ' : '') + text.slice(from, to > from ? to : from + 160) + (to < text.length ? ' …' : '');
  };

  const mostOfGroup = 5;
  const options = () => [...list.querySelectorAll('[role=option]')];
  const activate = option => {
    for (const other of options()) other.setAttribute('aria-selected', String(other === option));
    if (option) input.setAttribute('aria-activedescendant', option.id);
    else input.removeAttribute('aria-activedescendant');
    option?.scrollIntoView({ block: 'nearest' });
  };
  const close = () => {
    panel.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    activate(null);
  };
  const say = text => {
    list.replaceChildren();
    list.hidden = true;
    status.textContent = text;
    panel.hidden = false;
    input.setAttribute('aria-expanded', 'false');
    activate(null);
  };

  const show = () => {
    const query = input.value;
    if (query.match(tokens) === null) { close(); return; }
    if (entries === null) { say('Loading the index'); return; }
    const { results, matched } = search(query);
    if (results.length === 0) { say(`Nothing found for “${query.trim()}”.`); return; }
    // Groups stand in the order of their best result.
    const byGroup = new Map();
    for (const { entry } of results) byGroup.set(entry.group, [...byGroup.get(entry.group) ?? [], entry]);
    list.replaceChildren();
    let number = 0;
    for (const [group, found] of byGroup) {
      const part = document.createElement('div');
      part.setAttribute('role', 'group');
      part.setAttribute('aria-label', groups[group]);
      const name = document.createElement('div');
      name.setAttribute('role', 'presentation');
      name.textContent = found.length > mostOfGroup ? `${groups[group]}, the best ${mostOfGroup} of ${found.length}` : groups[group];
      part.append(name);
      for (const entry of found.slice(0, mostOfGroup)) {
        const option = document.createElement('a');
        option.setAttribute('role', 'option');
        option.setAttribute('aria-selected', 'false');
        option.id = `${list.id}-${number++}`;
        option.tabIndex = -1;
        option.href = box.dataset.root + entry.address;
        const title = document.createElement('span');
        title.className = 'title';
        append(title, entry.title, matched);
        option.append(title);
        if (entry.page !== entry.title) {
          const where = document.createElement('span');
          where.className = 'where';
          where.textContent = entry.page;
          option.append(where);
        }
        if (entry.text) {
          const text = document.createElement('span');
          text.className = 'excerpt';
          append(text, excerpt(entry.text, matched), matched);
          option.append(text);
        }
        part.append(option);
      }
      list.append(part);
    }
    list.hidden = false;
    panel.hidden = false;
    input.setAttribute('aria-expanded', 'true');
    status.textContent = results.length === 1 ? '1 place found' : `${results.length} places found`;
    activate(options()[0]);
  };

  let asked = false;
  const load = () => {
    if (asked) return;
    asked = true;
    const script = document.createElement('script');
    script.src = box.dataset.index;
    script.addEventListener('load', () => { build(); if (document.activeElement === input) show(); });
    script.addEventListener('error', () => { asked = false; say('The index of the search could not be loaded.'); });
    document.head.append(script);
  };

  input.addEventListener('focus', () => { load(); show(); });
  input.addEventListener('input', () => { load(); show(); });
  input.addEventListener('keydown', event => {
    const all = panel.hidden ? [] : options();
    const at = all.findIndex(option => option.getAttribute('aria-selected') === 'true');
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      if (all.length === 0) { show(); return; }
      activate(all[(at + (event.key === 'ArrowDown' ? 1 : all.length - 1)) % all.length]);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (at >= 0) { const chosen = all[at]; close(); chosen.click(); }
    } else if (event.key === 'Escape') {
      event.preventDefault();
      if (panel.hidden) input.value = '';
      close();
    }
  });
  // The click on a result comes after the box has lost the focus.
  box.addEventListener('focusout', event => { if (!box.contains(event.relatedTarget)) close(); });
  panel.addEventListener('mousedown', event => { if (!event.target.closest('[role=option]')) event.preventDefault(); });
  list.addEventListener('click', event => { if (event.target.closest('[role=option]')) close(); });
  document.addEventListener('keydown', event => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.('input, textarea, select, [contenteditable]')) return;
    event.preventDefault();
    input.focus();
    input.select();
  });
  box.hidden = false;
});
