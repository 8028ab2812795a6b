/** The plan of the simulated flat: walls, furniture, rugs and things; knows neither physics nor pictures. */

/** What a surface looks like; the camera paints each once. */
export type Surface =
  | 'tan wall'
  | 'yellow wall'
  | 'green wall'
  | 'trim'
  | 'window'
  | 'curtain'
  | 'books'
  | 'seascape'
  | 'portrait'
  | 'front door'
  | 'wardrobe'
  | 'screen'
  | 'dark wood'
  | 'light wood'
  | 'sofa'
  | 'sofa seat'
  | 'yellow cushion'
  | 'blue cushion'
  | 'linen'
  | 'blanket'
  | 'clay'
  | 'steel'
  | 'cardboard';

/** What always turns its picture to the camera. */
export type Figure = 'cat' | 'ball' | 'plant' | 'lamp' | 'coat';

/** An upright box along the axes. Metres; x runs east, y north, z up. */
export type Block = {
  readonly x: readonly [west: number, east: number];
  readonly y: readonly [south: number, north: number];
  readonly z: readonly [bottom: number, top: number];
  readonly sides: Surface;
  /** Sides that look different, by the way they face. */
  readonly west?: Surface;
  readonly east?: Surface;
  readonly south?: Surface;
  readonly north?: Surface;
  readonly top?: Surface;
};

export type Post = {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly z: readonly [bottom: number, top: number];
  readonly sides: Surface;
};

export type Prop = {
  readonly figure: Figure;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly z: readonly [bottom: number, top: number];
  /** Metres around the middle that nothing drives into; absent: out of reach. */
  readonly radius?: number;
};

export type Rug = {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly look: 'blue' | 'runner' | 'round';
};

/** The inside of the outer walls. */
export const SIZE = { x: 8, y: 5.6, ceiling: 2.5 } as const;
/** Where the robot stands at first: in the living room, looking north through the door. */
export const START = { x: 2.65, y: 0.85, heading: Math.PI / 2 } as const;
export const BALL = { x: 2.2, y: 2.05, radius: 0.11 } as const;

/** North of this line the corridor begins; the living room (west) and the study (east) are south of it. */
export const CORRIDOR_FROM = 4.35;

const WALL = [0, SIZE.ceiling] as const;
const OVER_DOOR = [2.05, SIZE.ceiling] as const;
const DOOR = [0, 2.05] as const;

const outerWalls: readonly Block[] = [
  { x: [-0.2, 0], y: [-0.2, 4.275], z: WALL, sides: 'tan wall' },
  { x: [-0.2, 0], y: [4.275, 5.8], z: WALL, sides: 'yellow wall' },
  { x: [8, 8.2], y: [-0.2, 4.275], z: WALL, sides: 'green wall' },
  { x: [8, 8.2], y: [4.275, 5.8], z: WALL, sides: 'yellow wall' },
  { x: [-0.2, 5.075], y: [-0.2, 0], z: WALL, sides: 'tan wall' },
  { x: [5.075, 8.2], y: [-0.2, 0], z: WALL, sides: 'green wall' },
  { x: [-0.2, 8.2], y: [5.6, 5.8], z: WALL, sides: 'yellow wall' },
];

const innerWalls: readonly Block[] = [
  { x: [0, 2.2], y: [4.2, 4.35], z: WALL, sides: 'tan wall', north: 'yellow wall' },
  { x: [2.2, 3.1], y: [4.2, 4.35], z: OVER_DOOR, sides: 'tan wall', north: 'yellow wall' },
  { x: [3.1, 5.075], y: [4.2, 4.35], z: WALL, sides: 'tan wall', north: 'yellow wall' },
  { x: [5.075, 6.2], y: [4.2, 4.35], z: WALL, sides: 'green wall', north: 'yellow wall' },
  { x: [6.2, 7.1], y: [4.2, 4.35], z: OVER_DOOR, sides: 'green wall', north: 'yellow wall' },
  { x: [7.1, 8], y: [4.2, 4.35], z: WALL, sides: 'green wall', north: 'yellow wall' },
  { x: [5, 5.15], y: [0, 0.5], z: WALL, sides: 'tan wall', east: 'green wall' },
  { x: [5, 5.15], y: [0.5, 1.4], z: OVER_DOOR, sides: 'tan wall', east: 'green wall' },
  { x: [5, 5.15], y: [1.4, 4.2], z: WALL, sides: 'tan wall', east: 'green wall' },
];

