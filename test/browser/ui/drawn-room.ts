/** A picture that moves, for pages that show a camera. */

/** A room drawn on a canvas ten times a second, as a camera's track. */
export function drawnRoom(): MediaStreamTrack {
  const canvas = document.createElement('canvas');
  canvas.width = 640;
  canvas.height = 480;
  const pen = canvas.getContext('2d')!;
  const polygon = (color: string, ...points: readonly (readonly [number, number])[]) => {
    pen.fillStyle = color;
    pen.beginPath();
    for (const [x, y] of points) pen.lineTo(x, y);
    pen.fill();
  };
  let turn = 0;
  const draw = () => {
    polygon('#93806a', [0, 0], [640, 0], [640, 480], [0, 480]);
    polygon('#d5c6ab', [0, 0], [640, 0], [450, 130], [190, 130]);
    polygon('#6c5b4a', [0, 0], [190, 130], [190, 290], [0, 430]);
    polygon('#ab967b', [640, 0], [450, 130], [450, 290], [640, 430]);
    polygon('#5a3d26', [0, 430], [190, 290], [450, 290], [640, 430], [640, 480], [0, 480]);
    polygon('#54707a', [150, 430], [240, 320], [420, 320], [520, 430]);
    polygon('#e8d3a6', [290, 170], [350, 170], [350, 290], [290, 290]);
    pen.fillStyle = '#c3a15f';
    pen.beginPath();
    pen.arc(250 + 60 * Math.sin(turn), 390, 18, 0, 7);
    pen.fill();
    turn += 0.1;
  };
  draw();
  setInterval(draw, 100);
  return canvas.captureStream(10).getVideoTracks()[0]!;
}
