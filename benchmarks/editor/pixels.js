// Put into a peer's page before its own scripts: when a pixel got its color, and what a frame cost.
(() => {
  const { gauge } = window;
  const getContext = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function context(kind, options) {
    const kept = /^webgl/.test(kind) ? { ...options, preserveDrawingBuffer: true } : options;
    return getContext.call(this, kind, kept);
  };

  /** @type {Set<any>} contexts drawn to since the frame began */
  const drawn = new Set();
  const draws = [
    [WebGL2RenderingContext, ['drawArrays', 'drawElements', 'drawArraysInstanced', 'drawElementsInstanced']],
    [CanvasRenderingContext2D, ['fill', 'stroke']],
  ];
  for (const [kind, names] of draws) {
    for (const name of names) {
      const draw = kind.prototype[name];
      kind.prototype[name] = function counted(...args) {
        drawn.add(this);
        gauge.drew = true;
        return draw.apply(this, args);
      };
    }
  }

  /** Color of a pixel; waits until the picture is finished. */
  function pixel(canvas, x, y) {
    const gl = canvas.getContext('webgl2');
    const [px, py] = [x * canvas.width / canvas.clientWidth, y * canvas.height / canvas.clientHeight];
    if (!gl) return canvas.getContext('2d').getImageData(px, py, 1, 1).data;
    const found = new Uint8Array(4);
    const bound = gl.getParameter(gl.READ_FRAMEBUFFER_BINDING);
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, null);
    gl.readPixels(px, canvas.height - 1 - py, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, found);
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, bound);
    return found;
  }

  window.requestAnimationFrame = (work) => gauge.ask((now) => {
    const began = performance.now();
    drawn.clear();
    work(now);
    if (!gauge.looking || !drawn.size) return;
    for (const context of drawn) pixel(context.canvas, 0, 0);
    gauge.frames.push(performance.now() - began);
  });

  /** Milliseconds from the next press until a pixel is more red than blue. */
  gauge.watch = (canvas, x, y) => {
    gauge.took = null;
    let began = 0;
    addEventListener('pointerdown', () => { began = performance.now(); }, { capture: true, once: true });
    const look = () => {
      const [red, , blue] = began ? pixel(canvas, x, y) : [0, 0, 0];
      if (red > blue) gauge.took = performance.now() - began;
      else gauge.ask(() => setTimeout(look));
    };
    look();
  };
})();