const doorFrames: readonly Block[] = [
  { x: [2.12, 2.22], y: [4.17, 4.38], z: DOOR, sides: 'trim' },
  { x: [3.08, 3.18], y: [4.17, 4.38], z: DOOR, sides: 'trim' },
  { x: [2.12, 3.18], y: [4.17, 4.38], z: [1.99, 2.1], sides: 'trim' },
  { x: [6.12, 6.22], y: [4.17, 4.38], z: DOOR, sides: 'trim' },
  { x: [7.08, 7.18], y: [4.17, 4.38], z: DOOR, sides: 'trim' },
  { x: [6.12, 7.18], y: [4.17, 4.38], z: [1.99, 2.1], sides: 'trim' },
  { x: [4.97, 5.18], y: [0.42, 0.52], z: DOOR, sides: 'trim' },
  { x: [4.97, 5.18], y: [1.38, 1.48], z: DOOR, sides: 'trim' },
  { x: [4.97, 5.18], y: [0.42, 1.48], z: [1.99, 2.1], sides: 'trim' },
];

const livingRoom: readonly Block[] = [
  { x: [0, 0.03], y: [2.1, 3.5], z: [0.85, 2.05], sides: 'trim', east: 'window' },
  { x: [0, 0.07], y: [1.8, 2.12], z: [0.25, 2.2], sides: 'curtain' },
  { x: [0, 0.07], y: [3.48, 3.8], z: [0.25, 2.2], sides: 'curtain' },
  { x: [0.9, 1.9], y: [3.88, 4.2], z: [0, 1.55], sides: 'dark wood', south: 'books' },
  { x: [3.5, 4.3], y: [4.18, 4.2], z: [1.25, 1.85], sides: 'dark wood', south: 'seascape' },
  { x: [3.4, 4.6], y: [3.8, 4.2], z: [0, 0.58], sides: 'dark wood', south: 'wardrobe' },
  // The sofa, along the east wall.
  { x: [4.2, 4.85], y: [1.95, 3.3], z: [0, 0.4], sides: 'sofa', top: 'sofa seat' },
  { x: [4.75, 5], y: [1.95, 3.3], z: [0, 0.85], sides: 'sofa' },
  { x: [4.15, 5], y: [1.75, 1.95], z: [0, 0.58], sides: 'sofa', top: 'sofa seat' },
  { x: [4.15, 5], y: [3.3, 3.5], z: [0, 0.58], sides: 'sofa', top: 'sofa seat' },
  { x: [4.6, 4.75], y: [2.0, 2.35], z: [0.4, 0.75], sides: 'blue cushion' },
  { x: [4.6, 4.75], y: [2.9, 3.25], z: [0.4, 0.72], sides: 'yellow cushion' },
  // The table, under the window.
  { x: [0.45, 1.35], y: [1.5, 2.9], z: [0.71, 0.76], sides: 'light wood' },
  { x: [0.5, 0.56], y: [1.55, 1.61], z: [0, 0.71], sides: 'light wood' },
  { x: [1.24, 1.3], y: [1.55, 1.61], z: [0, 0.71], sides: 'light wood' },
  { x: [0.5, 0.56], y: [2.79, 2.85], z: [0, 0.71], sides: 'light wood' },
  { x: [1.24, 1.3], y: [2.79, 2.85], z: [0, 0.71], sides: 'light wood' },
  // The television, behind the robot at first.
  { x: [1.7, 3.6], y: [0, 0.36], z: [0, 0.42], sides: 'light wood' },
  { x: [2, 3.3], y: [0.1, 0.15], z: [0.48, 1.2], sides: 'steel', north: 'screen' },
];

