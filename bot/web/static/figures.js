/* A chart over a table of figures, drawn by d3 from the table's own cells: they cannot tell two things.
   Colours and type are the stylesheet's, by class. The table is what a screen reader reads. */

const { axisBottom, axisLeft, create, max, scaleBand, scaleLinear, stack } = globalThis.d3;

const ROW = 30;
const HEIGHT = 220;
const LETTER = 6.4;
const LINE = 12;

/* A name in at most two lines that fit, broken between words; what is longer still ends in "…". */
function broken(title, fits) {
  if (fits(title)) return [title];
  const words = title.split(" ");
  let first = words.shift();
  while (words.length && fits(`${first} ${words[0]}`)) first += ` ${words.shift()}`;
  return [first, words.join(" ")].filter(Boolean).map((line) => {
    let kept = line;
    while (kept.length > 1 && !fits(kept === line ? kept : `${kept}…`)) kept = kept.slice(0, -1).trimEnd();
    return kept === line ? line : `${kept}…`;
  });
}

class FigureChart extends HTMLElement {
  connectedCallback() {
    const table = this.parentElement.querySelector("table");
    this.names = [...table.querySelectorAll("th[data-series]")].map((head) => ({
      key: head.dataset.series, title: head.textContent.trim(), place: head.cellIndex,
    }));
    this.rows = [...table.tBodies[0].rows].map((row) => ({
      title: row.cells[0].textContent.trim(),
      values: this.names.map(({ place }) => Number(row.cells[place].dataset.value)),
      texts: this.names.map(({ place }) => row.cells[place].textContent.trim()),
    }));
    this.watch = new ResizeObserver(() => this.draw());
    this.watch.observe(this);
  }

  disconnectedCallback() {
    this.watch.disconnect();
  }

  draw() {
    const width = Math.floor(this.clientWidth);
    if (!width || width === this.drawn) return;
    this.drawn = width;
    const kind = this.dataset.chart;
    const svg = kind === "upright" ? this.standing(width) : this.lying(width, kind === "grouped");
    this.replaceChildren(svg.node(), ...(this.names.length > 1 ? [this.legend()] : []));
  }

  /* Bars that stand on the days, in parts that add up. */
  standing(width) {
    const edge = { top: 8, right: 20, bottom: 24, left: 40 };
    const x = scaleBand(this.rows.keys(), [edge.left, width - edge.right]).padding(0.2);
    const y = scaleLinear([0, this.most(true)], [HEIGHT - edge.bottom, edge.top]).nice(4);
    const svg = this.canvas(width, HEIGHT);
    this.axis(svg, `translate(${edge.left},0)`, axisLeft(y).ticks(4).tickSize(edge.left - width).tickFormat(this.count));
    const longest = max(this.rows, (row) => row.title.length) * LETTER + 12;
    const every = Math.ceil(longest / x.step());
    const shown = [...this.rows.keys()].filter((at) => at % every === 0);
    const names = axisBottom(x).tickValues(shown).tickSize(0).tickPadding(8).tickFormat((at) => this.rows[at].title);
    this.axis(svg, `translate(0,${HEIGHT - edge.bottom})`, names);
    this.parts(svg, (bar) => bar
      .attr("x", (part) => x(part.at)).attr("width", x.bandwidth())
      .attr("y", (part) => y(part.to)).attr("height", (part) => y(part.from) - y(part.to)));
    return svg;
  }

  /* Bars that lie beside their names: parts that add up, or one below the other. */
  lying(width, grouped) {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = `11px ${getComputedStyle(this).fontFamily}`;
    const long = (title) => pen.measureText(title).width;
    const left = Math.min(Math.min(width * 0.45, 260), max(this.rows, (row) => long(row.title)) + 16);
    const edge = { top: 4, right: 16, bottom: 24 };
    const height = edge.top + edge.bottom + this.rows.length * (grouped ? ROW * 1.4 : ROW);
    const [unit, tick] = this.unit(this.most(!grouped));
    const scale = scaleLinear([0, this.most(!grouped) / unit], [left, width - edge.right]).nice(4);
    const x = (value) => scale(value / unit);
    const y = scaleBand(this.rows.keys(), [edge.top, height - edge.bottom]).padding(0.28);
    const svg = this.canvas(width, height);
    const marks = axisBottom(scale).ticks(Math.max(2, width / 140)).tickSize(edge.top + edge.bottom - height).tickFormat(tick);
    this.axis(svg, `translate(0,${height - edge.bottom})`, marks);
    const lines = this.rows.map((row) => broken(row.title, (title) => long(title) <= left - 12));
    this.axis(svg, `translate(${left},0)`, axisLeft(y).tickSize(0).tickPadding(8).tickFormat(() => ""));
    svg.select(".axis:last-of-type").selectAll(".tick text").selectAll("tspan")
      .data((at) => lines[at].map((text, n) => ({ text, dy: (n ? LINE : -(lines[at].length - 1) * LINE / 2) })))
      .join("tspan").attr("x", -8).attr("dy", ({ dy }, n) => n ? dy : dy + 3.5).text(({ text }) => text);
    const inner = scaleBand(this.names.keys(), [0, y.bandwidth()]).padding(0.1);
    this.parts(svg, (bar) => bar
      .attr("x", (part) => x(grouped ? 0 : part.from))
      .attr("width", (part) => x(part.to - (grouped ? part.from : 0)) - x(grouped ? 0 : part.from))
      .attr("y", (part) => y(part.at) + (grouped ? inner(part.series) : 0))
      .attr("height", grouped ? inner.bandwidth() : y.bandwidth()));
    return svg;
  }

  canvas(width, height) {
    return create("svg").attr("viewBox", `0 0 ${width} ${height}`).attr("width", width).attr("height", height);
  }

  axis(svg, transform, axis) {
    svg.append("g").attr("class", "axis").attr("transform", transform).call(axis);
  }

  /* A bar for every value, with what it is to who points at it. */
  parts(svg, place) {
    const layers = stack().keys(this.names.keys()).value((row, at) => row.values[at])(this.rows);
    const flat = layers.flatMap((layer, series) => layer.map(([from, to], at) => ({ series, at, from, to })));
    const bars = svg.append("g").selectAll("rect").data(flat.filter(({ from, to }) => to > from)).join("rect");
    place(bars.attr("class", ({ series }) => `bar ${this.names[series].key}`));
    bars.append("title").text(({ series, at }) =>
      `${this.rows[at].title} · ${this.names[series].title}: ${this.rows[at].texts[series]}`);
  }

  legend() {
    const list = document.createElement("ul");
    list.className = "legend";
    for (const { key, title } of this.names) {
      const item = document.createElement("li");
      const mark = document.createElement("span");
      mark.className = `mark ${key}`;
      item.append(mark, title);
      list.append(item);
    }
    return list;
  }

  most(summed) {
    const of = summed ? (values) => values.reduce((sum, value) => sum + value, 0) : (values) => Math.max(...values);
    return max(this.rows, ({ values }) => of(values)) || 1;
  }

  count(value) {
    return Number.isInteger(value) ? value.toLocaleString(document.documentElement.lang) : "";
  }

  /* In what the axis counts, and how it is written: whole numbers, or seconds, minutes, hours. */
  unit(most) {
    if (this.dataset.unit !== "seconds") return [1, this.count];
    const [size, name] = [[3600, this.dataset.hour], [60, "min"], [1, "s"]].find(([each]) => most >= 2 * each || each === 1);
    return [size, (value) => `${value} ${name}`];
  }
}

customElements.define("figure-chart", FigureChart);
