// What ipywidgets leaves out for a keyboard and for a screen reader.
const NAMED = ".widget-slider, .widget-toggle-buttons, .widget-radio, .widget-hprogress";
const OBSERVED = ["class", "style", "aria-valuetext"];
const ARROWS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes))
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

// The control's label is there, but nothing ties it to what has the focus.
function name(control) {
  const label = control.querySelector("label.widget-label");
  if (!label?.textContent.trim()) return;
  label.id ||= `label-${Math.random().toString(36).slice(2)}`;
  const named = { "aria-labelledby": label.id };
  const part = (css) => control.querySelector(css);
  const readout = part(".widget-readout");
  if (part(".noUi-handle")) {
    const shown = readout?.style.display !== "none" && readout?.textContent;
    // ipywidgets says the place in the list: the reader is shown "conv2", not "2"
    set(part(".noUi-handle"), shown ? { ...named, "aria-valuetext": shown } : named);
    if (readout) set(readout, { ...named, role: "textbox" });
  } else if (part(".progress")) {
    const share = parseFloat(part(".progress-bar").style.width) || 0;
    set(part(".progress"), { ...named, role: "progressbar", "aria-valuenow": `${share}` });
  } else {
    const role = part("input") ? "radiogroup" : "group";
    set(label.nextElementSibling, { ...named, role });
  }
}

function mend(box) {
  box.querySelectorAll(NAMED).forEach(name);
  for (const button of box.querySelectorAll(".widget-toggle-button"))
    set(button, { "aria-pressed": `${button.classList.contains("mod-active")}` });
  for (const element of box.querySelectorAll('[title="null"]'))
    element.removeAttribute("title");
  // A sentence is read out when it changes inside a region that was there before.
  for (const said of box.querySelectorAll(".widget-html-content > [role]")) {
    set(said.parentElement, { role: said.getAttribute("role") });
    said.removeAttribute("role");
  }
}

// JupyterLab takes keys before any control does: an arrow would leave a list for the
// next cell, and a letter typed in it would change, cut or delete the cell. Inside the
// box plain keys belong to the control; Escape, Shift+Enter, Ctrl, Alt and Cmd do not.
function guard(box, event) {
  if (!box.contains(event.target)) return;
  const theirs = event.ctrlKey || event.altKey || event.metaKey;
  const leaving = event.key === "Escape" || (event.shiftKey && event.key === "Enter");
  event.target.toggleAttribute("data-lm-suppress-shortcuts", !theirs && !leaving);
}

// An answer counts when it is chosen: the arrows only move the focus.
function among(event) {
  const all = [...(event.target.closest(".widget-radio-box")?.querySelectorAll("input") ?? [])];
  const by = ARROWS[event.key];
  if (!all.length || (!by && event.key !== "Enter")) return;
  event.preventDefault();
  if (by) all[(all.indexOf(event.target) + by + all.length) % all.length].focus();
  else event.target.click();
}

function render({ el }) {
  let box, observer, waiting;
  const onKey = (event) => guard(box, event);
  function begin() {
    box = el.closest(".course-widget");
    if (!box) return (waiting = setTimeout(begin, 50)); // not in the page yet
    let asked;
    observer = new MutationObserver(() => {
      asked ??= requestAnimationFrame(() => {
        asked = undefined;
        mend(box);
      });
    });
    const what = { childList: true, subtree: true, characterData: true };
    observer.observe(box, { ...what, attributes: true, attributeFilter: OBSERVED });
    box.addEventListener("keydown", among);
    window.addEventListener("keydown", onKey, true); // before JupyterLab's own
    mend(box);
  }
  begin();
  return () => {
    clearTimeout(waiting);
    observer?.disconnect();
    box?.removeEventListener("keydown", among);
    window.removeEventListener("keydown", onKey, true);
  };
}

export default { render };
