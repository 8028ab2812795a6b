/** The only place where real things are made and joined: picks home, robot or pilot from the address. */
import './ui/tokens.css';
import './ui/home.ts';
import './ui/unopened.ts';
import { asFault } from './core/fault.ts';
import { routeOf } from './main-address.ts';
import type { Ride } from './main-pilot.ts';
import { openSettings } from './storage/settings.ts';

/** What is on the screen, and how it is taken away. */
type Shown = { readonly element: HTMLElement; readonly close: () => void };

const settings = openSettings();

async function home(asking: boolean): Promise<Shown> {
  const element = document.createElement('tp-home');
  element.asking = asking;
  element.robots = (await settings.get('robots')) ?? [];
  element.addEventListener('forget', (event) => {
    const { id } = (event as CustomEvent<{ id: string }>).detail;
    element.robots = element.robots.filter((known) => known.id !== id);
    void settings.set('robots', element.robots);
  });
  element.pilotName = (await settings.get('pilotName')) ?? '';
  element.addEventListener('rename', (event) => {
    const { name } = (event as CustomEvent<{ name: string }>).detail;
    void settings.set('pilotName', name);
  });
  element.relayOnly = (await settings.get('relayOnly')) ?? false;
  element.addEventListener('relay', (event) => {
    const { on } = (event as CustomEvent<{ on: boolean }>).detail;
    element.relayOnly = on;
    void settings.set('relayOnly', on);
  });
  const life = new AbortController();
  element.addEventListener('code', (event) => {
    const { code } = (event as CustomEvent<{ code: string }>).detail;
    void openByCode(element, code, life.signal);
  });
  if (element.robots.length > 0 && isSecureContext) void lookFor(element, life.signal);
  // A new version is offered here alone: nobody drives on this page. Without a server there is none, and home still opens.
  import('./main-updates.ts').then(({ offerUpdates }) => offerUpdates(element), console.warn);
  return { element, close: () => life.abort() };
}

/** Shows which of this device's robots are there, for as long as home is. */
async function lookFor(element: HTMLElementTagNameMap['tp-home'], life: AbortSignal): Promise<void> {
  try {
    const { lookForRobots } = await import('./main-home.ts');
    const lookout = await lookForRobots(
      settings,
      element.robots.map(({ id }) => id),
    );
    const unwatch = lookout.presence.subscribe((presence) => {
      element.presence = presence;
      const there = (id: string) => ['free', 'busy'].includes(presence.get(id)?.at ?? '');
      if (!element.robots.some(({ id }) => there(id))) return;
      element.robots = element.robots.map((known) => (there(known.id) ? { ...known, seenAtMs: Date.now() } : known));
      void settings.set('robots', element.robots);
    });
    element.lasting = lookout.lasting;
    const leave = () => {
      unwatch();
      lookout.close();
    };
    if (life.aborted) leave();
    life.addEventListener('abort', leave, { once: true });
  } catch (error) {
    // Without it the list still opens every robot.
    console.warn(error);
  }
}

async function openByCode(element: HTMLElementTagNameMap['tp-home'], code: string, life: AbortSignal): Promise<void> {
  element.adding = 'looking';
  try {
    const { robotOfCode } = await import('./main-home.ts');
    const id = await robotOfCode(code, life);
    if (!life.aborted) location.hash = `pair/${id}/${code}`;
  } catch (error) {
    if (!life.aborted) element.adding = asFault(error, 'unreachable', 'broker');
  }
}

async function robot(): Promise<Shown> {
  const [{ makeRobot, boardsHere }] = await Promise.all([import('./main-robot.ts'), import('./ui/robot.ts')]);
  const element = document.createElement('tp-robot');
  element.boards = await boardsHere();
  const { session, close } = await makeRobot(settings);
  element.session = session;
  return { element, close };
}

async function pilot(ride: Ride): Promise<Shown> {
  const [{ makePilot }] = await Promise.all([import('./main-pilot.ts'), import('./ui/pilot.ts')]);
  const element = document.createElement('tp-pilot');
  const { session, close } = await makePilot(settings, ride);
  element.session = session;
  element.addEventListener('update', () => {
    import('./main-updates.ts').then(
      ({ reloadNewest }) => reloadNewest(),
      () => location.reload(),
    );
  });
  return {
    element,
    close() {
      close();
    },
  };
}

/** What is there instead of a page: its program could not be fetched, or it could not begin. */
function unopened(thrown: unknown): Shown {
  console.error(thrown);
  const element = document.createElement('tp-unopened');
  element.fault = asFault(thrown, 'unreachable', 'page');
  return { element, close: () => {} };
}

function shownAt(hash: string): Promise<Shown> {
  const route = routeOf(hash);
  switch (route.page) {
    case 'home':
      return home(route.asking);
    case 'robot':
      return robot();
    case 'pilot':
      return pilot(route);
    default:
      return route satisfies never;
  }
}

/** One page at a time: what was there is closed first, so that no robot drives on behind another page. */
function show(app: HTMLElement): () => Promise<void> {
  let current: Shown | undefined;
  let newest = 0;
  return async () => {
    const mine = ++newest;
    current?.close();
    current = undefined;
    const next = await shownAt(location.hash).catch(unopened);
    if (mine !== newest) return next.close();
    current = next;
    app.replaceChildren(next.element);
  };
}

const app = document.querySelector<HTMLElement>('#app');
if (app) {
  const showNow = show(app);
  addEventListener('hashchange', () => void showNow());
  void showNow();
}
