(() => {
  'use strict';
  const root = document.documentElement;
  const systemDark = matchMedia('(prefers-color-scheme: dark)');

  // A page opened from a file may have no storage: the choice then lasts as long as the page.
  const storage = {
    read(key) { try { return localStorage.getItem(`empathy-notebooks-${key}`); } catch { return null; } },
    write(key, value) { try { localStorage.setItem(`empathy-notebooks-${key}`, value); } catch { /* lasts as long as the page */ } },
  };

  let chosen = storage.read('theme');
  if (chosen !== 'dark' && chosen !== 'light') chosen = null;
  const wanted = () => chosen ?? (systemDark.matches ? 'dark' : 'light');

  // Charts read data-theme when they draw, and draw again on "themechange"; so it is set before the body exists.
  const show = theme => {
    if (root.dataset.theme === theme) return;
    const first = root.dataset.theme === undefined;
    root.dataset.theme = theme;
    if (!first) window.dispatchEvent(new CustomEvent('themechange', { detail: { theme } }));
  };
  show(wanted());
  systemDark.addEventListener('change', () => show(wanted()));

  // Code is folded for those who did not ask for it. Set before the body exists, so that the styles hide what the script will close.
  root.dataset.code = storage.read('code') === 'shown' ? 'shown' : 'hidden';

  const codeSwitch = () => {
    const folds = document.querySelectorAll('details.source-code');
    const apply = () => { for (const fold of folds) fold.open = root.dataset.code === 'shown'; };
    apply();
    root.dataset.folded = '';
    const button = document.querySelector('.code-switch');
    if (!button) return;
    const describe = () => { button.title = root.dataset.code === 'shown' ? 'Hide the code of all cells' : 'Show the code of all cells'; };
    button.hidden = false;
    describe();
    button.addEventListener('click', () => {
      // What the reader looks at stays where it is, however much code comes or goes above it.
      const seen = [...document.querySelectorAll('main > *')].find(part => part.getBoundingClientRect().bottom > 0);
      const top = seen?.getBoundingClientRect().top;
      root.dataset.code = root.dataset.code === 'shown' ? 'hidden' : 'shown';
      storage.write('code', root.dataset.code);
      apply();
      describe();
      if (seen && scrollY > 0) scrollBy({ top: seen.getBoundingClientRect().top - top, behavior: 'instant' });
    });
  };

  // The list of lessons closes as a menu does: by Escape, which gives the focus back, by a click elsewhere, and when the focus leaves it.
  const menu = () => {
    const fold = document.querySelector('.bar .menu');
    if (!fold) return;
    fold.addEventListener('keydown', event => {
      if (event.key !== 'Escape' || !fold.open) return;
      fold.open = false;
      fold.querySelector('summary').focus();
    });
    fold.addEventListener('focusout', event => { if (event.relatedTarget && !fold.contains(event.relatedTarget)) fold.open = false; });
    document.addEventListener('click', event => { if (!fold.contains(event.target)) fold.open = false; });
    fold.addEventListener('toggle', () => { if (fold.open) fold.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' }); });
  };

  const themeButton = () => {
    const button = document.querySelector('.theme');
    const describe = () => {
      const next = root.dataset.theme === 'dark' ? 'light' : 'dark';
      button.setAttribute('aria-label', `Switch to the ${next} theme`);
      button.title = `Switch to the ${next} theme`;
    };
    button.hidden = false;
    button.addEventListener('click', () => {
      chosen = root.dataset.theme === 'dark' ? 'light' : 'dark';
      storage.write('theme', chosen);
      show(chosen);
    });
    window.addEventListener('themechange', describe);
    describe();
  };

  const copyByHand = text => {
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'visually-hidden';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  };

  const copy = async text => {
    if (!navigator.clipboard) return copyByHand(text);
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Refused without a permission or from a file: the older way still works.
      return copyByHand(text);
    }
  };

  const copyButtons = () => {
    for (const pre of document.querySelectorAll('pre.code')) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'copy';
      button.textContent = 'Copy';
      button.setAttribute('aria-live', 'polite');
      button.addEventListener('click', async () => {
        button.textContent = await copy(pre.textContent) ? 'Copied' : 'Press Ctrl+C';
        if (button.textContent !== 'Copied') getSelection().selectAllChildren(pre);
        setTimeout(() => { button.textContent = 'Copy'; }, 2000);
      });
      const frame = document.createElement('div');
      frame.className = 'code-frame';
      pre.replaceWith(frame);
      frame.append(pre, button);
    }
  };

  const contents = () => {
    const fold = document.querySelector('.toc details');
    if (!fold) return;
    const wide = matchMedia('(min-width: 68rem)');
    const follow = () => { fold.open = wide.matches; };
    wide.addEventListener('change', follow);
    follow();
    fold.addEventListener('click', event => { if (event.target.closest('a') && !wide.matches) fold.open = false; });

    const links = new Map([...fold.querySelectorAll('a')].map(a => [decodeURIComponent(a.hash.slice(1)), a]));
    const headings = [...links.keys()].map(id => document.getElementById(id)).filter(Boolean);
    let waiting = false;
    const mark = () => {
      waiting = false;
      const passed = headings.filter(h => h.getBoundingClientRect().top < innerHeight / 4);
      const atEnd = innerHeight + scrollY >= root.scrollHeight - 2;
      const current = atEnd && scrollY > 0 ? headings.at(-1) : passed.at(-1);
      for (const [id, link] of links) {
        if (current && id === current.id) link.setAttribute('aria-current', 'true');
        else link.removeAttribute('aria-current');
      }
    };
    addEventListener('scroll', () => { if (!waiting) { waiting = true; requestAnimationFrame(mark); } }, { passive: true });
    mark();
  };

  // What is wider than its box scrolls by keyboard too.
  const scrollBoxes = () => {
    const boxes = [...document.querySelectorAll('.scroll, .output, .en-result, pre, .formula')];
    const check = () => {
      for (const box of boxes) {
        if (box.scrollWidth > box.clientWidth + 1) {
          box.tabIndex = 0;
          // A group, not a region: a page of many wide tables would else have as many landmarks of one name.
          box.setAttribute('role', 'group');
          box.setAttribute('aria-label', 'Wide content, scrolls sideways');
        } else if (box.tabIndex === 0) {
          for (const name of ['tabindex', 'role', 'aria-label']) box.removeAttribute(name);
        }
      }
    };
    addEventListener('resize', check);
    addEventListener('load', check);
    // What lies in a fold has no width before it opens.
    document.addEventListener('toggle', check, true);
    check();
  };

  // On paper the theme is light, and the setup is there where code is. Solutions stay as the reader has them: what is closed is not printed, and the page is a sheet of exercises.
  const printing = () => {
    // An address that the text of its link says already is not printed a second time.
    for (const link of document.querySelectorAll('.prose a[href^="http"]')) {
      const address = link.href.replace(/^https?:\/\/(doi\.org\/)?/, '').replace(/\/$/, '');
      link.classList.toggle('said', link.textContent.includes(address));
    }
    let opened = [];
    // A reader's own charts of Plotly.NET have no picture for paper: they are drawn in its width.
    const figures = width => {
      for (const figure of document.querySelectorAll('[data-empathy-figure][data-drawn]')) {
        if (width ? figure.clientWidth > width : figure.dataset.paper) window.Plotly?.relayout(figure, { width, autosize: !width });
        if (width) figure.dataset.paper = 'true';
      }
    };
    addEventListener('beforeprint', () => {
      opened = root.dataset.code === 'shown' ? [...document.querySelectorAll('main details.setup:not([open])')] : [];
      for (const fold of opened) fold.open = true;
      show('light');
      figures(640);
    });
    addEventListener('afterprint', () => {
      for (const fold of opened) fold.open = false;
      show(wanted());
      figures(null);
    });
  };

  // A puzzle: the reader commits to an option and then opens the answer, which says beside it what was chosen. The choice is kept in this browser.
  const choices = () => {
    for (const question of document.querySelectorAll('fieldset.box.choice')) {
      const answer = question.nextElementSibling;
      if (answer?.tagName !== 'DETAILS') continue;
      const key = `empathy-notebooks-choice-${question.dataset.question}`;
      const inputs = [...question.querySelectorAll('input')];
      const right = /^\s*([A-F])\b/.exec(answer.querySelector('strong')?.textContent ?? '')?.[1];
      const verdict = document.createElement('p');
      verdict.className = 'verdict';
      verdict.setAttribute('role', 'status');
      verdict.hidden = true;
      answer.querySelector('summary').after(verdict);
      const again = document.createElement('button');
      again.type = 'button';
      again.textContent = 'Choose again';

      const keep = () => {
        const chosen = inputs.find(input => input.checked)?.value;
        try {
          if (chosen) localStorage.setItem(key, chosen + (answer.open ? '!' : ''));
          else localStorage.removeItem(key);
        } catch { /* lasts as long as the page */ }
      };
      const show = () => {
        const chosen = inputs.find(input => input.checked)?.value;
        const decided = answer.open && chosen !== undefined;
        for (const input of inputs) {
          input.disabled = decided;
          input.closest('label').classList.toggle('is-right', decided && input.value === right);
        }
        verdict.hidden = !answer.open;
        verdict.className = `verdict ${decided ? chosen === right ? 'right' : 'wrong' : ''}`;
        verdict.textContent = !decided ? 'You have not chosen yet. A guess that you commit to first makes the answer stick.'
          : chosen === right ? `You chose ${chosen}: right.` : `You chose ${chosen}; the answer is ${right}.`;
        if (decided) verdict.append(again);
      };
      again.addEventListener('click', () => {
        for (const input of inputs) { input.checked = false; input.disabled = false; }
        answer.open = false;
        inputs[0].focus();
      });
      question.addEventListener('change', () => { keep(); show(); });
      answer.addEventListener('toggle', () => { keep(); show(); });

      let kept = null;
      try { kept = localStorage.getItem(key); } catch { /* none */ }
      for (const input of inputs) input.checked = input.value === kept?.[0];
      if (kept?.[1] === '!') answer.open = true;
      show();
    }
  };

  // Words of the glossary: their meaning stands at the end of the page, and shows beside the word under a pointer, with the keyboard and by a tap.
  const terms = () => {
    let shown = null, timer = 0;
    const note = document.createElement('div');
    note.className = 'term-note';
    note.hidden = true;
    // A screen reader has read it already, as the description of the word.
    note.setAttribute('aria-hidden', 'true');
    document.body.append(note);
    const hide = () => { clearTimeout(timer); note.hidden = true; shown = null; };
    const later = () => { clearTimeout(timer); timer = setTimeout(hide, 250); };
    const show = term => {
      clearTimeout(timer);
      if (shown === term) return;
      const entry = document.getElementById(decodeURIComponent(term.hash.slice(1)));
      if (!entry) return;
      const name = document.createElement('p');
      name.className = 'term-name';
      name.append(...[...entry.previousElementSibling.cloneNode(true).childNodes].flatMap(node => node.nodeName === 'A' ? [...node.childNodes] : [node]));
      note.replaceChildren(name, ...[...entry.childNodes].map(node => node.cloneNode(true)));
      note.hidden = false;
      shown = term;
      const word = term.getClientRects()[0], size = note.getBoundingClientRect();
      const left = Math.max(16, Math.min(word.left, root.clientWidth - size.width - 16));
      const fitsBelow = word.bottom + size.height + 8 <= innerHeight || word.top < size.height + 8;
      note.style.left = `${left + scrollX}px`;
      note.style.top = `${(fitsBelow ? word.bottom + 6 : word.top - size.height - 6) + scrollY}px`;
    };
    for (const term of document.querySelectorAll('a.term')) {
      term.addEventListener('pointerenter', event => { if (event.pointerType === 'mouse') show(term); });
      term.addEventListener('pointerleave', event => { if (event.pointerType === 'mouse') later(); });
      term.addEventListener('focus', () => { if (term.matches(':focus-visible')) show(term); });
      term.addEventListener('blur', later);
      // A click stays where it is; Enter goes to the words at the end of the page.
      term.addEventListener('click', event => {
        if (event.detail === 0) return;
        event.preventDefault();
        show(term);
      });
    }
    note.addEventListener('pointerenter', () => clearTimeout(timer));
    note.addEventListener('pointerleave', later);
    addEventListener('keydown', event => { if (event.key === 'Escape' && shown) hide(); });
    addEventListener('pointerdown', event => { if (shown && !note.contains(event.target) && event.target.closest('a.term') !== shown) hide(); });
    addEventListener('resize', hide);
    // The words lie in a fold that a link has to open.
    const open = () => {
      const entry = location.hash.startsWith('#word-') && document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!entry) return;
      entry.closest('details').open = true;
      entry.scrollIntoView();
    };
    addEventListener('hashchange', open);
    open();
  };

  addEventListener('DOMContentLoaded', () => {
    themeButton();
    codeSwitch();
    menu();
    choices();
    copyButtons();
    contents();
    scrollBoxes();
    printing();
    terms();
  });
})();
