// 28 x 28 squares to draw on: with the mouse, a finger, or the arrow keys and space.
const SIDE = 28;
const ZOOM = 10; // pixels of the screen for one of the picture
const PAUSE = 120; // milliseconds between two messages while a line is drawn
const SAME = 48; // fill goes on where the shade differs by less

const decode = (hex) =>
  Uint8ClampedArray.from({ length: SIDE * SIDE }, (_, i) =>
    parseInt(hex.slice(2 * i, 2 * i + 2), 16),
  );
const encode = (pixels) =>
  Array.from(pixels, (value) => value.toString(16).padStart(2, "0")).join("");

// "{row}, {column}" with its numbers
const filled = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);

function render({ model, el }) {
  const words = model.get("words");
  const canvas = document.createElement("canvas");
  canvas.className = "sketch-pad-canvas";
  canvas.width = canvas.height = SIDE * ZOOM;
  canvas.tabIndex = 0;
  canvas.style.cssText = "touch-action:none;cursor:crosshair;background:black";
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-roledescription", words.role);
  // arrow keys draw here; JupyterLab must not take them for its own shortcuts
  canvas.setAttribute("data-lm-suppress-shortcuts", "true");
  const status = document.createElement("div");
  status.className = "sketch-pad-status";
  status.setAttribute("aria-live", "polite");
  status.style.cssText = "font-size:13px;min-height:1.4em";
  el.append(canvas, status);

  let pixels = decode(model.get("pixels"));
  let cursor = { x: SIDE / 2, y: SIDE / 2 }; // column, row
  let last = null; // where the pointer was, while its button is down
  let timer = null;

  const tone = () => (model.get("tool") === words.rub_out ? 0 : model.get("shade"));

  function dab(x, y) {
    const radius = model.get("width") / 2;
    for (let row = 0; row < SIDE; row++)
      for (let col = 0; col < SIDE; col++) {
        const distance = Math.hypot(col + 0.5 - x, row + 0.5 - y);
        const cover = Math.min(1, Math.max(0, radius + 0.5 - distance)); // soft edge
        const at = row * SIDE + col;
        pixels[at] += (tone() - pixels[at]) * cover;
      }
  }

  function fill(x, y) {
    const start = Math.floor(y) * SIDE + Math.floor(x);
    const from = pixels[start];
    const seen = new Set([start]);
    const open = [start];
    while (open.length) {
      const at = open.pop();
      pixels[at] = tone();
      const col = at % SIDE;
      const beside = [at - SIDE, at + SIDE];
      if (col > 0) beside.push(at - 1);
      if (col < SIDE - 1) beside.push(at + 1);
      for (const next of beside)
        if (next >= 0 && next < SIDE * SIDE && !seen.has(next)) {
          seen.add(next);
          const [low, high] = [Math.min(from, tone()), Math.max(from, tone())];
          if (Math.abs(pixels[next] - from) < SAME) open.push(next);
          else if (low < pixels[next] && pixels[next] < high)
            pixels[next] = tone(); // the soft edge of a line: cover it, go no further
        }
    }
  }

  function apply(x, y) {
    const act = model.get("tool") === words.fill ? fill : dab;
    act(x, y);
    if (model.get("mirror")) act(SIDE - x, y);
  }

  function line(from, to) {
    if (model.get("tool") === words.fill) return;
    const steps = Math.ceil(2 * Math.hypot(to.x - from.x, to.y - from.y));
    for (let i = 1; i <= steps; i++)
      apply(
        from.x + ((to.x - from.x) * i) / steps,
        from.y + ((to.y - from.y) * i) / steps,
      );
  }

  function draw() {
    const context = canvas.getContext("2d");
    pixels.forEach((value, at) => {
      context.fillStyle = `rgb(${value},${value},${value})`;
      const x = (at % SIDE) * ZOOM;
      context.fillRect(x, Math.floor(at / SIDE) * ZOOM, ZOOM, ZOOM);
    });
    if (document.activeElement === canvas) {
      context.strokeStyle = "#e69f00";
      context.lineWidth = 2;
      const [x, y] = [Math.floor(cursor.x), Math.floor(cursor.y)];
      context.strokeRect(x * ZOOM + 1, y * ZOOM + 1, ZOOM - 2, ZOOM - 2);
    }
    const [row, column] = [Math.floor(cursor.y), Math.floor(cursor.x)];
    const shade = pixels[row * SIDE + column];
    const place = filled(words.place, { row, column, shade });
    status.textContent = place;
    canvas.setAttribute("aria-label", filled(words.how, { place }));
  }

  function send() {
    timer = null;
    model.set("pixels", encode(pixels));
    model.save_changes();
  }
  const sendSoon = () => (timer ??= setTimeout(send, PAUSE));

  function finish() {
    clearTimeout(timer);
    model.set("strokes", model.get("strokes") + 1); // the end of a stroke: for undo
    send();
  }

  function place(event) {
    const box = canvas.getBoundingClientRect();
    const within = (share) => Math.min(SIDE - 0.01, Math.max(0, share * SIDE));
    return {
      x: within((event.clientX - box.left) / box.width),
      y: within((event.clientY - box.top) / box.height),
    };
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    canvas.focus();
    cursor = last = place(event);
    apply(last.x, last.y);
    draw();
    sendSoon();
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    const here = place(event);
    line(last, here);
    cursor = last = here;
    draw();
    sendSoon();
  });
  for (const name of ["pointerup", "pointercancel"])
    canvas.addEventListener(name, () => {
      if (last) finish();
      last = null;
    });

  const STEPS = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
  };
  canvas.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    const space = event.key === " " || event.key === "Enter";
    if ((!step && !space) || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const before = cursor;
    const middle = (value) => Math.min(SIDE - 0.5, Math.max(0.5, Math.floor(value) + 0.5));
    if (step) cursor = { x: middle(cursor.x + step[0]), y: middle(cursor.y + step[1]) };
    if (space) apply(cursor.x, cursor.y);
    else if (event.shiftKey) line(before, cursor);
    draw();
    if (space || event.shiftKey) finish();
  });

  canvas.addEventListener("focus", draw);
  canvas.addEventListener("blur", draw);
  const follow = () => {
    if (last) return; // not under the reader's hand
    pixels = decode(model.get("pixels"));
    draw();
  };
  model.on("change:pixels", follow);
  draw();
  return () => {
    clearTimeout(timer);
    model.off("change:pixels", follow);
  };
}

export default { render };
