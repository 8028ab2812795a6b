/** The only place where real things are made and joined: picks home, robot or pilot from the address. */
import './ui/tokens.css';
import './ui/home.ts';
import './ui/unopened.ts';
import { asFault } from './core/fault.ts';
import { routeOf } from './main-address.ts';
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
  // A new version is offered here alone: nobody drives on this page. Without a server there is none, and home still opens.
  import('./main-updates.ts').then(({ offerUpdates }) => offerUpdates(element), console.warn);
  return { element, close: () => {} };
}

async function robot(): Promise<Shown> {
  const [{ makeRobot, boardsHere }] = await Promise.all([import('./main-robot.ts'), import('./ui/robot.ts')]);
  const element = document.createElement('tp-robot');
  element.boards = await boardsHere();
  const { session, close } = await makeRobot(settings);
  element.session = session;
  return { element, close };
}

async function pilot(robotId: string): Promise<Shown> {
  const [{ makePilot }] = await Promise.all([import('./main-pilot.ts'), import('./ui/pilot.ts')]);
  const element = document.createElement('tp-pilot');
  const { session, close } = await makePilot(settings, robotId);
  element.session = session;
  element.addEventListener('update', () => {
    import('./main-updates.ts').then(
      ({ reloadNewest }) => reloadNewest(),
      () => location.reload(),
    );
  });
  return { element, close };
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
      return pilot(route.robotId);
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
