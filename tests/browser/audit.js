// Run in a page: what would keep people from using it, one sentence each. Rules of WCAG 2.2, level AA.
() => {
  const faults = [];
  const name = (element) => {
    const id = element.id ? `#${element.id}` : "";
    const kind = element.classList[0] ? `.${element.classList[0]}` : "";
    return `<${element.localName}${id}${kind}> ${(element.textContent || element.value || "").trim().slice(0, 30)}`;
  };
  const fault = (element, words) => faults.push(`${name(element)}: ${words}`);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const shown = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true, contentVisibilityAuto: true });
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, audio[controls], [tabindex]";

  function document_() {
    if (!/^[a-z]{2,3}(-|$)/i.test(document.documentElement.lang)) faults.push("The page does not say its language");
    if (!document.title.trim()) faults.push("The page has no title");
    const viewport = document.querySelector("meta[name=viewport]")?.content ?? "";
    if (/user-scalable=no|maximum-scale/.test(viewport)) faults.push("The page cannot be zoomed");
  }

  function landmarks() {
    for (const [selector, words] of [["h1", "h1"], ["main", "main"], ["body > header", "banner"]]) {
      const found = all(selector);
      if (found.length !== 1) faults.push(`There are ${found.length} ${words} elements, not one`);
    }
    const navigations = all("nav");
    for (const part of navigations)
      if (navigations.length > 1 && !part.getAttribute("aria-label")) fault(part, "navigation without a name");
    for (const region of all("section[aria-label=''], [role=region]:not([aria-label], [aria-labelledby])"))
      fault(region, "region without a name");
  }

  function headings() {
    let last = 0;
    for (const heading of all("h1, h2, h3, h4, h5, h6").filter((one) => one.checkVisibility())) {
      const level = Number(heading.localName[1]);
      if (level > last + 1) fault(heading, `h${level} after h${last}`);
      if (!heading.textContent.trim()) fault(heading, "empty heading");
      last = level;
    }
  }

  function references() {
    const seen = new Set();
    for (const element of all("[id]")) {
      if (seen.has(element.id)) fault(element, `the id ${element.id} is there twice`);
      seen.add(element.id);
    }
    for (const attribute of ["aria-labelledby", "aria-describedby", "aria-controls", "for", "list", "headers"])
      for (const element of all(`[${attribute}]`))
        for (const id of element.getAttribute(attribute).split(/\s+/))
          if (id && !seen.has(id)) fault(element, `${attribute} points to ${id}, which is not there`);
  }

  function structure() {
    for (const image of all("img:not([alt]), svg:not([aria-hidden=true], [role=img], [role=presentation])"))
      if (shown(image)) fault(image, "picture without a text for those who cannot see it");
    for (const image of all("svg[role=img]"))
      if (!image.getAttribute("aria-label") && !image.getAttribute("aria-labelledby") && !image.querySelector(":scope > title"))
        fault(image, "picture without a name");
    for (const list of all("ul, ol"))
      for (const child of list.children) if (!["li", "script", "template"].includes(child.localName)) fault(child, "child of a list, but no li");
    for (const item of all("li")) if (!item.closest("ul, ol")) fault(item, "li outside of a list");
    for (const table of all("table")) if (!table.querySelector("th")) fault(table, "table without headings");
    for (const frame of all("iframe:not([title])")) fault(frame, "frame without a title");
    for (const element of all("[tabindex]")) if (element.tabIndex > 0) fault(element, "positive tabindex");
    for (const hidden of all("[aria-hidden=true]"))
      for (const control of all(CONTROLS, hidden).concat(hidden.matches(CONTROLS) ? hidden : []))
        if (shown(control) && control.tabIndex >= 0) fault(control, "can be focused, but is hidden from screen readers");
    for (const control of all(`:is(a[href], button, label) :is(a[href], button, select, textarea)`))
      if (!control.parentElement.closest("label")?.contains(control)) fault(control, "control within a control");
    for (const box of all("main *"))
      if (/auto|scroll/.test(getComputedStyle(box).overflowY + getComputedStyle(box).overflowX) && box.localName !== "textarea"
        && shown(box) && (box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1)
        && !box.matches(CONTROLS) && !box.querySelector(CONTROLS))
        fault(box, "scrolls, but the keyboard cannot reach it");
  }

  // --- size of what is pressed: 24 px, unless it stands in running text ---
  function targets() {
    for (const control of all(CONTROLS).filter((one) => shown(one) && !one.disabled && one.tabIndex >= 0)) {
      const inText = control.localName === "a" && getComputedStyle(control).display === "inline" &&
        [...control.parentElement.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.nodeValue.trim());
      const parts = [control, ...(control.labels ?? [])].map((one) => one.getBoundingClientRect());
      const wide = Math.max(...parts.map(({ width }) => width));
      const high = Math.max(...parts.map(({ height }) => height));
      if (!inText && Math.min(wide, high) < 23.5 && !control.closest(".skip")) fault(control, `only ${wide.toFixed()} × ${high.toFixed()} px`);
    }
  }

  // --- contrast of text ---
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  function rgba(colour) {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  }
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  function behind(element) {
    const layers = [];
    for (let one = element; one; one = one.parentElement) {
      layers.push(rgba(getComputedStyle(one).backgroundColor));
      if (layers.at(-1)[3] === 1) break;
    }
    return layers.reduceRight((below, layer) => over(layer, below), [255, 255, 255, 1]);
  }
  function luminance([red, green, blue]) {
    const [r, g, b] = [red, green, blue].map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
  function ratio(one, other) {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }
  function contrast() {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const elements = new Set();
    while (walker.nextNode()) if (walker.currentNode.nodeValue.trim()) elements.add(walker.currentNode.parentElement);
    for (const field of all("input:not([type=range], [type=checkbox], [type=radio], [type=hidden], [type=file]), textarea")) elements.add(field);
    for (const element of elements) {
      if (!shown(element) || element.closest(":disabled, option, optgroup, script, style, .hidden-text, svg")) continue;
      const style = getComputedStyle(element);
      const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
      const ground = behind(element);
      let text = rgba(style.color);
      for (let one = element; one; one = one.parentElement) text[3] *= Number(getComputedStyle(one).opacity);
      const found = ratio(over(text, ground), ground);
      if (found < (large ? 3 : 4.5)) fault(element, `contrast ${found.toFixed(2)}`);
    }
    for (const field of all("input:not([type=range], [type=checkbox], [type=radio], [type=hidden], [type=file], .in-place), select, textarea, button:not(.plain, .mover)")) {
      if (!shown(field) || field.disabled) continue;
      const around = behind(field.parentElement);
      const edge = over(rgba(getComputedStyle(field).borderTopColor), around);
      if (Math.max(ratio(edge, around), ratio(behind(field), around)) < 3) fault(field, "its edge cannot be seen");
    }
    for (const text of all("svg text").filter(shown)) {
      const ground = behind(text.closest("svg"));
      const found = ratio(over(rgba(getComputedStyle(text).fill), ground), ground);
      if (found < 4.5) fault(text, `contrast ${found.toFixed(2)}`);
    }
  }

  for (const rule of [document_, landmarks, headings, references, structure, targets, contrast]) rule();
  if (document.documentElement.scrollWidth > innerWidth) faults.push(`The page is ${document.documentElement.scrollWidth} px wide`);
  return faults;
}
