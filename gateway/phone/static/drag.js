/**
 * How far a finger has drawn something, until it is lifted.
 *
 * Knows pointers. Must not know what is moved.
 */

/**
 * Tell `act` each stretch of the way, the last one with the finger's lifting among them.
 *
 * @param {HTMLElement} handle
 * @param {(right_px: number, down_px: number) => void} act
 */
export function onDrag(handle, act) {
  /** @type {PointerEvent|null} */
  let last = null;
  /** @param {PointerEvent} event */
  const follow = (event) => {
    if (last === null) return;
    act(event.clientX - last.clientX, event.clientY - last.clientY);
    last = event;
  };
  handle.addEventListener("pointerdown", (event) => {
    event.stopPropagation();
    handle.setPointerCapture(event.pointerId);
    last = event;
  });
  handle.addEventListener("pointermove", follow);
  handle.addEventListener("pointerup", (event) => {
    follow(event);
    last = null;
  });
  handle.addEventListener("pointercancel", () => {
    last = null;
  });
}
