(() => {
  'use strict';
  const root = document.documentElement;
  const systemDark = matchMedia('(prefers-color-scheme: dark)');
  const key = 'empathy-notebooks-theme';

  // The theme that the reader chose on the site; a page opened from a file may have no storage.
  let chosen = null;
  try { chosen = localStorage.getItem(key); } catch { /* the system's */ }
  if (chosen !== 'dark' && chosen !== 'light') chosen = null;
  const show = () => { root.dataset.theme = chosen ?? (systemDark.matches ? 'dark' : 'light'); };
  show();
  systemDark.addEventListener('change', show);

  const turnTheme = () => {
    chosen = root.dataset.theme === 'dark' ? 'light' : 'dark';
    try { localStorage.setItem(key, chosen); } catch { /* lasts as long as the page */ }
    show();
  };

  // What does not fit its sheet becomes smaller, in steps, since its lines break anew at each.
  const fit = slides => {
    root.classList.add('measure');
    for (const slide of slides) {
      const body = slide.querySelector('.body');
      const content = slide.querySelector('.content');
      for (let size = 100; size >= 40; size -= 4) {
        slide.style.setProperty('--fit', size / 100);
        const room = body.parentElement.getBoundingClientRect();
        const wide = [...content.querySelectorAll('table, pre, math')].some(part => part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0
          || part.getBoundingClientRect().right > body.getBoundingClientRect().right + 1);
        const high = slide.classList.contains('title') ? body.getBoundingClientRect().bottom > room.bottom - 60 || body.parentElement.scrollHeight > room.height + 1
          : content.getBoundingClientRect().height > body.getBoundingClientRect().height - 8;
        if (!wide && !high) break;
      }
    }
    root.classList.remove('measure');
  };

  // What is wider than a narrow screen scrolls by keyboard too.
  const scrollBoxes = () => {
    for (const box of document.querySelectorAll('.result, .result > div, .scroll, .formula, pre')) {
      if (!root.classList.contains('deck') && box.scrollWidth > box.clientWidth + 1) {
        box.tabIndex = 0;
        box.setAttribute('role', 'group');
        box.setAttribute('aria-label', 'Wide content, scrolls sideways');
      } else if (box.tabIndex === 0) {
        for (const name of ['tabindex', 'role', 'aria-label']) box.removeAttribute(name);
      }
    }
  };

  addEventListener('load', () => {
    const slides = [...document.querySelectorAll('.slide')];
    const links = [...document.querySelectorAll('.overview a')];
    const overview = document.querySelector('.overview');
    const place = document.querySelector('.place');
    const wide = matchMedia('(min-width: 48rem)');
    fit(slides);

    const number = () => {
      const found = /^#slide-(\d+)$/.exec(location.hash);
      return found ? Math.min(Math.max(Number(found[1]) - 1, 0), slides.length - 1) : 0;
    };
    const draw = () => {
      const now = number();
      root.classList.toggle('deck', wide.matches);
      slides.forEach((slide, i) => slide.classList.toggle('now', i === now));
      links.forEach((link, i) => {
        if (i === now) link.setAttribute('aria-current', 'true');
        else link.removeAttribute('aria-current');
      });
      place.textContent = `${now + 1} / ${slides.length}`;
      // For those who hear the slides: number and heading when one turns.
      document.querySelector('.said').textContent = wide.matches ? `Slide ${now + 1} of ${slides.length}: ${links[now].textContent}` : '';
      document.querySelector('.back').disabled = now === 0;
      document.querySelector('.on').disabled = now === slides.length - 1;
      root.style.setProperty('--scale', Math.min(innerWidth / 1280, (innerHeight - 48) / 720));
      if (wide.matches) scrollTo(0, 0);
      scrollBoxes();
    };
    const go = to => {
      const target = Math.min(Math.max(to, 0), slides.length - 1);
      // Without a step in the history for each slide: back leads to where one came from.
      history.replaceState(null, '', `#slide-${target + 1}`);
      draw();
    };

    addEventListener('hashchange', draw);
    addEventListener('resize', draw);
    wide.addEventListener('change', draw);
    document.querySelector('.back').addEventListener('click', () => go(number() - 1));
    document.querySelector('.on').addEventListener('click', () => go(number() + 1));
    document.querySelector('.list').addEventListener('click', () => overview.showModal());
    document.querySelector('.theme').addEventListener('click', turnTheme);
    links.forEach((link, i) => link.addEventListener('click', event => {
      event.preventDefault();
      overview.close();
      go(i);
    }));
    addEventListener('keydown', event => {
      if (!root.classList.contains('deck') || overview.open || event.ctrlKey || event.metaKey || event.altKey) return;
      const onButton = event.target.closest?.('button, a') !== null;
      const steps = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };
      if (event.key in steps) go(number() + steps[event.key]);
      else if (event.key === ' ' && !onButton) go(number() + (event.shiftKey ? -1 : 1));
      else if (event.key === 'Home') go(0);
      else if (event.key === 'End') go(slides.length - 1);
      else if (event.key === 'o' || event.key === 'O') overview.showModal();
      else if (event.key === 't' || event.key === 'T') turnTheme();
      else return;
      event.preventDefault();
    });
    draw();
    root.dataset.ready = 'true';
  });
})();
