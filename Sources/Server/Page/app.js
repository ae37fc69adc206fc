// The page: pictures go to /v1/predict, and the answers are shown. No text of an answer becomes markup.

const byId = (id) => document.getElementById(id);
const status = byId("status");
const results = [];
let models = [];

function say(text, isBad = false) {
  status.textContent = text;
  status.classList.toggle("bad", isBad);
}

function headers() {
  const token = byId("token").value;
  return token ? { Authorization: `Bearer ${token}` } : {};
}

async function ask(path, options = {}) {
  const response = await fetch(path, { ...options, headers: { ...headers(), ...(options.headers ?? {}) } });
  const answer = await response.json().catch(() => ({}));
  if (response.status === 401) byId("token-form").hidden = false;
  if (!response.ok && !answer.predictions) throw new Error(answer.error ?? `The server answered with status ${response.status}.`);
  return answer;
}

// MARK: Models

async function loadModels() {
  try {
    models = (await ask("v1/models")).models;
  } catch (error) {
    say(error.message, true);
    return;
  }
  const chosen = byId("model").value;
  byId("model").replaceChildren(...models.map((model) => new Option(model.name, model.name)));
  if (models.some((model) => model.name === chosen)) byId("model").value = chosen;
  describe();
  say("");
}

function describe() {
  const model = models.find((one) => one.name === byId("model").value);
  if (!model) return;
  const [height, width, channels] = model.input;
  byId("about").textContent =
    `${model.model}, version ${model.version}: ${height} × ${width} pixels, ${channels === 1 ? "gray" : "color"}, ` +
    `${model.classes.length} classes (${model.classes.slice(0, 12).join(", ")}${model.classes.length > 12 ? " …" : ""})`;
}

// MARK: Asking

async function classify(pictures) {
  if (pictures.length === 0) return;
  const query = new URLSearchParams({ model: byId("model").value, top: "5", input: "true" });
  if (byId("explain").checked) query.set("explain", "gradcam");
  say(pictures.length === 1 ? "Asking …" : `Asking about ${pictures.length} pictures …`);
  let first = null;
  try {
    for (let start = 0; start < pictures.length; start += 16) {
      const part = pictures.slice(start, start + 16);
      const form = new FormData();
      for (const picture of part) form.append("picture", picture.blob, picture.name);
      const answer = await ask(`v1/predict?${query}`, { method: "POST", body: form });
      answer.predictions.forEach((prediction, place) => {
        const result = { ...prediction, input: part[place].name, url: URL.createObjectURL(part[place].blob), model: answer.model };
        results.push(result);
        first ??= result;
      });
      if (pictures.length > 16) say(`${Math.min(start + 16, pictures.length)} of ${pictures.length} pictures answered`);
    }
    say("");
  } catch (error) {
    say(error.message, true);
  }
  if (first) show(first);
  list();
}

// MARK: Showing

const percent = (probability) => `${(100 * probability).toFixed(1)} %`;

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function figure(source, caption, isPixels) {
  const made = element("figure");
  const image = element("img", undefined, isPixels ? "pixels" : undefined);
  image.src = source;
  image.alt = caption;
  made.append(image, element("figcaption", caption));
  return made;
}

function show(result) {
  byId("result").hidden = false;
  const pictures = byId("pictures");
  pictures.replaceChildren(figure(result.url, result.input, false));
  const rows = byId("bars").tBodies[0];
  rows.replaceChildren();
  if (result.error) {
    byId("answer").textContent = `No answer: ${result.error}`;
    return;
  }
  byId("answer").textContent = `${result.top[0].label}, ${percent(result.top[0].probability)}`;
  pictures.append(figure(result.seen, "as the network sees it", true));
  if (result.explanation) pictures.append(figure(result.explanation.picture, `what speaks for ${result.top[0].label}`, true));
  for (const { label, probability } of result.top) {
    const row = rows.insertRow();
    const head = element("th", label);
    head.scope = "row";
    const meter = element("meter");
    meter.value = probability;
    meter.textContent = percent(probability);
    const bar = element("td");
    bar.append(meter);
    row.append(head, bar, element("td", percent(probability), "number"));
  }
}