const corridor: readonly Block[] = [
  { x: [2.3, 2.62], y: [5.58, 5.6], z: [1.2, 1.65], sides: 'dark wood', south: 'portrait' },
  { x: [4.6, 5.4], y: [5.58, 5.6], z: [1.15, 1.75], sides: 'dark wood', south: 'seascape' },
  { x: [7.96, 8], y: [4.5, 5.4], z: [0, 2.05], sides: 'trim', west: 'front door' },
  { x: [0, 0.4], y: [4.75, 5.25], z: [0, 0.4], sides: 'cardboard' },
  { x: [5.9, 6.8], y: [5.34, 5.6], z: [0, 0.5], sides: 'light wood' },
];

const study: readonly Block[] = [
  { x: [7.97, 8], y: [0.5, 1.7], z: [0.95, 2.05], sides: 'trim', west: 'window' },
  { x: [7.93, 8], y: [0.2, 0.52], z: [0.4, 2.2], sides: 'curtain' },
  { x: [7.93, 8], y: [1.68, 2], z: [0.4, 2.2], sides: 'curtain' },
  { x: [6.7, 8], y: [0, 1.95], z: [0, 0.3], sides: 'light wood' },
  { x: [6.72, 7.98], y: [0.02, 1.9], z: [0.3, 0.45], sides: 'blanket', top: 'blanket' },
  { x: [6.85, 7.85], y: [0.05, 0.4], z: [0.45, 0.57], sides: 'linen' },
  { x: [5.15, 5.7], y: [2.3, 3.6], z: [0, 2], sides: 'light wood', east: 'wardrobe' },
  { x: [7.3, 8], y: [2.6, 3.95], z: [0.7, 0.75], sides: 'dark wood' },
  { x: [7.34, 7.98], y: [2.62, 2.68], z: [0, 0.7], sides: 'dark wood' },
  { x: [7.34, 7.98], y: [3.87, 3.93], z: [0, 0.7], sides: 'dark wood' },
  { x: [7.7, 7.75], y: [3, 3.6], z: [0.85, 1.25], sides: 'steel', west: 'screen' },
  { x: [5.5, 6.3], y: [4.18, 4.2], z: [1.2, 1.8], sides: 'dark wood', south: 'portrait' },
];

export const BLOCKS: readonly Block[] = [
  ...outerWalls,
  ...innerWalls,
  ...doorFrames,
  ...livingRoom,
  ...corridor,
  ...study,
];

export const POSTS: readonly Post[] = [
  { x: 7.6, y: 5.4, radius: 0.11, z: [0, 0.5], sides: 'steel' },
  { x: 7, y: 3.3, radius: 0.2, z: [0.42, 0.47], sides: 'sofa' },
  { x: 7, y: 3.3, radius: 0.04, z: [0.04, 0.42], sides: 'steel' },
  { x: 7, y: 3.3, radius: 0.17, z: [0, 0.04], sides: 'steel' },
  { x: 5.45, y: 3.95, radius: 0.15, z: [0, 0.32], sides: 'clay' },
];

export const PROPS: readonly Prop[] = [
  { figure: 'cat', x: 3.25, y: 2.75, width: 0.36, z: [0, 0.46], radius: 0.14 },
  { figure: 'plant', x: 3.8, y: 4, width: 0.5, z: [0.58, 1.16] },
  { figure: 'lamp', x: 4.35, y: 4, width: 0.24, z: [0.58, 1.02] },
  { figure: 'plant', x: 5.45, y: 3.95, width: 0.6, z: [0.28, 1.1] },
  { figure: 'coat', x: 2.95, y: 5.52, width: 0.3, z: [0.75, 1.75] },
];

export const RUGS: readonly Rug[] = [
  { x: [1.65, 3.75], y: [1.75, 3.2], look: 'blue' },
  { x: [3.6, 7.2], y: [4.65, 5.2], look: 'runner' },
  { x: [5.75, 7.05], y: [2, 3.3], look: 'round' },
];
