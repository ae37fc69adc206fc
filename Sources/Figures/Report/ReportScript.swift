/// The script of a report. It adds sorting and the list of all answers.
enum ReportScript {
  static let text = """
    "use strict";
    for (const table of document.querySelectorAll("table.sortable")) {
      const heads = [...table.tHead.rows[0].cells];
      heads.forEach((head, column) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = head.textContent;
        head.replaceChildren(button);
        button.addEventListener("click", () => {
          const numeric = head.classList.contains("number");
          const up = head.getAttribute("aria-sort") === (numeric ? "descending" : "none") || (!numeric && !head.hasAttribute("aria-sort"));
          heads.forEach(other => other.removeAttribute("aria-sort"));
          head.setAttribute("aria-sort", up ? "ascending" : "descending");
          const value = row => {
            const text = row.cells[column].textContent;
            return numeric ? parseFloat(text.replaceAll(",", "")) : text;
          };
          const rows = [...table.tBodies[0].rows];
          rows.sort((a, b) => {
            const [x, y] = [value(a), value(b)];
            const order = numeric ? (isNaN(x) ? 1 : isNaN(y) ? -1 : x - y) : x.localeCompare(y);
            return up ? order : -order;
          });
          table.tBodies[0].append(...rows);
        });
      });
    }

    const explorer = document.getElementById("explorer");
    if (explorer) {
      const data = JSON.parse(document.getElementById("explorer-data").textContent);
      const pick = name => document.getElementById("pick-" + name);
      const [truth, answer, shown, order] = ["true", "answer", "shown", "order"].map(pick);
      const tiles = document.getElementById("explorer-tiles");
      const more = document.getElementById("explorer-more");
      const count = document.getElementById("explorer-count");
      const page = 60;
      let chosen = [];
      let next = 0;

      const tile = place => {
        const item = document.createElement("li");
        const image = document.createElement("i");
        const slot = place % data.sheet;
        image.className = (data.ink ? "ink " : "") + "e e" + Math.floor(place / data.sheet);
        image.style.backgroundPosition =
          -(slot % data.columns) * data.width + "px " + -Math.floor(slot / data.columns) * data.height + "px";
        const right = data.label[place] === data.answer[place];
        const [label, said] = [data.classes[data.label[place]], data.classes[data.answer[place]]];
        const share = (data.probability[place] / 100).toFixed(1) + " %";
        item.title = "image " + data.item[place] + ": " + label + ", predicted " + said + " with " + share;
        item.append(image);
        for (const [text, style] of [[label, "c-text"], [(right ? "✓ " : "✗ ") + said, right ? "c-good" : "c-bad"], [share, ""], ["no. " + data.item[place], ""]]) {
          const line = document.createElement("span");
          line.className = style;
          line.textContent = text;
          item.append(line);
        }
        return item;
      };
      const showMore = () => {
        tiles.append(...chosen.slice(next, next + page).map(tile));
        next += page;
        more.hidden = next >= chosen.length;
      };
      const update = () => {
        const keys = [p => -data.loss[p], p => data.item[p], p => data.probability[p], p => -data.probability[p]];
        const key = keys[order.value];
        chosen = data.item.map((_, place) => place).filter(place =>
          (truth.value == 0 || data.label[place] == truth.value - 1)
          && (answer.value == 0 || data.answer[place] == answer.value - 1)
          && (shown.value == 0 || (data.label[place] === data.answer[place]) === (shown.value == 2)));
        chosen.sort((a, b) => key(a) - key(b) || a - b);
        count.textContent = chosen.length.toLocaleString("en") + " of " + data.item.length.toLocaleString("en") + " predictions";
        tiles.replaceChildren();
        next = 0;
        showMore();
      };
      for (const control of [truth, answer, shown, order]) control.addEventListener("change", update);
      more.addEventListener("click", showMore);
      for (const cell of document.querySelectorAll("#confusion td[data-true]")) {
        cell.classList.add("live");
        cell.tabIndex = 0;
        const open = () => {
          truth.value = +cell.dataset.true + 1;
          answer.value = +cell.dataset.answer + 1;
          shown.value = 0;
          update();
          explorer.scrollIntoView();
        };
        cell.addEventListener("click", open);
        cell.addEventListener("keydown", event => { if (event.key === "Enter") open(); });
      }
      explorer.hidden = false;
      update();
    }
    """
}