function list() {
  byId("many").hidden = results.length < 2;
  const rows = byId("list").tBodies[0];
  rows.replaceChildren(
    ...results.map((result) => {
      const row = element("tr");
      row.tabIndex = 0;
      const picture = element("td");
      const image = element("img");
      image.src = result.url;
      image.alt = "";
      picture.append(image);
      row.append(picture, element("td", result.input));
      if (result.error) {
        const cell = element("td", result.error, "bad");
        cell.colSpan = 3;
        row.append(cell);
      } else {
        const [best, second] = result.top;
        row.append(element("td", best.label), element("td", percent(best.probability)),
          element("td", second ? `${second.label}, ${percent(second.probability)}` : ""));
      }
      row.addEventListener("click", () => show(result));
      row.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          show(result);
        }
      });
      return row;
    }));
}

function csv() {
  // A spreadsheet must not compute a name.
  const cell = (value) => {
    const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : `${value}`;
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [["input", "model", "label", "probability", "second", "second_probability", "error"]];
  for (const { input, model, top = [], error = "" } of results) {
    const [best = {}, second = {}] = top;
    lines.push([input, model, best.label ?? "", best.probability ?? "", second.label ?? "", second.probability ?? "", error]);
  }
  const link = element("a");
  link.href = URL.createObjectURL(new Blob([lines.map((line) => line.map(cell).join(",") + "\n").join("")], { type: "text/csv" }));
  link.download = "answers.csv";
  link.click();
  URL.revokeObjectURL(link.href);
}

// MARK: Pictures that come

const named = (files) => [...files].filter((file) => file.type.startsWith("image/")).map((file) => ({ name: file.name || "pasted", blob: file }));

for (const id of ["files", "camera"]) {
  byId(id).addEventListener("change", (event) => {
    classify(named(event.target.files));
    event.target.value = "";
  });
}

document.addEventListener("paste", (event) => {
  const pictures = named(event.clipboardData.files);
  if (pictures.length > 0) classify(pictures);
});

for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    byId("drop").classList.add("over");
  });
}

for (const name of ["dragleave", "drop"]) document.addEventListener(name, () => byId("drop").classList.remove("over"));

document.addEventListener("drop", (event) => {
  event.preventDefault();
  classify(named(event.dataTransfer.files));
});

// MARK: Drawing

const canvas = byId("canvas");
const pen = canvas.getContext("2d", { willReadFrequently: true });
const strokes = [];
let stroke = null;

function paint() {
  pen.fillStyle = "#000";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.strokeStyle = pen.fillStyle = "#fff";
  pen.lineCap = pen.lineJoin = "round";
  for (const { width, points } of strokes) {
    pen.lineWidth = width;
    pen.beginPath();
    pen.moveTo(...points[0]);
    for (const point of points) pen.lineTo(...point);
    pen.stroke();
  }
}

function place(event) {
  const box = canvas.getBoundingClientRect();
  return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
}

canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  stroke = { width: Number(byId("pen").value), points: [place(event)] };
  strokes.push(stroke);
  paint();
});
canvas.addEventListener("pointermove", (event) => {
  if (!stroke) return;
  stroke.points.push(...(event.getCoalescedEvents?.() ?? [event]).map(place));
  paint();
});
for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => { stroke = null; });

function undo() {
  strokes.pop();
  paint();
}

byId("undo").addEventListener("click", undo);
byId("clear").addEventListener("click", () => {
  strokes.length = 0;
  paint();
});
canvas.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "z") undo();
  if (event.key === "Enter") byId("classify").click();
});
byId("classify").addEventListener("click", () => {
  if (strokes.length === 0) {
    say("Draw something first.", true);
    return;
  }
  canvas.toBlob((blob) => classify([{ name: `drawing ${results.length + 1}`, blob }]), "image/png");
});

// MARK: The rest

byId("csv").addEventListener("click", csv);
byId("forget").addEventListener("click", () => {
  for (const { url } of results) URL.revokeObjectURL(url);
  results.length = 0;
  byId("result").hidden = true;
  list();
});
byId("model").addEventListener("change", describe);
byId("token").value = sessionStorage.getItem("token") ?? "";
byId("token-form").hidden = byId("token").value === "";
byId("token-form").addEventListener("submit", (event) => event.preventDefault());
byId("token").addEventListener("change", () => {
  sessionStorage.setItem("token", byId("token").value);
  loadModels();
});
paint();
loadModels();
