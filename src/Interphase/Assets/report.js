"use strict";
(() => {
  const read = id => JSON.parse(document.getElementById(id).textContent);
  const figures = read("figures"), tables = read("tables"), colours = read("colours");
  const root = document.documentElement;
  const say = text => { document.getElementById("said").textContent = text; };

  // theme: the system's until the reader chooses; a browser that stores nothing for files from disk only forgets the choice
  const system = matchMedia("(prefers-color-scheme: dark)");
  const remembered = () => { try { return localStorage.getItem("interphase-theme"); } catch { return null; } };
  const theme = () => root.dataset.theme || (system.matches ? "dark" : "light");
  if (["light", "dark"].includes(remembered())) root.dataset.theme = remembered();
  const toggle = document.getElementById("theme");
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    root.dataset.theme = theme() === "dark" ? "light" : "dark";
    try { localStorage.setItem("interphase-theme", root.dataset.theme); } catch { /* kept for this page only */ }
    say(root.dataset.theme + " theme");
    redraw();
  });
  system.addEventListener("change", () => redraw());

  // colours: "@2", "@ramp:0.4", "@text", "@page", each with an optional "/opacity"
  const rgb = hex => [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16));
  const between = (ramp, t) => {
    const place = Math.min(1, Math.max(0, t)) * (ramp.length - 1), i = Math.min(Math.floor(place), ramp.length - 2);
    const a = rgb(ramp[i]), b = rgb(ramp[i + 1]);
    return a.map((v, k) => Math.round(v + (b[k] - v) * (place - i)));
  };
  const colour = (token, c) => {
    const [name, opacity] = token.slice(1).split("/");
    const [r, g, b] = name.startsWith("ramp:") ? between(c.ramp, Number(name.slice(5))) : rgb(/^\d+$/.test(name) ? c.places[name] : c[name]);
    return `rgba(${r},${g},${b},${opacity || 1})`;
  };
  const isToken = v => typeof v === "string" && /^@(\d+|text|page|grid|ramp:[\d.]+)(\/[\d.]+)?$/.test(v);
  const painted = (value, c) => {
    if (isToken(value)) return colour(value, c);
    if (Array.isArray(value)) return typeof value[0] === "number" ? value.slice() : value.map(v => painted(v, c));
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, painted(v, c)]));
    return value;
  };

  const font = getComputedStyle(document.body).fontFamily;
  const drawn = new Map();
  const draw = figure => {
    const panels = figures[figure.dataset.figure], box = figure.querySelector(".plots"), c = colours[theme()];
    const first = !drawn.has(figure);
    if (first) {
      figure.classList.add("drawn");
      box.hidden = false;
      drawn.set(figure, panels.map(panel => {
        const cell = document.createElement("div"), div = document.createElement("div");
        if (panel.title) { const title = document.createElement("p"); title.className = "plot-title"; title.innerHTML = panel.title; cell.append(title); }
        div.className = "plot";
        div.setAttribute("role", "img");
        div.setAttribute("aria-label", figure.querySelector("svg desc").textContent);
        cell.append(div);
        box.append(cell);
        return div;
      }));
    }
    const divs = drawn.get(figure);
    const narrow = box.clientWidth < 520;
    panels.forEach((panel, i) => {
      const div = divs[i], width = div.clientWidth;
      const layout = painted(panel.layout, c);
      const inner = width - (narrow ? 74 : 92);
      const square = panel.picture ? width * panel.aspect + (panel.bare ? 0 : 4) : panel.aspect ? Math.min(inner * panel.aspect, 560) + 90 : Math.min(Math.max(width * 0.5, 270), 440);
      const bare = panel.bare ? 34 : 0;
      Object.assign(layout, {
        width, height: Math.max(square * panel.height + (panel.height < 1 ? 60 : 0), 150) - bare,
        paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
        font: { family: font, size: narrow ? 11 : 12.5, color: c.text },
        margin: panel.picture ? { l: 2, r: 2, t: 2, b: 2 } : { l: narrow ? 58 : 76, r: panel.right ? (narrow ? 52 : 64) : 16, t: 16, b: panel.bare ? 14 : 52 },
        hovermode: "closest", dragmode: narrow ? false : "zoom", barmode: "group", bargap: 0.28,
        legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", xanchor: "left", font: { size: narrow ? 11 : 12 }, bgcolor: "rgba(0,0,0,0)" },
        hoverlabel: { bgcolor: c.page, bordercolor: c.text, font: { family: font, color: c.text, size: 12.5 }, align: "left" },
        modebar: { bgcolor: "rgba(0,0,0,0)", color: c.text, activecolor: c.places[0] },
      });
      for (const name of ["xaxis", "yaxis", "yaxis2"]) {
        if (!layout[name]) continue;
        layout[name] = {
          ticks: "outside", ticklen: 5, tickcolor: c.text, showline: true, linecolor: c.text, linewidth: 1, mirror: true, zeroline: false,
          gridcolor: c.grid, exponentformat: "power", showexponent: "last", autorange: false, automargin: name === "yaxis2", ...layout[name],
        };
        if (narrow && layout[name].dtick === 1 && Math.abs(layout[name].range[1] - layout[name].range[0]) > 5) layout[name].dtick = 2;
        layout[name].title = { standoff: 8, ...layout[name].title };
      }
      if (!first && div.layout) for (const name of ["xaxis", "yaxis", "yaxis2"]) if (layout[name] && div.zoomed) layout[name].range = div.layout[name].range.slice();
      const plot = Plotly.react(div, painted(panel.data, c), layout, { displaylogo: false, responsive: false, doubleClick: "reset", modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d", "toImage"], scrollZoom: false });
      if (first) plot.then(() => div.on("plotly_relayout", change => moved(figure, i, change)));
    });
  };

  // the second scale follows the first; panels above each other follow in x
  const moved = (figure, i, change) => {
    if (!Object.keys(change).some(k => /axis\d?\.(range|autorange)/.test(k)) || change.followed) return;
    const panels = figures[figure.dataset.figure], divs = drawn.get(figure), div = divs[i];
    div.zoomed = true;
    const right = panels[i].right, y = div.layout.yaxis.range;
    if (right) Plotly.relayout(div, { "yaxis2.range": y.map(v => v * right.scale + right.offset), followed: true });
    if (panels.some(p => p.bare)) divs.forEach((other, k) => {
      if (k !== i && JSON.stringify(other.layout.xaxis.range) !== JSON.stringify(div.layout.xaxis.range)) Plotly.relayout(other, { "xaxis.range": div.layout.xaxis.range.slice(), followed: true });
    });
  };
  const redraw = () => drawn.forEach((_, figure) => draw(figure));

  const seen = new IntersectionObserver(entries => entries.forEach(e => {
    if (!e.isIntersecting || drawn.has(e.target)) return;
    seen.unobserve(e.target);
    draw(e.target);
  }), { rootMargin: "600px" });
  document.querySelectorAll("figure").forEach(f => seen.observe(f));
  let width = innerWidth, wait;
  addEventListener("resize", () => { clearTimeout(wait); wait = setTimeout(() => { if (innerWidth !== width) { width = innerWidth; redraw(); } }, 150); });

  // downloads
  const save = (name, type, text) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    say(name + " saved");
  };
  document.querySelectorAll("figure button.svg").forEach(button => {
    button.hidden = false;
    const figure = button.closest("figure");
    button.addEventListener("click", () => save(figure.dataset.figure + ".svg", "image/svg+xml", new XMLSerializer().serializeToString(figure.querySelector(".static svg"))));
  });

  // tables: sort, copy, csv
  document.querySelectorAll(".table").forEach(box => {
    const table = box.querySelector("table"), body = table.tBodies[0], tools = box.querySelector(".tools");
    tools.hidden = false;
    tools.querySelector(".csv").addEventListener("click", () => save(box.dataset.table + ".csv", "text/csv", tables[box.dataset.table]));
    tools.querySelector(".copy").addEventListener("click", async () => {
      const text = [...table.rows].map(r => [...r.cells].map(c => c.innerText.replace(/\s+/g, " ").trim()).join("\t")).join("\n");
      try { await navigator.clipboard.writeText(text); say("table copied"); } catch { say("this browser does not let pages from disk copy; use CSV"); }
    });
    if (body.rows.length < 2) return;
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        [...table.tHead.rows[0].cells].forEach(c => c.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const key = row => { const c = row.cells[column]; return "key" in c.dataset ? Number(c.dataset.key) : c.matches(".text, .long-text") ? c.textContent : null; };
        // what has no number stays at the end either way
        [...body.rows].sort((a, b) => {
          const p = key(a), q = key(b);
          if (p === null || q === null) return (p === null) - (q === null);
          return (down ? -1 : 1) * (typeof p === "number" && typeof q === "number" ? p - q : String(p).localeCompare(String(q), "en", { numeric: true }));
        }).forEach(row => body.append(row));
      });
    });
  });

  // the reason for a withheld number, where the reader is
  let tip;
  const show = e => {
    const link = e.target.closest?.("[data-reason]");
    tip?.remove();
    if (!link) return;
    tip = document.createElement("div");
    tip.className = "tip";
    tip.setAttribute("aria-hidden", "true");
    tip.textContent = link.dataset.reason;
    document.body.append(tip);
    const at = link.getBoundingClientRect();
    tip.style.left = Math.max(8, Math.min(at.left, document.documentElement.clientWidth - tip.offsetWidth - 8)) + scrollX + "px";
    tip.style.top = at.top + scrollY - tip.offsetHeight - 8 + "px";
  };
  addEventListener("mouseover", show);
  addEventListener("focusin", show);
  addEventListener("keydown", e => { if (e.key === "Escape") tip?.remove(); });

  // contents: where the reader is; folded on a phone
  const links = new Map([...document.querySelectorAll(".contents a")].map(a => [a.hash.slice(1), a]));
  const here = new IntersectionObserver(entries => entries.forEach(e => {
    if (!e.isIntersecting) return;
    links.forEach(a => a.removeAttribute("aria-current"));
    links.get(e.target.id)?.setAttribute("aria-current", "true");
  }), { rootMargin: "-15% 0px -75% 0px" });
  document.querySelectorAll("main > section").forEach(s => here.observe(s));
  if (innerWidth < 960) document.querySelector(".contents details").open = false;

  // on paper nothing is folded
  let folded = [];
  addEventListener("beforeprint", () => { folded = [...document.querySelectorAll("details.methods:not([open]), details.more:not([open]), .findings details:not([open])")]; folded.forEach(d => { d.open = true; }); });
  addEventListener("afterprint", () => folded.forEach(d => { d.open = false; }));
})();
