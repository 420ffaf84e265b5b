// A slider (`data-slider` names the field beside it) and its field show the same number; without script the slider is not there.

const isSlider = (node) => node.matches?.("input[type=range][data-slider]");

function onInput(event) {
  const node = event.target;
  if (isSlider(node)) {
    document.getElementById(node.dataset.slider).value = node.value;
  } else if (node.id) {
    const slider = document.querySelector(`input[type=range][data-slider="${CSS.escape(node.id)}"]`);
    if (slider && node.value.trim() !== "" && Number.isFinite(Number(node.value))) slider.value = node.value;
  }
}

export function sliders() {
  document.addEventListener("input", onInput);
}
